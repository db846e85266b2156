"""Profile the CPU of a request: sample the stack of a process each millisecond of CPU.

The standard library counts as its caller. Requests are passed to Django's WSGI handler, so gunicorn
is not included; the thread that writes the request log is.
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

INTERVAL = 0.001  # seconds of CPU between two samples
WARM_UP = 20  # requests
OURS = f"{ROOT / 'ublog'}/"
# The owner of a line: the first of these that its file's path after site-packages starts with.
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
    """Return to whom the code in a file belongs: one of NAMES, or None for that of its caller."""
    if path.startswith(OURS):
        if path.endswith(".html"):
            return "templates"
        ours = path.removeprefix(OURS)
        return "driver" if ours.startswith(("core/db/postgresql/", "core/db/sqlite/")) else "μblog"
    _, _, package = path.rpartition("/site-packages/")
    return next((name for start, name in OWNERS.items() if package.startswith(start)), None)


@contextmanager
def sampling() -> Iterator[Counter[str]]:
    """Yield how often each of NAMES was running; what none of them called is not counted."""
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
    """Return `cpu_us` of one request, and its `shares`, 0 to 1, by name.

    Raises RuntimeError when the response is an error.
    """
    ask = asking(request)
    for _ in range(WARM_UP):
        ask()
    number, started, until = 0, time.process_time(), time.monotonic() + seconds
    with sampling() as found:
        while time.monotonic() < until:
            ask()
            number += 1
    used = time.process_time() - started
    shares = {name: round(found[name] / found.total(), 3) for name in NAMES if found[name]}
    return {"cpu_us": round(used / number * 1e6), "shares": shares}


def asking(request: Request) -> Callable[[], None]:
    """Return a function that passes the request to the product, as gunicorn does."""
    from django.test import RequestFactory

    from ublog.wsgi import application

    content = request.body.encode()
    kind = request.headers.get("Content-Type", "application/octet-stream")
    headers = {**request.headers, "Host": "127.0.0.1"}
    made = RequestFactory().generic(request.method, request.path, content, kind, headers=headers)

    def ask() -> None:
        status = []
        environ = {**made.environ, "wsgi.input": BytesIO(content)}
        response = application(environ, lambda line, _: status.append(line))
        body = b"".join(response)
        response.close()
        check(request, int(status[0].split()[0]), body)

    return ask
