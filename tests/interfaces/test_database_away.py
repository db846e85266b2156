"""While the database is unavailable, every interface responds with a 503 and Retry-After."""

import sqlite3

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection

MUTATION = 'mutation { createPost(body: "Hello") { errors { code retryAfter } } }'
INTERFACES = ["/fbv/posts/", "/cbv/posts/", "/api/fbv/posts/", "/api/cbv/posts/", "/graphql/"]
NEW = {url: f"{url}new/" for url in INTERFACES[:3]} | {url: url for url in INTERFACES[3:]}


def failure(kind: type[Exception], cause: Exception) -> Exception:
    raised = kind("It went away")
    raised.__cause__ = cause
    return raised


def sqlite(code: int) -> sqlite3.OperationalError:
    cause = sqlite3.OperationalError()
    cause.sqlite_errorcode = code
    return cause


AWAY = {
    "stopped": failure(OperationalError, psycopg.errors.AdminShutdown()),
    "starting": failure(OperationalError, psycopg.errors.CannotConnectNow()),
    "unreachable": failure(OperationalError, psycopg.OperationalError()),
    "closed": failure(InterfaceError, psycopg.InterfaceError()),
    "locked": failure(OperationalError, sqlite(sqlite3.SQLITE_BUSY)),
}


@pytest.fixture
def broken(client):
    """Return a function that sends a request while every query fails in a given way."""
    client.raise_request_exception = False

    def ask(failure: Exception, method: str, url: str, data: object = None):
        def fail(*_):
            raise failure

        json = not url.startswith(("/fbv", "/cbv"))
        options = {"content_type": "application/json"} if json and method == "post" else {}
        with connection.execute_wrapper(fail):
            return getattr(client, method)(url, data, **options)

    return ask


@pytest.mark.django_db
@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("interface", INTERFACES)
def test_reading_while_the_database_is_away(broken, interface, away):
    query = {"query": "{ posts(first: 1) { edges { node { body } } } }"}
    response = broken(AWAY[away], "get", interface, query)
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    content = response.content.decode()
    assert "does not respond" in content or "UNAVAILABLE" in content


@pytest.mark.django_db
@pytest.mark.parametrize("interface", INTERFACES)
def test_publishing_while_the_database_is_away(broken, interface):
    data = {"query": MUTATION} if interface == "/graphql/" else {"body": "Hello"}
    response = broken(AWAY["stopped"], "post", NEW[interface], data)
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    page = interface in ("/fbv/posts/", "/cbv/posts/")
    assert response["Content-Type"].startswith("text/html" if page else "application/json")


@pytest.mark.django_db
def test_an_error_in_a_query_is_not_an_outage(broken):
    mistake = failure(OperationalError, sqlite(sqlite3.SQLITE_ERROR))
    assert broken(mistake, "get", "/api/fbv/posts/").status_code == 500


@pytest.mark.django_db
@pytest.mark.parametrize("away", AWAY)
def test_the_site_is_live_and_not_ready(broken, away):
    assert broken(AWAY[away], "get", "/health/live/").status_code == 200
    assert broken(AWAY[away], "get", "/health/ready/").status_code == 503
