"""Celery beat, which sends the tasks that are due: `python -m ublog.beat`.

It sends them by name, so it needs neither Django nor their code: half the memory.
"""

from celery import Celery

app = Celery("ublog", fixups=[])
app.config_from_object("ublog.settings", namespace="CELERY")

if __name__ == "__main__":
    app.Beat(loglevel="INFO", quiet=True, no_color=True).run()
