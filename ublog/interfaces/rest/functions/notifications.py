"""Notifications as DRF function views."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog.notifications import Notification, mark_read
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.notifications import (
    NotificationSerializer,
    ReadSerializer,
    UnreadSerializer,
    notification_json,
)
from ublog.interfaces.rest.pagination import paginated_response


@extend_schema(parameters=schema.PAGE_PARAMS, responses=NotificationSerializer(many=True))
@api_view(["GET", "HEAD"])
def notification_list(request: Request) -> Response:
    """List your notifications, newest first."""
    page = Notification.objects.page(request.user, **page_params(request.query_params))
    results = [notification_json(each, request.user) for each in page.items]
    return paginated_response(page, results, request)


@extend_schema(responses=UnreadSerializer)
@api_view(["GET", "HEAD"])
def notification_unread(request: Request) -> Response:
    """Count your unread notifications."""
    return Response({"count": Notification.objects.count_unread(request.user)})


@extend_schema(request=ReadSerializer, responses={200: UnreadSerializer})
@api_view(["POST"])
def notification_read(request: Request) -> Response:
    """Mark your notifications up to a moment as read."""
    serializer = ReadSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    count = mark_read(by=request.user, **serializer.validated_data)
    return Response({"count": count})
