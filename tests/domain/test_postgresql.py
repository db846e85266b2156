"""What our PostgreSQL backend changes of Django's."""

import time
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from ublog.conf.service_urls import database

ADDRESS = "postgres://me@db.example.org/ublog"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="of PostgreSQL, which runs these tests, too"
)


def test_statements_are_prepared_unless_a_pooler_deals_out_transactions(tmp_path):
    options = database(ADDRESS, tmp_path)["OPTIONS"]
    assert options["server_side_binding"] is True
    assert options["prepare_threshold"] == 1
    options = database(f"{ADDRESS}?pooler=on&sslmode=require", tmp_path)["OPTIONS"]
    assert options["prepare_threshold"] is None
    assert options["sslmode"] == "require"
    assert "pooler" not in options
    assert options["options"] == ""


@on_postgresql
@pytest.mark.parametrize("micro", [0, 1, 123456, 120000])
def test_a_moment_is_read_as_it_was_written(db, micro):
    moment = datetime(2026, 11, 22, 21, 30, 5, micro, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, NULL::timestamptz", [moment])
        assert cursor.fetchone() == (moment, None)


@on_postgresql
def test_a_connection_that_the_server_has_ended_is_noticed_without_a_question(transactional_db):
    connection.ensure_connection()
    assert connection.is_usable()
    pid = connection.connection.info.backend_pid
    params = {**connection.get_connection_params(), "autocommit": True}
    with psycopg.connect(**params) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    end = time.monotonic() + 30
    while connection.is_usable() and time.monotonic() < end:
        time.sleep(0.01)
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    connection.close_if_health_check_failed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert connection.is_usable()
