"""Markers: up to where the user has read notifications. The timeline has none."""

from typing import Any

from ublog.blog import notifications
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import moment
from ublog.interfaces.mastodon.requests import ApiRequest


@needs("read:statuses")
def show(request: ApiRequest) -> Any:
    """Return the last notification that is read."""
    found = notifications.last_read(request.viewer)
    if found is None or "notifications" not in (request.texts("timeline") or ["notifications"]):
        return {}
    read = {"last_read_id": str(found.pk), "version": found.pk}
    return {"notifications": read | {"updated_at": moment(found.created_on)}}


@needs("write:statuses")
def move(request: ApiRequest) -> Any:
    """Mark the notifications up to one as read."""
    if id := request.inner("notifications", "last_read_id"):
        notifications.mark_read_to(by=request.viewer, id=id)
    return show(request)
