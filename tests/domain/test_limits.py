"""How often: counted over all processes, and without the store each process for itself."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time

import pytest
from limits import parse

from tests.together import together
from ublog.core import limits
from ublog.core.client_address import caller_address, network
from ublog.core.exceptions import RateLimited
from ublog.core.limits import SqliteStorage, spend

MINUTE = parse("5/minute")


@pytest.fixture
def storage(tmp_path):
    storage = SqliteStorage(f"ublog-sqlite://{tmp_path / 'limits.sqlite3'}", wrap_exceptions=True)
    yield storage
    storage.connection.close()


@pytest.fixture
def two_likes(settings):
    settings.LIMITS = settings.LIMITS | {"like": "2/minute"}


def test_uses_are_counted_one_by_one(storage):
    assert [storage.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert (storage.get("a"), storage.get("b")) == (3, 0)


def test_a_count_expires(storage, monkeypatch):
    now = time.time()
    storage.incr("a", 60)
    monkeypatch.setattr(limits.time, "time", lambda: now + 61)
    assert storage.get("a") == 0
    assert storage.purge() == 1
    assert storage.incr("a", 60) == 1


def test_the_end_of_a_window_does_not_move_with_each_use(storage):
    storage.incr("a", 60)
    end = storage.get_expiry("a")
    storage.incr("a", 60)
    assert storage.get_expiry("a") == end


def test_counts_are_forgotten_on_request(storage):
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b"), storage.check()) == (0, 1, True)
    assert storage.reset() == 1
    assert storage.get("b") == 0


DAY = 24 * 3600


@pytest.mark.parametrize("kind", ["SQLite", "memory"])
def test_g17_a_window_of_a_clock_that_was_a_day_ahead_locks_nobody_out(
    alice, two_likes, monkeypatch, storage, kind
):
    counts = limits.FixedWindowRateLimiter(storage) if kind == "SQLite" else limits.own_counts()
    monkeypatch.setattr(limits, "shared_counts", lambda: counts)
    real = time.time
    monkeypatch.setattr(limits.time, "time", lambda: real() + DAY)
    spend("like", alice)
    spend("like", alice)
    with pytest.raises(RateLimited):
        spend("like", alice)
    monkeypatch.setattr(limits.time, "time", real)
    spend("like", alice)
    spend("like", alice)
    with pytest.raises(RateLimited) as error:
        spend("like", alice)
    assert 0 < error.value.retry_after <= 60


def test_g17_a_clock_that_jumps_ahead_ends_windows_and_nothing_else(alice, two_likes, monkeypatch):
    spend("like", alice)
    spend("like", alice)
    real = time.time
    monkeypatch.setattr(limits.time, "time", lambda: real() + DAY)
    spend("like", alice)
    spend("like", alice)
    with pytest.raises(RateLimited) as error:
        spend("like", alice)
    assert 0 < error.value.retry_after <= 60


def use_fifty_times(path):
    storage = SqliteStorage(f"ublog-sqlite://{path}")
    for _ in range(50):
        storage.incr("a", 600)
    storage.connection.close()


def test_no_use_is_lost_between_processes(tmp_path):
    path = tmp_path / "limits.sqlite3"
    fresh = multiprocessing.get_context("spawn")
    processes = [fresh.Process(target=use_fifty_times, args=[path]) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT n FROM spent").fetchall() == [(150,)]
    connection.close()


def test_no_use_is_lost_between_threads(storage):
    def use():
        for _ in range(20):
            storage.incr("a", 600)

    together(*[use] * 8)
    assert storage.get("a") == 160


def test_a_used_up_limit_says_how_long_to_wait(alice, two_likes):
    spend("like", alice)
    spend("like", alice)
    with pytest.raises(RateLimited) as error:
        spend("like", alice)
    assert 0 < error.value.retry_after <= 60
    assert str(error.value.retry_after) in str(error.value)


def test_the_shorter_of_two_windows_may_refuse(settings):
    settings.LIMITS = settings.LIMITS | {"anonymous_post": "1/minute;5/hour"}
    spend("anonymous_post")
    with pytest.raises(RateLimited) as error:
        spend("anonymous_post")
    assert error.value.retry_after <= 60


def test_addresses_and_people_have_budgets_of_their_own(alice, bob, two_likes):
    for who in (alice, bob, None):
        spend("like", who)
        spend("like", who)
        with pytest.raises(RateLimited):
            spend("like", who)
    token = caller_address.set("192.0.2.7")
    try:
        spend("like")
    finally:
        caller_address.reset(token)


START = """
import django, sys, threading

def loaded():
    return "redis.retry" in sys.modules and "limits.storage.redis" in sys.modules

django.setup()
print(loaded(), threading.active_count())
"""


def test_redis_is_loaded_before_there_are_threads():
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ublog.settings",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    run = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, env=environment
    )
    assert (run.returncode, run.stdout.split()) == (0, ["True", "1"]), run.stderr


@pytest.fixture
def broken_store(tmp_path, monkeypatch):
    """A store whose file is not a database."""
    path = tmp_path / "limits.sqlite3"
    path.write_bytes(b"This is no database." * 100)
    storage = SqliteStorage(f"ublog-sqlite://{path}", wrap_exceptions=True)
    counts = limits.FixedWindowRateLimiter(storage)
    monkeypatch.setattr(limits, "shared_counts", lambda: counts)


def test_without_the_store_each_process_counts_for_itself(alice, two_likes, broken_store):
    spend("like", alice)
    spend("like", alice)
    with pytest.raises(RateLimited) as error:
        spend("like", alice)
    assert 0 < error.value.retry_after <= 60


def test_a_store_that_breaks_between_two_questions_is_no_error(alice, two_likes, monkeypatch):
    spend("like", alice)
    spend("like", alice)

    def fail(*_):
        raise limits.StorageError(sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(type(limits.shared_counts()), "get_window_stats", fail)
    with pytest.raises(RateLimited) as error:
        spend("like", alice)
    assert 0 < error.value.retry_after <= 60


@pytest.mark.parametrize(
    ("address", "household"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("nonsense", ""),
        ("192.0.2.7, 10.0.0.1", ""),
    ],
)
def test_an_address_stands_for_a_household(address, household):
    assert network(address) == household
