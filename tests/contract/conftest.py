"""Each test of the contract runs through all five interfaces, and through Mastodon's API.

A test with the mark `five` is about something that Mastodon's API cannot say.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import DRIVERS
from tests.contract.mastodon import Mastodon

SIX = [*DRIVERS, Mastodon]


def pytest_generate_tests(metafunc):
    """Parametrise `interface`: ids such as `test_only_the_author_deletes[GraphQL]`."""
    if "interface" in metafunc.fixturenames:
        only = metafunc.config.getoption("--interface")
        if only and only not in {driver.name for driver in SIX}:
            names = ", ".join(driver.name for driver in SIX)
            raise pytest.UsageError(f"--interface takes one of: {names}")
        drivers = [driver for driver in SIX if only in (None, driver.name)]
        metafunc.parametrize("interface", drivers, ids=lambda driver: driver.name, indirect=True)


def pytest_collection_modifyitems(config, items):
    """Leave out what an interface cannot say, and the verbs that it does not have."""
    left_out = [item for item in items if is_unsayable(item) or lacks_verb(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def params_of(item) -> dict:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec else {}


def is_unsayable(item) -> bool:
    """Return whether a test, or one of its parameters, has the mark `five`, in the sixth driver."""
    marked = item.get_closest_marker("five") is not None
    return marked and params_of(item).get("interface") is Mastodon


def lacks_verb(item) -> bool:
    """Return whether a test is about a verb that its interface does not have."""
    chosen = params_of(item)
    if not {"interface", "verb"} <= chosen.keys():
        return False
    lacks = getattr(chosen["interface"], "lacks", ())  # without a driver, pytest has a placeholder
    return getattr(chosen["verb"], "name", "") in lacks


@pytest.fixture
def interface(request, db):
    """The class of the driver: `interface(alice)` acts as Alice, `interface()` as anonymous."""
    return request.param


@pytest.fixture
def cost():
    """A function that counts the queries of one verb of a driver.

    SELECT, INSERT, UPDATE and DELETE are counted; a savepoint is not a query for rows.
    """

    def count(verb, *args, **options) -> int:
        with CaptureQueriesContext(connection) as captured:
            verb(*args, **options)
        queries = [query["sql"] for query in captured]
        return sum(bool(re.match("SELECT|INSERT|UPDATE|DELETE", sql)) for sql in queries)

    return count


@pytest.fixture
def reply(post):
    """A function that stores a reply to a post, without an interface."""

    def make(to, author=None, body="A reply", **fields):
        conversation = to.conversation or to.pk
        return post(author, body, in_reply_to=to, conversation=conversation, **fields)

    return make


@pytest.fixture
def chain(post, reply):
    """A function that stores a post, a reply to it, a reply to that and so on: all of them."""

    def make(length):
        found = [post(body="Post 0")]
        for number in range(1, length):
            found.append(reply(found[-1], body=f"Post {number}"))
        return found

    return make
