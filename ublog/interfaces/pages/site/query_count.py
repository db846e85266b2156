"""What a page costs: its footer shows the time it took and the number of its queries."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

PAGES = ("/fbv/", "/cbv/", "/accounts/")


class QueryCount:
    """Count the queries that pass, as a wrapper for `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.queries = 0
        self.started = time.perf_counter()

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)

    @property
    def milliseconds(self) -> int:
        """Return the time from the start until now."""
        return round((time.perf_counter() - self.started) * 1000)


class QueryCountMiddleware:
    """Set `request.query_count` for the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PAGES):
            return self.get_response(request)
        request.query_count = count = QueryCount()  # type: ignore[attr-defined]
        with connection.execute_wrapper(count):
            return self.get_response(request)
