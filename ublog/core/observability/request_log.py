"""RequestLog rows, collected in memory and written once a second by a thread of their own.

Writing a row within the request would triple the cost of an empty view. The price: a process that
is killed loses at most the last second of its log.
"""

import atexit
import ipaddress
import logging
import re
import threading
from collections import deque
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection
from django.http import HttpRequest

from ublog.core import dry_run
from ublog.core.db.bulk_insert import insert
from ublog.core.models import RequestLog
from ublog.core.observability.masking import mask_path

log = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds
BATCH = 500  # rows a statement
CAPACITY = 20_000  # rows that wait while the database is down: about 10 MB
SECRET_NAMES = re.compile(
    r"token|password|secret|key|code|session|email|signature|credential", re.IGNORECASE
)
NETWORK_BITS = {4: 24, 6: 48}  # by IP version; as Google Analytics anonymizes


class Row(NamedTuple):
    """The columns of a RequestLog.

    Creating a model instance for each request, and compiling it to SQL, would cost more than all
    other middleware of this package.
    """

    date: datetime
    user_id: int | None
    method: str
    path: str
    full_path: str
    status: int
    duration: float
    remote_address: str | None
    request_id: str


waiting: deque[Row] = deque(maxlen=CAPACITY)
starting = threading.Lock()
flushing = threading.Lock()
writer: threading.Thread | None = None


def add(row: Row) -> None:
    """Queue the row for the next write. A dry run has no rows."""
    if dry_run.is_active():
        return
    waiting.append(row)
    if writer is None or not writer.is_alive():
        start()


def start() -> None:
    """Start the writing thread. Not at import time: a thread does not survive gunicorn's fork."""
    global writer
    with starting:
        if writer is None or not writer.is_alive():
            writer = threading.Thread(target=write_forever, name="request-log", daemon=True)
            writer.start()
            atexit.register(flush)


def write_forever() -> None:
    pause = threading.Event()
    while threading.main_thread().is_alive():
        pause.wait(INTERVAL)
        flush()


def flush() -> int:
    """Write the queued rows. Return how many were written.

    When the database fails, the rows stay in the queue.
    """
    written = 0
    with flushing:
        while waiting:
            batch = [waiting.popleft() for _ in range(min(BATCH, len(waiting)))]
            try:
                write(batch)
            except DatabaseError as failure:
                waiting.extendleft(reversed(batch))
                log.warning("The request log could not be written: %s", failure)
                connection.close()
                break
            written += len(batch)
    return written


def write(batch: list[Row]) -> None:
    try:
        store(batch)
    except IntegrityError:  # an account was deleted after the request
        ids = {row.user_id for row in batch if row.user_id}
        there = set(get_user_model().objects.filter(pk__in=ids).values_list("pk", flat=True))
        store([row if row.user_id in there else row._replace(user_id=None) for row in batch])


def store(batch: list[Row]) -> None:
    moment = connection.ops.adapt_datetimefield_value
    insert(connection, RequestLog, Row._fields, [(moment(row[0]), *row[1:]) for row in batch])


def user_id_of(request: HttpRequest) -> int | None:
    """Return the id of the logged-in user if the view has loaded it: logging costs no query."""
    known = getattr(request, "_cached_user", None) or getattr(request, "token_user", None)
    return known.pk if known else None


def masked(request: HttpRequest) -> tuple[str, str]:
    """Return the path, and the path with its query string, with secret values replaced."""
    path = mask_path(request.path)
    if not request.META.get("QUERY_STRING"):
        return path, path
    pairs = [
        (name, "***" if SECRET_NAMES.search(name) else mask_path(value))
        for name, values in request.GET.lists()
        for value in values
    ]
    return path, f"{path}?{urlencode(pairs, safe='*')}" if pairs else path


@lru_cache(1024)  # the same clients send many requests
def network(address: str) -> str | None:
    """Return the network of an IP address, by NETWORK_BITS, which does not identify a user."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    bits = NETWORK_BITS[ip.version]
    return str(ipaddress.ip_network((ip, bits), strict=False).network_address)
