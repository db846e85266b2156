"""A page of the timeline as REST answers it: `{"next", "previous", "results"}`."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from ublog.blog.models import Post
from ublog.blog.shown import ShownPost
from ublog.core.cursors import Page
from ublog.interfaces.listing import given


class TimelinePagination(BasePagination):
    """The domain's timeline as a DRF paginator: the words of the address say which page of it."""

    page: Page[ShownPost]
    address: str

    def paginate_queryset(  # type: ignore[override]  # posts, and nothing else
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[ShownPost]:
        self.address = request.build_absolute_uri()
        self.page = Post.objects.timeline(request.user, **given(request.query_params))
        return self.page.items

    def get_paginated_response(self, data: Any) -> Response:
        """`next` and `previous` are addresses, or null at the ends."""
        return Response(
            {
                "next": self._address(self.page.next),
                "previous": self._address(self.page.previous),
                "results": data,
            }
        )

    def _address(self, cursor: str | None) -> str | None:
        return cursor and replace_query_param(self.address, "cursor", cursor)
