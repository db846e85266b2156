"""RequestLog rows, gathered in memory and written by a thread of their own once a second.

A row inside the request would triple the cost of an empty view. The price: a process that is
killed loses at most the last second of its log.
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

from ublog.core.db.bulk_insert import insert
from ublog.core.models import RequestLog
from ublog.core.observability.masking import mask_path

log = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds
BATCH = 500  # rows a statement
CAPACITY = 20_000  # rows kept while the database is away: about 10 MB
SECRET_NAMES = re.compile(
    r"token|password|secret|key|code|session|email|signature|credential", re.IGNORECASE
)
KEPT_OF_ADDRESS = {4: 24, 6: 48}  # bits; as Google Analytics cuts what it calls anonymous


class Row(NamedTuple):
    """What becomes a RequestLog, by its columns. A model for each request, made and turned into
    SQL, would cost more than all else that watches and guards it."""

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
    """Keep the row for the next write."""
    waiting.append(row)
    if writer is None or not writer.is_alive():
        start()


def start() -> None:
    """Start the writing thread. Lazily, since a thread does not survive the server's fork."""
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
    """Write what waits; the number of rows written. A broken database keeps the rows waiting."""
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
    except IntegrityError:  # someone's account was deleted since
        ids = {row.user_id for row in batch if row.user_id}
        there = set(get_user_model().objects.filter(pk__in=ids).values_list("pk", flat=True))
        store([row if row.user_id in there else row._replace(user_id=None) for row in batch])


def store(batch: list[Row]) -> None:
    moment = connection.ops.adapt_datetimefield_value
    insert(connection, RequestLog, Row._fields, [(moment(row[0]), *row[1:]) for row in batch])


def user_id_of(request: HttpRequest) -> int | None:
    """The signed-in user's id, if the request found out who it is: logging must not ask."""
    known = getattr(request, "_cached_user", None) or getattr(request, "token_user", None)
    return known.pk if known else None


def masked(request: HttpRequest) -> tuple[str, str]:
    """The path, and the path with its query string, the values of secret names replaced."""
    path = mask_path(request.path)
    if not request.META.get("QUERY_STRING"):
        return path, path
    pairs = [
        (name, "***" if SECRET_NAMES.search(name) else mask_path(value))
        for name, values in request.GET.lists()
        for value in values
    ]
    return path, f"{path}?{urlencode(pairs, safe='*')}" if pairs else path


@lru_cache(1024)  # the same people come again
def network(address: str) -> str | None:
    """The network that the address is in, not whose it is: see KEPT_OF_ADDRESS."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    bits = KEPT_OF_ADDRESS[ip.version]
    return str(ipaddress.ip_network((ip, bits), strict=False).network_address)
