"""Metrics for Prometheus at /metrics, protected by a token: see docs/operations.md.

What each process counts is in `core.observability.counters`. What concerns the whole site is read
from the database for each request of /metrics.
"""

import os
from collections.abc import Iterator

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ublog.core.background.state import background_work
from ublog.core.models import TaskCount
from ublog.core.observability import counters
from ublog.operations.access import has_token

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
