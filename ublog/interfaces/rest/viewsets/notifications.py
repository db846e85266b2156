"""Notifications as a DRF view set."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from ublog.blog import actions
from ublog.blog.notifications import Notification
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.notifications import (
    NotificationSerializer,
    ReadSerializer,
    UnreadSerializer,
)
from ublog.interfaces.rest.pagination import NotificationPagination


@extend_schema_view(
    list=extend_schema(
        summary="List your notifications, newest first", parameters=schema.PAGE_PARAMS
    ),
)
class NotificationViewSet(ListModelMixin, GenericViewSet[Notification]):
    """List notifications, count the unread ones, and mark them as read."""

    serializer_class = NotificationSerializer
    pagination_class = NotificationPagination
    queryset = Notification.objects.all()

    @extend_schema(responses=UnreadSerializer)
    @action(detail=False, pagination_class=None)
    def unread(self, request: Request) -> Response:
        """Count your unread notifications."""
        return Response({"count": Notification.objects.count_unread(request.user)})

    @extend_schema(request=ReadSerializer, responses={200: UnreadSerializer})
    @action(detail=False, methods=["POST"])
    def read(self, request: Request) -> Response:
        """Mark your notifications up to a moment as read."""
        serializer = ReadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        count = actions.mark_notifications_read(by=request.user, **serializer.validated_data)
        return Response({"count": count})
