"""Whether a web process is ready, requested as nginx requests it."""

import os
import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

TIMEOUT = 4.0  # seconds


def is_ready(address: str = "127.0.0.1:8000") -> bool:
    """Return whether `/health/web/` is a 200 at this HOST:PORT or path of a Unix socket."""
    site = urlsplit(os.environ.get("UBLOG_SITE_URL") or "http://127.0.0.1:8000")
    headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
    with closing(HTTPConnection("localhost", timeout=TIMEOUT)) as connection:
        try:
            connection.sock = connect(address)
            connection.request("GET", "/health/web/", headers=headers)
            return connection.getresponse().status == 200
        except (OSError, ValueError, HTTPException):
            return False


def connect(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)
    unix = socket.socket(socket.AF_UNIX)
    unix.settimeout(TIMEOUT)
    unix.connect(address)
    return unix
