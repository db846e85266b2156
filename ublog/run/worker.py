"""The Celery worker, one task at a time in the process itself: `python -m ublog.run.worker`.

Celery's command line does the same and needs 10 MB more, for a library of prompts. With `--beat` it
sends the scheduled tasks, too, from a thread: 23 MB less than a process of its own. Exactly one of
a site's workers may.
"""

import logging
import os
import signal
import sys
from threading import Thread

from celery.beat import Service
from django.conf import settings

from ublog.celery import app
from ublog.conf import oauth
from ublog.run.startup import check_directories

# Django's system checks load all views, which no task needs. `manage.py prepare` runs the one that
# checks the database, and `make check` all.
os.environ["CELERY_SKIP_CHECKS"] = "1"

# No task concerns OAuth. A process of the supervisor shares the memory of it anyway (ADR 15).
oauth.is_needed = False


def run_beat() -> None:
    """Run beat. When it fails, end the process, so that both are started again."""
    try:
        Service(app, scheduler_cls=app.conf.beat_scheduler).start()
    except Exception:
        logging.getLogger(__name__).exception("Beat failed, so the worker ends")
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    check_directories(settings)
    if "--beat" in sys.argv:
        Thread(target=run_beat, name="beat", daemon=True).start()
    worker = app.Worker(
        pool_cls="solo",
        loglevel="INFO",
        quiet=True,
        no_color=True,
        without_mingle=True,
        without_gossip=True,
    )
    worker.start()
    sys.exit(worker.exitcode)
