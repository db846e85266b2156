"""One id for each request: in the answer, in every log line, and in the tasks that it causes.

nginx makes the id, and its own log has it; without a proxy of ours in front we make one. Whoever
calls cannot choose it: two requests under one id would hide each other in the log.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import getrandbits

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request that is being answered, or whose task is being run; "" of none."""
    return current.get()


def choose(given: str, trusted: bool) -> str:
    """What a trusted proxy gave, when it looks like an id, else a new one: 32 hexadecimal digits,
    as nginx's `$request_id`."""
    # No secret: random bytes of the system would be a call of it in each request.
    new = f"{getrandbits(128):032x}"
    return given if trusted and WELL_FORMED.fullmatch(given) else new


@contextmanager
def under(name: str | None) -> Iterator[None]:
    """What happens within belongs to the request of that id."""
    token = current.set(name or "")
    try:
        yield
    finally:
        current.reset(token)
