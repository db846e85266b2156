"""The errors that Django has no exception for.

The others are Django's own: ValidationError, PermissionDenied, ObjectDoesNotExist. Each protocol
translates them once: `pages/site/error_pages.py`, `rest/errors.py`, `graphql/errors.py`.
"""

import errno
import sqlite3
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError

# https://www.sqlite.org/rescode.html
SQLITE_AWAY = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
)


class NotAuthenticated(PermissionDenied):
    """The user must be logged in for this. The default message is DRF's."""

    def __init__(self, message: str = "Authentication credentials were not provided.") -> None:
        super().__init__(message)


class RateLimited(Exception):
    """A limit is used up; `retry_after` is the number of whole seconds to wait."""

    def __init__(self, retry_after: int, reason: str = "Request was throttled.") -> None:
        super().__init__(f"{reason} Expected available in {in_words(retry_after)}.")
        self.retry_after = retry_after


class Conflict(Exception):
    """Somebody else was faster, and nothing is lost: look again."""


class Stale(Exception):
    """It was changed after the caller had seen it; `current` is what it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__("It has changed since you read it. Look at its current version first.")
        self.current = current


class IdempotencyKeyReused(Exception):
    """An idempotency key comes back with something else."""

    def __init__(self) -> None:
        super().__init__("This key was used for something else. Take a new key for a new post.")


class StorageFull(Exception):
    """There is no room to store this; what is stored can still be read."""

    def __init__(
        self, message: str = "There is no room left to store this. Please try again later."
    ) -> None:
        super().__init__(message)


class Unavailable(Exception):
    """What is needed cannot be had now, most often the database; `retry_after` is the number of
    seconds to wait."""

    retry_after = 2
    DATABASE = "The database is not available. Please try again in a moment."

    def __init__(self, message: str = DATABASE) -> None:
        super().__init__(message)


def in_words(seconds: int) -> str:
    """Return a time to wait as a person says it, never shorter than it is."""
    if seconds < 120:
        return f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{-(-minutes // 60)} hours"


class TooSlow(Unavailable):
    """A statement was ended, since others would have had to wait for it."""

    retry_after = 10

    def __init__(self) -> None:
        super().__init__(
            "This search took too long. Please try a longer text, or again in a moment."
        )


def outage_behind(failure: BaseException | None) -> StorageFull | Unavailable | None:
    """What is out of order, when that is why something failed: then it is nobody's mistake."""
    if isinstance(failure, StorageFull | Unavailable):
        return failure
    if is_storage_full(failure):
        return StorageFull()
    return Unavailable() if is_database_away(failure) else None


def is_database_away(failure: BaseException | None) -> bool:
    """Whether the database stopped, starts, cannot be reached, or is kept by others too long.

    All of PostgreSQL's operational errors are; SQLite calls a missing table one, too.
    """
    if not isinstance(failure, OperationalError | InterfaceError):
        return False
    code = getattr(failure.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF in SQLITE_AWAY


def is_storage_full(failure: BaseException | None) -> bool:
    """Whether a disk, a quota or the database is full."""
    database = getattr(failure, "__cause__", None)
    return (
        (isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT))
        or getattr(database, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(database, "sqlstate", None) == "53100"  # disk_full, in PostgreSQL's appendix A
    )
