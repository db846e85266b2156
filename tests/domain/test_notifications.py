"""Notifications by themselves: what many of them cost, and what other code may rely on."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.steps import work_of
from ublog.accounts.models import CustomUser
from ublog.blog import actions, deletion
from ublog.blog.models import Post
from ublog.blog.mutes import Mute
from ublog.blog.notifications import Notification
from ublog.core.cursors import Cursor

MANY = 2_000


@pytest.fixture
def full(alice, bob, post):
    """Alice has MANY notifications, the newest of which is ten minutes old, Bob has ten of them."""
    one, now = post(None), timezone.now()
    posts = Post.objects.bulk_create(Post(body=f"{number}") for number in range(MANY))
    rows = [
        Notification(
            user=user, kind="mention", post=each, created_on=now - timedelta(minutes=10 + number)
        )
        for user, count in ((alice, MANY), (bob, 10))
        for number, each in enumerate(posts[:count])
    ]
    Notification.objects.bulk_create(rows)
    Notification.objects.bulk_create([Notification(user=bob, kind="like", post=one)])
    return alice, bob


# For few, PostgreSQL sorts all of them: another plan, whose rows cannot be compared.
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has two plans")
def test_p22_many_notifications_cost_what_few_cost(full):
    alice, bob = full
    deep = Notification.objects.filter(user=alice).order_by("-created_on")[MANY - 100]
    top = Notification.objects.filter(user=bob).order_by("-created_on")[0]
    page = Notification.objects.page

    def steps(call, *arguments, **named):
        return work_of(lambda: call(*arguments, **named)).steps

    for mine, few in ((None, None), (Cursor.at(deep), Cursor.at(top))):
        many = steps(page, alice, page_size=9, cursor=mine)
        assert many <= 1.1 * steps(page, bob, page_size=9, cursor=few)
    CustomUser.objects.update(notifications_read_up_to=timezone.now() - timedelta(minutes=15))
    count = Notification.objects.count_unread
    assert steps(count, alice) <= 1.1 * steps(count, bob)


def test_who_has_none_does_not_read_those_of_another(alice, bob):
    rows = [Notification(user=alice, kind="mention") for _ in range(20_000)]
    Notification.objects.bulk_create(rows)
    assert work_of(lambda: Notification.objects.count_unread(bob)).steps < 100


def test_the_user_of_a_session_has_the_unread_count(full):
    alice, bob = full
    counts = [CustomUser.objects.get_for_session(user.pk).unread_count for user in (alice, bob)]
    assert counts == [100, 11]


def test_a_listener_that_fails_undoes_what_happened(alice, bob, post, monkeypatch):
    mine = post(alice)
    monkeypatch.setattr(Notification.objects, "notify_of_like", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.like(post_id=mine.pk, by=bob)
    assert Post.objects.get_row(bob, mine.pk).like_count == 0


def test_moderators_who_delete_posts_delete_their_notifications(alice, bob, post):
    mine = post(alice)
    actions.publish(body="Hi @alice", by=bob, in_reply_to=mine.pk)
    actions.like(post_id=mine.pk, by=bob)
    deletion.delete_all(Post.objects.all())
    assert not Notification.objects.exists()


def test_a_user_who_is_deleted_leaves_the_likes_of_others(alice, bob, charlie, post):
    posts = [post(alice, f"Post {number}") for number in range(3)]
    for one in posts:
        for user in (charlie, bob):
            actions.like(post_id=one.pk, by=user)
    with transaction.atomic():
        bob.delete()
    shown = Notification.objects.page(alice).items
    assert [(one.actor.username, one.other_count) for one in shown] == [("charlie", 0)] * 3


def test_nobody_is_notified_of_what_they_mute(alice, bob, charlie):
    mine = actions.publish(by=alice, body="Hello")
    Mute.objects.create(by=alice, user=bob)
    actions.publish(by=bob, body="@alice, see here", in_reply_to=mine.pk)
    actions.like(post_id=mine.pk, by=bob)
    assert not Notification.objects.filter(user=alice).exists()
    actions.like(post_id=mine.pk, by=charlie)
    assert Notification.objects.count_unread(alice) == 1
    Mute.objects.create(by=alice, conversation=mine.pk)
    actions.publish(by=charlie, body="And here", in_reply_to=mine.pk)
    assert Notification.objects.count_unread(alice) == 0
    assert Notification.objects.page(alice).items == []
    Mute.objects.all().delete()
    assert [row.kind for row in Notification.objects.page(alice).items] == ["like"]
