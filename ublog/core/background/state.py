"""The state of background work, for health checks, metrics and the admin."""

from datetime import datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from ublog.core.models import Heartbeat, OutboxEntry

Work = dict[str, float | None]


def background_work() -> Work:
    """Return the state of background work.

    The seconds since beat and a worker were last seen (None: never) and since the oldest waiting
    task was created (None: no task waits), and how many tasks wait and how many have failed.
    """
    known = Q(seen_on__lte=timezone.now() + Heartbeat.AHEAD)
    seen = Heartbeat.objects.aggregate(
        beat=Max("seen_on", filter=Q(name="beat") & known),
        worker=Max("seen_on", filter=~Q(name="beat") & known),
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
    """Return the seconds since that time, and 0 for the future, since clocks may differ."""
    return max(0.0, round((timezone.now() - moment).total_seconds(), 1)) if moment else None
