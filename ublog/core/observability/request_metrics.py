"""Count requests, their duration and their queries, for the metrics of `operations.metrics`."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from ublog.core import dry_run
from ublog.core.observability import counters
from ublog.core.observability.query_counter import QueryCounter

# By the prefix of the path; the first that matches.
INTERFACES = {
    "/fbv/": "pages-functions",
    "/cbv/": "pages-classes",
    "/api/fbv/": "rest-functions",
    "/api/cbv/": "rest-viewsets",
    "/api/": "rest-accounts",
    "/graphql/": "graphql",
    "/accounts/": "pages-accounts",
    "/static/": "static",
    "/media/": "media",
    "/admin/": "admin",
    "/health/": "health",
    "/metrics": "metrics",
}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def count_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Count requests, their duration and their queries. Unused without UBLOG_METRICS_TOKEN."""
    if not settings.METRICS_TOKEN:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if dry_run.is_active():
            return get_response(request)
        counter = QueryCounter()
        with connection.execute_wrapper(counter):
            response = get_response(request)
        interface = interface_of(request.path)
        method = request.method if request.method in METHODS else "other"
        counters.requests.labels(interface, method, response.status_code).inc()
        counters.durations.labels(interface).observe(counter.total_seconds)
        counters.queries.labels(interface).inc(counter.queries)
        return response

    return middleware


def interface_of(path: str) -> str:
    """Return the interface of a path: one of INTERFACES, or "app", which serves all other paths."""
    return next((name for start, name in INTERFACES.items() if path.startswith(start)), "app")
