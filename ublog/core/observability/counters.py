"""What a process counts for Prometheus, in files that the web processes of a machine share.

Labels have few values: no path, no person. See docs/operations.md for what each means.
"""

import os

from django.conf import settings

FOLDER = settings.DATA_DIR / "metrics"
if settings.METRICS_TOKEN:  # prometheus_client reads it once, when it is imported
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)

from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: E402

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

counted = CollectorRegistry()
requests = Counter(
    "ublog_requests", "Answered requests.", ["door", "method", "status"], registry=counted
)
durations = Histogram(
    "ublog_request_seconds", "Until the answer.", ["door"], buckets=SECONDS, registry=counted
)
queries = Counter(
    "ublog_request_queries", "Database queries of requests.", ["door"], registry=counted
)
limits_hit = Counter("ublog_limits_hit", "Errors because of a limit.", ["limit"], registry=counted)
sign_in_failures = Counter(
    "ublog_sign_in_failures", "Refused passwords, by where.", ["where"], registry=counted
)


def reset() -> None:
    """Begin at nought: remove what processes that are gone have counted."""
    for file in FOLDER.glob("*.db"):
        file.unlink()
