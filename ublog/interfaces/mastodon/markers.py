"""Markers: up to where the user has read notifications. The timeline has none."""

from typing import Any

from ublog.blog import notifications
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import moment
from ublog.interfaces.mastodon.requests import ApiRequest


@needs("read:statuses")
def show(api: ApiRequest) -> Any:
    """Return the last notification that is read."""
    found = notifications.last_read(api.viewer)
    if found is None or "notifications" not in (api.texts("timeline") or ["notifications"]):
        return {}
    read = {"last_read_id": str(found.pk), "version": found.pk}
    return {"notifications": read | {"updated_at": moment(found.created_on)}}


@needs("write:statuses")
def move(api: ApiRequest) -> Any:
    """Mark the notifications up to one as read."""
    if id := api.inner("notifications", "last_read_id"):
        notifications.mark_read_to(by=api.viewer, id=id)
    return show(api)
