"""Backups, started by Celery beat (see `conf.schedule`) or by an administrator."""

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
    start_backup("--scheduled")
    return True


@shared_task(name="ublog.operations.tasks.back_up_now")
def back_up_now() -> None:
    """Start a backup that an administrator has requested. Of two at a time, one fails."""
    start_backup()


def start_backup(*options: str) -> None:
    """Start a backup in a process of its own, and do not wait for it."""
    command = [sys.executable, "-m", "ublog.manage", "backup", *options]
    subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603
