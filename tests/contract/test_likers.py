"""Everybody sees who likes a post."""

import pytest

from tests.contract.exceptions import Invalid, NotFound
from ublog.blog.models import Post, PostLike
from ublog.blog.states import PostState


@pytest.fixture
def liked(post, person):
    """A post that five people like, one after the other."""
    liked = post(body="Good")
    for name in ("ann", "ben", "cat", "dan", "eve"):
        PostLike.objects.create(post=liked, liked_by=person(name))
    return liked


def test_the_latest_like_is_first(interface, alice, liked):
    interface(alice).like(liked.pk)
    names, older = interface().likers(liked.pk)
    assert names == ["alice", "eve", "dan", "cat", "ben", "ann"]
    assert not older


def test_pages_lead_from_one_to_the_next(interface, liked):
    driver = interface()
    first, older = driver.likers(liked.pk, page_size=2)
    second, oldest = driver.likers_at(older)
    last, nothing = driver.likers_at(oldest)
    assert (first, second, last) == (["eve", "dan"], ["cat", "ben"], ["ann"])
    assert not nothing


def test_a_like_that_is_set_between_two_pages_repeats_none(interface, alice, liked):
    driver = interface()
    _, older = driver.likers(liked.pk, page_size=2)
    interface(alice).like(liked.pk)
    assert driver.likers_at(older)[0] == ["cat", "ben"]


def test_a_post_that_nobody_likes_has_an_empty_list(interface, post):
    assert interface().likers(post().pk)[0] == []


def test_a_post_that_does_not_exist_has_no_list(interface, db):
    with pytest.raises(NotFound):
        interface().likers(4711)


@pytest.mark.parametrize("state", [PostState.HELD, PostState.HIDDEN])
def test_who_likes_what_is_not_published_is_not_shown(interface, liked, state):
    Post.objects.filter(pk=liked.pk).update(state=state)
    with pytest.raises(NotFound):
        interface().likers(liked.pk)


@pytest.mark.five
def test_a_bad_cursor_is_an_error(interface, liked):
    with pytest.raises(Invalid):
        interface().likers(liked.pk, cursor="nonsense")
