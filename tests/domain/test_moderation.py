"""Moderators hide posts, show them again, and approve those that are held."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ublog.blog import actions, moderation, report_actions
from ublog.blog.models import Post
from ublog.blog.reports import Report
from ublog.blog.states import PostState
from ublog.core.exceptions import NotAuthenticated

HELD, HIDDEN, DELETED = PostState.HELD, PostState.HIDDEN, PostState.DELETED
ACTIONS = {"hide": (None, HIDDEN), "unhide": (HIDDEN, None), "approve": (HELD, None)}
every_action = pytest.mark.parametrize(
    ("action", "before", "after"),
    [(getattr(moderation, name), *states) for name, states in ACTIONS.items()],
    ids=ACTIONS,
)


@every_action
def test_only_a_moderator_may(alice, staff, post, rejected, action, before, after):
    mine = post(alice, state=before)
    for user, error in ((alice, PermissionDenied), (AnonymousUser(), NotAuthenticated)):
        with rejected(error):
            action(post_id=mine.pk, by=user)
    assert action(post_id=mine.pk, by=staff).state == after


@every_action
def test_a_moderator_who_is_suspended_may_not(staff, post, rejected, action, before, after):
    one = post(state=before)
    staff.is_active = False
    staff.save()
    with rejected(NotAuthenticated):
        action(post_id=one.pk, by=staff)


@every_action
def test_again_it_changes_nothing(staff, post, everything, action, before, after):
    one = post(state=before)
    action(post_id=one.pk, by=staff)
    stored = everything()
    assert action(post_id=one.pk, by=staff).state == after
    assert everything() == stored


@every_action
def test_a_post_in_another_state_is_not_found(staff, post, rejected, action, before, after):
    for state in {None, HELD, HIDDEN, DELETED} - {before, after}:
        one = post(state=state)
        with rejected(Post.DoesNotExist):
            action(post_id=one.pk, by=staff)
    with rejected(Post.DoesNotExist):
        action(post_id="abc", by=staff)


@every_action
def test_a_reply_is_counted_while_it_is_published(staff, post, action, before, after):
    first = post()
    reply = post(in_reply_to=first, state=before)
    action(post_id=reply.pk, by=staff)
    first.refresh_from_db()
    assert first.reply_count == (after is None)


def test_a_post_that_is_shown_again_keeps_its_place_and_version(staff, post):
    moment = timezone.now() - timedelta(days=1)
    one = post(created_on=moment)
    moderation.hide(post_id=one.pk, by=staff)
    shown = moderation.unhide(post_id=one.pk, by=staff)
    assert (shown.created_on, shown.version) == (moment, one.version)


def test_a_post_is_published_at_the_moment_of_its_approval(staff, post):
    one = post(state=HELD, created_on=timezone.now() - timedelta(days=1))
    before = timezone.now()
    shown = moderation.approve(post_id=one.pk, by=staff)
    assert before <= shown.created_on <= timezone.now()
    assert not shown.edited


def test_a_hidden_post_goes_when_its_author_deletes_it(alice, staff, post):
    one = post(alice, "Rude")
    below = post(in_reply_to=one, conversation=one.pk)
    moderation.hide(post_id=one.pk, by=staff)
    actions.delete(post_id=one.pk, by=alice)
    one.refresh_from_db()
    assert (one.state, one.body, one.reply_count) == (DELETED, "", 1)
    actions.delete(post_id=below.pk, by=staff)
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda post, by: moderation.unhide(post_id=post.pk, by=by),
        lambda post, by: moderation.dismiss(post_id=post.pk, by=by),
        lambda post, by: moderation.dismiss_user(username=by.username, by=by),
    ],
    ids=["show the post again", "dismiss reports of it", "dismiss reports of oneself"],
)
def test_no_moderator_judges_oneself(person, alice, staff, post, rejected, act):
    moderator = person("mona", is_staff=True)
    for by, error in ((moderator, PermissionDenied), (staff, None)):
        mine = post(by)
        report_actions.report(post_id=mine.pk, by=alice, reason="Spam")
        report_actions.report_user(username=by.username, by=alice, reason="Spam")
        Post.objects.filter(pk=mine.pk).update(state=HIDDEN)
        if error:
            with rejected(error):
                act(mine, by)
            assert Report.objects.count() == 2
        else:
            act(mine, by)
            assert Report.objects.count() == 3
