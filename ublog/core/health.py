"""Is the process alive, and is it ready to serve? For supervisors and load balancers."""

from datetime import datetime

from django.db import Error as DatabaseError
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from ublog.core.models import Heartbeat, OutboxEntry


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 whenever the process answers at all."""
    return JsonResponse({"live": True})


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503.

    How background work fares is told and decides nothing: without a worker people can still
    read and post, and what they cause waits.
    """
    try:
        work = background_work()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    return JsonResponse({"ready": True, "database": "ok", "background": work})


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
