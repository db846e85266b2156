"""Moderators are notified of what waits for them, until one has dealt with it."""

import pytest

from tests.contract.drivers import Pages
from ublog.accounts import applications, personal_tokens
from ublog.accounts.models import Application
from ublog.blog import actions, moderation, mute_actions, report_actions
from ublog.blog.models import Post
from ublog.blog.notifications import MAX_MODERATORS, Notification
from ublog.core import site_settings

# Apps for Mastodon are not notified of them.
pytestmark = pytest.mark.five


@pytest.fixture
def mona(person):
    return person("mona", is_staff=True)


@pytest.fixture
def dora(person):
    """Somebody who has applied to join."""
    user = person("dora", is_active=False)
    applications.apply(user, "I row, too")
    return user


def test_a_report_of_a_post_notifies_moderators_once(
    interface, alice, bob, charlie, mona, staff, post
):
    one = post(alice, "Buy pills")
    for user in (bob, charlie):
        interface(user).report(one.pk, "Spam")
    for user in (mona, staff):
        [shown] = interface(user).notifications().items
        assert (shown.kind, shown.actor, shown.unread, shown.other_count) == (
            *("report", "alice"),
            *(True, 0),
        )
        assert (shown.post.id, shown.post.body) == (one.pk, "Buy pills")
        assert interface(user).unread_count() == 1
    for user in (alice, bob):
        assert interface(user).notifications().items == ()


def test_a_report_of_a_user_has_no_post(interface, alice, bob, mona):
    interface(bob).report_user("alice", "Rude")
    assert interface(mona).notifications().short == [("report", "alice", None)]
    assert interface(mona).mark_read(interface(mona).notifications().items[0].created_on) == 0


def test_an_application_notifies_moderators(interface, mona, alice, dora):
    assert interface(mona).notifications().short == [("application", "dora", None)]
    assert interface(alice).notifications().items == ()


def test_a_wave_of_held_posts_is_one_notification(interface, mona, settings):
    settings.ANONYMOUS_POSTS = "held"
    site_settings.forget()
    for number in range(3):
        interface().publish(f"Buy pills {number}")
    first = Post.objects.earliest("pk")
    assert interface(mona).notifications().short == [("held", None, first.pk)]
    assert interface(mona).notifications().items[0].post.held


def test_it_goes_when_it_is_settled(interface, alice, bob, mona, staff, post, dora, settings):
    settings.ANONYMOUS_POSTS = "held"
    site_settings.forget()
    hidden, deleted, dismissed, own = (post(alice) for _ in range(4))
    for one in (hidden, deleted, dismissed, own):
        report_actions.report(post_id=one.pk, by=bob, reason="Spam")
    report_actions.report_user(username="alice", by=bob, reason="Spam")
    interface().publish("Buy pills")
    held = Post.objects.latest("pk")
    application = Application.objects.get()
    seen = interface(mona)
    assert interface(mona).unread_count() == 7
    steps = (
        lambda: moderation.hide(post_id=hidden.pk, by=staff),
        lambda: moderation.delete(post_id=deleted.pk, by=staff),
        lambda: moderation.dismiss(post_id=dismissed.pk, by=staff),
        lambda: actions.delete(post_id=own.pk, by=alice),
        lambda: moderation.dismiss_user(username="alice", by=staff),
        lambda: moderation.approve(post_id=held.pk, by=staff),
        lambda: applications.approve(by=staff, pk=application.pk),
    )
    for left, step in enumerate(reversed(steps)):
        assert seen.unread_count() == 7 - left
        step()
    assert seen.notifications().items == ()
    assert not Notification.objects.exists()


def test_what_is_reported_again_notifies_again(interface, alice, bob, mona, post):
    one = post(alice)
    for _ in range(2):
        interface(bob).report(one.pk, "Spam")
        assert interface(mona).unread_count() == 1
        moderation.dismiss(post_id=one.pk, by=mona)
        assert interface(mona).unread_count() == 0


def test_a_deleted_user_takes_it_along(interface, alice, bob, mona, dora):
    interface(bob).report_user("alice", "Rude")
    alice.delete()
    applications.reject(by=mona, pk=dora.application.pk)
    assert interface(mona).notifications().items == ()


def test_no_moderator_is_notified_of_oneself(interface, mona, bob, staff, post):
    interface(bob).report(post(mona).pk, "Rude")
    interface(mona).report(post(bob).pk, "Rude")
    interface(bob).report_user("mona", "Rude")
    assert interface(mona).notifications().items == ()
    assert interface(staff).unread_count() == 3


def test_a_moderator_who_mutes_somebody_is_notified(interface, alice, bob, mona, post):
    one = post(alice)
    mute_actions.mute_user(username="alice", by=mona)
    mute_actions.mute(post_id=one.pk, by=mona)
    interface(bob).report(one.pk, "Spam")
    assert interface(mona).notifications().short == [("report", "alice", one.pk)]
    assert interface(mona).unread_count() == 1


def test_who_moderates_no_more_sees_none_of_it(interface, alice, bob, mona, post):
    interface(bob).report(post(alice).pk, "Spam")
    mona.is_staff = False
    mona.save()
    assert interface(mona).notifications().items == ()
    assert interface(mona).unread_count() == 0


def test_a_program_without_the_scope_sees_none_of_it(interface, alice, bob, mona, post, settings):
    if issubclass(interface, Pages):
        return  # browsers have no scopes
    interface(bob).report(post(alice).pk, "Spam")
    for scopes, count in ((["read", "write"], 0), (["read", "moderate"], 1)):
        driver = interface(mona)
        driver.headers = token_of(mona, scopes)
        assert driver.unread_count() == count
        assert len(driver.notifications().items) == count


def token_of(user, scopes):
    made = personal_tokens.make(by=user, name="A program", scopes=scopes, days=1).secret
    return {"Authorization": f"Bearer {made}"}


def test_at_most_twenty_moderators_are_notified(alice, bob, person, post):
    for number in range(MAX_MODERATORS + 1):
        person(f"m{number}", is_staff=True)
    report_actions.report(post_id=post(alice).pk, by=bob, reason="Spam")
    assert Notification.objects.count() == MAX_MODERATORS
