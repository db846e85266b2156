"""Whether this is a dry run: what a request would do, in a transaction that is rolled back.

A context variable says so to what is not undone with a transaction: limits, the request log and
metrics leave out what happens in a dry run. Nothing is patched, since threads share the modules.
`ublog.operations.dry_run` starts it.
"""

import logging
from contextvars import ContextVar

active: ContextVar[bool] = ContextVar("dry_run", default=False)


def is_active() -> bool:
    """Return whether the current thread is in a dry run."""
    return active.get()


class NoDryRuns(logging.Filter):
    """Drop what Django logs of the requests of a dry run, unless it is an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or not is_active()
