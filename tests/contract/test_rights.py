"""C8: who may change a post: its author, and nobody else through these doors."""

import pytest

from tests.contract.exceptions import Forbidden, NotAuthenticated
from tests.pictures import picture

CHANGES = {
    "edit": lambda door, id: door.edit(id, body="Taken over"),
    "change the picture of": lambda door, id: door.edit(id, image=picture()),
    "delete": lambda door, id: door.delete(id),
}
changes = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


@pytest.fixture
def posts(alice, bob, staff, post):
    """One post of each kind of author."""
    return {"alice": post(alice), "bob": post(bob), "staff": post(staff), "nobody": post(None)}


def test_only_the_author_edits(interface, alice, bob, posts, refused):
    assert interface(alice).edit(posts["alice"].pk, body="Changed").body == "Changed"
    with refused(Forbidden):
        interface(bob).edit(posts["alice"].pk, body="Taken over")


def test_only_the_author_deletes(interface, alice, bob, posts, refused):
    with refused(Forbidden):
        interface(bob).delete(posts["alice"].pk)
    interface(alice).delete(posts["alice"].pk)
    assert posts["alice"].pk not in interface().timeline().ids


@changes
@pytest.mark.parametrize("author", ["alice", "bob", "staff", "nobody"])
def test_a_stranger_is_asked_to_log_in(interface, posts, refused, change, author):
    with refused(NotAuthenticated):
        change(interface(), posts[author].pk)


@changes
@pytest.mark.parametrize("author", ["bob", "staff", "nobody"])
def test_alice_changes_no_post_that_is_not_hers(interface, alice, posts, refused, change, author):
    with refused(Forbidden):
        change(interface(alice), posts[author].pk)


@changes
@pytest.mark.parametrize("author", ["alice", "nobody"])
def test_staff_moderates_in_the_admin_only(interface, staff, posts, refused, change, author):
    with refused(Forbidden):
        change(interface(staff), posts[author].pk)


@changes
def test_staff_changes_a_post_of_their_own(interface, staff, posts, change):
    change(interface(staff), posts["staff"].pk)


@changes
@pytest.mark.parametrize("author", ["alice", "bob", "nobody"])
def test_one_who_was_deactivated_must_log_in(interface, alice, posts, refused, change, author):
    door = interface(alice)
    alice.is_active = False
    alice.save()
    with refused(NotAuthenticated):
        change(door, posts[author].pk)


@changes
def test_an_author_who_was_deleted_must_log_in(interface, alice, posts, refused, change):
    door = interface(alice)
    alice.delete()
    with refused(NotAuthenticated):
        change(door, posts["alice"].pk)


@pytest.mark.parametrize("verb", ["like", "unlike", "toggle_like"])
@pytest.mark.parametrize("leave", ["is deactivated", "is deleted"])
@pytest.mark.parametrize("author", ["bob", "nobody"])
def test_one_who_left_likes_nothing(interface, alice, posts, refused, verb, leave, author):
    door = interface(alice)
    if leave == "is deleted":
        alice.delete()
    else:
        alice.is_active = False
        alice.save()
    with refused(NotAuthenticated):
        getattr(door, verb)(posts[author].pk)


@pytest.mark.parametrize("verb", ["like", "unlike", "toggle_like"])
@pytest.mark.parametrize("author", ["alice", "nobody"])
def test_a_stranger_likes_nothing(interface, posts, refused, verb, author):
    with refused(NotAuthenticated):
        getattr(interface(), verb)(posts[author].pk)


@pytest.mark.parametrize("verb", ["like", "unlike", "toggle_like"])
def test_an_author_who_was_deactivated_does_not_like_their_own(
    interface, alice, posts, refused, verb
):
    door = interface(alice)
    alice.is_active = False
    alice.save()
    with refused(NotAuthenticated):
        getattr(door, verb)(posts["alice"].pk)


@pytest.mark.parametrize("author", ["alice", "bob", "staff", "nobody"])
def test_everyone_who_is_signed_in_likes_every_post(interface, alice, bob, staff, posts, author):
    likes = [interface(who).like(posts[author].pk).like_count for who in (alice, bob, staff)]
    assert likes == [1, 2, 3]


def test_what_may_be_edited_is_what_is_shown_as_editable(interface, alice, staff, posts):
    for who, name in ((alice, "alice"), (staff, "staff")):
        editable = {post.id for post in interface(who).timeline().posts if post.can_edit}
        assert editable == {posts[name].pk}
    assert not any(post.can_edit for post in interface().timeline().posts)
