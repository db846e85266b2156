"""Authors list their own posts that only they and moderators see: held ones, and hidden ones.

What holds for each list that only its user sees is in test_own_lists.py.
"""

import pytest
from django.db import connection

from tests.steps import work_of
from ublog.blog import moderation
from ublog.blog.models import Post
from ublog.blog.states import PostState

pytestmark = pytest.mark.five  # apps for Mastodon have no such list


@pytest.fixture
def held(post):
    """A function that makes posts of a user that are held, and one that is published."""

    def make(user, count, state=PostState.HELD):
        post(user)
        return [post(user, state=state).pk for _ in range(count)][::-1]

    return make


def test_an_author_finds_what_is_held_and_what_is_hidden(interface, alice, bob, held, staff):
    waiting, hidden = held(alice, 2), held(alice, 1, PostState.HIDDEN)
    held(bob, 1)
    shown = interface(alice).timeline(unpublished="on")
    assert shown.ids == hidden + waiting
    assert [(one.held, one.hidden, one.can_edit) for one in shown.posts] == [
        (False, True, False),
        (True, False, False),
        (True, False, False),
    ]
    moderation.approve(post_id=waiting[0], by=staff)
    moderation.unhide(post_id=hidden[0], by=staff)
    assert interface(alice).timeline(unpublished="on").ids == [waiting[1]]


def test_nobody_sees_those_of_others(interface, alice, bob, staff, held):
    held(alice, 2)
    for user in (bob, staff):
        assert interface(user).timeline(unpublished="on").ids == []
        assert interface(user).timeline(unpublished="on", author="alice").ids == []


def test_replies_are_among_them_and_tombstones_are_not(interface, alice, post, reply):
    start = post(alice)
    second = reply(start, alice, state=PostState.HIDDEN)
    reply(second, alice)
    interface(alice).delete(start.pk)
    assert Post.objects.get(pk=start.pk).deleted
    assert interface(alice).timeline(unpublished="on").ids == [second.pk]


def test_bookmarks_have_none_of_them(interface, alice, held):
    held(alice, 1)
    assert interface(alice).timeline(unpublished="on", bookmarked="on").ids == []


# -- P22 -----------------------------------------------------------------------------------------


def test_p22_the_list_is_flat_to_100_000_posts(alice, bob, held):
    """By the author's own published posts, and by what others have that is not published."""
    if connection.vendor != "sqlite":
        pytest.skip("counts the steps of SQLite")
    mine = held(alice, 2)

    def read():
        page = Post.objects.timeline(alice, unpublished="on")
        assert [row.pk for row in page.items] == mine

    few = work_of(read).steps
    Post.objects.bulk_create((Post(body="x", created_by=alice) for _ in range(50_000)), 5_000)
    others = (Post(body="x", created_by=bob, state=PostState.HIDDEN) for _ in range(50_000))
    Post.objects.bulk_create(others, 5_000)
    assert work_of(read).steps <= 1.1 * few
