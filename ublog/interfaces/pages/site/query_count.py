"""What a page costs: its footer shows the time it took and the number of its queries."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from ublog.core.observability.query_counter import QueryCounter

PAGES = ("/fbv/", "/cbv/", "/accounts/")


class QueryCountMiddleware:
    """Set `request.query_count` for the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PAGES):
            return self.get_response(request)
        request.query_count = counter = QueryCounter()  # type: ignore[attr-defined]
        with connection.execute_wrapper(counter):
            return self.get_response(request)
