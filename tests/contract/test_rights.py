"""C8: who may do what to a post. Only its author changes it, through these interfaces."""

import pytest

from tests.contract.exceptions import Forbidden, NotAuthenticated
from tests.contract.verbs import verbs

for_users = verbs(lambda verb: verb.login)
for_the_author = verbs(lambda verb: verb.author)


@pytest.fixture
def posts(alice, bob, staff, post):
    """One post of each kind of author."""
    return {"alice": post(alice), "bob": post(bob), "staff": post(staff), "nobody": post(None)}


def test_only_the_author_edits(interface, alice, bob, posts, rejected):
    assert interface(alice).edit(posts["alice"].pk, body="Changed").body == "Changed"
    with rejected(Forbidden):
        interface(bob).edit(posts["alice"].pk, body="Taken over")


def test_only_the_author_deletes(interface, alice, bob, posts, rejected):
    with rejected(Forbidden):
        interface(bob).delete(posts["alice"].pk)
    interface(alice).delete(posts["alice"].pk)
    assert posts["alice"].pk not in interface().timeline().ids


@for_users
def test_an_anonymous_user_is_asked_to_log_in(interface, posts, rejected, verb):
    for post in posts.values():
        with rejected(NotAuthenticated):
            verb.act(interface(), post.pk)


@for_users
def test_one_who_was_deactivated_must_log_in(interface, alice, posts, rejected, verb):
    drivers = [interface(alice) for _ in posts]
    alice.is_active = False
    alice.save()
    for driver, post in zip(drivers, posts.values(), strict=True):
        with rejected(NotAuthenticated):
            verb.act(driver, post.pk)


@for_users
def test_an_author_who_was_deleted_must_log_in(interface, alice, posts, rejected, verb):
    drivers = [interface(alice) for _ in posts]
    alice.delete()
    for driver, post in zip(drivers, posts.values(), strict=True):
        with rejected(NotAuthenticated):
            verb.act(driver, post.pk)


@for_the_author
def test_alice_changes_no_post_that_is_not_hers(interface, alice, posts, rejected, verb):
    for author in ("bob", "staff", "nobody"):
        with rejected(Forbidden):
            verb.act(interface(alice), posts[author].pk)


@verbs(lambda verb: verb.author and not verb.moderator)
def test_staff_edits_in_the_admin_only(interface, staff, posts, rejected, verb):
    for author in ("alice", "bob", "nobody"):
        with rejected(Forbidden):
            verb.act(interface(staff), posts[author].pk)


@verbs(lambda verb: verb.moderator)
def test_a_moderator_deletes_every_post(interface, staff, posts, verb):
    for post in posts.values():
        verb.act(interface(staff), post.pk)
    assert interface().timeline().ids == []


def test_one_who_is_no_moderator_any_more_deletes_nothing(interface, staff, posts, rejected):
    driver = interface(staff)
    staff.is_staff = False
    staff.save()
    with rejected(Forbidden):
        driver.delete(posts["alice"].pk)


@for_the_author
def test_staff_changes_a_post_of_their_own(interface, staff, posts, verb):
    verb.act(interface(staff), posts["staff"].pk)


@verbs(lambda verb: verb.login and verb.of_post and not verb.author)
def test_everyone_who_is_logged_in_may(interface, alice, staff, posts, verb):
    for user in (alice, staff):
        for post in posts.values():
            if verb.others and post.created_by == user:
                continue
            assert verb.act(interface(user), post.pk).id == post.pk


@pytest.mark.parametrize("author", ["alice", "bob", "staff", "nobody"])
def test_everyone_who_is_logged_in_likes_every_post(interface, alice, bob, staff, posts, author):
    likes = [interface(user).like(posts[author].pk).like_count for user in (alice, bob, staff)]
    assert likes == [1, 2, 3]


@pytest.mark.five
def test_what_may_be_deleted_is_what_is_shown_as_deletable(interface, alice, staff, posts):
    for user, expected in ((alice, {"alice"}), (staff, set(posts)), (None, set())):
        driver = interface(user)
        deletable = {post.id for post in driver.timeline().posts if post.can_delete}
        assert deletable == {posts[name].pk for name in expected}
        assert all(driver.read(id).can_delete for id in deletable)


def test_what_may_be_edited_is_what_is_shown_as_editable(interface, alice, staff, posts):
    for user, name in ((alice, "alice"), (staff, "staff")):
        editable = {post.id for post in interface(user).timeline().posts if post.can_edit}
        assert editable == {posts[name].pk}
    assert not any(post.can_edit for post in interface().timeline().posts)
