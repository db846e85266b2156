"""What a user sets on a post: the marks of the domain by the names that Mastodon has for them.

A new mark of the domain needs no line here: `POST statuses/ID/MARK` and `unMARK` call its actions,
and a list of the posts is where a filter has them.
"""

from functools import partial
from typing import Any

from django.urls import URLPattern

from ublog.blog import actions, mute_actions
from ublog.blog.querysets import PostFilters
from ublog.interfaces.mastodon import timelines
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import MARK_NAMES, status_json
from ublog.interfaces.mastodon.requests import ApiRequest, route


def act(action: Any, request: ApiRequest, pk: str) -> Any:
    """Do it to a post, and return the post."""
    return status_json(action(post_id=pk, by=request.viewer), request.viewer)


def routes(name: str, called: str, module: Any) -> list[URLPattern]:
    """Return the routes of what is done and undone by two actions of a module."""
    scope = needs(f"write:{called}s")
    pairs = ((called, getattr(module, name)), (f"un{called}", getattr(module, f"un{name}")))
    return [
        route(f"api/v1/statuses/<pk>/{verb}", POST=scope(partial(act, action)))
        for verb, action in pairs
    ]


def list_routes(name: str, called: str) -> list[URLPattern]:
    """Return the route of the posts that the user has marked, if there is a filter for them."""
    switch = f"{name}ed"
    if switch not in PostFilters.__annotations__:
        return []
    view = needs(f"read:{called}s")(partial(timelines.marked, switch=switch))
    return [route(f"api/v1/{called}s", GET=view)]


urlpatterns = [
    *(pattern for mark in MARK_NAMES.items() for pattern in routes(*mark, actions)),
    *(pattern for mark in MARK_NAMES.items() for pattern in list_routes(*mark)),
    *routes("mute", "mute", mute_actions),
]
