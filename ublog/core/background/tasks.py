"""Housekeeping, run by Celery beat: the schedule is in settings.py."""

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
KEEP_HEARTBEATS = timedelta(days=1)  # of workers that were taken away
KEEP_REQUEST_LOG = timedelta(days=30)
BATCH = 1_000


@shared_task(name="ublog.core.tasks.prune_request_log")
def prune_request_log() -> int:
    """Delete rows older than 30 days, a batch at a time so that no writer waits long."""
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
    """Note that beat lives: it has sent this, and a worker has received it."""
    Heartbeat.objects.note("beat")


@shared_task(name="ublog.core.tasks.probe")
def probe(key: str) -> None:
    """Leave a trace: `manage.py doctor` looks for it."""
    Heartbeat.objects.note(key)


@worker_ready.connect
def start_heartbeat(sender: Any, **_: Any) -> None:
    """Note now, and every HEARTBEAT seconds, that this worker lives."""
    name = f"worker {sender.hostname}"
    note_heartbeat(name)
    sender.timer.call_repeatedly(HEARTBEAT, note_heartbeat, (name,))


def note_heartbeat(name: str) -> None:
    try:
        Heartbeat.objects.note(name)
    except DatabaseError as failure:
        log.warning("The heartbeat could not be stored: %s", failure)
        connection.close()
