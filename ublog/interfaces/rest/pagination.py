"""A page of the timeline as REST answers it: `{"next", "previous", "results"}`."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from ublog.blog.models import Post
from ublog.core.cursors import Page, paginate
from ublog.interfaces.listing import PLACE, given


class TimelinePagination(BasePagination):
    """The domain's cursors as a DRF paginator; it keeps the order that the QuerySet words say."""

    page: Page[Post]
    address: str

    def paginate_queryset(  # type: ignore[override]  # posts, and nothing else
        self, queryset: QuerySet[Post], request: Request, view: APIView | None = None
    ) -> list[Post]:
        self.address = request.build_absolute_uri()
        self.page = paginate(queryset, **given(request.query_params, PLACE))
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
