"""Celery beat, which sends the scheduled tasks: `python -m ublog.run.beat`.

It sends them by name, so it loads neither Django nor their code: half the memory.
"""

import logging.config

from celery import Celery

from ublog import settings
from ublog.run.startup import check_directories

app = Celery("ublog", fixups=[])
app.config_from_object("ublog.settings", namespace="CELERY")

if __name__ == "__main__":
    check_directories(settings)
    logging.config.dictConfig(settings.LOGGING)
    app.Beat(loglevel="INFO", quiet=True, no_color=True).run()
