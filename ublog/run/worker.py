"""The Celery worker, one task at a time in the process itself: `python -m ublog.run.worker`.

Celery's command line does the same and needs 10 MB more, for a library of prompts.
"""

import os
import sys

from django.conf import settings

from ublog.celery import app
from ublog.run.startup import check_directories

# Django's system checks load all views, which no task needs. `manage.py prepare` runs the one that
# checks the database, and `make check` all.
os.environ["CELERY_SKIP_CHECKS"] = "1"

if __name__ == "__main__":
    check_directories(settings)
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
