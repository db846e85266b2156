"""Moderators delete all of an author or a network, and block domains; all is in the log."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from ublog.accounts import actions as accounts
from ublog.accounts import suspension
from ublog.accounts.blocks import Block, network_hash
from ublog.accounts.models import CustomUser
from ublog.accounts.moderation_log import MAX_REASON, LogEntry
from ublog.blog import actions, cleanups, moderation, networks, report_actions
from ublog.blog.models import Post
from ublog.blog.reports import Cleanup, PostNetwork, Report
from ublog.core.client_address import caller_address
from ublog.core.exceptions import NotAuthenticated
from ublog.core.models import OutboxEntry

HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def moderator(person):
    return person("mona", is_staff=True)


@pytest.fixture
def come_from():
    """A function that makes what follows come from an IP address."""
    before = caller_address.set(HERE)
    yield caller_address.set
    caller_address.reset(before)


def anonymous(body="Spam"):
    return actions.publish(by=AnonymousUser(), body=body)


def run_batches(cleanup):
    """Do what the worker does; return how many posts each batch has deleted."""
    found = []
    while not Cleanup.objects.get(pk=cleanup.pk).finished_on:
        found.append(cleanups.delete_batch(cleanup.pk))
    return found


def log():
    return list(LogEntry.objects.order_by("pk").values_list("by_name", "action", "target"))


# -- Networks ------------------------------------------------------------------------------------


def test_a_network_is_an_ipv4_address_or_the_64_of_an_ipv6_address():
    assert network_hash(HERE) != network_hash("198.51.100.8")
    assert network_hash("2001:db8::1") == network_hash("2001:db8::ffff:1")
    assert network_hash("2001:db8::1") != network_hash("2001:db8:0:1::1")
    assert network_hash("::ffff:198.51.100.7") == network_hash(HERE)
    assert network_hash("no address") == ""
    assert HERE not in network_hash(HERE)


def test_an_anonymous_post_keeps_its_network_for_seven_days(alice, come_from):
    one = anonymous()
    actions.publish(by=alice, body="Hello")
    [kept] = PostNetwork.objects.all()
    assert (kept.post, kept.hash) == (one, network_hash(HERE))
    assert networks.forget() == 0
    PostNetwork.objects.update(created_on=timezone.now() - timedelta(days=7, seconds=1))
    assert networks.forget() == 1
    assert Post.objects.count() == 2


def test_the_network_goes_with_its_post(come_from, alice):
    one, other = anonymous(), anonymous()
    actions.publish(by=alice, body="Why?", in_reply_to=one.pk)
    for post in (one, other):
        actions.delete(
            post_id=post.pk, by=alice.__class__.objects.create_superuser(f"{post.pk}@x.org")
        )
    assert not PostNetwork.objects.exists()


def test_an_approved_post_has_not_the_network_of_the_moderator(post, moderator, come_from):
    held = post(state=2)
    moderation.approve(post_id=held.pk, by=moderator)
    assert not PostNetwork.objects.exists()


def test_all_posts_from_a_network_are_deleted_in_batches(
    come_from, moderator, monkeypatch, no_limits
):
    monkeypatch.setattr(cleanups, "BATCH", 3)
    spam = [anonymous() for _ in range(7)]
    come_from(THERE)
    kept = anonymous("Not spam")
    moderation.delete_network(post_id=spam[0].pk, by=moderator, reason="A wave")
    [cleanup] = Cleanup.objects.all()
    assert (cleanup.total, cleanup.done, cleanup.finished_on) == (7, 0, None)
    assert OutboxEntry.objects.get().ids == [cleanup.pk]
    assert run_batches(cleanup) == [3, 3, 1]
    [done] = cleanups.latest()
    assert (done.done, done.total) == (7, 7)
    assert list(Post.objects.all()) == [kept]
    assert cleanups.delete_batch(cleanup.pk) == 0
    assert log() == [("mona", "delete_all", f"the network of post {spam[0].pk}")]


def test_what_is_published_afterwards_stays(come_from, moderator, no_limits):
    first = anonymous()
    moderation.delete_network(post_id=first.pk, by=moderator)
    later = anonymous("Later")
    run_batches(Cleanup.objects.get())
    assert list(Post.objects.all()) == [later]


def test_a_blocked_network_neither_posts_nor_joins(come_from, moderator, alice):
    one = anonymous()
    come_from(THERE)
    moderation.delete_network(post_id=one.pk, by=moderator, block=True)
    assert anonymous("Mine")
    come_from(HERE)
    with pytest.raises(PermissionDenied):
        anonymous()
    with pytest.raises(PermissionDenied):
        accounts.sign_up(email="new@example.org")
    assert actions.publish(by=alice, body="Members may")
    [block] = moderation.list_blocks(moderator)
    moderation.allow(by=moderator, block_id=block.pk)
    assert anonymous("Again")
    actions_of_log = [action for _, action, _ in log()]
    assert actions_of_log == ["block", "delete_all", "allow"]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.9.9.9", "::1", HERE, "nonsense", "10.0.0.0/8"]
)
def test_no_moderator_locks_oneself_out(come_from, moderator, rejected, address):
    with rejected(ValidationError):
        moderation.block(by=moderator, address=address)
    assert (Block.objects.count(), log()) == (0, [])


@pytest.mark.parametrize("address", [HERE, "127.0.0.1", "::1"])
def test_nor_by_a_post_of_their_own_network(come_from, moderator, rejected, address):
    come_from(address)
    one = anonymous()
    for block in (
        lambda: moderation.block_network(post_id=one.pk, by=moderator),
        lambda: moderation.delete_network(post_id=one.pk, by=moderator, block=True),
    ):
        with rejected(ValidationError):
            block()
    assert (Block.objects.count(), Cleanup.objects.count(), log()) == (0, 0, [])


def test_a_post_whose_network_is_not_known_has_none_to_block(post, moderator, rejected):
    one = post()
    for pk in (one.pk, 999, "abc"):
        with rejected((PostNetwork.DoesNotExist, Post.DoesNotExist)):
            moderation.block_network(post_id=pk, by=moderator)


# -- Domains -------------------------------------------------------------------------------------


def test_a_blocked_domain_and_those_below_it_do_not_join(come_from, moderator, settings):
    settings.WHO_MAY_JOIN = "open"
    moderation.block(by=moderator, domain="someone@Spam.Example")
    for email in ("a@spam.example", "a@mail.SPAM.example"):
        with pytest.raises(ValidationError) as error:
            accounts.sign_up(email=email)
        assert list(error.value.message_dict) == ["email"]
    for email in ("a@notspam.example", "a@example.org"):
        accounts.sign_up(email=email)
    moderation.block(by=moderator, domain="spam.example")
    assert log() == [("mona", "block", "spam.example")]


@pytest.mark.parametrize("domain", ["", "org", "a b.org", "@", "ä" * 300, "x.org/", "[127.0.0.1]"])
def test_what_is_no_domain_is_not_blocked(moderator, rejected, domain):
    with rejected(ValidationError):
        moderation.block(by=moderator, domain=domain)
    with rejected(ValidationError):
        moderation.block(by=moderator, domain="spam.example", address=HERE)


# -- Authors -------------------------------------------------------------------------------------


def test_all_posts_of_an_author_are_deleted_and_the_author_is_suspended(
    alice, bob, moderator, post, reply_to
):
    posts = [post(alice) for _ in range(4)]
    below = reply_to(posts[0], bob)
    report_actions.report_user(username="alice", by=bob, reason="Spam")
    moderation.delete_posts(username="alice", by=moderator, suspend=True, reason="Spam")
    assert CustomUser.objects.get(pk=alice.pk).is_suspended
    assert run_batches(Cleanup.objects.get()) == [4]
    assert set(Post.objects.not_deleted()) == {below}
    assert Post.objects.get(pk=posts[0].pk).deleted
    assert not Report.objects.exists()
    assert [action for _, action, _ in log()] == ["suspend", "delete_all"]


@pytest.fixture
def reply_to(post):
    return lambda to, author: post(author, in_reply_to=to, conversation=to.pk)


def test_no_author_keeps_posts_from_being_deleted_by_deleting_the_account(alice, moderator, post):
    posts = [post(alice) for _ in range(3)]
    moderation.delete_posts(username="alice", by=moderator)
    later = post(alice)
    accounts.delete(user=alice)
    assert list(Post.objects.values_list("pk", "created_by")) == [(later.pk, None)]
    cleanup = Cleanup.objects.get()
    assert (cleanup.done, bool(cleanup.finished_on)) == (len(posts), True)
    assert cleanups.delete_batch(cleanup.pk) == 0


def test_nothing_to_delete_is_finished_at_once(alice, moderator):
    moderation.delete_posts(username="alice", by=moderator)
    assert Cleanup.objects.get().finished_on
    assert not OutboxEntry.objects.exists()


# -- Rights and the log --------------------------------------------------------------------------


@pytest.fixture
def everything_moderators_do(alice, post, come_from):
    one, two, held, spam = post(), post(), post(state=2), anonymous()
    Report.objects.create(post=one, subject=one.pk, reason="Spam", is_first=True)
    come_from(THERE)
    posts = {"unhide": two, "approve": held}
    named = {
        name: lambda by, reason="", name=name: moderation.moderate_post(
            action=name,
            post_id=posts.get(name, spam if "network" in name else one).pk,
            by=by,
            reason=reason,
        )
        for name in ("dismiss", "hide", "unhide", "approve", "block_network", "delete_network")
    }
    Post.objects.filter(pk=two.pk).update(state=3)
    users = {
        f"user {name}": lambda by, reason="", name=name: moderation.moderate_user(
            action=name, username="alice", by=by, reason=reason
        )
        for name in ("suspend", "lift", "end_sessions", "delete_posts")
    }
    block = {"block": lambda by, reason="": moderation.block(by=by, domain="x.org", reason=reason)}
    delete = {
        "delete": lambda by, reason="": moderation.delete(post_id=one.pk, by=by, reason=reason)
    }
    return named | users | block | delete


def test_only_moderators_do_any_of_it(everything_moderators_do, alice, bob, rejected):
    for act in everything_moderators_do.values():
        with rejected(NotAuthenticated):
            act(AnonymousUser())
        with rejected(PermissionDenied):
            act(bob)
    for read in (moderation.log_page, moderation.list_blocks, moderation.list_cleanups):
        with rejected(PermissionDenied):
            read(bob)
    assert log() == []


def test_each_step_writes_one_entry_with_its_reason(everything_moderators_do, moderator):
    for number, act in enumerate(everything_moderators_do.values(), 1):
        act(moderator, f"Reason {number}")
        assert LogEntry.objects.count() == number
        assert LogEntry.objects.latest("pk").reason == f"Reason {number}"


def test_a_reason_that_is_too_long_changes_nothing(everything_moderators_do, moderator, rejected):
    for act in everything_moderators_do.values():
        if act is not everything_moderators_do["user lift"]:  # there is nothing to lift
            with rejected(ValidationError):
                act(moderator, "a" * (MAX_REASON + 1))
    assert (log(), Cleanup.objects.count(), Block.objects.count()) == ([], 0, 0)
    assert not CustomUser.objects.get(username="alice").is_suspended


def test_nobody_changes_or_deletes_an_entry(moderator, alice):
    suspension.suspend(username="alice", by=moderator)
    entry = LogEntry.objects.get()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    moderator.delete()
    assert log() == [("mona", "suspend", "@alice without an end")]


@pytest.mark.parametrize("name", ["", "fly", "__class__"])
def test_an_action_has_a_name(moderator, alice, post, rejected, name):
    one = post()
    with rejected(ValidationError):
        moderation.moderate_post(action=name, post_id=one.pk, by=moderator)
    with rejected(ValidationError):
        moderation.moderate_user(action=name, username="alice", by=moderator)
