"""Rate limits: one budget for each user or network, across all interfaces and processes.

An action spends its limit itself, so that no interface can forget it. The `limits` library counts.
The counts are in Redis, or without Redis in a small SQLite file that all processes of a machine
share. When that store is down, each process counts for itself.
"""

import fcntl
import logging
import sqlite3
import threading
import time
from functools import cache
from typing import Any

from django.conf import settings
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from ublog.core import dry_run
from ublog.core.client_address import caller_address, network
from ublog.core.exceptions import RateLimited
from ublog.core.observability import counters
from ublog.core.viewers import Viewer

log = logging.getLogger(__name__)

# Seconds until a store that failed is tried again, since each try waits for its timeout. Short
# after one timeout, because what a process counts for itself comes on top of the shared counts;
# doubled as long as the store stays down.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
pause = 0.0
down_until = 0.0  # of time.monotonic()


class AutoClosingConnection(sqlite3.Connection):
    """Close when the thread that uses it ends: Python 3.13 warns of a connection left open."""

    def __del__(self) -> None:
        self.close()


class SqliteStorage(Storage):
    """Store counts in a SQLite file, `ublog-sqlite:///path`. One statement counts atomically."""

    STORAGE_SCHEME = ["ublog-sqlite"]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self.path = uri.removeprefix("ublog-sqlite://")
        self.local = threading.local()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return sqlite3.Error, OSError

    @property
    def connection(self) -> sqlite3.Connection:
        if not hasattr(self.local, "connection"):
            connection = sqlite3.connect(
                self.path,
                timeout=1,
                isolation_level=None,
                check_same_thread=False,  # the garbage collector closes it in any thread
                factory=AutoClosingConnection,
            )
            # A change of the journal mode does not wait for locks as statements do: one at a time.
            with open(f"{self.path}.lock", "a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self.prepare(connection)
            self.local.connection = connection
        return self.local.connection  # type: ignore[no-any-return]

    @staticmethod
    def prepare(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        # Counts may be lost when the machine stops, so they need not be synced to the disk.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS spent (key TEXT PRIMARY KEY, n INT, expires REAL)"
        )

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        row = self.connection.execute(
            """INSERT INTO spent VALUES (:key, :amount, :now + :expiry)
               ON CONFLICT (key) DO UPDATE SET
                   n = CASE WHEN expires <= :now THEN :amount ELSE n + :amount END,
                   expires = CASE WHEN expires <= :now THEN :now + :expiry ELSE expires END
               RETURNING n""",
            {"key": key, "amount": amount, "now": now, "expiry": expiry},
        ).fetchone()
        return int(row[0])

    def get(self, key: str) -> int:
        return int(self._read("n", key) or 0)

    def get_expiry(self, key: str) -> float:
        return float(self._read("expires", key) or time.time())

    def _read(self, column: str, key: str) -> float | None:
        row = self.connection.execute(
            f"SELECT {column} FROM spent WHERE key = ? AND expires > ?",  # noqa: S608  # nosec B608
            (key, time.time()),
        ).fetchone()
        return row[0] if row else None

    def check(self) -> bool:
        return bool(self.connection.execute("SELECT 1").fetchone())

    def reset(self) -> int:
        return self.connection.execute("DELETE FROM spent").rowcount

    def clear(self, key: str) -> None:
        self.connection.execute("DELETE FROM spent WHERE key = ?", (key,))

    def purge(self) -> int:
        """Delete the expired counts. Return how many there were."""
        return self.connection.execute(
            "DELETE FROM spent WHERE expires <= ?", (time.time(),)
        ).rowcount


@cache
def shared_counts() -> FixedWindowRateLimiter:
    """Return the limiter that counts in Redis or in the SQLite file of this machine."""
    url = settings.REDIS_URL or f"ublog-sqlite://{settings.DATA_DIR / 'limits.sqlite3'}"
    options: dict[str, Any] = {}
    if settings.REDIS_URL:
        # 14 MB that a site without Redis does not load. With Redis it is loaded at the start,
        # before there are threads: see `CoreConfig`.
        import redis.backoff
        import redis.retry

        # A store that hangs may cost a request 50 ms at most; redis-py would retry three times.
        timeouts = {"socket_timeout": 0.04, "socket_connect_timeout": 0.04}
        never = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
        options = {**timeouts, "retry": never}
    return FixedWindowRateLimiter(storage_from_string(url, wrap_exceptions=True, **options))


@cache
def own_counts() -> FixedWindowRateLimiter:
    """Return the limiter that counts in this process alone."""
    return FixedWindowRateLimiter(MemoryStorage())


def spend(limit: str, viewer: Viewer | None = None, *, of: str = "", cost: int = 1) -> None:
    """Count one use of the limit of that name in `settings.LIMITS`, or as many as `cost`.

    The budget is that of `of` when it is passed, else the viewer's when they are logged in, else
    that of the client's network. Raise RateLimited when it is used up. With a `cost` over 1 nothing
    is counted then: a smaller cost may still be possible.
    """
    who = of or budget_of(viewer)
    windows = parse_many(settings.LIMITS[limit])
    for number, window in enumerate(windows, 1):
        if wait := count(window, limit, who, cost):
            if cost > 1:
                for counted in windows[:number]:
                    count(counted, limit, who, -cost)
            counters.limits_hit.labels(limit).inc()
            raise RateLimited(wait, amount=window.amount)


def check(limit: str, viewer: Viewer | None = None, *, of: str = "", cost: int = 1) -> None:
    """Raise RateLimited when `spend` would; count nothing."""
    who = of or budget_of(viewer)
    for window in parse_many(settings.LIMITS[limit]):
        if wait := count(window, limit, who, cost, dry=True):
            counters.limits_hit.labels(limit).inc()
            raise RateLimited(wait, amount=window.amount)


def used(limit: str, viewer: Viewer) -> tuple[int, int]:
    """Return how much of the longest window of a limit is used, and how much may be."""
    window = parse_many(settings.LIMITS[limit])[-1]
    key = window.key_for(limit, budget_of(viewer))
    try:
        count = shared_counts().storage.get(key)
    except StorageError:
        count = own_counts().storage.get(key)
    return max(0, int(count)), window.amount


def charge(limit: str, *, of: str, cost: int) -> None:
    """Count uses that have happened already, even when the budget is used up."""
    for window in parse_many(settings.LIMITS[limit]):
        count(window, limit, of, cost)


def give_back(limit: str, *, of: str) -> None:
    """Take back one use of a limit that was counted in advance, such as a wrong password's."""
    charge(limit, of=of, cost=-1)


def count(window: RateLimitItem, limit: str, who: str, cost: int = 1, dry: bool = False) -> int:
    """Count a use, unless `dry`. Return the seconds to wait when the limit is reached, else 0.

    In a dry run nothing is counted, and no limit is reached.
    """
    global pause
    if dry_run.is_active():
        return 0
    started = time.monotonic()
    if started >= down_until:
        try:
            wait = count_in(shared_counts(), window, limit, who, cost, dry)
        except StorageError:
            pause_store(started)
        else:
            pause = 0.0
            return wait
    return count_in(own_counts(), window, limit, who, cost, dry)


def pause_store(started: float) -> None:
    """Do not use the shared store for a while.

    `started` is when the call that failed began: of several threads that fail at the same time, the
    first one sets the pause.
    """
    global down_until, pause
    if started >= down_until:
        pause = min(max(2 * pause, FIRST_PAUSE), LONGEST_PAUSE)
        down_until = time.monotonic() + pause
        text = "The store of limits does not respond: this process counts for itself for %.1f s."
        log.warning(text, pause)


def count_in(
    counts: FixedWindowRateLimiter,
    window: RateLimitItem,
    limit: str,
    who: str,
    cost: int,
    dry: bool,
) -> int:
    """Count a use in that limiter, as `count` does."""
    if (counts.test if dry else counts.hit)(window, limit, who, cost=cost):
        return 0
    key = window.key_for(limit, who)
    wait = counts.storage.get_expiry(key) - time.time()
    if wait > window.get_expiry() + 1:  # it began while the clock was ahead
        counts.storage.clear(key)
        return 0 if counts.hit(window, limit, who, cost=cost) else window.get_expiry()
    return max(1, round(wait))


def budget_of(viewer: Viewer | None) -> str:
    """Return the key of the viewer's budget, or of their network's when they are anonymous."""
    return f"user:{viewer.pk}" if viewer and viewer.pk else caller_network()


def caller_network() -> str:
    """Return the key of the budget that anonymous clients of the same network share."""
    return f"address:{network(caller_address.get())}"
