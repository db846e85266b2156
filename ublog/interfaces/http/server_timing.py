"""Where the time of a response goes, for the developer tools of browsers."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from ublog.core.observability.query_counter import QueryCounter


class ServerTimingMiddleware:
    """Set the Server-Timing header, in ms: https://www.w3.org/TR/server-timing/.

    On a site without the comparison, Django leaves this middleware out. Only reads have it: by the
    queries of a log-in or a sign-up one could see which addresses have an account (B3).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.COMPARE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        counter = QueryCounter()
        with connection.execute_wrapper(counter):
            response = self.get_response(request)
        response["Server-Timing"] = (
            f"total;dur={counter.total_seconds * 1000:.1f}, "
            f'db;dur={counter.seconds * 1000:.1f};desc="queries: {counter.queries}"'
        )
        return response
