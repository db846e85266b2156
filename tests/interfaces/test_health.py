"""What a load balancer is told, and what only whoever runs the site."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ublog.core import health

READY = "/health/ready/"
STRANGER = {"REMOTE_ADDR": "203.0.113.7"}
TOKEN = "a token of the tests"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(health, "migrated", False)


def test_a_release_waits_for_its_migrations(db, client):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("core")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get(READY)
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "not migrated"}
    MigrationRecorder(connection).record_applied(*newest)
    assert client.get(READY).status_code == 200


def test_migrations_of_a_newer_release_do_not_matter(db, client):
    MigrationRecorder(connection).record_applied("core", "9999_of_tomorrow")
    assert client.get(READY).status_code == 200


def test_a_process_looks_for_migrations_once(db, client, django_assert_num_queries):
    client.get(READY)
    with django_assert_num_queries(2):
        assert client.get(READY).status_code == 200


def test_a_stranger_learns_no_more_than_that_it_is_ready(db, client):
    assert client.get(READY, **STRANGER).json() == {"ready": True, "database": "ok"}


@pytest.mark.parametrize(("given", "told"), [(TOKEN, True), ("another", False)])
def test_with_the_token_one_learns_how_work_fares(db, client, settings, given, told):
    settings.METRICS_TOKEN = TOKEN
    answer = client.get(READY, headers={"Authorization": f"Bearer {given}"}, **STRANGER)
    assert ("background" in answer.json()) == told


def test_nobody_becomes_local_by_saying_so(db, client):
    answer = client.get(READY, headers={"X-Forwarded-For": "127.0.0.1"}, **STRANGER)
    assert "background" not in answer.json()


def test_behind_a_socket_nobody_is_local(db, client):
    assert "background" not in client.get(READY, REMOTE_ADDR="").json()
