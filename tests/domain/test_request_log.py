"""The record of requests: complete, without secrets, off the request's path."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from tests.contract.drivers import DRIVERS
from ublog.core.background.tasks import prune_request_log
from ublog.core.db.bulk_insert import insert
from ublog.core.models import RequestLog
from ublog.core.observability import request_log


@pytest.fixture
def log(settings, monkeypatch):
    """Requests are noted, and written when a test says so."""
    settings.REQUEST_LOG = True
    monkeypatch.setattr(request_log, "start", lambda: None)
    request_log.waiting.clear()
    yield request_log
    request_log.waiting.clear()


ROW = {
    "user_id": None,
    "date": datetime(2026, 11, 23, 12, tzinfo=UTC),
    "method": "GET",
    "path": "/",
    "full_path": "/",
    "status": 200,
    "duration": 1.5,
    "remote_address": "203.0.113.0",
    "request_id": "0123456789abcdef",
}


def row(**fields):
    return request_log.Row(**(ROW | fields))


def test_a_row_is_stored_as_a_model_would_be(db, log, alice):
    given = ROW | {"user_id": alice.pk}
    log.waiting.append(row(user_id=alice.pk))
    log.flush()
    RequestLog.objects.create(**given)
    by_sql, by_model = RequestLog.objects.filter(date=given["date"]).values(*given)
    assert by_sql == by_model == given


def test_a_request_is_noted_with_what_it_was(db, log, client):
    client.get("/fbv/posts/?q=tea")
    assert log.flush() == 1
    [noted] = RequestLog.objects.all()
    assert (noted.method, noted.full_path) == ("GET", "/fbv/posts/?q=tea")
    assert noted.path == "/fbv/posts/"
    assert (noted.status, noted.user, noted.remote_address) == (200, None, "127.0.0.0")
    assert 0 < noted.duration < 60_000


def test_noting_asks_the_database_nothing(db, log, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/fbv/posts/")


def test_who_asked_is_noted_on_pages_and_apis(db, log, client, alice):
    for driver in DRIVERS:
        driver(alice).timeline()
    log.flush()
    assert set(RequestLog.objects.values_list("user", flat=True)) == {alice.pk}


def test_errors_of_server_and_client_are_logged(db, log, client):
    client.get("/fbv/posts/1/")
    client.post("/fbv/posts/1/like/")
    log.flush()
    assert set(RequestLog.objects.values_list("status", flat=True)) == {404, 302}


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/?token=abc&q=tea", "/?token=***&q=tea"),
        ("/?PASSWORD=abc", "/?PASSWORD=***"),
        ("/?email=a@b.c&key=1&code=2&session=3", "/?email=***&key=***&code=***&session=***"),
        ("/?q=a%26b", "/?q=a%26b"),
        ("/accounts/activate/MQ/abc-def/", "/accounts/activate/***"),
        ("/accounts/password-reset/MQ/abc/?next=/", "/accounts/password-reset/***?next=%2F"),
        ("/fbv/posts/1/", "/fbv/posts/1/"),
    ],
)
def test_secrets_are_masked(rf, path, masked):
    assert request_log.masked(rf.get(path)) == (masked.partition("?")[0], masked)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("unknown", None),
    ],
)
def test_an_address_is_cut(address, kept):
    assert request_log.network(address) == kept


def test_a_long_path_is_welcome(db, log, client):
    path = "/" + "ä" * 3000
    client.get(path)
    log.flush()
    assert RequestLog.objects.get().path == path


def test_a_secret_path_in_a_value_is_masked(rf):
    request = rf.get("/accounts/login/", {"next": "/accounts/activate/MQ/abc/"})
    assert "abc" not in "".join(request_log.masked(request))
    assert "abc" not in "".join(request_log.masked(rf.get("/activate/MQ/abc")))


def test_many_rows_are_written_in_few_statements(db, log, django_assert_max_num_queries):
    for _ in range(1200):
        log.waiting.append(row())
    with django_assert_max_num_queries(12):
        assert log.flush() == 1200
    assert RequestLog.objects.count() == 1200


def test_rows_wait_while_the_database_is_away(db, log, monkeypatch):
    log.waiting.extend([row(path="/1"), row(path="/2")])
    with monkeypatch.context() as broken:
        broken.setattr(connection, "close", lambda: None)
        broken.setattr(request_log, "insert", raising(OperationalError))
        assert log.flush() == 0
    assert log.flush() == 2
    assert list(RequestLog.objects.order_by("pk").values_list("path", flat=True)) == ["/1", "/2"]


def raising(error):
    def fail(*args, **options):
        raise error

    return fail


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_written_whole_or_not_at_all(log):
    moment = connection.ops.adapt_datetimefield_value
    batch = [row(), row(status=-1)]
    rows = [(moment(one.date), *one[1:]) for one in batch]
    with pytest.raises(DatabaseError):
        insert(connection, RequestLog, log.Row._fields, rows)
    assert not RequestLog.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is no server")
def test_a_server_that_ends_the_connection_loses_no_row(log):
    log.waiting.append(row(path="/1"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with psycopg.connect(**connection.get_connection_params()) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert [log.flush(), log.flush()] == [0, 1]
    assert RequestLog.objects.get().path == "/1"


@pytest.mark.django_db(transaction=True)
def test_someone_who_left_since_does_not_hold_the_log_up(log, alice):
    log.waiting.extend([row(user_id=alice.pk, path="/1"), row(path="/2")])
    alice.delete()
    log.flush()
    log.flush()
    assert not log.waiting
    assert set(RequestLog.objects.values_list("path", "user")) == {("/1", None), ("/2", None)}


@pytest.mark.django_db(transaction=True)
def test_a_path_that_no_database_stores_does_not_hold_the_log_up(log, client):
    client.get("/fbv/posts/%00/")
    client.get("/fbv/posts/")
    log.flush()
    log.flush()
    assert not log.waiting
    assert RequestLog.objects.filter(path="/fbv/posts/").exists()


def test_a_line_end_in_a_path_stays_in_its_line(db, log, client):
    client.get("/fbv/posts/%0d%0aForged: yes/")
    log.flush()
    [noted] = RequestLog.objects.all()
    assert not set(noted.path + noted.full_path) & set("\r\n")


def test_old_rows_are_pruned(db):
    now = timezone.now()
    dates = [now - timedelta(days=days) for days in (40, 31, 29, 0)]
    RequestLog.objects.bulk_create(RequestLog(**(ROW | {"date": date})) for date in dates)
    assert prune_request_log() == 2
    assert RequestLog.objects.filter(date__gte=dates[2]).count() == 2
