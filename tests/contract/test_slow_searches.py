"""E4: a search that takes too long is an error with a text, and what follows it works.

Each row of the stand-in takes a moment, so that no text must be costly.
"""

import time

import pytest
from django.db import connection
from django.db.models import Func, IntegerField

from tests.compiled import forget_compiled
from tests.contract.exceptions import Unavailable
from ublog.blog import search
from ublog.blog.querysets import PostQuerySet
from ublog.core.db.compiled_query import Constant
from ublog.core.db.sqlite import base as sqlite

ROW = 0.05  # seconds
POSTS = 20


class Slow(Func):
    """An expression that is true, after a moment."""

    output_field = IntegerField()
    template = "slow()"
    arity = 0

    def as_postgresql(self, compiler, connection, **context):
        template = f"(CASE WHEN pg_sleep({ROW}) IS NULL THEN 0 ELSE 1 END)"
        return super().as_sql(compiler, connection, template=template, **context)


def wait() -> int:
    time.sleep(ROW)
    return 1


@pytest.fixture
def slow(db, monkeypatch):
    """Searches look at each post for a moment, and have less time than that takes for all."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.create_function("slow", 0, wait)
        monkeypatch.setattr(sqlite, "STEPS", 1)
    monkeypatch.setattr(search, "SECONDS", ROW * POSTS / 2)
    search_posts = PostQuerySet.search

    def search_slowly(posts, text):
        return search_posts(posts, text).alias(slow=Slow()).filter(slow=Constant(1))

    monkeypatch.setattr(PostQuerySet, "search", search_slowly)
    forget_compiled()
    yield
    forget_compiled()


def test_a_search_that_takes_too_long_ends(interface, alice, post, slow):
    post(alice, "tea")
    assert interface().timeline(q="tea").bodies == ["tea"]
    for _ in range(POSTS):
        post(alice, "tea")
    with pytest.raises(Unavailable) as error:
        interface(alice).timeline(q="tea")
    assert error.value.retry_after == 10


def test_what_comes_after_it_is_not_ended(interface, alice, post, slow):
    for _ in range(POSTS):
        post(alice, "tea")
    driver = interface(alice)
    with pytest.raises(Unavailable):
        driver.timeline(q="tea")
    assert len(driver.timeline(author="alice").posts) == POSTS
    assert driver.publish("coffee").author == "alice"
    with connection.cursor() as cursor:
        cursor.execute("SELECT slow()" if connection.vendor == "sqlite" else "SELECT pg_sleep(1)")
        assert cursor.fetchone()


@pytest.mark.five
def test_the_error_says_so_in_words(interface, alice, post, slow):
    for _ in range(POSTS):
        post(alice, "tea")
    driver = interface()
    if interface.name == "GraphQL":
        document = '{ posts(q: "tea") { edges { node { id } } } }'
        response = driver.client.get("/graphql/", {"query": document})
    else:
        response = driver.client.get(driver.root, {"q": "tea"})
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "This search took too long" in response.content.decode()
