"""The Celery worker, one task at a time in the process itself: `python -m ublog.run.worker`.

Celery's own command line does the same and holds 10 MB more, for a prompt.
"""

import os
import sys

from django.conf import settings

from ublog.celery import app
from ublog.run.startup import check_directories

# Django's system checks load every view, which no task needs. `manage.py prepare` runs the
# one that looks at the database, `make check` all.
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
