"""Django's password hashers, a few at a time: each takes 100 MB and a core for a tenth of a second.

Without a bound, as many log-ins at once as a process has threads would take all its memory and
time from all others: B11 in docs/requirements.md.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import hashers

from ublog.core.exceptions import Unavailable

AT_ONCE = 2  # in one process: half of the threads that it has by default
# Seconds. With four threads a process, the last one waits for one other hash, which takes 0.1 s,
# and more than a second on a machine with ten times its load.
MAX_WAIT = 5.0

slots = threading.BoundedSemaphore(AT_ONCE)
held = threading.local()


class BoundedMixin:
    """For a hasher: raise Unavailable when all slots stay taken for MAX_WAIT seconds."""

    def encode(self, *args: Any, **options: Any) -> str:
        with slot():
            return super().encode(*args, **options)  # type: ignore[misc,no-any-return]

    def verify(self, *args: Any, **options: Any) -> bool:
        with slot():
            return super().verify(*args, **options)  # type: ignore[misc,no-any-return]


class Argon2PasswordHasher(BoundedMixin, hashers.Argon2PasswordHasher):
    """Django's, bounded."""


class PBKDF2PasswordHasher(BoundedMixin, hashers.PBKDF2PasswordHasher):
    """Django's, bounded."""


@contextmanager
def slot() -> Iterator[None]:
    """Hold one of the slots during the block. Raise Unavailable.

    A thread that holds one already goes on: PBKDF2's `verify` calls `encode`.
    """
    if getattr(held, "one", False):
        yield
        return
    if not slots.acquire(timeout=MAX_WAIT):
        raise Unavailable("Too many people are logging in. Please try again in a moment.")
    held.one = True
    try:
        yield
    finally:
        held.one = False
        slots.release()
