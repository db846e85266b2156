"""One post, as each viewer sees it."""

from dataclasses import replace

import pytest

from tests.contract.exceptions import NotFound
from tests.contract.records import PostRecord
from tests.contract.verbs import verbs
from ublog.blog.models import PostLike


def test_each_viewer_is_shown_the_same_post_and_their_own_part_of_it(interface, alice, bob, post):
    given = post(alice, "Good morning")
    PostLike.objects.create(post=given, liked_by=bob)
    plain = PostRecord(
        id=given.pk,
        author="alice",
        body="Good morning",
        image=None,
        image_alt="",
        like_count=1,
        can_edit=False,
        edited=False,
    )
    assert interface().read(given.pk) == plain
    assert interface(alice).read(given.pk) == replace(plain, can_edit=True)
    assert interface(bob).read(given.pk) == replace(plain, liked=True)


def test_the_timeline_shows_a_post_as_reading_it_does(interface, alice, bob, post):
    given = post(alice)
    PostLike.objects.create(post=given, liked_by=bob)
    for person in (None, alice, bob):
        assert interface(person).timeline().posts == (interface(person).read(given.pk),)


@pytest.mark.parametrize("id", [999_999, "abc", "0", "-1", "1.5", "9" * 30, "9" * 18, "%00", "²"])
def test_there_is_no_such_post(interface, alice, rejected, id):
    for person in (None, alice):
        with rejected(NotFound):
            interface(person).read(id)


@verbs(lambda verb: verb.of_post)
def test_nothing_can_be_done_to_a_post_that_is_not_there(interface, alice, decoded, rejected, verb):
    for id in (999_999, "abc", "0", "9" * 30):
        with rejected(NotFound):
            verb.act(interface(alice), id)
    assert decoded == []


def test_a_deleted_post_is_gone(interface, alice, post, rejected):
    mine = post(alice)
    interface(alice).delete(mine.pk)
    assert interface(alice).timeline().posts == ()
    with rejected(NotFound):
        interface(alice).read(mine.pk)
    with rejected(NotFound):
        interface(alice).delete(mine.pk)


def test_an_author_who_left_leaves_the_post_without_a_name(interface, alice, bob, post):
    given = post(alice)
    alice.delete()
    shown = interface(bob).read(given.pk)
    assert (shown.author, shown.can_edit) == (None, False)
