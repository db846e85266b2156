"""A client in the process of the server: requests go through all middleware and one interface.

It knows of an interface no more than its URLs, as any client does.
"""

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponseBase

from ublog.interfaces.auth.tokens import AccessToken
from ublog.interfaces.compare.operations import PAGES
from ublog.interfaces.compare.requests import Request
from ublog.operations.dry_run import Login

CSRF = "c" * 32  # a CSRF secret of a browser; Django also takes it unmasked
# What is no statement of the domain: in a dry run each transaction is a savepoint.
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Statement:
    """A statement as it is sent to the database, without its parameters, and its time in ms."""

    sql: str
    ms: float

    @property
    def is_control(self) -> bool:
        return self.sql.startswith(CONTROL)


@dataclass(frozen=True)
class Response:
    """A response as a client gets it. `sent` is the number of bytes of its body on the way.

    `ms` is the time until the response, `cpu_ms` that of the processor, which does not depend on
    what else the machine does.
    """

    status: int
    reason: str
    headers: dict[str, str]
    body: str
    sent: int
    ms: float
    cpu_ms: float
    statements: list[Statement]

    @property
    def queries(self) -> list[Statement]:
        """Return the statements without those that begin and end transactions."""
        return [one for one in self.statements if not one.is_control]

    @property
    def sql_ms(self) -> float:
        return sum(one.ms for one in self.statements)


class Recorder:
    """Record statements with their times, as a wrapper for `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def __call__(self, execute: Callable[..., Any], sql: Any, *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, *arguments)
        finally:
            ms = (time.perf_counter() - started) * 1000
            self.statements.append(Statement(str(sql), ms))


@cache
def handler() -> BaseHandler:
    """Return Django's handler with all middleware, as a server has it."""
    made = BaseHandler()
    made.load_middleware()
    return made


def send(request: Request, interface: str, login: Login | None = None) -> Response:
    """Send a request of an interface, logged in as its clients are, and return the response."""
    body = request.body(**({"csrfmiddlewaretoken": CSRF} if request.is_form else {}))
    sent = WSGIRequest(environ(request, body.encode(), credentials(interface, login)))
    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        started, cpu_started = time.perf_counter(), time.thread_time()
        response = handler().get_response(sent)
        times = time.perf_counter() - started, time.thread_time() - cpu_started
    return read_response(response, times, recorder.statements)


def read_response(
    response: HttpResponseBase, times: tuple[float, float], statements: list[Statement]
) -> Response:
    content = getattr(response, "content", b"")
    plain = gzip.decompress(content) if response.get("Content-Encoding") == "gzip" else content
    return Response(
        response.status_code,
        response.reason_phrase,
        dict(response.items()),
        plain.decode(errors="replace"),
        len(content),
        times[0] * 1000,
        times[1] * 1000,
        statements,
    )


def credentials(interface: str, login: Login | None) -> dict[str, str]:
    """Return the headers by which clients of an interface prove who they are."""
    if interface not in PAGES:
        return {"Authorization": f"Bearer {AccessToken.of(login.family)}"} if login else {}
    cookies = {settings.CSRF_COOKIE_NAME: CSRF}
    if login:
        cookies[settings.SESSION_COOKIE_NAME] = login.session_key
    pairs = [f"{name}={value}" for name, value in cookies.items()]
    return {"Cookie": "; ".join(pairs), "Accept": "text/html"}


def environ(request: Request, body: bytes, more: dict[str, str]) -> dict[str, Any]:
    """Return the request as a WSGI server passes it (PEP 3333)."""
    site = urlsplit(settings.SITE_URL)
    path, _, query = request.path.partition("?")
    headers = {"Host": site.netloc, "Accept-Encoding": "gzip", **more, **request.headers}
    if request.is_form:
        headers["Origin"] = settings.SITE_URL
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        **server(site.scheme, body),
        **{name_of(header): value for header, value in headers.items()},
    }


def server(scheme: str, body: bytes) -> dict[str, Any]:
    proxy = settings.SECURE_PROXY_SSL_HEADER
    site = urlsplit(settings.SITE_URL)
    return {
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or (443 if scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(body),
        **({proxy[0]: proxy[1]} if proxy and scheme == "https" else {}),
    }


def name_of(header: str) -> str:
    """Return the name of a header in WSGI."""
    name = header.upper().replace("-", "_")
    return name if name == "CONTENT_TYPE" else f"HTTP_{name}"
