"""Run functions at once, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable

from django.db import connections


def together(*deeds: Callable[[], object]) -> None:
    """Start all at the same moment, and wait for all. Raise the first error of one of them."""
    ready, errors = threading.Barrier(len(deeds)), []

    def run(deed):
        try:
            ready.wait(timeout=30)
            deed()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if errors:
        raise errors[0]
