"""Celery beat, which sends the tasks that are due: `python -m ublog.beat`.

It sends them by name, so it needs neither Django nor their code: half the memory.
"""

import logging.config

from celery import Celery

from ublog.settings import LOGGING, WRITABLE
from ublog.start import check_writable

app = Celery("ublog", fixups=[])
app.config_from_object("ublog.settings", namespace="CELERY")

if __name__ == "__main__":
    check_writable(*WRITABLE)
    logging.config.dictConfig(LOGGING)
    app.Beat(loglevel="INFO", quiet=True, no_color=True).run()
