"""Prometheus counters of a process, in files that the web processes of a machine share.

Labels have few values: no path and no user. docs/operations.md says what each means.
"""

import os

from django.conf import settings

DIRECTORY = settings.DATA_DIR / "metrics"
if settings.METRICS_TOKEN:  # prometheus_client reads it once, when it is imported
    DIRECTORY.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(DIRECTORY)

from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: E402

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

counted = CollectorRegistry()
requests = Counter(
    "ublog_requests", "Responses.", ["interface", "method", "status"], registry=counted
)
durations = Histogram(
    "ublog_request_seconds",
    "Seconds until the response.",
    ["interface"],
    buckets=SECONDS,
    registry=counted,
)
queries = Counter(
    "ublog_request_queries", "Database queries of requests.", ["interface"], registry=counted
)
limits_hit = Counter("ublog_limits_hit", "Errors because of a limit.", ["limit"], registry=counted)
login_failures = Counter(
    "ublog_login_failures", "Wrong passwords, by where.", ["where"], registry=counted
)


def reset() -> None:
    """Start at zero: delete the files of processes that have ended."""
    for file in DIRECTORY.glob("*.db"):
        file.unlink()
