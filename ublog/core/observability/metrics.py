"""Metrics for Prometheus at /metrics, protected by a token: see docs/operations.md.

What each process counts is in `counters`. What concerns the whole site is read from the database
for each request of /metrics.
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
# Name and description of each value of `background_work`.
GAUGES = {
    "waiting": ("ublog_tasks_waiting", "Tasks that wait."),
    "oldest_waiting": (
        "ublog_tasks_oldest_seconds",
        "Seconds since the oldest waiting task was created.",
    ),
    "failed": ("ublog_tasks_given_up", "Tasks that wait for a person to retry or delete them."),
    "beat_seen": ("ublog_beat_seen_seconds", "Seconds since beat was last seen."),
    "worker_seen": ("ublog_worker_seen_seconds", "Seconds since a worker was last seen."),
}


class QueryCounter:
    """Count queries, as an `execute_wrapper` of Django's connection."""

    number = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.number += 1
        return execute(*arguments)


def count_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Count requests, their duration and their queries. Unused without UBLOG_METRICS_TOKEN."""
    if not settings.METRICS_TOKEN:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        counter = QueryCounter()
        with connection.execute_wrapper(counter):
            response = get_response(request)
        interface = interface_of(request.path)
        method = request.method if request.method in METHODS else "other"
        counters.requests.labels(interface, method, response.status_code).inc()
        counters.durations.labels(interface).observe(time.perf_counter() - started)
        counters.queries.labels(interface).inc(counter.number)
        return response

    return middleware


def interface_of(path: str) -> str:
    """Return the interface of a path: one of INTERFACES, or "app", which serves all other paths."""
    return next((name for start, name in INTERFACES.items() if path.startswith(start)), "app")


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics. Raise Http404 without UBLOG_METRICS_TOKEN as a bearer token."""
    if not has_token(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def exposition() -> bytes:
    """Return all metrics in Prometheus' text format."""
    processes = counters.counted
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        processes = CollectorRegistry()
        MultiProcessCollector(processes)  # type: ignore[no-untyped-call]
    site = CollectorRegistry()
    site.register(SiteCollector())
    return generate_latest(processes) + generate_latest(site)


class SiteCollector(Collector):
    """Collect what the database knows: every process of every machine reports the same."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("ublog_database_up", "Whether the database responds.", value=0)
        try:
            metrics = [*work_metrics(), tasks_metric()]
        except DatabaseError:
            yield up
            return
        yield GaugeMetricFamily(up.name, up.documentation, value=1)
        yield from metrics


def work_metrics() -> Iterator[Metric]:
    """Yield the state of background work; without a process that was never seen."""
    for name, value in background_work().items():
        if value is not None:
            yield GaugeMetricFamily(*GAUGES[name], value=value)


def tasks_metric() -> Metric:
    """Return how often workers have run each task, ever."""
    run = CounterMetricFamily("ublog_tasks", "Tasks run.", labels=["task", "outcome"])
    for count in TaskCount.objects.all():
        run.add_metric([count.task, "done"], count.done)
        run.add_metric([count.task, "failed"], count.failed)
    return run
