"""People in REST: members, profiles and their pictures."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ublog.accounts.models import CustomUser
from ublog.blog.profile_pictures import set_avatar
from ublog.blog.profiles import get_profile
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.accounts import serializers
from ublog.interfaces.rest.accounts.serializers import validated
from ublog.interfaces.rest.auth_views import AuthView
from ublog.interfaces.rest.pagination import paginated_response


class AvatarView(APIView):
    @extend_schema(request=serializers.AvatarSerializer, responses=serializers.OwnProfileSerializer)
    def put(self, request: Request) -> Response:
        """Set your profile picture."""
        data = validated(serializers.AvatarSerializer, request)
        user = set_avatar(by=request.user, **data)
        return Response(serializers.OwnProfileSerializer(user).data)

    @extend_schema(responses={200: serializers.OwnProfileSerializer})
    def delete(self, request: Request) -> Response:
        """Remove your profile picture."""
        user = set_avatar(by=request.user, avatar=None)
        return Response(serializers.OwnProfileSerializer(user).data)


class UsersView(AuthView):
    @extend_schema(
        operation_id="users_list",
        parameters=[schema.PEOPLE_QUERY, *schema.PAGE_PARAMS],
        responses=serializers.MemberSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the members, newest first.

        With `q` only those with a name that begins so, the best first: one page, of ten if no
        `page_size` is given. Limited.
        """
        q, page = request.query_params.get("q"), page_params(request.query_params)
        found = CustomUser.objects.members(request.user, q, **page)
        members = serializers.MemberSerializer(found.items, many=True)
        return paginated_response(found, list(members.data), request)


class UserView(AuthView):
    @extend_schema(responses={200: serializers.PersonSerializer, 308: None})
    def get(self, request: Request, username: str) -> Response:
        """Read the public profile of a user.

        A username that the user had in the last 90 days redirects to the present one.
        """
        user = get_profile(username, request.user)
        if user.username.lower() != username.lower():
            url = reverse("api-user", args=[user.username])
            return Response(status=308, headers={"Location": url})
        return Response(serializers.PersonSerializer(user).data)
