"""One id from the proxy to the task: in the answer, the log, the error page, the outbox."""

import re

import pytest
from django.test import Client

from ublog.blog.models import Post
from ublog.core.background import outbox
from ublog.core.models import OutboxEntry, RequestLog
from ublog.core.observability import request_ids, request_log

MADE = re.compile(r"[0-9a-f]{32}")
GIVEN = "0123456789abcdef0123456789abcdef"


def ask(client, path="/fbv/posts/", **headers):
    return client.get(path, headers={"X-Request-ID": GIVEN, **headers})


@pytest.fixture
def proxied(settings):
    """A client behind a proxy that we trust."""
    settings.TRUSTED_PROXIES = 1
    return Client(raise_request_exception=False)


def test_each_answer_has_an_id_of_its_own(db, client):
    paths = ["/fbv/posts/", "/api/fbv/posts/", "/missing/", "/health/live/", "/static/icon.svg"]
    names = [client.get(path)["X-Request-ID"] for path in paths]
    assert all(MADE.fullmatch(name) for name in names)
    assert len(set(names)) == len(paths)


def test_an_id_of_a_stranger_is_not_taken(db, client):
    assert ask(client)["X-Request-ID"] != GIVEN


def test_the_id_of_our_proxy_is_taken(db, proxied):
    assert ask(proxied)["X-Request-ID"] == GIVEN


@pytest.mark.parametrize(
    "odd", ["", "short", "a" * 65, "a b c d e f g", "12345678\r\nX: y", "ä" * 9]
)
def test_what_is_no_id_is_not_taken_from_a_proxy_either(odd):
    assert MADE.fullmatch(request_ids.choose(odd, trusted=True))


def test_no_id_stays_after_the_request(db, client):
    client.get("/fbv/posts/")
    assert request_ids.request_id() == ""


@pytest.mark.parametrize("path", ["/fbv/posts/9/", "/fbv/posts/%00/"])
def test_the_page_of_an_error_tells_it(db, proxied, path):
    answer = ask(proxied, path)
    assert answer.status_code == 404
    assert GIVEN in answer.content.decode()


def test_the_page_of_a_refused_form_tells_it(db, settings):
    settings.TRUSTED_PROXIES = 1
    answer = Client(enforce_csrf_checks=True).post(
        "/fbv/posts/new/", {"body": "a"}, headers={"X-Request-ID": GIVEN}
    )
    assert answer.status_code == 403
    assert GIVEN in answer.content.decode()


def test_the_page_of_an_unknown_host_tells_it(db, proxied):
    answer = ask(proxied, host="elsewhere.example.org")
    assert answer.status_code == 400
    assert GIVEN in answer.content.decode()


@pytest.mark.parametrize("path", ["/fbv/posts/", "/api/fbv/posts/"])
def test_a_mistake_of_ours_is_found_in_the_log_by_it(db, proxied, monkeypatch, caplog, path):
    def fail(*args, **options):
        raise RuntimeError("A mistake")

    monkeypatch.setattr(Post.objects, "timeline", fail)
    answer = ask(proxied, path)
    assert answer.status_code == 500
    assert GIVEN in answer.content.decode()
    assert any(GIVEN in record.getMessage() for record in caplog.records)


def test_a_graphql_error_has_it(db, proxied, monkeypatch):
    def fail(*args, **options):
        raise RuntimeError("A mistake")

    monkeypatch.setattr(Post.objects, "timeline", fail)
    answer = proxied.post(
        "/graphql/",
        {"query": "{ posts { edges { node { id } } } }"},
        content_type="application/json",
        headers={"X-Request-ID": GIVEN},
    )
    assert answer.json()["errors"][0]["extensions"]["id"] == GIVEN


def test_the_request_log_has_it(db, proxied, settings, monkeypatch):
    settings.REQUEST_LOG = True
    monkeypatch.setattr(request_log, "start", lambda: None)
    request_log.waiting.clear()
    ask(proxied)
    request_log.flush()
    assert RequestLog.objects.get().request_id == GIVEN


def test_a_task_belongs_to_the_request_that_caused_it(db, monkeypatch):
    with request_ids.bind_request_id(GIVEN):
        outbox.later(outbox.sweep)
    seen = []
    monkeypatch.setattr(outbox.sweep, "run", lambda: seen.append(request_ids.request_id()))
    entry = OutboxEntry.objects.get()
    assert entry.request_id == GIVEN
    outbox.perform(str(entry.pk))
    assert seen == [GIVEN]
    assert request_ids.request_id() == ""


def test_a_task_of_an_older_release_has_none(db, monkeypatch):
    entry = OutboxEntry.objects.create(task=outbox.sweep.name, ids=[])
    seen = []
    monkeypatch.setattr(outbox.sweep, "run", lambda: seen.append(request_ids.request_id()))
    outbox.perform(str(entry.pk))
    assert seen == [""]
