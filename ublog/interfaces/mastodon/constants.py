"""What μblog does not have, in the shape in which clients ask for it."""

from base64 import b64decode
from typing import Any

from django.http import HttpResponse

from ublog.accounts import reading
from ublog.core.exceptions import NotAuthenticated
from ublog.interfaces.http.mastodon import OPEN_TO_ALL_SITES
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.requests import ApiRequest

# A grey pixel, for clients that always need a picture.
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGO4CwAAugC5YQJl0AAAAABJRU5ErkJggg=="
)
PREFERENCES = {
    "posting:default:visibility": "public",
    "posting:default:sensitive": False,
    "posting:default:language": None,
    "reading:expand:media": "default",
    "reading:expand:spoilers": False,
    "reading:autoplay:gifs": False,
}
# Lists that are empty for everybody.
EMPTY = (
    *("announcements", "blocks", "conversations", "custom_emojis", "domain_blocks"),
    *("endorsements", "featured_tags", "filters", "follow_requests", "followed_tags", "lists"),
    *("scheduled_statuses", "suggestions", "trends", "trends/links", "trends/statuses"),
    *("trends/tags", r"accounts/[^/]+/(?:featured_tags|followers|following|lists)"),
    *(r"accounts/familiar_followers", r"statuses/[^/]+/(?:history|reblogged_by)"),
)


def nothing(request: ApiRequest) -> Any:
    """Return an empty list, to those who may read the site."""
    reading.check_found(request.viewer)
    return []


@needs("read:accounts")
def preferences(request: ApiRequest) -> Any:
    """Return what is the same for everybody."""
    if not request.viewer.pk:
        raise NotAuthenticated
    return PREFERENCES


def missing(request: ApiRequest) -> Any:
    """Return a picture for a user who has no profile picture."""
    headers = OPEN_TO_ALL_SITES | {"Cache-Control": "max-age=86400"}
    return HttpResponse(PIXEL, "image/png", headers=headers)
