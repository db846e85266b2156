"""Feeds, sent only to readers that do not have the current version yet, and a page about them.

The ETag is a hash of all that a feed is made of, read from the database each time. There is no
Last-Modified: two posts of one second and a deleted one would be overlooked by it.
"""

from functools import cache
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import cast

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from ublog.accounts import feed_keys
from ublog.accounts.models import CustomUser
from ublog.blog.post_rows import PostColumns
from ublog.core import site_settings
from ublog.interfaces.feeds import formats, sources
from ublog.interfaces.feeds.sources import Feed
from ublog.interfaces.http.members_only import unauthorized_for_visitors

FORMATS = {
    "rss": (formats.rss, "application/rss+xml"),
    "atom": (formats.atom, "application/atom+xml"),
    "json": (formats.json, "application/feed+json"),
}
# What an entry is made of: not the likes, which would send a feed again for each of them.
SHOWN = (
    *("id", "body", "created_on", "modified_on", "language", "mentions"),
    *("image", "image_alt", "image_width", "image_height", "username", "display_name"),
)
shown = itemgetter(*map(PostColumns._fields.index, SHOWN))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Explain feeds, and which there are."""
    shown = site_settings.current().is_members_only and request.user.is_authenticated
    key = feed_keys.key_of(cast(CustomUser, request.user)) if shown else ""
    return render(request, "feeds/about.html", {"key": key})


@require_safe
@unauthorized_for_visitors
def site_feed(request: HttpRequest, format: str) -> HttpResponse:
    """Return the latest posts of all."""
    return feed_response(request, sources.of_site(key_in(request)), format)


@require_safe
@unauthorized_for_visitors
def author_feed(request: HttpRequest, username: str, format: str) -> HttpResponse:
    """Return the latest posts of a user."""
    return feed_response(request, sources.of_author(username, key_in(request)), format)


@require_safe
@unauthorized_for_visitors
def tag_feed(request: HttpRequest, tag: str, format: str) -> HttpResponse:
    """Return the latest posts with a tag."""
    return feed_response(request, sources.of_tag(tag, key_in(request)), format)


def key_in(request: HttpRequest) -> str:
    """Return the key of a member in the URL, "" without one."""
    return request.GET.get("key", "")


def feed_response(request: HttpRequest, feed: Feed, format: str) -> HttpResponse:
    """Return the feed in that format, or 304 (Not Modified) for a reader that has it already."""
    write, content_type = FORMATS[format]
    etag = etag_of(feed, format)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = write(feed, feed.url_in(format))
        response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache, private" if feed.key else "no-cache"
    return response


def etag_of(feed: Feed, format: str) -> str:
    """Return a hash of what the feed is made of, and of the code that makes it."""
    parts = (format, feed.title, feed.url, list(map(shown, feed.posts)), code_fingerprint())
    return f'"{sha256(orjson.dumps(parts)).hexdigest()[:32]}"'


@cache
def code_fingerprint() -> str:
    """Return a hash of the code of feeds, and of where the site and its images are."""
    code = sorted(Path(__file__).parent.glob("*.py"))
    parts = [settings.MEDIA_URL.encode(), *(file.read_bytes() for file in code)]
    return sha256(b"\0".join(parts)).hexdigest()
