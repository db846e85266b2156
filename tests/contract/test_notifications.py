"""Users learn who replies to them, mentions them and likes their posts."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.contract.drivers import Pages
from tests.contract.exceptions import Invalid, NotAuthenticated
from ublog.accounts.models import CustomUser
from ublog.blog import actions, tasks
from ublog.blog.account_deletion import delete_account
from ublog.blog.models import Post
from ublog.blog.notifications import KEEP, MAX_UNREAD, Notification, mark_read
from ublog.core import limits

pytestmark = pytest.mark.five

PASSWORD = "correct horse battery"


@pytest.fixture
def mine(alice, post):
    """A post of Alice's."""
    return post(alice, "Hello")


@pytest.fixture
def notified(post):
    """A function that notifies a user of as many replies, the oldest first."""

    def make(user, count, actor=None):
        posts = [post(actor, f"Reply {number}") for number in range(count)]
        start = timezone.now() - timedelta(hours=1)
        Notification.objects.bulk_create(
            Notification(
                user=user,
                kind="reply",
                post=one,
                actor=actor,
                created_on=start + timedelta(seconds=number),
            )
            for number, one in enumerate(posts)
        )
        return [one.pk for one in reversed(posts)]

    return make


@pytest.fixture
def a_day_later(monkeypatch):
    """A function that lets a day pass, for limits."""

    def pass_time():
        now = limits.time.time() + 24 * 3600 + 1
        monkeypatch.setattr(limits.time, "time", lambda: now)

    return pass_time


def found(user) -> list[tuple[str, int | None, int]]:
    """Return of each notification its kind, whom it is from, and the id of its post."""
    page = Notification.objects.page(user)
    return [(one.kind, one.actor and one.actor.username, one.post.pk) for one in page.items]


# -- Who is notified of what -----------------------------------------------------------------


def test_a_reply_notifies_the_author_of_what_it_replies_to(interface, alice, bob, mine):
    reply = interface(bob).publish("Hi", in_reply_to=mine.pk)
    [shown] = interface(alice).notifications().items
    assert (shown.kind, shown.actor, shown.unread, shown.other_count) == ("reply", "bob", True, 0)
    assert shown.post == interface(alice).read(reply.id)
    assert interface(bob).notifications().items == ()


def test_a_reply_to_a_reply_notifies_only_whom_it_replies_to(interface, alice, bob, charlie, mine):
    first = interface(bob).publish("Hi", in_reply_to=mine.pk)
    second = interface(charlie).publish("Hi, too", in_reply_to=first.id)
    assert interface(bob).notifications().short == [("reply", "charlie", second.id)]
    assert len(interface(alice).notifications().items) == 1


def test_an_anonymous_reply_is_from_nobody(interface, alice, mine):
    reply = interface().publish("Hi", in_reply_to=mine.pk)
    assert interface(alice).notifications().short == [("reply", None, reply.id)]


def test_a_mention_notifies_each_user_once(interface, alice, bob, charlie):
    post = interface(alice).publish("Hi @bob, @BOB and @charlie, not @dora")
    for user in (bob, charlie):
        assert interface(user).notifications().short == [("mention", "alice", post.id)]


def test_a_reply_that_mentions_its_author_notifies_once(interface, alice, bob, charlie, mine):
    reply = interface(bob).publish("@alice and @charlie: hi", in_reply_to=mine.pk)
    assert interface(alice).notifications().short == [("reply", "bob", reply.id)]
    assert interface(charlie).notifications().short == [("mention", "bob", reply.id)]


def test_nobody_is_notified_of_themselves(interface, alice, mine):
    interface(alice).publish("Hi @alice", in_reply_to=mine.pk)
    interface(alice).like(mine.pk)
    assert interface(alice).notifications().items == ()
    assert interface(alice).unread_count() == 0


