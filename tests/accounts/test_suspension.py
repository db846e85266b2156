"""Moderators suspend users: nothing works that needs a login, until it ends by itself."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from tests.accounts.drivers import PASSWORD
from tests.contract.drivers import DRIVERS
from tests.contract.exceptions import NotAuthenticated as DriverNotAuthenticated
from ublog.accounts import suspension
from ublog.accounts.models import FOREVER, CustomUser, TokenFamily
from ublog.accounts.moderation_log import LogEntry
from ublog.blog import actions, notification_mails
from ublog.blog.models import PostBookmark
from ublog.blog.notifications import MailState, Notification
from ublog.core.exceptions import NotAuthenticated

HEADERS = {"X-Ublog": "1"}


@pytest.fixture
def moderator(person):
    return person("mona", is_staff=True)


@pytest.fixture
def carol(person):
    return person("carol", password=PASSWORD)


def log_in(user, client=None):
    sent = {"email": user.email, "password": PASSWORD}
    client = client or Client()
    return client, client.post("/api/auth/token/", sent, "application/json", headers=HEADERS)


def ended(user):
    """Let the suspension of a user have ended a moment ago."""
    past = timezone.now() - timedelta(seconds=1)
    CustomUser.objects.filter(pk=user.pk).update(suspended_until=past)


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.name)
def test_at_the_next_request_nothing_works_that_needs_a_login(driver, carol, moderator, post):
    mine, other = post(carol), post(None)
    PostBookmark.objects.create(post=other, user=carol)
    inside = driver(carol)
    assert inside.timeline(bookmarked="on").ids == [other.pk]
    suspension.suspend(username="carol", by=moderator)
    for act in (
        lambda: inside.like(other.pk),
        lambda: inside.edit(mine.pk, body="Changed"),
        lambda: inside.delete(mine.pk),
        inside.notifications,
        lambda: inside.timeline(bookmarked="on"),
    ):
        with pytest.raises(DriverNotAuthenticated):
            act()
    assert set(inside.timeline().ids) == {mine.pk, other.pk}  # to read needs no login
    ended(carol)
    assert driver(carol).like(other.pk).liked


def test_her_sessions_and_token_families_end(carol, moderator):
    client, response = log_in(carol)
    assert response.status_code == 200
    assert client.get("/accounts/profile/").status_code == 200
    suspension.suspend(username="CAROL", by=moderator)
    assert client.get("/accounts/profile/").status_code == 302
    refresh = client.post("/api/auth/token/refresh/", {}, "application/json", headers=HEADERS)
    assert refresh.status_code == 401
    assert not TokenFamily.objects.exists()


def test_a_session_that_was_begun_at_the_same_time_is_worth_nothing(carol, moderator):
    suspension.suspend(username="carol", by=moderator)
    client = Client()
    client.force_login(carol)
    assert client.get("/accounts/profile/").status_code == 302
    refresh = client.post("/api/auth/token/refresh/", {}, "application/json", headers=HEADERS)
    assert refresh.status_code == 401


def test_the_log_in_says_so_after_the_right_password_alone(carol, moderator):
    until = timezone.now() + timedelta(days=3)
    suspension.suspend(username="carol", by=moderator, until=until)
    text = f"A moderator has suspended this account until {until:%d %B %Y, %H:%M} UTC."
    for url in ("/accounts/login/", "/admin/login/"):
        sent = {"username": carol.email, "password": PASSWORD}
        assert text in Client().post(url, sent).content.decode()
        wrong = Client().post(url, sent | {"password": "wrong"}).content.decode()
        assert "suspended" not in wrong
    _, response = log_in(carol)
    assert (response.status_code, response.json()) == (403, {"detail": text})
    assert "ublog_8000_refresh" not in response.cookies
    ended(carol)
    assert log_in(carol)[1].status_code == 200


def test_without_an_end_no_moment_is_named(carol, moderator):
    assert suspension.suspend(username="carol", by=moderator).suspended_until == FOREVER
    assert log_in(carol)[1].json() == {"detail": "A moderator has suspended this account."}


def test_nobody_is_notified_or_mailed_while_suspended(carol, bob, moderator, post, settings):
    settings.MAIL_DIR = None
    mine = post(carol)
    carol.email_notifications = "immediate"
    carol.save()
    actions.publish(by=bob, body="Before", in_reply_to=mine.pk)
    suspension.suspend(username="carol", by=moderator)
    actions.publish(by=bob, body="@carol, after", in_reply_to=mine.pk)
    actions.like(post_id=mine.pk, by=bob)
    [one] = Notification.objects.filter(user=carol)
    Notification.objects.update(mail_state=MailState.SCHEDULED)
    notification_mails.mail_notifications(carol.pk, one.pk, one.pk)
    assert mail.outbox == []


def test_lifting_ends_it_at_once(carol, moderator):
    suspension.suspend(username="carol", by=moderator)
    suspension.lift(username="carol", by=moderator, reason="A mistake")
    assert log_in(carol)[1].status_code == 200
    suspension.lift(username="carol", by=moderator)
    log = LogEntry.objects.order_by("pk").values_list("action", "target", "reason")
    assert list(log) == [
        ("suspend", "@carol without an end", ""),
        ("lift", "@carol", "A mistake"),
    ]


def test_sessions_are_ended_and_she_may_log_in_again(carol, moderator):
    client, _ = log_in(carol)
    suspension.end_sessions(username="carol", by=moderator)
    assert client.get("/accounts/profile/").status_code == 302
    assert log_in(carol)[1].status_code == 200


@pytest.mark.parametrize("action", ["suspend", "lift", "end_sessions"])
def test_moderators_act_against_members_administrators_against_all_but_themselves(
    action, carol, moderator, staff, person, rejected
):
    other = person("olga", is_staff=True)
    act = getattr(suspension, action)
    for by, targets in ((carol, [moderator, carol]), (moderator, [moderator, other, staff])):
        for target in targets:
            with rejected(PermissionDenied):
                act(username=target.username, by=by)
    with rejected(PermissionDenied):
        act(username=staff.username, by=staff)
    with rejected(NotAuthenticated):
        act(username="carol", by=AnonymousUser())
    with rejected(CustomUser.DoesNotExist):
        act(username="nobody", by=staff)
    assert not LogEntry.objects.exists()
    act(username=other.username, by=staff)
    act(username="carol", by=moderator)


@pytest.mark.parametrize(
    "until", ["yesterday", "2020-01-01T00:00Z", "0001-01-01T00:00+14:00", "x" * 999]
)
def test_an_end_is_a_moment_in_the_future(carol, moderator, rejected, until):
    with rejected(ValidationError):
        suspension.suspend(username="carol", by=moderator, until=until)


def test_one_who_is_suspended_moderates_nothing(carol, moderator, staff, rejected):
    suspension.suspend(username="mona", by=staff)
    with rejected(NotAuthenticated):
        suspension.suspend(username="carol", by=moderator)
