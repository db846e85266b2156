"""The health checks: what they report to a load balancer, and what only to administrators."""

import shutil
import socket
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.utils import timezone

from tests.faults.site import eventually
from ublog.conf.service_urls import database
from ublog.core import limits
from ublog.core.models import Heartbeat
from ublog.operations import health
from ublog.operations.access import PROXY_HEADERS

READY = "/health/ready/"
ANONYMOUS = {"REMOTE_ADDR": "203.0.113.7"}
TOKEN = "a token of the tests"
UNREACHABLE = {"ready": False, "database": "unreachable"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(health, "migrated", False)


def test_a_release_is_not_ready_before_its_migrations(db, client):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("core")
    MigrationRecorder(connection).record_unapplied(*newest)
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "not migrated"}
    MigrationRecorder(connection).record_applied(*newest)
    assert client.get(READY).status_code == 200


def test_migrations_of_a_newer_release_do_not_matter(db, client):
    MigrationRecorder(connection).record_applied("core", "9999_of_tomorrow")
    assert client.get(READY).status_code == 200


def test_a_process_checks_the_migrations_once(db, client, django_assert_num_queries):
    client.get(READY)
    with django_assert_num_queries(2):
        assert client.get(READY).status_code == 200


def test_an_anonymous_client_sees_only_that_it_is_ready(db, client):
    assert client.get(READY, **ANONYMOUS).json() == {"ready": True, "database": "ok"}


@pytest.mark.parametrize(("token", "detailed"), [(TOKEN, True), ("another", False)])
def test_the_token_shows_the_state_of_background_work(db, client, settings, token, detailed):
    settings.METRICS_TOKEN = TOKEN
    response = client.get(READY, headers={"Authorization": f"Bearer {token}"}, **ANONYMOUS)
    assert ("background" in response.json()) == detailed


def test_a_forged_header_does_not_make_a_client_local(db, client):
    response = client.get(READY, headers={"X-Forwarded-For": "127.0.0.1"}, **ANONYMOUS)
    assert "background" not in response.json()


@pytest.mark.parametrize(("left", "images"), [(-1, False), (0, True)])
def test_a_disk_without_room_for_images_is_reported_and_the_site_is_ready(
    db, client, settings, monkeypatch, left, images
):
    free = settings.DISK_RESERVE_BYTES + left
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json()["disk"] == {"free": free, "images": images}


def test_with_a_bucket_no_disk_is_checked(db, client, settings):
    settings.S3_BUCKET = "pictures"
    assert client.get(READY).json()["disk"] == {"free": None, "images": True}


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("header", PROXY_HEADERS)
@pytest.mark.parametrize("client_ip", ["203.0.113.7", "127.0.0.1"])
def test_a_request_through_a_local_proxy_is_not_local(
    db, client, settings, proxies, header, client_ip
):
    settings.TRUSTED_PROXIES = proxies
    assert "background" in client.get(READY).json()
    assert "background" not in client.get(READY, headers={header: client_ip}).json()


def test_behind_a_unix_socket_no_client_is_local(db, client):
    assert "background" not in client.get(READY, REMOTE_ADDR="").json()


@pytest.fixture
def silent():
    """Yield host and port of a server that accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def instead(transactional_db):
    """Return a function that replaces this thread's connection by one with other settings."""
    before = connections[DEFAULT_DB_ALIAS]

    def put(settings):
        made = ConnectionHandler({DEFAULT_DB_ALIAS: settings})[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = made
        return made

    yield put
    connections[DEFAULT_DB_ALIAS].close()
    connections[DEFAULT_DB_ALIAS] = before


def nobody_asks() -> bool:
    return all(thread.name != "ready" for thread in threading.enumerate())


def test_a_database_host_that_accepts_and_never_responds(
    client, instead, silent, monkeypatch, tmp_path
):
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    # libpq would wait for an hour, not for the 3 s of our settings.
    made = instead(database(f"postgresql://{silent}/ublog?connect_timeout=3600", tmp_path))
    response = client.get(READY)
    assert (response.status_code, response.json()) == (503, UNREACHABLE)
    assert connections[DEFAULT_DB_ALIAS] is not made


def test_the_connection_to_a_frozen_database_is_replaced(client, instead, settings, monkeypatch):
    made = instead(settings.DATABASES[DEFAULT_DB_ALIAS])
    assert client.get(READY).status_code == 200
    assert connections[DEFAULT_DB_ALIAS] is made
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    thawed = threading.Event()

    def freeze(execute, *query):
        thawed.wait()
        return execute(*query)

    with made.execute_wrapper(freeze):
        assert client.get(READY).json() == UNREACHABLE
        assert connections[DEFAULT_DB_ALIAS] is not made
        thawed.set()
        eventually(nobody_asks)
    assert made.connection is None
    monkeypatch.setattr(health, "PATIENCE", 600)
    assert client.get(READY).status_code == 200


def test_while_the_store_of_limits_hangs_the_site_is_ready(db, client, settings, silent):
    settings.REDIS_URL = f"redis://{silent}/0"
    limits.shared_counts.cache_clear()
    try:
        assert client.get(READY).status_code == 200
    finally:
        limits.shared_counts.cache_clear()


# -- G17: beat and the workers ---------------------------------------------------------------

MINUTE = timedelta(minutes=1)


@pytest.fixture
def old(monkeypatch):
    """Let this process have run for AWAY_AFTER, so that beat and a worker must have been seen."""
    monkeypatch.setattr(health, "started", time.monotonic() - health.AWAY_AFTER)


def seen(name, ago=timedelta()):
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_on": timezone.now() - ago})


def test_g17_while_beat_and_a_worker_are_seen_it_is_ready(db, client, old):
    seen("beat", MINUTE)
    seen("worker celery@gone", 60 * MINUTE)
    seen("worker celery@here", MINUTE)
    assert client.get(READY, **ANONYMOUS).json() == {"ready": True, "database": "ok"}


@pytest.mark.parametrize(
    ("beat", "worker", "away"),
    [
        (3, 0, ["beat"]),
        (0, 3, ["worker"]),
        (3, 3, ["beat", "worker"]),
        (None, 0, ["beat"]),
        (0, None, ["worker"]),
        (-24 * 60, 0, ["beat"]),
        (0, -24 * 60, ["worker"]),
    ],
)
def test_g17_what_was_not_seen_is_reported_as_away(db, client, old, beat, worker, away):
    for name, minutes in (("beat", beat), ("worker celery@here", worker)):
        if minutes is not None:
            seen(name, minutes * MINUTE)
    response = client.get(READY, **ANONYMOUS)
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "ok", "away": away}
    assert client.get("/health/web/", **ANONYMOUS).json() == {"ready": True, "database": "ok"}


def test_g17_after_a_start_beat_and_worker_have_time_to_start(db, client, monkeypatch):
    monkeypatch.setattr(health, "started", time.monotonic() - health.AWAY_AFTER + 60)
    seen("beat", 60 * MINUTE)
    assert client.get(READY).status_code == 200


def test_g17_a_clock_that_is_a_little_ahead_is_no_error(db, client, old):
    seen("beat", -MINUTE / 2)
    seen("worker celery@there", -MINUTE / 2)
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json()["background"]["beat_seen"] == 0
