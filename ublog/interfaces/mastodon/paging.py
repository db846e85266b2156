"""Pages of lists: `limit`, `max_id`, `min_id`, `since_id`, and the header `Link`.

Clients page by ids. The domain looks up the place of an id, so that a page stays one query.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse

from ublog.core.cursors import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Cursor, Page, PageRequest
from ublog.core.ids import parse_id
from ublog.interfaces.http.mastodon import json_response
from ublog.interfaces.mastodon.requests import ApiRequest


def page_request(request: ApiRequest, usual: int = DEFAULT_PAGE_SIZE) -> PageRequest:
    """Return which page the request asks for. Raise ValidationError for a bad limit."""
    cursor = None
    if lowest := request.text("min_id"):
        cursor = Cursor(None, parse_id(lowest), older=False)
    elif highest := request.text("max_id"):
        cursor = Cursor(None, parse_id(highest))
    return {"cursor": cursor, "page_size": limit_of(request, usual)}


def limit_of(request: ApiRequest, usual: int = DEFAULT_PAGE_SIZE) -> int:
    """Return how many items are asked for, at most MAX_PAGE_SIZE. Raise ValidationError."""
    size = request.number("limit", usual)
    if not size:
        raise ValidationError({"limit": [f"Give a number from 1 to {MAX_PAGE_SIZE}."]})
    return min(size, MAX_PAGE_SIZE)


def page_response(
    request: ApiRequest,
    page: Page[Any],
    render: Callable[[Any], Any],
    keep: Callable[[Any], bool] | None = None,
) -> HttpResponse:
    """Return the page as a list, with the URLs of the pages after and before it.

    `keep` says what is shown of it: a page may be shorter, and lead on.
    """
    items = newer_than(page.items, request.text("since_id"))
    shown = [render(item) for item in items if keep is None or keep(item)]
    links = []
    if page.next and len(items) == len(page.items):
        links.append(link_to(request, "next", max_id=Cursor.decode(page.next).id))
    if items:
        links.append(link_to(request, "prev", min_id=items[0].pk))
    return json_response(shown, headers={"Link": ", ".join(links)} if links else None)


def newer_than(items: list[Any], since: str) -> list[Any]:
    """Return the items before the one with that id, newest first; all without an id."""
    id = parse_id(since)
    ids = [item.pk for item in items]
    if id in ids:
        return items[: ids.index(id)]
    return [item for item in items if item.pk > id]


def link_to(request: ApiRequest, relation: str, **place: int) -> str:
    """Return a link to another page, absolute: some clients do not resolve others."""
    query = request.http.GET.copy()
    for name in ("max_id", "min_id", "since_id"):
        query.pop(name, None)
    query.update({name: str(id) for name, id in place.items()})
    url = request.http.build_absolute_uri(f"{request.http.path}?{query.urlencode()}")
    return f'<{url}>; rel="{relation}"'
