"""Scheduled backups, started by Celery beat; the schedule is in settings.py."""

import subprocess
import sys

from celery import shared_task
from django.conf import settings

from ublog.operations.backups import directory


@shared_task(name="ublog.core.tasks.back_up")
def back_up() -> bool:
    """Start a backup if the newest is older than UBLOG_BACKUP_EVERY. Return whether it was started.

    It runs in a process of its own, so that mails do not wait for it, and a broker that redelivers
    the message of a long task does not start a second one.
    """
    newest = directory.newest(settings.BACKUP_DIR)
    if not settings.BACKUP_EVERY or (newest and newest[1].age < settings.BACKUP_EVERY):
        return False
    command = [sys.executable, "-m", "ublog.manage", "backup", "--scheduled"]
    subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603
    return True
