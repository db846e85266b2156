"""Figures for Prometheus at /metrics, for whoever has the token: see docs/operations.md.

What processes count is in `counters`; what concerns the whole site is read from the database
when asked.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error as DatabaseError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ublog.core.background.state import background_work
from ublog.core.models import TaskCount
from ublog.core.observability import counters
from ublog.core.observability.access import has_token

# The first that a path begins with.
DOORS = {
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
# Of `background_work`, by their names there.
GAUGES = {
    "waiting": ("ublog_tasks_waiting", "Tasks that wait."),
    "oldest_waiting": ("ublog_tasks_oldest_seconds", "Since the oldest waiting task was caused."),
    "failed": ("ublog_tasks_given_up", "Tasks that wait for a person to retry or delete them."),
    "beat_seen": ("ublog_beat_seen_seconds", "Since beat was seen."),
    "worker_seen": ("ublog_worker_seen_seconds", "Since a worker was seen."),
}


class Queries:
    """Counts the queries that it is wrapped around."""

    number = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.number += 1
        return execute(*arguments)


def counting(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Counts every request, when somebody may ask for the figures."""
    if not settings.METRICS_TOKEN:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        made = Queries()
        with connection.execute_wrapper(made):
            response = get_response(request)
        door = interface_of(request.path)
        method = request.method if request.method in METHODS else "other"
        counters.requests.labels(door, method, response.status_code).inc()
        counters.durations.labels(door).observe(time.perf_counter() - started)
        counters.queries.labels(door).inc(made.number)
        return response

    return middleware


def interface_of(path: str) -> str:
    """Which way in: one of DOORS, or the single-page app, which has all other addresses."""
    return next((door for start, door in DOORS.items() if path.startswith(start)), "app")


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for the bearer of UBLOG_METRICS_TOKEN. For others there is nothing here."""
    if not has_token(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    processes = counters.counted
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        processes = CollectorRegistry()
        MultiProcessCollector(processes)  # type: ignore[no-untyped-call]
    site = CollectorRegistry()
    site.register(SiteCollector())
    return generate_latest(processes) + generate_latest(site)


class SiteCollector(Collector):
    """What the database knows: the same whichever process of whichever machine is asked."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("ublog_database_up", "Whether the database answers.", value=0)
        try:
            metrics = [*work_metrics(), tasks_metric()]
        except DatabaseError:
            yield up
            return
        yield GaugeMetricFamily(up.name, up.documentation, value=1)
        yield from metrics


def work_metrics() -> Iterator[Metric]:
    """How background work fares; without what was never seen."""
    for name, value in background_work().items():
        if value is not None:
            yield GaugeMetricFamily(*GAUGES[name], value=value)


def tasks_metric() -> Metric:
    """What workers have run since the site began."""
    run = CounterMetricFamily("ublog_tasks", "Tasks run.", labels=["task", "outcome"])
    for count in TaskCount.objects.all():
        run.add_metric([count.task, "done"], count.done)
        run.add_metric([count.task, "failed"], count.failed)
    return run
