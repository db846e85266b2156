"""Pages of lists in REST: `{"next", "previous", "results"}`."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from ublog.blog.notifications import NotificationQuerySet, NotificationRow
from ublog.blog.post_rows import PostRow
from ublog.blog.querysets import PostQuerySet
from ublog.core.cursors import Page
from ublog.interfaces.http.query_params import list_params, page_params

SEARCHED_TO = {
    "type": "string",
    "format": "date-time",
    "example": "2026-11-22T18:00:00Z",
    "description": "Only of a search that stopped here: `next` goes on.",
}


def paginated_response(page: Page[Any], results: list[Any], request: Request) -> Response:
    """Return a response with the page.

    `next` and `previous` are null at the ends, else URLs without a host, as those of images are: a
    proxy may have changed the host and the scheme that a client uses. `searched_to` is there when a
    search stopped before it had a whole page.
    """
    url = request.get_full_path()

    def at(cursor: str | None) -> str | None:
        return cursor and replace_query_param(url, "cursor", cursor)

    links = {"next": at(page.next), "previous": at(page.previous)}
    searched = {"searched_to": page.searched_to} if page.searched_to else {}
    return Response(links | searched | {"results": results})


class TimelinePagination(BasePagination):
    """Page the timeline by cursor: `?q=&author=&cursor=&page_size=`."""

    request: Request
    page: Page[Any]

    def paginate_queryset(  # type: ignore[override]  # of posts only
        self, queryset: PostQuerySet, request: Request, view: APIView | None = None
    ) -> list[PostRow]:
        self.request = request
        self.page = queryset.timeline(**list_params(request.query_params))
        return self.page.items

    def get_paginated_response(self, data: Any) -> Response:
        return paginated_response(self.page, data, self.request)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the OpenAPI schema of a page with results of that schema."""
        example = "/api/cbv/posts/?cursor=bzE3OTUzOTM0ODg0ODU4NjUuMQ"
        url = {"type": ["string", "null"], "format": "uri-reference", "example": example}
        links = {
            "next": {**url, "description": "The page of older items."},
            "previous": {**url, "description": "The page of newer items."},
            "searched_to": SEARCHED_TO,
        }
        return {
            "type": "object",
            "properties": {**links, "results": schema},
            "required": ["next", "previous", "results"],
        }


class NotificationPagination(TimelinePagination):
    """Page the user's notifications by cursor: `?cursor=&page_size=`."""

    def paginate_queryset(  # type: ignore[override]  # of notifications only
        self, queryset: NotificationQuerySet, request: Request, view: APIView | None = None
    ) -> list[NotificationRow]:
        self.request = request
        self.page = queryset.page(request.user, **page_params(request.query_params))
        return self.page.items

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a page of notifications, which nobody searches."""
        page = super().get_paginated_response_schema(schema)
        del page["properties"]["searched_to"]
        return page
