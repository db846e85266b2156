"""The real worker with one more task, for the scenarios: it sends a numbered mail.

    python -m tests.faults.worker

FAULT_LEASE makes the lease of a task shorter, in seconds, for scenarios in a hurry.
"""

import os
import runpy
import time
from datetime import timedelta
from pathlib import Path

from celery import shared_task


@shared_task(name="tests.faults.send")
def send(number: int) -> None:
    from ublog.core import mail

    time.sleep(0.005)
    mail.send("fault", "alice@example.org", {"number": number})


if __name__ == "__main__":
    from django.conf import settings

    import ublog.celery  # noqa: F401

    settings.TEMPLATES[-1]["DIRS"] = [Path(__file__).parent / "templates"]
    if lease := os.environ.get("FAULT_LEASE"):
        import django

        django.setup()
        from ublog.core.background import outbox
        from ublog.core.models import OutboxEntry

        OutboxEntry.LEASE = timedelta(seconds=float(lease))
        outbox.GRACE = timedelta(seconds=float(lease))
    runpy.run_module("ublog.run.worker", run_name="__main__")
