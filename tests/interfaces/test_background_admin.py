"""What administrators see of background tasks and requests."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ublog.core.models import Heartbeat, OutboxEntry, RequestLog

LOG, OUTBOX = "/admin/core/requestlog/", "/admin/core/outboxentry/"


@pytest.fixture
def admin(client, staff):
    client.force_login(staff)
    return client


def entry(**fields):
    return OutboxEntry.objects.create(
        **{"task": "a.task", "ids": [1], "due": timezone.now()} | fields
    )


def request(**fields):
    return RequestLog.objects.create(
        **{"date": timezone.now(), "method": "GET", "path": "/x/", "full_path": "/x/"}
        | {"status": 200, "duration": 1.0, **fields}
    )


def test_readiness_reports_the_state_of_background_work(db, client):
    Heartbeat.objects.note("beat")
    entry(created_on=timezone.now() - timedelta(minutes=1))
    entry(due=None)
    background = client.get("/health/ready/").json()["background"]
    assert (background["waiting"], background["failed"], background["worker_seen"]) == (1, 1, None)
    assert 0 <= background["beat_seen"] < 30
    assert 60 <= background["oldest_waiting"] < 90


def test_a_failed_task_is_listed_and_retried(admin):
    failed, waiting = entry(due=None, attempts=8, error="No such mailbox"), entry()
    page = admin.get(OUTBOX, {"state": "failed"}).content.decode()
    assert "No such mailbox" in page
    assert str(waiting.pk) not in page
    admin.post(OUTBOX, {"action": "retry", "_selected_action": [str(failed.pk)]})
    failed.refresh_from_db()
    assert (failed.attempts, failed.due is None) == (0, False)


def test_heartbeats_are_listed(admin):
    Heartbeat.objects.note("worker celery@here")
    assert "worker celery@here" in admin.get("/admin/core/heartbeat/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "5"}, {"/error/"}),
        ({"method": "POST"}, {"/post/"}),
        ({"slower": "1000"}, {"/slow/"}),
        ({"q": "@ALICE"}, {"/alice/"}),
        ({"q": "low"}, {"/slow/"}),
    ],
)
def test_requests_are_found(admin, alice, query, found):
    request(path="/error/", status=503)
    request(path="/post/", method="POST")
    request(path="/slow/", duration=1500)
    request(path="/alice/", user=alice)
    rows = admin.get(LOG, query).context["cl"].result_list
    assert {row.path for row in rows} == found


def test_the_log_is_never_counted_as_a_whole(admin):
    request()
    with CaptureQueriesContext(connection) as captured:
        assert admin.get(LOG).status_code == 200
    counts = [
        query["sql"]
        for query in captured
        if "COUNT(" in query["sql"] and "requestlog" in query["sql"]
    ]
    assert counts
    assert all("LIMIT 10000" in sql for sql in counts)
