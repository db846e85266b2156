"""Users who are logged in like posts, each once."""

import pytest


def seen(interface, id, *people):
    """(like count, liked) as each of these people sees it, read and in the timeline."""
    for person in people:
        shown = interface(person).read(id)
        assert shown in interface(person).timeline().posts
        yield shown.like_count, shown.liked


def test_a_like_is_counted_for_all_and_marked_for_me(interface, alice, bob, charlie, post):
    id = post(alice).pk
    interface(bob).like(id)
    views = seen(interface, id, None, alice, bob, charlie)
    assert list(views) == [(1, False), (1, False), (1, True), (1, False)]


def test_likes_of_several_people_add_up(interface, alice, bob, charlie, post):
    id = post(alice).pk
    for count, person in enumerate((alice, bob, charlie), start=1):
        shown = interface(person).like(id)
        assert (shown.like_count, shown.liked) == (count, True)
    assert list(seen(interface, id, None, alice)) == [(3, False), (3, True)]


def test_liking_again_changes_nothing(interface, bob, post):
    id = post().pk
    shown = [interface(bob).like(id) for _ in range(3)]
    assert [(post.like_count, post.liked) for post in shown] == [(1, True)] * 3


def test_taking_a_like_back_twice_takes_it_back_once(interface, alice, bob, post):
    id = post().pk
    interface(alice).like(id)
    interface(bob).like(id)
    shown = [interface(bob).unlike(id) for _ in range(3)]
    assert [(post.like_count, post.liked) for post in shown] == [(1, False)] * 3


def test_a_like_that_was_never_given_cannot_be_taken_back(interface, alice, bob, post):
    id = post().pk
    interface(alice).like(id)
    shown = interface(bob).unlike(id)
    assert (shown.like_count, shown.liked) == (1, False)


@pytest.mark.five
def test_a_toggle_flips(interface, bob, post):
    id = post().pk
    shown = [interface(bob).toggle_like(id) for _ in range(4)]
    assert [(post.like_count, post.liked) for post in shown] == [(1, True), (0, False)] * 2


def test_a_like_of_one_post_is_none_of_another(interface, bob, post):
    first, second = post(), post()
    interface(bob).like(first.pk)
    assert [post.liked for post in interface(bob).timeline().posts] == [False, True]
    assert interface(bob).read(second.pk).like_count == 0


def test_a_like_survives_an_edit(interface, alice, bob, post):
    id = post(alice).pk
    interface(bob).like(id)
    assert interface(alice).edit(id, body="Changed").like_count == 1
