"""Newest first, in pages that neither skip nor repeat."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.contract.exceptions import Invalid
from ublog.blog.models import Post

HOUR = timedelta(hours=1)
AGO = timezone.now() - 24 * HOUR


@pytest.fixture
def posts(alice):
    """A function that makes posts, the newest last; two of three share their moment."""

    def make(count: int, author=alice) -> list[int]:
        moments = [AGO + timedelta(seconds=number - number % 3) for number in range(count)]
        made = [
            Post(created_by=author, body=f"Post {n}", created_on=moment, modified_on=moment)
            for n, moment in enumerate(moments)
        ]
        return [post.pk for post in Post.objects.bulk_create(made)]

    return make


def ids_of(pages):
    return [id for page in pages for id in page]


def pages(page, step="older"):
    """Yield the ids of this page and of those after it; 50 pages at most, if a cursor is broken."""
    for _ in range(50):
        yield page.ids
        page = getattr(page, step)()
        if page is None:
            return
    raise AssertionError("The pages do not end.")


def test_the_newest_post_is_first(interface, posts):
    ids = posts(7)
    assert interface().timeline().ids == ids[::-1]


def test_an_empty_timeline_is_a_page_without_posts(interface):
    page = interface().timeline()
    assert (page.posts, page.older(), page.newer()) == ((), None, None)


def test_a_page_has_20_posts_by_default(interface, posts):
    posts(25)
    page = interface().timeline()
    assert [len(page.posts), len(page.older().posts)] == [20, 5]
    assert len(interface().timeline(page_size=25).posts) == 25


@pytest.mark.parametrize("size", [1, 3, 4, 10, 100])
def test_the_pages_together_are_the_timeline(interface, posts, size):
    ids = posts(10)[::-1]
    whole = list(pages(interface().timeline(page_size=size)))
    assert whole == [ids[start : start + size] for start in range(0, 10, size)]


def test_the_way_back_shows_the_same_pages(interface, posts):
    posts(10)
    there = list(pages(interface().timeline(page_size=3)))
    last = interface().timeline(page_size=3).older().older().older()
    back = list(pages(last, "newer"))
    assert ids_of(back[::-1]) == ids_of(there)


@pytest.mark.five
def test_the_first_page_knows_nothing_newer_and_the_last_nothing_older(interface, posts):
    posts(4)
    first = interface().timeline(page_size=2)
    last = first.older()
    assert (first.newer(), last.older()) == (None, None)
    assert last.newer().ids == first.ids


def test_nothing_is_skipped_or_repeated_while_others_post(interface, posts, bob, post):
    ids, seen = posts(9)[::-1], []
    for page in pages(interface().timeline(page_size=2)):
        seen += page
        post(bob, "Me too")
        if len(seen) < 5:
            interface().publish("And me")
    assert seen == ids


def test_nothing_is_skipped_when_a_post_that_was_seen_goes(interface, alice, posts):
    ids = posts(6)[::-1]
    page = interface().timeline(page_size=2)
    interface(alice).delete(page.ids[-1])
    assert ids_of(pages(page.older())) == ids[2:]


def test_new_posts_are_found_by_going_to_newer_pages(interface, posts, bob, post):
    ids = posts(4)[::-1]
    second = interface().timeline(page_size=2).older()
    new = post(bob, "Me too", created_on=AGO + HOUR)
    there = list(pages(second, "newer"))
    assert ids_of(there[::-1]) == [new.pk, *ids]


def test_an_edit_does_not_move_a_post_and_shows(interface, alice, posts):
    ids = posts(3)[::-1]
    edited = interface(alice).edit(ids[-1], body="Changed my mind")
    page = interface().timeline()
    assert page.ids == ids
    assert [post.edited for post in page.posts] == [False, False, True]
    assert (edited.body, edited.edited) == ("Changed my mind", True)


def test_a_like_is_no_edit(interface, bob, posts):
    ids = posts(2)[::-1]
    interface(bob).like(ids[-1])
    assert interface().timeline().ids == ids
    assert not interface().read(ids[-1]).edited


@pytest.mark.five
def test_the_pages_of_a_search_belong_to_the_search(interface, alice, bob, posts):
    posts(5)
    hers = posts(5, author=bob)[::-1]
    page = interface().timeline(author="bob", q="post", page_size=2)
    assert list(pages(page)) == [hers[:2], hers[2:4], hers[4:]]
    assert page.older().newer().ids == page.ids


@pytest.mark.five
@pytest.mark.parametrize("size", [0, -1, 101, 10**30])
def test_a_page_has_from_1_to_100_posts(interface, rejected, size):
    with rejected(Invalid):
        interface().timeline(page_size=size)


@pytest.mark.parametrize("size", ["abc", "1.5", "1e1", "nan", "\0"])
def test_the_size_of_a_page_is_a_number(interface, rejected, size):
    with rejected(Invalid):
        interface().timeline(page_size=size)


@pytest.mark.five
@pytest.mark.parametrize("cursor", ["nonsense", "bzEuMQ==", "\0", "é", "bzEuLTE", "A" * 5000])
def test_a_cursor_is_one_that_the_list_gave(interface, rejected, cursor):
    with rejected(Invalid):
        interface().timeline(cursor=cursor)
