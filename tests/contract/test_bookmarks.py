"""Users keep posts to find them again, and nobody else sees which."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import Pages
from tests.contract.exceptions import Invalid, NotAuthenticated
from tests.contract.test_timeline import pages
from ublog.blog.account_deletion import delete_account
from ublog.blog.models import Post, PostBookmark


@pytest.fixture
def bookmarks(post):
    """A function that makes posts which a user has bookmarked, and one more that they have not."""

    def make(user, count, **fields):
        kept = [post(body=f"Kept {n}", **fields) for n in range(count)]
        PostBookmark.objects.bulk_create(
            PostBookmark(post=one, user=user) for one in reversed(kept)
        )
        post(body="Not kept", **fields)
        return [one.pk for one in reversed(kept)]

    return make


def test_my_bookmarks_are_the_newest_posts_first(interface, alice, bob, bookmarks):
    ids = bookmarks(bob, 3)
    bookmarks(alice, 2)
    shown = interface(bob).timeline(bookmarked="on")
    assert shown.ids == ids
    assert all(post.bookmarked for post in shown.posts)
    assert len(interface(bob).timeline().posts) == 7


def test_a_bookmark_that_is_removed_leaves_the_list(interface, bob, bookmarks):
    first, second = bookmarks(bob, 2)
    interface(bob).unbookmark(first)
    assert interface(bob).timeline(bookmarked="on").ids == [second]


@pytest.mark.five
def test_the_pages_together_are_my_bookmarks(interface, bob, bookmarks):
    ids = bookmarks(bob, 7)
    first = interface(bob).timeline(bookmarked="on", page_size=3)
    assert list(pages(first)) == [ids[:3], ids[3:6], ids[6:]]
    assert list(pages(first.older().older(), "newer")) == [ids[6:], ids[3:6], ids[:3]]


@pytest.mark.five
def test_my_bookmarks_are_searched_and_narrowed_to_an_author(interface, alice, bob, bookmarks):
    [wanted] = bookmarks(bob, 1, author=alice)
    bookmarks(bob, 1)
    shown = interface(bob).timeline(bookmarked="on", author="alice", q="KEPT")
    assert shown.ids == [wanted]


def test_an_anonymous_user_must_log_in_to_see_bookmarks(interface, rejected):
    with rejected(NotAuthenticated):
        interface().timeline(bookmarked="on")


@pytest.mark.parametrize("count", [0, 2])
def test_one_who_was_deactivated_sees_no_bookmarks(interface, bob, bookmarks, count):
    bookmarks(bob, count)
    driver = interface(bob)
    bob.is_active = False
    bob.save()
    with pytest.raises(NotAuthenticated):
        driver.timeline(bookmarked="on")


@pytest.mark.five
@pytest.mark.parametrize("switch", ["off", "ON", "1"])
def test_the_switch_is_on_or_absent(interface, bob, switch):
    if interface.name == "GraphQL":
        return  # its argument is a boolean
    with pytest.raises(Invalid):
        interface(bob).timeline(bookmarked=switch)


def test_a_list_of_bookmarks_costs_one_query(interface, bob, bookmarks):
    driver = interface(bob)
    for count in (3, 30):
        bookmarks(bob, count)
        with CaptureQueriesContext(connection) as queries:
            driver.timeline(bookmarked="on", page_size=50)
        assert len(queries) == (3 if issubclass(interface, Pages) else 1)


def test_bookmarks_go_with_their_post_and_with_their_user(interface, alice, bob, bookmarks):
    first, *_ = bookmarks(bob, 3, author=alice)
    interface(alice).delete(first)
    assert PostBookmark.objects.count() == 2
    bob.set_password("correct horse battery")
    bob.save()
    delete_account(by=bob, password="correct horse battery", posts="keep")
    assert (PostBookmark.objects.count(), Post.objects.count()) == (0, 3)
