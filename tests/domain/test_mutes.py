"""The two questions that notifications ask about mutes, and what is stored of them."""

import pytest
from django.db import IntegrityError, transaction

from ublog.blog.models import Post, PostLike
from ublog.blog.mutes import Mute


@pytest.fixture
def thread(alice, post):
    first = post(alice)
    return first, post(None, in_reply_to=first, conversation=first.pk)


def test_who_mutes_a_post_is_not_notified_of_it(alice, bob, charlie, staff, thread):
    first, _ = thread
    Mute.objects.create(by=bob, user=alice)
    Mute.objects.create(by=charlie, conversation=first.pk)
    Mute.objects.create(by=alice, user=staff)
    assert set(Mute.objects.who_mute(alice.pk, first.pk)) == {bob.pk, charlie.pk}
    assert set(Mute.objects.who_mute(None, first.pk)) == {charlie.pk}
    assert set(Mute.objects.who_mute(alice.pk, 999)) == {bob.pk}


def test_a_mute_takes_rows_of_a_user_or_a_conversation_out_of_a_list(alice, bob, post, thread):
    first, second = thread
    other = post(alice)
    for given in (first, second, other):
        PostLike.objects.create(post=given, liked_by=alice)

    def listed(by) -> set[int]:
        likes = PostLike.objects.exclude(Mute.objects.hides(by.pk, "liked_by", "post"))
        return set(likes.values_list("post", flat=True))

    assert listed(bob) == {first.pk, second.pk, other.pk}
    mute = Mute.objects.create(by=bob, conversation=first.pk)
    assert listed(bob) == {other.pk}
    mute.delete()
    Mute.objects.create(by=bob, user=alice)
    assert listed(bob) == set()
    assert listed(alice) == {first.pk, second.pk, other.pk}


def test_rows_without_an_actor_stay(alice, bob, post):
    mine = post(None)
    Mute.objects.create(by=bob, user=alice)
    posts = Post.objects.exclude(Mute.objects.hides(bob.pk, "created_by", "in_reply_to"))
    assert list(posts) == [mine]


@pytest.mark.parametrize("fields", [{}, {"user": True, "conversation": 1}])
def test_a_mute_is_of_a_user_or_of_a_conversation(alice, bob, fields):
    fields = fields | ({"user": bob} if "user" in fields else {})
    with pytest.raises(IntegrityError), transaction.atomic():
        Mute.objects.create(by=alice, **fields)


def test_mutes_go_with_either_user(alice, bob, charlie):
    Mute.objects.create(by=alice, user=bob)
    Mute.objects.create(by=charlie, user=alice)
    alice.delete()
    assert not Mute.objects.exists()