def test_at_most_ten_who_are_mentioned_are_notified(interface, alice, person):
    names = [f"p{number}" for number in range(50)]
    people = [person(name) for name in names]
    post = interface(alice).publish(" ".join(f"@{name}" for name in names))
    assert [bool(found(user)) for user in people] == [True] * 10 + [False] * 40
    interface(alice).edit(post.id, body="Now @p20 and @p21")
    assert not found(people[20])


@pytest.mark.parametrize(
    "fields",
    [{"is_active": False}, {"suspended_until": timezone.now() + timedelta(days=1)}],
    ids=["for good", "for a day"],
)
def test_one_who_is_suspended_is_not_notified(interface, alice, bob, mine, fields):
    liked = interface(bob).publish("Hi @alice", in_reply_to=mine.pk)
    users = CustomUser.objects.filter(pk=alice.pk)
    before = users.values(*fields).get()
    users.update(**fields)
    interface(bob).publish("@alice, are you there?", in_reply_to=mine.pk)
    interface(bob).like(mine.pk)
    users.update(**before)
    assert interface(alice).notifications().short == [("reply", "bob", liked.id)]


def test_an_edit_notifies_only_who_is_newly_named(interface, alice, bob, charlie):
    post = interface(alice).publish("Hi @bob")
    interface(bob).mark_read(interface(bob).notifications().items[0].created_on)
    interface(alice).edit(post.id, body="Hi @bob and @charlie")
    interface(alice).edit(post.id, body="Hi")
    interface(alice).edit(post.id, body="Hi @bob and @charlie again")
    assert interface(bob).unread_count() == 0
    assert interface(charlie).notifications().short == [("mention", "alice", post.id)]


def test_an_edit_of_a_reply_does_not_notify_its_author_again(interface, alice, bob, mine):
    reply = interface(bob).publish("Hi", in_reply_to=mine.pk)
    interface(bob).edit(reply.id, body="Hi @alice")
    assert interface(alice).notifications().short == [("reply", "bob", reply.id)]


def test_a_post_that_is_published_twice_notifies_once(interface, alice, bob, mine):
    for _ in range(2):
        interface(bob).publish_once("a-key-of-mine", "Hi @alice", in_reply_to=mine.pk)
    assert len(interface(alice).notifications().items) == 1


# -- Likes -----------------------------------------------------------------------------------


def test_likes_of_one_post_are_one_notification(interface, alice, bob, charlie, staff, mine):
    for user in (alice, bob, charlie, staff):
        interface(user).like(mine.pk)
    [shown] = interface(alice).notifications().items
    assert (shown.kind, shown.actor, shown.other_count) == ("like", "sam", 2)
    assert shown.post == interface(alice).read(mine.pk)


def test_another_like_moves_the_notification_to_the_top(interface, alice, bob, charlie, mine):
    interface(bob).like(mine.pk)
    interface(bob).publish("Hi", in_reply_to=mine.pk)
    newest = interface(alice).notifications().items[0]
    assert interface(alice).mark_read(newest.created_on) == 0
    interface(charlie).like(mine.pk)
    first, second = interface(alice).notifications().items
    assert (first.kind, first.actor, first.unread) == ("like", "charlie", True)
    assert (second.kind, second.unread) == ("reply", False)


def test_a_like_that_is_repeated_is_not_new(interface, alice, bob, charlie, mine):
    for user in (bob, charlie):
        interface(user).like(mine.pk)
    interface(bob).like(mine.pk)
    assert [one.actor for one in interface(alice).notifications().items] == ["charlie"]


def test_liking_again_is_new_once_a_day(interface, alice, bob, charlie, mine, a_day_later):
    def again(user):
        interface(user).unlike(mine.pk)
        interface(user).toggle_like(mine.pk)

    for user in (bob, charlie):
        interface(user).like(mine.pk)
    interface(alice).mark_read(interface(alice).notifications().items[0].created_on)
    again(bob)
    again(charlie)
    [shown] = interface(alice).notifications().items
    assert (shown.unread, shown.other_count) == (False, 1)
    a_day_later()
    again(bob)
    [shown] = interface(alice).notifications().items
    assert (shown.unread, shown.actor) == (True, "bob")


