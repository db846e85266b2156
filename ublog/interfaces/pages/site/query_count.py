"""What a page costs: its foot tells how long it took and how many queries it made."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

PAGES = ("/fbv/", "/cbv/", "/accounts/")


class Cost:
    """Counts the queries that it is wrapped around."""

    def __init__(self) -> None:
        self.queries = 0
        self.started = time.perf_counter()

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)

    @property
    def milliseconds(self) -> int:
        """Until now."""
        return round((time.perf_counter() - self.started) * 1000)


def measured(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PAGES):
            return get_response(request)
        request.cost = cost = Cost()  # type: ignore[attr-defined]
        with connection.execute_wrapper(cost):
            return get_response(request)

    return middleware
