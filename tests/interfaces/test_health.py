"""What a load balancer gets, and what only the operator of the site gets."""

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
from ublog.core.observability.access import PROXY_HEADERS
from ublog.operations import health

READY = "/health/ready/"
ANONYMOUS = {"REMOTE_ADDR": "203.0.113.7"}
TOKEN = "a token of the tests"


UNREACHABLE = {"ready": False, "database": "unreachable"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(health, "migrated", False)


def test_a_release_waits_for_its_migrations(db, client):
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


def test_a_process_looks_for_migrations_once(db, client, django_assert_num_queries):
    client.get(READY)
    with django_assert_num_queries(2):
        assert client.get(READY).status_code == 200


def test_anonymous_clients_learn_only_that_it_is_ready(db, client):
    assert client.get(READY, **ANONYMOUS).json() == {"ready": True, "database": "ok"}


@pytest.mark.parametrize(("given", "detailed"), [(TOKEN, True), ("another", False)])
def test_with_the_token_one_learns_how_work_fares(db, client, settings, given, detailed):
    settings.METRICS_TOKEN = TOKEN
    response = client.get(READY, headers={"Authorization": f"Bearer {given}"}, **ANONYMOUS)
    assert ("background" in response.json()) == detailed


def test_nobody_becomes_local_by_saying_so(db, client):
    response = client.get(READY, headers={"X-Forwarded-For": "127.0.0.1"}, **ANONYMOUS)
    assert "background" not in response.json()


@pytest.mark.parametrize(("left", "images"), [(-1, False), (0, True)])
def test_a_disk_without_room_for_images_is_reported_and_decides_nothing(
    db, client, settings, monkeypatch, left, images
):
    free = settings.DISK_RESERVE_BYTES + left
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json()["disk"] == {"free": free, "images": images}


def test_a_bucket_has_no_disk_of_ours(db, client, settings):
    settings.S3_BUCKET = "pictures"
    assert client.get(READY).json()["disk"] == {"free": None, "images": True}


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("header", PROXY_HEADERS)
@pytest.mark.parametrize("said", ["203.0.113.7", "127.0.0.1"])
def test_what_a_proxy_of_this_machine_forwards_is_anonymous(
    db, client, settings, proxies, header, said
):
    settings.TRUSTED_PROXIES = proxies
    assert "background" in client.get(READY).json()
    assert "background" not in client.get(READY, headers={header: said}).json()


def test_behind_a_socket_nobody_is_local(db, client):
    assert "background" not in client.get(READY, REMOTE_ADDR="").json()


@pytest.fixture
def silent():
    """The address of a server that accepts and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def instead(transactional_db):
    """A function after which this thread's connection is a new one with these settings."""
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
    # It would wait for an hour, not for the 3 s of our settings.
    made = instead(database(f"postgresql://{silent}/ublog?connect_timeout=3600", tmp_path))
    response = client.get(READY)
    assert (response.status_code, response.json()) == (503, UNREACHABLE)
    assert connections[DEFAULT_DB_ALIAS] is not made


def test_a_database_that_freezes_costs_its_connection(client, instead, settings, monkeypatch):
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


def test_a_store_of_limits_that_never_responds_decides_nothing(db, client, settings, silent):
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
    """This process has run for long, so that beat and a worker should have been seen."""
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
def test_g17_what_was_not_seen_is_reported(db, client, old, beat, worker, away):
    for name, minutes in (("beat", beat), ("worker celery@here", worker)):
        if minutes is not None:
            seen(name, minutes * MINUTE)
    response = client.get(READY, **ANONYMOUS)
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "ok", "away": away}
    assert client.get("/health/web/", **ANONYMOUS).json() == {"ready": True, "database": "ok"}


def test_g17_when_a_site_starts_beat_and_worker_have_time_to_come(db, client, monkeypatch):
    monkeypatch.setattr(health, "started", time.monotonic() - health.AWAY_AFTER + 60)
    seen("beat", 60 * MINUTE)
    assert client.get(READY).status_code == 200


def test_g17_a_clock_that_is_a_little_ahead_is_no_fault(db, client, old):
    seen("beat", -MINUTE / 2)
    seen("worker celery@there", -MINUTE / 2)
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json()["background"]["beat_seen"] == 0
