"""Mails of notifications: to users who want them, when they want them, and never twice."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail as outgoing
from django.db import connection
from django.utils import timezone

from tests.pictures import picture
from tests.together import together
from ublog.accounts import actions as accounts
from ublog.accounts import applications, time_zones
from ublog.accounts.models import CustomUser
from ublog.accounts.notification_settings import EmailNotifications
from ublog.blog import actions, moderation, notification_mails, report_actions
from ublog.blog.models import Post
from ublog.blog.notification_mails import mail_notifications, send_digests
from ublog.blog.notifications import MailState, Notification, mark_read
from ublog.core.background import outbox
from ublog.core.models import OutboxEntry
from ublog.operations.backups import restore

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MORNING = datetime(2026, 7, 2, 8, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("no_limits")


@pytest.fixture(autouse=True)
def smtp(settings):
    settings.SMTP_URL = "smtp://mail.example.org"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A function that sets the time, which stands still."""

    def show(moment):
        class Frozen(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment

        # Defaults of fields have `timezone.now` itself.
        monkeypatch.setattr(timezone, "datetime", Frozen)

    show(NOON)
    return show


@pytest.fixture
def deliver():
    """A function that runs the tasks that wait, and returns the mails that they have sent."""

    def run():
        outgoing.outbox.clear()
        for key in OutboxEntry.objects.order_by("created_on").values_list("pk", flat=True):
            outbox.perform(str(key))
        assert not OutboxEntry.objects.exists()
        return outgoing.outbox

    return run


@pytest.fixture
def wants(alice):
    """A function that lets Alice choose when she gets mails, and in which time zone she is."""

    def choose(choice, zone="UTC"):
        accounts.update_profile(by=alice, email_notifications=choice, time_zone=zone)

    return choose


@pytest.fixture
def mention(alice, bob):
    """A function that lets Bob mention Alice; it returns the post."""

    def write(body="@alice, look", **fields):
        return actions.publish(by=bob, body=body, **fields)

    return write


def digest(deliver):
    send_digests()
    return deliver()


# -- Immediately -------------------------------------------------------------------------------


def test_who_wants_it_immediately_gets_a_mail_of_a_reply(alice, bob, wants, post, deliver):
    wants("immediate")
    given = post(alice)
    reply = actions.publish(by=bob, body="I agree.\nVery much", in_reply_to=given.pk)
    [sent] = deliver()
    assert (sent.to, sent.subject) == ([alice.email], "@bob replied to you")
    assert "bob (@bob) replied to you:\n\n> I agree.\n> Very much\n" in sent.body
    assert f"http://127.0.0.1:8000/posts/{reply.pk}\n" in sent.body
    assert deliver() == []
    assert digest(deliver) == []


def test_a_mention_by_an_edit_is_mailed_once(alice, bob, wants, post, deliver):
    wants("immediate")
    given = post(bob, body="Hello")
    for body in ("Hello @alice", "Hello", "Hello again, @alice"):
        actions.edit(post_id=given.pk, by=bob, body=body)
    assert [sent.subject for sent in deliver()] == ["@bob mentioned you"]


def test_likes_are_never_mailed(alice, bob, wants, post, deliver, clock):
    for choice in EmailNotifications.values:
        wants(choice)
        actions.like(post_id=post(alice).pk, by=bob)
    clock(MORNING)
    assert Notification.objects.count() == 3
    assert digest(deliver) == []


def test_moderators_are_mailed_as_they_want(alice, bob, person, wants, post, deliver, clock):
    alice.is_staff = True
    alice.save()
    wants("immediate")
    reported = post(bob, "Buy pills")
    report_actions.report(post_id=reported.pk, by=person("carol"), reason="Spam")
    report_actions.report_user(username="bob", by=person("dave"), reason="Spam")
    applications.apply(person("dora", is_active=False), "I row, too")
    first, second, third = deliver()
    assert [sent.subject for sent in (first, second, third)] == [
        "@bob wrote a post that was reported",
        "@bob was reported",
        "@dora wants to join",
    ]
    assert "> Buy pills\n\nhttp://127.0.0.1:8000/moderation/\n" in first.body
    assert "bob (@bob) was reported\n\nhttp://127.0.0.1:8000/moderation/\n" in second.body
    assert ">bob</bdi> (@bob) <a href=" in second.alternatives[0][0]
    assert "blockquote" not in second.alternatives[0][0]
    wants("daily")
    settled = post(bob, "Buy more pills")
    report_actions.report(post_id=settled.pk, by=person("erik"), reason="Spam")
    applications.apply(person("fred", is_active=False), "")
    moderation.dismiss(post_id=settled.pk, by=alice)
    clock(MORNING)
    [sent] = digest(deliver)
    assert sent.subject == "@fred wants to join"


def test_many_mails_of_an_hour_wait_for_the_digest(wants, mention, deliver, clock):
    wants("immediate")
    most = notification_mails.IMMEDIATE.amount
    for _ in range(most + 2):
        mention()
    assert len(deliver()) == most
    clock(MORNING)
    [sent] = digest(deliver)
    assert sent.subject == "2 new notifications"


# -- Once a day --------------------------------------------------------------------------------


def test_a_new_user_gets_one_digest_in_the_morning(alice, mention, deliver, clock):
    for number in range(3):
        mention(f"@alice, number {number}")
        assert digest(deliver) == []
    clock(MORNING - timedelta(seconds=1))
    assert digest(deliver) == []
    clock(MORNING)
    [sent] = digest(deliver)
    assert sent.to == [alice.email]
    assert sent.subject == "3 new notifications"
    numbers = [sent.body.index(f"> @alice, number {number}\n") for number in range(3)]
    assert numbers == sorted(numbers), "oldest first, as one reads"
    assert digest(deliver) == []


def test_what_comes_after_the_morning_is_in_the_digest_of_the_next_day(mention, deliver, clock):
    mention("@alice, apples")
    clock(MORNING + timedelta(minutes=1))
    mention("@alice, pears")
    [sent] = digest(deliver)
    assert ("apples" in sent.body, "pears" in sent.body) == (True, False)
    clock(MORNING + timedelta(hours=23, minutes=59))
    assert digest(deliver) == []
    clock(MORNING + timedelta(days=1))
    [sent] = digest(deliver)
    assert ("apples" in sent.body, "pears" in sent.body) == (False, True)


def test_a_worker_that_was_down_in_the_morning_sends_the_digest_later(mention, deliver, clock):
    mention()
    clock(MORNING + timedelta(hours=9))
    assert len(digest(deliver)) == 1


@pytest.mark.parametrize(
    ("zone", "morning"),
    [
        ("Europe/Vienna", "2026-07-02T06:00Z"),
        ("America/Los_Angeles", "2026-07-01T15:00Z"),
        ("Pacific/Kiritimati", "2026-07-01T18:00Z"),
        ("Asia/Kathmandu", "2026-07-02T02:15Z"),
    ],
)
def test_the_morning_is_that_of_the_users_time_zone(wants, mention, deliver, clock, zone, morning):
    wants("daily", zone)
    mention()
    morning = datetime.fromisoformat(morning)
    clock(morning - timedelta(seconds=1))
    assert digest(deliver) == []
    clock(morning)
    assert len(digest(deliver)) == 1


@pytest.mark.parametrize(
    ("evening", "morning"),
    [
        ("2026-03-28T20:00Z", "2026-03-29T06:00Z"),  # the night of 23 hours
        ("2026-10-24T20:00Z", "2026-10-25T07:00Z"),  # the night of 25 hours
    ],
)
def test_the_digest_keeps_its_hour_when_the_clocks_change(
    wants, mention, deliver, clock, evening, morning
):
    wants("daily", "Europe/Vienna")
    clock(datetime.fromisoformat(evening))
    mention()
    morning = datetime.fromisoformat(morning)
    clock(morning - timedelta(seconds=1))
    assert digest(deliver) == []
    clock(morning)
    assert len(digest(deliver)) == 1


def test_a_time_zone_that_a_machine_does_not_know_is_utc(alice, mention, deliver, clock):
    CustomUser.objects.filter(pk=alice.pk).update(time_zone="Europe/Atlantis")
    mention()
    clock(MORNING)
    assert len(digest(deliver)) == 1
    assert time_zones.get("../etc/passwd") is UTC


def test_a_long_digest_shows_some_and_counts_the_others(mention, deliver, clock):
    most = notification_mails.MOST_SHOWN
    for number in range(most + 5):
        mention(f"@alice, number {number}.")
    clock(MORNING)
    [sent] = digest(deliver)
    assert sent.subject == f"{most + 5} new notifications"
    assert f"number {most - 1}." in sent.body
    assert f"number {most}." not in sent.body
    assert "And 5 more" in sent.body
    assert "And 5 more" in sent.alternatives[0][0]


def test_digests_of_many_users_are_scheduled_batch_by_batch(
    person, bob, deliver, clock, monkeypatch
):
    monkeypatch.setattr(notification_mails, "USERS_AT_ONCE", 2)
    for number in range(5):
        person(f"user_{number}")
    for number in range(5):
        actions.publish(by=bob, body=f"@user_{number}")
    clock(MORNING)
    assert send_digests() == 2
    sent = []
    while OutboxEntry.objects.exists():
        for key in list(OutboxEntry.objects.values_list("pk", flat=True)):
            outbox.perform(str(key))
        sent = list(outgoing.outbox)
    assert sorted(one.to[0] for one in sent) == [f"user_{n}@example.org" for n in range(5)]


# -- Who gets none -----------------------------------------------------------------------------


def test_who_wants_no_mails_gets_none(wants, mention, deliver, clock):
    wants("off")
    mention()
    clock(MORNING)
    assert digest(deliver) == []
    wants("daily")
    assert digest(deliver) == [], "nothing of the time before"


def test_who_ends_them_gets_nothing_that_waits(wants, mention, deliver, clock):
    mention()
    wants("immediate")
    mention()
    wants("off")
    clock(MORNING)
    assert digest(deliver) == []


def test_a_suspended_user_gets_none(alice, wants, mention, deliver, clock):
    mention()
    wants("immediate")
    mention()
    CustomUser.objects.filter(pk=alice.pk).update(is_active=False)
    mention()
    clock(MORNING)
    assert digest(deliver) == []
    CustomUser.objects.filter(pk=alice.pk).update(is_active=True)
    assert digest(deliver) == [], "nothing of the time before"


def test_who_has_read_it_gets_no_mail(alice, mention, deliver, clock):
    mention("@alice, read")
    clock(NOON + timedelta(hours=1))
    mark_read(by=alice, up_to=timezone.now())
    clock(NOON + timedelta(hours=2))
    mention("@alice, unread")
    clock(MORNING)
    [sent] = digest(deliver)
    assert ("> @alice, read" in sent.body, "unread" in sent.body) == (False, True)


def test_what_is_deleted_is_not_mailed(bob, wants, mention, deliver, clock):
    first = mention()
    wants("immediate")
    for given in (first, mention()):
        actions.delete(post_id=given.pk, by=bob)
    clock(MORNING)
    assert digest(deliver) == []


def test_without_smtp_no_mail_is_made(settings, wants, mention, deliver, clock):
    mention()
    settings.SMTP_URL = ""
    for choice in ("daily", "immediate"):
        wants(choice)
        mention()
    clock(MORNING)
    assert digest(deliver) == []
    settings.SMTP_URL = "smtp://mail.example.org"
    assert len(digest(deliver)) == 1


def test_after_a_long_time_without_smtp_the_digest_has_what_is_new(
    settings, mention, deliver, clock
):
    mention("@alice, old")
    clock(MORNING + timedelta(days=8))
    assert digest(deliver) == []
    mention("@alice, new")
    clock(MORNING + timedelta(days=9))
    [sent] = digest(deliver)
    assert ("old" in sent.body, "new" in sent.body) == (False, True)


# -- Never twice -------------------------------------------------------------------------------


def test_a_task_that_runs_again_sends_nothing(alice, wants, mention, deliver):
    wants("immediate")
    mention()
    [entry] = OutboxEntry.objects.all()
    assert len(deliver()) == 1
    mail_notifications(*entry.ids)
    assert len(outgoing.outbox) == 1


class Killed(BaseException):
    """No task can catch it."""


def test_a_worker_killed_while_sending_repeats_the_same_mail(wants, mention, clock, monkeypatch):
    """The notification is in no other mail, and the Message-ID is the same."""
    mention()
    clock(MORNING)
    send_digests()
    [entry] = OutboxEntry.objects.all()

    def sent_and_killed(*args):
        original(*args)
        raise Killed

    original = notification_mails.send
    monkeypatch.setattr(notification_mails, "send", sent_and_killed)
    with pytest.raises(Killed):
        outbox.perform(str(entry.pk))
    monkeypatch.setattr(notification_mails, "send", original)
    assert send_digests() == 0
    clock(MORNING + OutboxEntry.LEASE)
    outbox.perform(str(entry.pk))
    first, second = outgoing.outbox
    assert first.body == second.body
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_scheduling_has_scheduled_nothing(
    mention, deliver, clock, monkeypatch
):
    mention()
    clock(MORNING)

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(notification_mails, "later", killed)
        with pytest.raises(Killed):
            send_digests()
    assert Notification.objects.get().mail_state == MailState.PENDING
    assert len(digest(deliver)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_schedule_one_digest(person, bob, deliver, clock):
    people = [person(f"user_{number}") for number in range(6)]
    for one in people:
        for _ in range(3):
            actions.publish(by=bob, body=f"@{one.username}")
    clock(MORNING)
    together(*[send_digests] * 4)
    sent = deliver()
    assert sorted(one.to[0] for one in sent) == [one.email for one in people]
    assert {one.subject for one in sent} == {"3 new notifications"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_message_send_one_mail(wants, mention):
    wants("immediate")
    mention()
    [entry] = OutboxEntry.objects.all()
    together(*[partial(outbox.perform, str(entry.pk))] * 4)
    assert len(outgoing.outbox) == 1


# -- What a mail is ----------------------------------------------------------------------------


def test_a_mail_can_be_unsubscribed_from_by_one_click_and_is_known_as_automatic(
    wants, mention, deliver
):
    """RFC 8058 and RFC 3834."""
    wants("immediate")
    mention()
    [entry] = OutboxEntry.objects.all()
    [sent] = deliver()
    message = sent.message()
    link = message["List-Unsubscribe"].strip("<>")
    assert link.startswith("http://127.0.0.1:8000/unsub/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert parseaddr(message["Message-ID"])[1] == f"{entry.pk}@localhost"
    assert link in sent.body
    assert link in sent.alternatives[0][0]


def test_a_mail_prints_segments(alice, wants, mention, deliver):
    wants("immediate")
    mention("@alice <b> #tea https://example.org/a?b&c \n\nhttps://a@b.example/")
    [sent] = deliver()
    html = sent.alternatives[0][0]
    assert '<a href="http://127.0.0.1:8000/@alice">@alice</a> &lt;b&gt; ' in html
    assert '<a href="http://127.0.0.1:8000/tags/tea">#tea</a>' in html
    assert 'href="https://example.org/a?b&amp;c" rel="nofollow ugc noopener"' in html
    assert 'href="https://a@b' not in html
    assert "> @alice <b> #tea https://example.org/a?b&c\n>\n> https://a@b.example/\n" in (
        sent.body.replace(" \n", "\n")
    )


def test_b14_a_text_cannot_pass_for_that_of_the_site(bob, wants, mention, deliver):
    wants("immediate")
    CustomUser.objects.filter(pk=bob.pk).update(display_name="Your account is locked")
    mention("@alice\n-- \nGet none any more: https://evil.example/")
    [sent] = deliver()
    assert sent.subject == "@bob mentioned you"
    assert "\n> -- \n> Get none any more: https://evil.example/\n" in sent.body


def test_a_picture_is_described(wants, mention, deliver):
    wants("immediate")
    mention("@alice", image=picture(), image_alt="A wall")
    assert "> @alice\n> [Picture] A wall\n" in deliver()[0].body


def test_a_reply_of_an_anonymous_user_is_mailed_without_a_name(alice, wants, post, deliver):
    wants("immediate")
    actions.publish(by=AnonymousUser(), body="Hello", in_reply_to=post(alice).pk)
    assert [sent.subject for sent in deliver()] == ["Somebody replied to you"]
    assert Post.objects.count() == 2


def test_a_restored_site_mails_nothing_that_waited_in_its_backup(mention, deliver, clock):
    mention("@alice, before the backup")
    restore.forget_mails(connection)
    mention("@alice, after it")
    clock(MORNING)
    [sent] = digest(deliver)
    assert ("before" in sent.body, "after" in sent.body) == (False, True)
