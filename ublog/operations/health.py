"""Health checks for supervisors and load balancers: is the process alive, and is it ready?"""

import time
from concurrent.futures import Future, InvalidStateError, wait
from threading import Thread
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from ublog.core.background.state import Work, background_work
from ublog.core.storage import disk
from ublog.operations.access import is_operator

PATIENCE = 1.5  # seconds for the database, so that the response comes within 2
# Seconds without a heartbeat until beat or the workers count as away. They send one every ten, but
# a worker sends none during a long task.
AWAY_AFTER = 120.0
BACKGROUND = ("beat", "worker")
started = time.monotonic()  # of the process that forks the web processes
migrated = False


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Return 200 whenever the process responds at all."""
    return JsonResponse({"live": True})


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Return 200 when the whole site works, else 503 and what does not.

    It works when the database responds within PATIENCE and has all migrations of this release, and
    beat and a worker were seen less than AWAY_AFTER seconds ago. Two things do not matter: the
    store of limits (when it is down, each process counts for itself) and the room for images on the
    disk (texts can still be posted, and another machine's disk may be as full).
    """
    return report(request, background=True)


@never_cache
def web(request: HttpRequest) -> HttpResponse:
    """Return 200 when this process can serve requests, else 503: `ready` without beat and workers.

    For load balancers: without a worker users can still read and post, and tasks wait. Removing the
    web processes would not help.
    """
    return report(request, background=False)


def report(request: HttpRequest, *, background: bool) -> HttpResponse:
    """Return the response of a health check, with or without beat and workers."""
    try:
        work = fetch_work_in_time()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    if work is None:
        return JsonResponse({"ready": False, "database": "not migrated"}, status=503)
    away = away_of(work) if background else []
    details: dict[str, Any] = {"away": away} if away else {}
    if is_operator(request):
        details |= {"background": work, "disk": disk_state()}
    status = 503 if away else 200
    return JsonResponse({"ready": not away, "database": "ok", **details}, status=status)


def away_of(work: Work) -> list[str]:
    """Return which of BACKGROUND are away.

    In its first AWAY_AFTER seconds a web process reports none: when a site starts, it responds
    before the others have sent a heartbeat.
    """
    if time.monotonic() - started < AWAY_AFTER:
        return []
    seen = {name: work[f"{name}_seen"] for name in BACKGROUND}
    return [name for name, age in seen.items() if age is None or age > AWAY_AFTER]


def disk_state() -> dict[str, int | bool | None]:
    """Return the free bytes where images are stored (None: in S3), and whether images are accepted.

    They are not when less than the reserve for texts is free.
    """
    return {"free": disk.free_bytes(), "images": disk.has_room()}


def fetch_work_in_time() -> Work | None:
    """Return or raise what `fetch_work` does; OperationalError when it takes longer than PATIENCE.

    It runs in a thread, with this thread's connection, since a thread can be abandoned: a frozen
    server still acknowledges what it receives, so no timeout of the connection would end the wait.
    The connection is abandoned with the thread.
    """
    shared = connections[DEFAULT_DB_ALIAS]
    work: Future[Work | None] = Future()
    shared.inc_thread_sharing()
    Thread(target=run_fetch, args=(shared, work), name="ready", daemon=True).start()
    wait([work], PATIENCE)
    if work.cancel():
        del connections[DEFAULT_DB_ALIAS]
        raise OperationalError("The database did not respond in time")
    shared.dec_thread_sharing()
    return work.result()


def run_fetch(shared: BaseDatabaseWrapper, work: Future[Work | None]) -> None:
    """Set the future's result in the thread; close the connection when it was cancelled."""
    connections[DEFAULT_DB_ALIAS] = shared
    try:
        try:
            work.set_result(fetch_work())
        except Exception as failure:
            work.set_exception(failure)
    except InvalidStateError:
        shared.close()


def fetch_work() -> Work | None:
    """Return the state of background work; None while migrations are pending."""
    return background_work() if is_migrated() else None


def is_migrated() -> bool:
    """Return whether all migrations of this release are applied.

    A process that has found them applied does not check again, which would load all migrations.
    """
    global migrated
    if not migrated:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return migrated