def test_a_like_that_is_taken_back_takes_its_notification_along(
    interface, alice, bob, charlie, mine
):
    for user in (charlie, bob):
        interface(user).like(mine.pk)
    interface(bob).unlike(mine.pk)
    [shown] = interface(alice).notifications().items
    assert (shown.actor, shown.other_count) == ("charlie", 0)
    interface(charlie).unlike(mine.pk)
    assert interface(alice).notifications().items == ()
    assert interface(alice).unread_count() == 0
    interface(charlie).like(mine.pk)
    assert interface(alice).notifications().short == [("like", "charlie", mine.pk)]


def test_the_own_like_of_an_author_does_not_stand_for_others(interface, alice, bob, mine):
    for user in (alice, bob):
        interface(user).like(mine.pk)
    interface(bob).unlike(mine.pk)
    assert interface(alice).notifications().items == ()


# -- Reading ---------------------------------------------------------------------------------


def test_what_is_read_stays_read(interface, alice, bob, notified):
    notified(alice, 3, bob)
    notified(bob, 1, alice)
    newest, second, oldest = interface(alice).notifications().items
    assert interface(alice).unread_count() == 3
    assert interface(alice).mark_read(second.created_on) == 1
    unread = [one.unread for one in interface(alice).notifications().items]
    assert unread == [True, False, False]
    assert interface(alice).mark_read(oldest.created_on) == 1
    assert interface(alice).mark_read(newest.created_on) == 0
    assert interface(alice).mark_read("0001-01-01T00:00:00+23:59") == 0
    assert interface(bob).unread_count() == 1


def test_the_future_is_not_read_yet(interface, alice, bob, mine):
    for future in ("2999-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"):
        assert interface(alice).mark_read(future) == 0
    interface(bob).publish("Hi", in_reply_to=mine.pk)
    assert interface(alice).unread_count() == 1


@pytest.mark.parametrize(
    "moment", ["", "now", "2026-13-01T00:00:00Z", "yesterday", "1", "\0", "9" * 5_000]
)
def test_what_is_no_moment_marks_nothing(interface, alice, notified, rejected, moment):
    notified(alice, 1)
    with rejected(Invalid):
        interface(alice).mark_read(moment)


def test_the_pages_together_are_all_notifications(interface, alice, bob, notified):
    ids = notified(alice, 7, bob)
    page, shown = interface(alice).notifications(page_size=3), []
    while page:
        shown.append([one.post.id for one in page.items])
        page = page.older()
    assert shown == [ids[:3], ids[3:6], ids[6:]]


@pytest.mark.parametrize("query", [{"cursor": "nonsense"}, {"page_size": 101}])
def test_a_page_that_does_not_exist_is_an_error(interface, alice, query):
    with pytest.raises(Invalid):
        interface(alice).notifications(**query)


@pytest.mark.parametrize("count", [99, 100, 101])
def test_more_than_a_hundred_are_not_counted(interface, alice, notified, count):
    notified(alice, count)
    assert interface(alice).unread_count() == min(count, MAX_UNREAD)


@pytest.mark.parametrize("count", [0, 2])
def test_one_who_was_deactivated_sees_no_notifications(interface, alice, notified, count):
    notified(alice, count)
    driver = interface(alice)
    alice.is_active = False
    alice.save()
    for read in (driver.notifications, driver.unread_count):
        with pytest.raises(NotAuthenticated):
            read()


# -- What is deleted -------------------------------------------------------------------------


def test_a_deleted_post_takes_its_notifications_along(interface, alice, bob, charlie, mine):
    reply = interface(bob).publish("Hi @charlie", in_reply_to=mine.pk)
    interface(charlie).like(reply.id)
    interface(bob).delete(reply.id)
    assert not Notification.objects.exists()


