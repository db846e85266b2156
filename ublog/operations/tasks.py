"""Scheduled backups, begun by Celery beat: the schedule is in settings.py."""

import subprocess
import sys

from celery import shared_task
from django.conf import settings

from ublog.operations.backups import directory


@shared_task(name="ublog.core.tasks.back_up")
def back_up() -> bool:
    """Begin a backup if the newest is older than UBLOG_BACKUP_EVERY; whether it began.

    In a process of its own: mails do not wait for it, and a broker that gives a long task to
    another worker does not have it made twice.
    """
    newest = directory.newest(settings.BACKUP_DIR)
    if not settings.BACKUP_EVERY or (newest and newest[1].age < settings.BACKUP_EVERY):
        return False
    command = [sys.executable, "-m", "ublog.manage", "backup", "--scheduled"]
    subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603
    return True
