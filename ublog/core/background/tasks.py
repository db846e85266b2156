"""Housekeeping tasks, which Celery beat sends by the schedule in conf/schedule.py."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from ublog.core.background import outbox  # noqa: F401  Celery looks for tasks in modules of this name
from ublog.core.limits import SqliteStorage, shared_counts
from ublog.core.models import Heartbeat, RequestLog

log = logging.getLogger(__name__)

HEARTBEAT = 10.0  # seconds
KEEP_HEARTBEATS = timedelta(days=1)  # of workers that were removed
KEEP_REQUEST_LOG = timedelta(days=30)
BATCH = 1_000


@shared_task(name="ublog.core.tasks.prune_request_log")
def prune_request_log() -> int:
    """Delete rows older than 30 days, in batches, so that no writer waits long.

    Return how many were deleted.
    """
    old = RequestLog.objects.filter(date__lt=timezone.now() - KEEP_REQUEST_LOG)
    deleted = 0
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        deleted += RequestLog.objects.filter(pk__in=batch).delete()[0]
    log.info("%d rows of the request log deleted", deleted)
    return deleted


@shared_task(name="ublog.core.tasks.clear_expired")
def clear_expired() -> None:
    """Delete expired sessions and limits, and the heartbeats of workers long gone."""
    call_command("clearsessions")
    Heartbeat.objects.filter(seen_on__lt=timezone.now() - KEEP_HEARTBEATS).delete()
    storage = shared_counts().storage
    if isinstance(storage, SqliteStorage):
        storage.purge()


@shared_task(name="ublog.core.tasks.note_beat")
def note_beat() -> None:
    """Record beat's heartbeat: it has sent this task, and a worker has received it."""
    Heartbeat.objects.note("beat")


@shared_task(name="ublog.core.tasks.probe")
def probe(key: str) -> None:
    """Record a heartbeat of that name, which `manage.py doctor` waits for."""
    Heartbeat.objects.note(key)


@worker_ready.connect
def start_heartbeat(sender: Any, **_: Any) -> None:
    """Record this worker's heartbeat now, and every HEARTBEAT seconds."""
    name = f"worker {sender.hostname}"
    note_heartbeat(name)
    sender.timer.call_repeatedly(HEARTBEAT, note_heartbeat, (name,))


def note_heartbeat(name: str) -> None:
    try:
        Heartbeat.objects.note(name)
    except DatabaseError as failure:
        log.warning("The heartbeat could not be stored: %s", failure)
        connection.close()
