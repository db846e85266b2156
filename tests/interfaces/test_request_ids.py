"""One id from the proxy to the task: in the response, the log, the error page, the outbox."""

import re

import pytest
from django.test import Client

from ublog.blog.models import Post
from ublog.core.background import outbox
from ublog.core.models import OutboxEntry, RequestLog
from ublog.core.observability import request_ids, request_log

GENERATED = re.compile(r"[0-9a-f]{32}")
REQUEST_ID = "0123456789abcdef0123456789abcdef"


def ask(client, path="/fbv/posts/", **headers):
    return client.get(path, headers={"X-Request-ID": REQUEST_ID, **headers})


@pytest.fixture
def proxied(settings):
    """Return a client behind a trusted proxy."""
    settings.TRUSTED_PROXIES = 1
    return Client(raise_request_exception=False)


def test_each_response_has_an_id_of_its_own(db, client):
    paths = ["/fbv/posts/", "/api/fbv/posts/", "/missing/", "/health/live/", "/static/icon.svg"]
    names = [client.get(path)["X-Request-ID"] for path in paths]
    assert all(GENERATED.fullmatch(name) for name in names)
    assert len(set(names)) == len(paths)


def test_an_id_from_an_untrusted_client_is_ignored(db, client):
    assert ask(client)["X-Request-ID"] != REQUEST_ID


def test_an_id_from_a_trusted_proxy_is_used(db, proxied):
    assert ask(proxied)["X-Request-ID"] == REQUEST_ID


@pytest.mark.parametrize(
    "odd", ["", "short", "a" * 65, "a b c d e f g", "12345678\r\nX: y", "ä" * 9]
)
def test_a_malformed_id_is_ignored_from_a_proxy_too(odd):
    assert GENERATED.fullmatch(request_ids.choose(odd, trusted=True))


def test_no_id_is_set_after_the_request(db, client):
    client.get("/fbv/posts/")
    assert request_ids.request_id() == ""


@pytest.mark.parametrize("path", ["/fbv/posts/9/", "/fbv/posts/%00/"])
def test_an_error_page_shows_it(db, proxied, path):
    response = ask(proxied, path)
    assert response.status_code == 404
    assert REQUEST_ID in response.content.decode()


def test_the_page_of_a_csrf_failure_shows_it(db, settings):
    settings.TRUSTED_PROXIES = 1
    response = Client(enforce_csrf_checks=True).post(
        "/fbv/posts/new/", {"body": "a"}, headers={"X-Request-ID": REQUEST_ID}
    )
    assert response.status_code == 403
    assert REQUEST_ID in response.content.decode()


def test_the_page_for_an_unknown_host_shows_it(db, proxied):
    response = ask(proxied, host="elsewhere.example.org")
    assert response.status_code == 400
    assert REQUEST_ID in response.content.decode()


@pytest.mark.parametrize("path", ["/fbv/posts/", "/api/fbv/posts/"])
def test_an_error_500_has_it_in_the_log(db, proxied, monkeypatch, caplog, path):
    def fail(*args, **options):
        raise RuntimeError("A mistake")

    monkeypatch.setattr(Post.objects, "timeline", fail)
    response = ask(proxied, path)
    assert response.status_code == 500
    assert REQUEST_ID in response.content.decode()
    assert any(REQUEST_ID in record.getMessage() for record in caplog.records)


def test_a_graphql_error_has_it(db, proxied, monkeypatch):
    def fail(*args, **options):
        raise RuntimeError("A mistake")

    monkeypatch.setattr(Post.objects, "timeline", fail)
    response = proxied.post(
        "/graphql/",
        {"query": "{ posts { edges { node { id } } } }"},
        content_type="application/json",
        headers={"X-Request-ID": REQUEST_ID},
    )
    assert response.json()["errors"][0]["extensions"]["id"] == REQUEST_ID


def test_the_request_log_has_it(db, proxied, settings, monkeypatch):
    settings.REQUEST_LOG = True
    monkeypatch.setattr(request_log, "start", lambda: None)
    request_log.waiting.clear()
    ask(proxied)
    request_log.flush()
    assert RequestLog.objects.get().request_id == REQUEST_ID


def test_a_task_belongs_to_the_request_that_caused_it(db, monkeypatch):
    with request_ids.bind_request_id(REQUEST_ID):
        outbox.later(outbox.sweep)
    seen = []
    monkeypatch.setattr(outbox.sweep, "run", lambda: seen.append(request_ids.request_id()))
    entry = OutboxEntry.objects.get()
    assert entry.request_id == REQUEST_ID
    outbox.perform(str(entry.pk))
    assert seen == [REQUEST_ID]
    assert request_ids.request_id() == ""


def test_a_task_of_an_older_release_has_none(db, monkeypatch):
    entry = OutboxEntry.objects.create(task=outbox.sweep.name, ids=[])
    seen = []
    monkeypatch.setattr(outbox.sweep, "run", lambda: seen.append(request_ids.request_id()))
    outbox.perform(str(entry.pk))
    assert seen == [""]
