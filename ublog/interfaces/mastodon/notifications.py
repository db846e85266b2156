"""Notifications. Replies and mentions are both mentions for Mastodon, and likes favourites."""

from typing import Any

from ublog.blog.notifications import Notification, NotificationKind, NotificationRow
from ublog.core.viewers import Viewer
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import author_json, moment, status_json
from ublog.interfaces.mastodon.paging import page_request, page_response
from ublog.interfaces.mastodon.requests import ApiRequest

TYPES = {
    NotificationKind.REPLY: "mention",
    NotificationKind.MENTION: "mention",
    NotificationKind.LIKE: "favourite",
}


@needs("read:notifications")
def index(request: ApiRequest) -> Any:
    """Return the user's notifications, newest first."""
    wanted = set(request.texts("types") or TYPES.values()) - set(request.texts("exclude_types"))
    kinds = [kind for kind, type in TYPES.items() if type in wanted]
    page = Notification.objects.of_kinds(kinds).page(
        request.viewer, **page_request(request, usual=40)
    )
    return page_response(request, page, lambda row: notification_json(row, request.viewer))


def notification_json(row: NotificationRow, viewer: Viewer) -> dict[str, Any]:
    """Return a notification. The likes of a post are one, of who liked it last."""
    return {
        "id": str(row.pk),
        "type": TYPES[NotificationKind(row.kind)],
        "created_at": moment(row.created_on),
        "group_key": f"ungrouped-{row.pk}",
        "account": author_json(row.actor),
        "status": row.post and status_json(row.post, viewer),
    }


@needs("read:notifications")
def unread_count(request: ApiRequest) -> Any:
    """Return how many notifications are unread."""
    return {"count": Notification.objects.count_unread(request.viewer)}
