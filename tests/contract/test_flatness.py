"""P22: a page of a timeline, a tag or a conversation costs the same, however long they are."""

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction

from bench.fill import insert, series
from tests.contract.conftest import SIX
from tests.contract.drivers import DRIVERS
from tests.contract.mastodon import Mastodon
from tests.steps import work_of
from ublog.blog import deletion
from ublog.blog.models import Post, PostTag
from ublog.blog.states import PostState
from ublog.core.cursors import Cursor

FEW = 10
MANY = 10_000
SIZE = 3  # posts of a page: of ten there is a deep one, too


@pytest.fixture
def top(post):
    """A post whose id is below those that `store` makes."""
    return post(pk=1)


def store(first: int, last: int, **columns: str) -> None:
    """Store tagged posts with these ids, by SQL: in that order, and with these columns."""
    sqlite = connection.vendor == "sqlite"
    moment = "'2026-01-01', '+' || n || ' seconds'" if sqlite else "1.7e9 + n"
    moment = f"datetime({moment})" if sqlite else f"to_timestamp({moment})"
    numbers = f"{series('n', last, sqlite)} WHERE n >= {first}"
    columns = {"id": "n", "body": "'#tea'", "created_on": moment} | columns
    with connection.cursor() as cursor:
        cursor.execute(insert(Post, columns, numbers))
        cursor.execute(insert(PostTag, {"post_id": "n", "key": "'tea'"}, numbers))
        for sql in connection.ops.sequence_reset_sql(no_style(), [Post]):
            cursor.execute(sql)


def read(driver, place=None, **query):
    """Read a page of a list: the first one, or the one after the post with the id `place`."""
    if isinstance(driver, Mastodon):
        url = "timelines/home" if driver.headers else "timelines/public"
        url = "timelines/tag/tea" if query else url
        return driver.follow(url, {"limit": SIZE} | ({"max_id": place} if place else {}))
    if place:
        query["cursor"] = Cursor.at(Post.objects.only("created_on").get(pk=place)).encode()
    return driver.timeline(page_size=SIZE, **query)


def check_flat(few, many):
    """Compare the work of reads by their names: as many queries, and at most a tenth more steps."""
    for name, one in few.items():
        assert many[name].queries == one.queries, name
        assert 0 < many[name].steps <= 1.1 * one.steps, (name, one, many[name])


def test_p22_timelines_and_tags_are_flat_to_100_000_posts(alice):
    drivers = {(each.name, user): each(*user) for each in SIX for user in ((), (alice,))}

    def work(count):
        found = {}
        for name, driver in drivers.items():
            for query in ({}, {"tag": "tea"}):
                for place in (None, count // 2):
                    page = lambda: read(driver, place, **query)  # noqa: B023, E731
                    newest = place - 1 if place else count
                    assert page().ids == [newest, newest - 1, newest - 2], (name, query, place)
                    found[*name, *query, place and "deep"] = work_of(page)
        return found

    store(1, FEW)
    few = work(FEW)
    store(FEW + 1, 100_000)
    check_flat(few, work(100_000))


@pytest.mark.parametrize("state", [None, PostState.DELETED], ids=["replies", "tombstones"])
def test_p22_conversations_are_flat_to_10_000_replies(alice, top, state):
    drivers = {(each.name, user): each(*user) for each in DRIVERS for user in ((), (alice,))}
    columns = {"in_reply_to_id": "1", "conversation": "1"}
    columns |= {"state": str(state)} if state else {}

    def work(count):
        found = {}
        place = count // 2
        at = Cursor.at(Post.objects.get(pk=place), older=False).encode()
        for name, driver in drivers.items():
            for query, first in (({}, 2), ({"cursor": at}, place + 1)):
                page = lambda: driver.replies(1, page_size=SIZE, **query)  # noqa: B023, E731
                assert page().ids == [first, first + 1, first + 2], (name, query)
                found[*name, *query] = work_of(page)
        return found

    store(2, FEW + 1, **columns)
    few = work(FEW)
    store(FEW + 2, MANY, **columns)
    check_flat(few, work(MANY))


def test_p22_a_post_below_10_000_others_costs_what_one_below_30_costs(alice, top, no_limits):
    drivers = {(each.name, user): each(*user) for each in SIX for user in ((), (alice,))}

    def work(last):
        found = {}
        for name, driver in drivers.items():
            above = lambda: driver.ancestors(last)  # noqa: B023, E731
            assert above().ids == list(range(last - 20, last))
            found[name] = work_of(above)
        return found

    chain = {"in_reply_to_id": "n - 1", "conversation": "1"}
    store(2, 30, **chain)
    few = work(30)
    store(31, MANY, **chain)
    check_flat(few, work(MANY))
    for each in SIX:
        assert each(alice).publish("Deeper", in_reply_to=MANY).in_reply_to == MANY
    assert each(alice).read(MANY).reply_count == len(SIX)


def test_p22_each_tombstone_of_a_chain_costs_the_same_to_remove(top):
    chain = {"in_reply_to_id": "n - 1", "conversation": "1"}

    def remove(count):
        with transaction.atomic():
            deletion.delete([Post.objects.get_for_update(count)])
        assert not Post.objects.exists()

    work = {}
    for count in (1_000, MANY):
        Post.objects.get_or_create(pk=1)
        store(2, count, **chain)
        Post.objects.exclude(pk=count).update(state=PostState.DELETED)
        work[count] = work_of(lambda: remove(count)).steps / count  # noqa: B023
    assert 0 < work[MANY] <= 1.1 * work[1_000]
