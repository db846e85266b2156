"""A page of a list as REST answers it: `{"next", "previous", "results"}`."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from ublog.blog.post_rows import PostRow
from ublog.blog.querysets import PostQuerySet
from ublog.core.cursors import Page
from ublog.interfaces.http.query_params import PAGE_PARAMS, list_params


def page_response(page: Page[Any], results: list[Any], request: Request) -> Response:
    """The answer with that page; `next` and `previous` are addresses, or null at the ends."""
    address = request.build_absolute_uri()

    def at(cursor: str | None) -> str | None:
        return cursor and replace_query_param(address, "cursor", cursor)

    return Response({"next": at(page.next), "previous": at(page.previous), "results": results})


class TimelinePagination(BasePagination):
    """The domain's pages as a DRF paginator: the words of the address say which one."""

    request: Request
    page: Page[PostRow]

    def paginate_queryset(  # type: ignore[override]  # posts, and nothing else
        self, queryset: PostQuerySet, request: Request, view: APIView | None = None
    ) -> list[PostRow]:
        self.request = request
        self.page = queryset.page(**list_params(request.query_params, PAGE_PARAMS))
        return self.page.items

    def get_paginated_response(self, data: Any) -> Response:
        return page_response(self.page, data, self.request)
