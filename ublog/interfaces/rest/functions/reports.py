"""Reports of posts and users to the moderators, by function views."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog import report_actions
from ublog.interfaces.rest.reports import ReportedSerializer, ReportSerializer
from ublog.interfaces.rest.serializers import PostSerializer, post_response


@extend_schema(request=ReportSerializer, responses={200: PostSerializer})
@api_view(["POST"])
def post_report(request: Request, pk: int) -> Response:
    """Report a post to the moderators.

    Again it changes nothing.
    """
    serializer = ReportSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    post = report_actions.report(post_id=pk, by=request.user, **serializer.validated_data)
    return post_response(post, request.user)


@extend_schema(request=ReportSerializer, responses={200: ReportedSerializer})
@api_view(["POST"])
def user_report(request: Request, username: str) -> Response:
    """Report a user to the moderators.

    Again it changes nothing.
    """
    serializer = ReportSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    user = report_actions.report_user(username=username, by=request.user, **data)
    return Response({"username": user.username, "reported": True})
