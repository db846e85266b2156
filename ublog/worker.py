"""The Celery worker, one task at a time in the process itself: `python -m ublog.worker`.

Celery's own command line does the same and holds 10 MB more, for a prompt.
"""

import sys

from ublog.celery import app

if __name__ == "__main__":
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
