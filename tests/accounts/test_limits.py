"""E1 to E3: one budget for all processes and interfaces; proxies; a store that is away."""

import contextlib
import multiprocessing
import socket
import statistics
import threading
import time
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.tokens import bearer
from ublog.core import limits
from ublog.core.exceptions import RateLimited

WORKERS, REQUESTS = 4, 16
REGISTER = """mutation { register(email: "e@example.org") { errors { code retryAfter } } }"""


def spend_often(path, allowed):
    """Spend one limit from 16 threads at once, in a process of its own."""
    from django.conf import settings

    settings.DATA_DIR = path
    limits.shared_counts.cache_clear()

    def spend():
        try:
            limits.spend("like", of="someone")
        except RateLimited:
            return
        with allowed.get_lock():
            allowed.value += 1

    threads = [threading.Thread(target=spend) for _ in range(REQUESTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_e1_sixty_four_at_once_in_four_processes_overshoot_by_nothing(tmp_path, settings):
    """E1 allows 10 %."""
    settings.LIMITS = settings.LIMITS | {"like": "20/minute"}
    fork = multiprocessing.get_context("fork")
    allowed = fork.Value("i", 0)
    processes = [fork.Process(target=spend_often, args=[tmp_path, allowed]) for _ in range(WORKERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert allowed.value == 20


def anonymous_post(client, **headers):
    sent = {"body": "Hello"}
    return client.post("/api/cbv/posts/", sent, "application/json", headers=headers).status_code


def test_e1_anonymous_posts(db, client):
    assert [anonymous_post(client) for _ in range(6)] == [201] * 5 + [429]


def test_e1_posts_of_a_person_and_likes(carol, client, post):
    headers = bearer(carol)
    assert [anonymous_post(client, **headers) for _ in range(21)] == [201] * 20 + [429]
    id = post().pk
    ask = lambda: client.put(f"/api/cbv/posts/{id}/like/", headers=headers)  # noqa: E731
    assert [ask().status_code for _ in range(61)] == [200] * 60 + [429]


FORGED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "Forwarded": "for=9"}


def test_e2_a_forged_header_changes_nothing(db, client):
    ask = lambda n: anonymous_post(  # noqa: E731
        client, **FORGED, **{"X-Forwarded-For": f"192.0.2.{n}", "X-Real-IP": f"192.0.2.{n}"}
    )
    assert [ask(n) for n in range(6)] == [201] * 5 + [429]


def test_e2_of_what_came_through_one_proxy_the_last_entry_counts(db, client, settings):
    settings.TRUSTED_PROXIES = 1
    ask = lambda n: anonymous_post(  # noqa: E731
        client, **{"X-Forwarded-For": f"192.0.2.{n}, 198.51.100.1"}
    )
    assert [ask(n) for n in range(6)] == [201] * 5 + [429]
    assert anonymous_post(client, **{"X-Forwarded-For": "198.51.100.2"}) == 201


def test_e2_behind_a_unix_socket_nobody_chooses_an_address(db, settings):
    client = Client(REMOTE_ADDR="")
    ask = lambda n: anonymous_post(client, **{"X-Forwarded-For": f"192.0.2.{n}"})  # noqa: E731
    assert [ask(n) for n in range(6)] == [201] * 5 + [429]
    settings.TRUSTED_PROXIES = 1
    assert ask(7) == 201


@pytest.fixture
def hanging_redis(settings):
    """A store that accepts connections and never responds."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
    limits.shared_counts.cache_clear()
    yield server
    limits.shared_counts.cache_clear()
    server.close()


@pytest.fixture
def clock(monkeypatch):
    """The clock of the limits, which a test sets."""
    frozen = SimpleNamespace(time=time.time, now=1_000.0)
    frozen.monotonic = lambda: frozen.now
    monkeypatch.setattr(limits, "time", frozen)
    return frozen


def test_e3_a_store_that_hangs_costs_fifty_milliseconds_once(hanging_redis, db, clock):
    times = []
    for n in range(50):
        started = time.perf_counter()
        limits.spend("post", of=f"somebody {n}")
        times.append(time.perf_counter() - started)
    assert statistics.median(times) < 0.05
    assert callers(hanging_redis) == 1, "one wait of 40 ms, and then none for a while"


def test_e3_a_store_that_stays_away_is_asked_later_and_later(hanging_redis, db, clock):
    pauses = []
    for _ in range(8):
        limits.spend("post", of="somebody")
        pauses.append(limits.down_until - clock.now)
        clock.now = limits.down_until
    assert pauses == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0])


def test_e1_one_late_response_does_not_give_each_process_a_budget(db, clock, monkeypatch):
    """On a busy machine; the next use is counted by the shared store again."""
    shared, late = limits.shared_counts(), [limits.StorageError(OSError("timed out"))]

    def hit(*args, **options):
        if late:
            raise late.pop()
        return type(shared).hit(shared, *args, **options)

    monkeypatch.setattr(shared, "hit", hit)
    for _ in range(20):
        limits.spend("post", of="somebody")
        clock.now += limits.FIRST_PAUSE
    limits.spend("post", of="somebody")
    with pytest.raises(RateLimited):
        limits.spend("post", of="somebody")
    assert limits.pause == 0.0


def callers(server):
    """Return how many clients have connected and wait."""
    server.setblocking(False)
    number = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            number += 1
    return number


def test_e3_without_the_store_each_process_still_counts(hanging_redis, carol, client):
    assert [anonymous_post(client) for _ in range(6)] == [201] * 5 + [429]
    sent = {"email": carol.email, "password": "wrong"}
    ask = lambda: client.post("/api/auth/token/", sent, "application/json")  # noqa: E731
    assert [ask().status_code for _ in range(6)] == [401] * 5 + [429]
    assert client.get("/api/cbv/posts/").status_code == 200


def test_every_429_says_how_long(carol, client, settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "1/minute")
    asks = [
        lambda: client.post("/api/cbv/posts/", {"body": "a"}, "application/json"),
        lambda: client.post("/fbv/posts/new/", {"body": "a"}),
        lambda: client.post("/accounts/login/", {"username": carol.email, "password": "x"}),
        lambda: client.post("/accounts/password-reset/", {"email": carol.email}),
        lambda: client.post(
            "/api/auth/token/", {"email": carol.email, "password": "x"}, "application/json"
        ),
        lambda: client.post(
            "/api/auth/register/",
            {"email": "dora@example.org"},
            "application/json",
        ),
        lambda: client.post(
            "/graphql/",
            {"query": REGISTER},
            "application/json",
        ),
    ]
    for ask in asks:
        ask()
        response = ask()
        assert response.status_code == 429, response.content[:200]
        assert 0 < int(response["Retry-After"]) <= 60
