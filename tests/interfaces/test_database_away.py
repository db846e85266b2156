"""While the database does not respond, every door says so, and when to come back."""

import sqlite3

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection

MUTATION = 'mutation { createPost(body: "Hello") { errors { code retryAfter } } }'
DOORS = ["/fbv/posts/", "/cbv/posts/", "/api/fbv/posts/", "/api/cbv/posts/", "/graphql/"]
NEW = {**{door: f"{door}new/" for door in DOORS[:3]}, **{door: door for door in DOORS[3:]}}


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
    """A function after which every query fails so, and which answers what a request then gets."""
    client.raise_request_exception = False

    def ask(failure: Exception, method: str, address: str, data: object = None):
        def fail(*_):
            raise failure

        json = not address.startswith(("/fbv", "/cbv"))
        options = {"content_type": "application/json"} if json and method == "post" else {}
        with connection.execute_wrapper(fail):
            return getattr(client, method)(address, data, **options)

    return ask


@pytest.mark.django_db
@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("door", DOORS)
def test_reading_while_the_database_is_away(broken, door, away):
    query = {"query": "{ posts(first: 1) { edges { node { body } } } }"}
    answer = broken(AWAY[away], "get", door, query)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    said = answer.content.decode()
    assert "does not respond" in said or "UNAVAILABLE" in said


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_publishing_while_the_database_is_away(broken, door):
    data = {"query": MUTATION} if door == "/graphql/" else {"body": "Hello"}
    answer = broken(AWAY["stopped"], "post", NEW[door], data)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    page = door in ("/fbv/posts/", "/cbv/posts/")
    assert answer["Content-Type"].startswith("text/html" if page else "application/json")


@pytest.mark.django_db
def test_a_mistake_of_ours_is_no_outage(broken):
    mistake = failure(OperationalError, sqlite(sqlite3.SQLITE_ERROR))
    assert broken(mistake, "get", "/api/fbv/posts/").status_code == 500


@pytest.mark.django_db
@pytest.mark.parametrize("away", AWAY)
def test_it_lives_and_is_not_ready(broken, away):
    assert broken(AWAY[away], "get", "/health/live/").status_code == 200
    assert broken(AWAY[away], "get", "/health/ready/").status_code == 503
