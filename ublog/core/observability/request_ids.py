"""One id for each request: in the response, in every log line, and in the tasks that it causes.

nginx creates the id, and has it in its own log. Without a trusted proxy it is created here. Clients
cannot choose it: two requests with one id would hide each other in the log.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import getrandbits

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Return the id of the request that is being handled, or whose task is being run, else ""."""
    return current.get()


def choose(header: str, trusted: bool) -> str:
    """Return a trusted proxy's X-Request-ID when it is well-formed, else a new id.

    A new one has 32 hexadecimal digits, as nginx's `$request_id`.
    """
    # Not a secret: random bytes of the system would cost a system call in each request.
    new = f"{getrandbits(128):032x}"
    return header if trusted and WELL_FORMED.fullmatch(header) else new


@contextmanager
def bind_request_id(name: str | None) -> Iterator[None]:
    """Set the request's id within the block."""
    token = current.set(name or "")
    try:
        yield
    finally:
        current.reset(token)
