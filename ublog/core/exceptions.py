"""The errors of the domain that Django has no exception for.

The others are Django's: ValidationError, PermissionDenied, ObjectDoesNotExist. Each protocol
translates them once: `pages/site/error_pages.py`, `rest/errors.py`, `graphql/errors.py`,
`mastodon/errors.py`.
"""

import errno
import sqlite3
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import InterfaceError, OperationalError

# https://www.sqlite.org/rescode.html
SQLITE_UNAVAILABLE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
)


class NotAuthenticated(PermissionDenied):
    """The user must be logged in for this. The default message is DRF's."""

    def __init__(self, message: str = "Authentication credentials were not provided.") -> None:
        super().__init__(message)


class MembersOnly(NotAuthenticated):
    """Who reads must be a member: somebody who is logged in and active."""

    def __init__(self, message: str = "Only members may read this site. Please log in.") -> None:
        super().__init__(message)


class RateLimited(Exception):
    """A rate limit is reached; `retry_after` is the number of whole seconds to wait.

    `amount` is how much is possible in the period of the limit; 0 where that is not known.
    """

    def __init__(
        self, retry_after: int, reason: str = "Request was throttled.", amount: int = 0
    ) -> None:
        super().__init__(f"{reason} Expected available in {in_words(retry_after)}.")
        self.retry_after, self.amount = retry_after, amount


class Conflict(Exception):
    """A concurrent request was faster; nothing was changed, and the client may retry."""


class Stale(Exception):
    """The object was changed after the user had read it; `current` is the current object."""

    def __init__(self, current: Any) -> None:
        super().__init__(
            "This was changed after you opened it. Look at the current version and try again."
        )
        self.current = current


class IdempotencyKeyReused(Exception):
    """An idempotency key is sent again with different content."""

    def __init__(self) -> None:
        super().__init__("This key was used for something else. Take a new key for a new post.")


class Gone(ObjectDoesNotExist):
    """What a request was about existed, and was deleted."""

    def __init__(self, message: str = "This was published, and deleted afterwards.") -> None:
        super().__init__(message)


class StorageFull(Exception):
    """No room is left to store this; stored data can still be read."""

    def __init__(
        self, message: str = "There is no room left to store this. Please try again later."
    ) -> None:
        super().__init__(message)


class Unavailable(Exception):
    """Something that is needed does not respond, most often the database.

    `retry_after` is the number of seconds to wait.
    """

    retry_after = 2
    DATABASE = "The database does not respond. Please try again in a moment."

    def __init__(self, message: str = DATABASE) -> None:
        super().__init__(message)


def in_words(seconds: int) -> str:
    """Return a time to wait in words, rounded up."""
    if seconds < 120:
        return f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{-(-minutes // 60)} hours"


class TooSlow(Unavailable):
    """A statement was cancelled, since other requests would have had to wait for it."""

    retry_after = 10

    def __init__(self) -> None:
        super().__init__(
            "This search took too long. Please try a longer text, or again in a moment."
        )


def outage_behind(failure: BaseException | None) -> StorageFull | Unavailable | None:
    """Return the outage that caused an exception, else None."""
    if isinstance(failure, StorageFull | Unavailable):
        return failure
    if is_storage_full(failure):
        return StorageFull()
    return Unavailable() if is_database_away(failure) else None


def is_database_away(failure: BaseException | None) -> bool:
    """Return whether the database is stopped, starting, unreachable, or locked for too long.

    All of PostgreSQL's operational errors mean that. SQLite also raises one for a missing table.
    """
    if not isinstance(failure, OperationalError | InterfaceError):
        return False
    code = getattr(failure.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF in SQLITE_UNAVAILABLE


def is_storage_full(failure: BaseException | None) -> bool:
    """Return whether a disk, a quota or the database is full."""
    database = getattr(failure, "__cause__", None)
    return (
        (isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT))
        or getattr(database, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(database, "sqlstate", None) == "53100"  # disk_full, in PostgreSQL's appendix A
    )
