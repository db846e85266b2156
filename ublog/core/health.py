"""Is the process alive, and is it ready to serve? For supervisors and load balancers."""

from datetime import datetime
from ipaddress import ip_address

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from ublog.core.limits import caller_address
from ublog.core.models import Heartbeat, OutboxEntry

migrated = False


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 whenever the process answers at all."""
    return JsonResponse({"live": True})


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has the tables that this release needs, else 503.

    How background work fares is told, to whoever runs the site, and decides nothing: without a
    worker people can still read and post, and what they cause waits. Nor does the store of
    limits decide: when it is down, each process counts for itself.
    """
    try:
        if not is_migrated():
            return JsonResponse({"ready": False, "database": "not migrated"}, status=503)
        work = background_work()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    told = {"background": work} if is_ours(request) else {}
    return JsonResponse({"ready": True, "database": "ok", **told})


def is_ours(request: HttpRequest) -> bool:
    """Whether whoever runs the site asks: from this machine, or with UBLOG_METRICS_TOKEN."""
    try:
        return ip_address(caller_address.get()).is_loopback or has_token(request)
    except ValueError:  # behind a Unix socket, without a proxy that is trusted
        return has_token(request)


def has_token(request: HttpRequest) -> bool:
    """Whether UBLOG_METRICS_TOKEN is set, and sent as a bearer token."""
    token: str = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")


def is_migrated() -> bool:
    """Whether every migration of this release was applied. One that was stays so: a process that
    has seen it does not look again, which would read all migrations."""
    global migrated
    if not migrated:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return migrated


def background_work() -> dict[str, float | None]:
    """Seconds since beat and a worker were last seen and since the oldest waiting task was
    caused (None: never, none), and how many tasks wait and have failed."""
    seen = Heartbeat.objects.aggregate(
        beat=Max("seen_on", filter=Q(name="beat")), worker=Max("seen_on", filter=~Q(name="beat"))
    )
    queue = OutboxEntry.objects.aggregate(
        waiting=Count("due"),
        failed=Count("pk", filter=Q(due=None)),
        oldest=Min("created_on", filter=~Q(due=None)),
    )
    return {
        "beat_seen": age(seen["beat"]),
        "worker_seen": age(seen["worker"]),
        "waiting": queue["waiting"],
        "oldest_waiting": age(queue["oldest"]),
        "failed": queue["failed"],
    }


def age(moment: datetime | None) -> float | None:
    """Seconds since then."""
    return round((timezone.now() - moment).total_seconds(), 1) if moment else None
