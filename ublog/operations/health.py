"""Is the process alive, and is it ready to serve? For supervisors and load balancers."""

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
from ublog.core.observability.access import is_ours
from ublog.core.storage import disk

PATIENCE = 1.5  # seconds for the database: an answer within 2
# Seconds until beat or the workers count as away. They are heard of every ten; a worker may be
# silent while it is at a long task.
AWAY_AFTER = 120.0
BACKGROUND = ("beat", "worker")
started = time.monotonic()  # of the process whose children answer requests
migrated = False


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 whenever the process answers at all."""
    return JsonResponse({"live": True})


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Return 200 when the whole site works, else 503 and what does not.

    The database answers within PATIENCE and has the tables that this release needs, and beat and
    a worker were seen less than AWAY_AFTER seconds ago. The store of limits does not decide: when
    it is down, each process counts for itself. Nor does a disk that has no room for images: texts
    are still taken, and another machine's disk may be no better.
    """
    return report(request, background=True)


@never_cache
def web(request: HttpRequest) -> HttpResponse:
    """Return 200 when this process can serve people, else 503: `ready` without beat and workers.

    For load balancers: without a worker people can still read and post, and what they cause
    waits. Taking away the web processes would help nobody.
    """
    return report(request, background=False)


def report(request: HttpRequest, *, background: bool) -> HttpResponse:
    try:
        work = asked_with_patience()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    if work is None:
        return JsonResponse({"ready": False, "database": "not migrated"}, status=503)
    away = away_of(work) if background else []
    told: dict[str, Any] = {"away": away} if away else {}
    if is_ours(request):
        told |= {"background": work, "disk": room()}
    status = 503 if away else 200
    return JsonResponse({"ready": not away, "database": "ok", **told}, status=status)


def away_of(work: Work) -> list[str]:
    """Return which of BACKGROUND are away. None is while this process is as young as they may
    be: when a site starts, the web process is the first to answer."""
    if time.monotonic() - started < AWAY_AFTER:
        return []
    seen = {name: work[f"{name}_seen"] for name in BACKGROUND}
    return [name for name, age in seen.items() if age is None or age > AWAY_AFTER]


def room() -> dict[str, int | bool | None]:
    """Return the free bytes where images are stored (None: no disk of ours), and whether images
    are taken: below the reserve for texts they are not."""
    return {"free": disk.free_bytes(), "images": disk.has_room()}


def asked_with_patience() -> Work | None:
    """What `asked` returns or raises; OperationalError when that takes longer than PATIENCE.

    A thread asks, on this one's connection, since a thread can be left: a server that is frozen
    acknowledges what it receives, so no setting of a connection ends the wait. The connection
    is left with it.
    """
    ours = connections[DEFAULT_DB_ALIAS]
    answer: Future[Work | None] = Future()
    ours.inc_thread_sharing()
    Thread(target=ask, args=(ours, answer), name="ready", daemon=True).start()
    wait([answer], PATIENCE)
    if answer.cancel():
        del connections[DEFAULT_DB_ALIAS]
        raise OperationalError("The database did not answer in time")
    ours.dec_thread_sharing()
    return answer.result()


def ask(ours: BaseDatabaseWrapper, answer: Future[Work | None]) -> None:
    """What the thread does. When the answer is wanted no more, nor is the connection."""
    connections[DEFAULT_DB_ALIAS] = ours
    try:
        try:
            answer.set_result(asked())
        except Exception as failure:
            answer.set_exception(failure)
    except InvalidStateError:
        ours.close()


def asked() -> Work | None:
    """How background work fares; None while migrations are pending."""
    return background_work() if is_migrated() else None


def is_migrated() -> bool:
    """Whether every migration of this release was applied. One that was stays so: a process that
    has seen it does not look again, which would read all migrations."""
    global migrated
    if not migrated:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return migrated