def test_a_tombstone_has_no_notifications(interface, alice, bob, charlie, mine):
    interface(charlie).like(mine.pk)
    first = interface(bob).publish("Hi", in_reply_to=mine.pk)
    interface(alice).delete(mine.pk)
    assert [one.post for one in Notification.objects.all()] == [Post.objects.get(pk=first.id)]


def test_a_deleted_user_takes_their_notifications_along(interface, alice, bob, charlie, mine):
    interface(bob).publish("Hi @charlie", in_reply_to=mine.pk)
    for user in (charlie, bob):
        interface(user).like(mine.pk)
    bob.set_password(PASSWORD)
    bob.save()
    delete_account(by=bob, password=PASSWORD, posts="keep")
    assert interface(alice).notifications().short == [("like", "charlie", mine.pk)]
    assert interface(charlie).notifications().items == ()
    alice.set_password(PASSWORD)
    alice.save()
    delete_account(by=alice, password=PASSWORD, posts="keep")
    assert not Notification.objects.exists()


def test_notifications_end_after_90_days(interface, alice, notified, monkeypatch):
    monkeypatch.setattr(tasks, "NOTIFICATIONS_AT_ONCE", 2)
    ids = notified(alice, 7)
    old = Notification.objects.filter(post__in=ids[2:])
    old.update(created_on=timezone.now() - KEEP - timedelta(minutes=1))
    assert tasks.delete_old_notifications() == 5
    assert [one.post.id for one in interface(alice).notifications().items] == ids[:2]


def test_a_reply_that_fails_notifies_nobody(interface, alice, bob, mine, rejected, monkeypatch):
    def fail(*_, **__):
        raise ValidationError("No.")

    monkeypatch.setattr(Notification.objects, "notify", fail)
    with rejected(Invalid):
        interface(bob).publish("Hi", in_reply_to=mine.pk)


# -- Costs -----------------------------------------------------------------------------------


@pytest.fixture
def cost():
    """A function that counts the statements of a call, savepoints left out."""

    def count(call, *arguments, **named):
        with CaptureQueriesContext(connection) as queries:
            call(*arguments, **named)
        return sum("SAVEPOINT" not in query["sql"] for query in queries)

    return count


def test_a_list_of_notifications_costs_one_query(interface, alice, bob, notified, cost):
    driver = interface(alice)
    session = 2 if issubclass(interface, Pages) else 0
    for count in (3, 30):
        notified(alice, count, bob)
        assert cost(driver.notifications, page_size=50) == session + 1
        assert cost(driver.unread_count) == (session + 1)


def test_a_page_of_posts_shows_the_unread_count_without_a_query(
    interface, alice, bob, notified, cost
):
    if not issubclass(interface, Pages):
        return
    notified(alice, 3, bob)
    driver = interface(alice)
    assert cost(driver.timeline) == 3
    page = driver.get(driver.root)
    assert 'Notifications</span> <span class="count" data-field="unread_count">3</span>' in str(
        page.content
    )


def test_what_notifies_costs_two_queries_more(alice, bob, mine, cost):
    assert cost(actions.like, post_id=mine.pk, by=bob) == 3 + 2
    assert cost(actions.like, post_id=mine.pk, by=bob) == 3
    assert cost(actions.unlike, post_id=mine.pk, by=bob) == 3 + 1
    assert cost(actions.publish, body="Hi", by=bob) == 2
    assert cost(actions.publish, body="Hi", by=bob, in_reply_to=mine.pk) == 4 + 2
    own = actions.publish(body="Hi", by=bob)
    assert cost(actions.publish, body="Hi", by=bob, in_reply_to=own.pk) == 4


def test_marking_as_read_costs_one_query_after_the_login(alice, notified, cost):
    notified(alice, 3)
    user = CustomUser.objects.get(pk=alice.pk)
    assert cost(mark_read, by=user, up_to=timezone.now()) == 2
