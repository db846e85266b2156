"""Where the CPU of a request goes: in one process, a look at the stack each millisecond of CPU.

What the standard library does counts as its caller's. Requests are handed to Django's WSGI handler,
so gunicorn is not in it; the thread that writes the request log is.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from types import FrameType
from typing import Any

from bench.requests import Request, check
from bench.servers import ROOT

INTERVAL = 0.001  # seconds of CPU between two looks
WARM_UP = 20  # requests
OURS = f"{ROOT / 'ublog'}/"
# Whose a line is: the first of these that is part of its file's path, after site-packages.
OWNERS = {
    "django/db/backends/": "driver",
    "psycopg": "driver",
    "django/db/": "ORM",
    "django/": "Django",
    "rest_framework": "DRF",
    "graph": "GraphQL",
    "jinja2/": "templates",
}
NAMES = ("Django", "DRF", "GraphQL", "templates", "ORM", "driver", "μblog")


@cache
def owner(path: str) -> str | None:
    """Whose the code in a file is: one of NAMES, or None for whoever called it."""
    if path.startswith(OURS):
        if path.endswith(".html"):
            return "templates"
        ours = path.removeprefix(OURS)
        return "driver" if ours.startswith(("core/postgresql/", "core/sqlite/")) else "μblog"
    _, _, package = path.rpartition("/site-packages/")
    return next((name for start, name in OWNERS.items() if package.startswith(start)), None)


@contextmanager
def looking() -> Iterator[Counter[str]]:
    """How often each of NAMES was at work; what nobody of them called is not counted."""
    found: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        while frame:
            if name := owner(frame.f_code.co_filename):
                found[name] += 1
                return
            frame = frame.f_back

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def profile(request: Request, seconds: float) -> dict[str, Any]:
    """`cpu_us` of one request, and the `shares` of it, 0 to 1, by name.

    Raises RuntimeError when it is not answered well.
    """
    ask = asking(request)
    for _ in range(WARM_UP):
        ask()
    number, started, until = 0, time.process_time(), time.monotonic() + seconds
    with looking() as found:
        while time.monotonic() < until:
            ask()
            number += 1
    used = time.process_time() - started
    shares = {name: round(found[name] / found.total(), 3) for name in NAMES if found[name]}
    return {"cpu_us": round(used / number * 1e6), "shares": shares}


def asking(request: Request) -> Callable[[], None]:
    """Hands the request to the product, as gunicorn does."""
    from django.test import RequestFactory

    from ublog.wsgi import application

    content = request.body.encode()
    kind = request.headers.get("Content-Type", "application/octet-stream")
    headers = {**request.headers, "Host": "127.0.0.1"}
    made = RequestFactory().generic(request.method, request.path, content, kind, headers=headers)

    def ask() -> None:
        status = []
        environ = {**made.environ, "wsgi.input": BytesIO(content)}
        response = application(environ, lambda told, _: status.append(told))
        body = b"".join(response)
        response.close()
        check(request, int(status[0].split()[0]), body)

    return ask
