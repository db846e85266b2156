"""The URLs of Mastodon's client API: the subset that docs/api.md lists."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import re_path

from ublog.interfaces.mastodon import (
    accounts,
    applications,
    constants,
    instance,
    markers,
    marks,
    media,
    notifications,
    reports,
    search,
    statuses,
    timelines,
)
from ublog.interfaces.mastodon.requests import ApiRequest, endpoint, route


def nowhere(request: ApiRequest) -> Any:
    """Raise Http404, with the headers without which scripts of other sites see no error."""
    raise Http404


ALL_METHODS = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), nowhere)
oauth_urls = [
    route("api/v1/apps", POST=applications.register),
    route("api/v1/apps/verify_credentials", GET=applications.verify),
]
oauth_urls = oauth_urls if settings.OAUTH else []
urlpatterns = [
    route(f"api/v[12]/(?:{'|'.join(constants.EMPTY)})", GET=constants.nothing),
    route("api/v1/timelines/home", GET=timelines.home),
    route("api/v1/timelines/public", GET=timelines.public),
    route("api/v1/timelines/tag/<tag>", GET=timelines.tag),
    route("api/v1/statuses", GET=statuses.show_several, POST=statuses.publish),
    route("api/v1/statuses/<pk>", GET=statuses.show, PUT=statuses.edit, DELETE=statuses.delete),
    route("api/v1/statuses/<pk>/context", GET=statuses.context),
    route("api/v1/statuses/<pk>/source", GET=statuses.source),
    route("api/v1/statuses/<pk>/favourited_by", GET=statuses.favourited_by),
    *marks.urlpatterns,
    route("api/v1/accounts/verify_credentials", GET=accounts.verify_credentials),
    route("api/v1/accounts/update_credentials", PATCH=accounts.update_credentials),
    route("api/v1/profile/avatar", DELETE=accounts.remove_avatar),
    route("api/v1/accounts/lookup", GET=accounts.lookup),
    route("api/v1/accounts/relationships", GET=accounts.relationships),
    route("api/v1/accounts/search", GET=accounts.search),
    route("api/v1/accounts/<pk>", GET=accounts.show),
    route("api/v1/accounts/<pk>/statuses", GET=accounts.statuses),
    route("api/v1/accounts/<pk>/mute", POST=accounts.mute),
    route("api/v1/accounts/<pk>/unmute", POST=accounts.unmute),
    route("api/v1/mutes", GET=accounts.mutes),
    route("api/v2/search", GET=search.search),
    route("api/v1/notifications", GET=notifications.index),
    route("api/v1/notifications/unread_count", GET=notifications.unread_count),
    route("api/v1/markers", GET=markers.show, POST=markers.move),
    route("api/v1/reports", POST=reports.create),
    route("api/v1/preferences", GET=constants.preferences),
    route("api/v1/missing.png", GET=constants.missing),
    route("api/v[12]/media", POST=media.upload),
    route("api/v1/media/<pk>", GET=media.show, PUT=media.describe),
    route("api/v1/instance", GET=instance.version_1),
    route("api/v1/instance/rules", GET=instance.rules),
    route("api/v2/instance", GET=instance.version_2),
    route(r"\.well-known/nodeinfo", GET=instance.nodeinfo_links),
    route(r"nodeinfo/2\.0", GET=instance.nodeinfo),
    *oauth_urls,
    # Last: what is not there.
    re_path(r"api/v[12]/.*$", endpoint(**ALL_METHODS)),
]
