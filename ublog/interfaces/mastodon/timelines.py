"""Timelines: the posts of all, of a tag, and what the user has marked."""

from functools import partial
from typing import Any, Unpack

from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.blog.querysets import PostFilters
from ublog.core.cursors import Page
from ublog.core.exceptions import NotAuthenticated
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import status_json
from ublog.interfaces.mastodon.paging import page_request, page_response
from ublog.interfaces.mastodon.requests import ApiRequest


@needs("read:statuses")
def home(request: ApiRequest) -> Any:
    """Return the timeline. Everybody follows everybody."""
    if not request.viewer.pk:
        raise NotAuthenticated
    return posts_response(request, timeline(request))


@needs("read:statuses")
def public(request: ApiRequest) -> Any:
    """Return the timeline: all posts are of this site."""
    return [] if request.flag("remote") else posts_response(request, timeline(request))


@needs("read:statuses")
def tag(request: ApiRequest, tag: str) -> Any:
    """Return the posts with a hashtag."""
    return posts_response(request, timeline(request, tag=tag))


def marked(request: ApiRequest, switch: str) -> Any:
    """Return the posts that the user has marked: the filter of that name is on."""
    return posts_response(request, timeline(request, **{switch: "on"}))


def timeline(request: ApiRequest, **filters: Unpack[PostFilters]) -> Page[PostRow]:
    """Return the page that the request asks for."""
    return Post.objects.timeline(request.viewer, **page_request(request), **filters)


def posts_response(request: ApiRequest, page: Page[PostRow]) -> Any:
    """Return a page of posts; with `only_media`, those of it that have a picture."""
    keep = (lambda post: bool(post.image)) if request.flag("only_media") else None
    return page_response(request, page, partial(status_json, viewer=request.viewer), keep)
