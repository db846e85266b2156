"""Reports of posts and users to the moderators, as mixins of the view sets."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog import report_actions
from ublog.interfaces.rest.reports import ReportedSerializer, ReportSerializer
from ublog.interfaces.rest.serializers import PostSerializer
from ublog.interfaces.rest.viewsets.etags import ETagMixin


class ReportMixin(ETagMixin):
    """Report a post."""

    @extend_schema(request=ReportSerializer, responses={200: PostSerializer})
    @action(detail=True, methods=["POST"])
    def report(self, request: Request, pk: int) -> Response:
        """Report a post to the moderators.

        Again it changes nothing.
        """
        serializer = ReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        post = report_actions.report(post_id=pk, by=request.user, **serializer.validated_data)
        return self.instance_response(post)


class ReportUserMixin:
    """Report a user."""

    @extend_schema(request=ReportSerializer, responses={200: ReportedSerializer})
    @action(detail=True, methods=["POST"])
    def report(self, request: Request, username: str) -> Response:
        """Report a user to the moderators.

        Again it changes nothing.
        """
        serializer = ReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        user = report_actions.report_user(username=username, by=request.user, **data)
        return Response({"username": user.username, "reported": True})
