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
def home(api: ApiRequest) -> Any:
    """Return the timeline. Everybody follows everybody."""
    if not api.viewer.pk:
        raise NotAuthenticated
    return posts_response(api, timeline(api))


@needs("read:statuses")
def public(api: ApiRequest) -> Any:
    """Return the timeline: all posts are of this site."""
    return [] if api.flag("remote") else posts_response(api, timeline(api))


@needs("read:statuses")
def tag(api: ApiRequest, tag: str) -> Any:
    """Return the posts with a hashtag."""
    return posts_response(api, timeline(api, tag=tag))


def marked(api: ApiRequest, switch: str) -> Any:
    """Return the posts that the user has marked: the filter of that name is on."""
    return posts_response(api, timeline(api, **{switch: "on"}))


def timeline(api: ApiRequest, **filters: Unpack[PostFilters]) -> Page[PostRow]:
    """Return the page that the request asks for."""
    return Post.objects.timeline(api.viewer, **page_request(api), **filters)


def posts_response(api: ApiRequest, page: Page[PostRow]) -> Any:
    """Return a page of posts; with `only_media`, those of it that have a picture."""
    keep = (lambda post: bool(post.image)) if api.flag("only_media") else None
    return page_response(api, page, partial(status_json, viewer=api.viewer), keep)
