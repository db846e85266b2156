"""Housekeeping, run by Celery beat: the schedule is in settings.py."""

import logging
import subprocess
import sys
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from ublog.core import outbox  # noqa: F401  Celery looks for tasks in modules of this name
from ublog.core.backups import folder
from ublog.core.limits import SqliteStorage, shared_counts
from ublog.core.models import Heartbeat, RequestLog

log = logging.getLogger(__name__)

HEARTBEAT = 10.0  # seconds
KEEP_HEARTBEATS = timedelta(days=1)  # of workers that were taken away
KEEP_REQUEST_LOG = timedelta(days=30)
BATCH = 1_000


@shared_task
def prune_request_log() -> int:
    """Delete rows older than 30 days, a batch at a time so that no writer waits long."""
    old = RequestLog.objects.filter(date__lt=timezone.now() - KEEP_REQUEST_LOG)
    deleted = 0
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        deleted += RequestLog.objects.filter(pk__in=batch).delete()[0]
    log.info("%d rows of the request log deleted", deleted)
    return deleted


@shared_task
def clear_expired() -> None:
    """Delete expired sessions and limits, and the heartbeats of workers long gone."""
    call_command("clearsessions")
    Heartbeat.objects.filter(seen_on__lt=timezone.now() - KEEP_HEARTBEATS).delete()
    storage = shared_counts().storage
    if isinstance(storage, SqliteStorage):
        storage.purge()


@shared_task
def back_up() -> bool:
    """Begin a backup if the newest is older than UBLOG_BACKUP_EVERY; whether it began.

    In a process of its own: mails do not wait for it, and a broker that gives a long task to
    another worker does not have it made twice.
    """
    newest = folder.newest(settings.BACKUP_DIR)
    if not settings.BACKUP_EVERY or (newest and newest[1].age < settings.BACKUP_EVERY):
        return False
    command = [sys.executable, "-m", "ublog.manage", "backup", "--scheduled"]
    subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603
    return True


@shared_task
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
