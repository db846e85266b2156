"""Users report posts and other users to the moderators."""

import pytest

from tests.contract.exceptions import Invalid, NotAuthenticated, NotFound, RateLimited
from ublog.blog import moderation, queue
from ublog.blog.models import Post
from ublog.blog.reports import Report
from ublog.blog.states import PostState


def reports():
    fields = ("post", "user__username", "by__username", "reason", "is_first")
    return list(Report.objects.order_by("pk").values_list(*fields))


def test_a_post_is_reported_with_a_reason(interface, alice, bob, post):
    one = post(alice)
    assert interface(bob).report(one.pk, " Spam\nand more ").id == one.pk
    assert reports() == [(one.pk, None, "bob", "Spam\nand more", True)]


def test_a_user_is_reported_whatever_the_case_of_the_name(interface, alice, bob):
    interface(bob).report_user("Alice", "Insults people")
    assert reports() == [(None, "alice", "bob", "Insults people", True)]


def test_a_second_report_by_the_same_user_changes_nothing(interface, alice, bob, charlie, post):
    one = post(alice)
    for user in (bob, bob, charlie):
        interface(user).report(one.pk, f"By {user}")
        interface(user).report_user("alice", f"By {user}")
    assert reports() == [
        (one.pk, None, "bob", "By bob", True),
        (None, "alice", "bob", "By bob", True),
        (one.pk, None, "charlie", "By charlie", False),
        (None, "alice", "charlie", "By charlie", False),
    ]


def test_nobody_reports_oneself(interface, alice, post):
    one = post(alice)
    with pytest.raises(Invalid):
        interface(alice).report(one.pk, "Mine")
    with pytest.raises(Invalid):
        interface(alice).report_user("alice", "Me")
    assert reports() == []


@pytest.mark.five
@pytest.mark.parametrize("reason", ["", "  \n ", "a" * 501, "a\0b"])
def test_a_reason_is_a_text_of_500_characters(interface, alice, bob, post, reason):
    one = post(alice)
    for report in (
        lambda: interface(bob).report(one.pk, reason),
        lambda: interface(bob).report_user("alice", reason),
    ):
        with pytest.raises(Invalid) as error:
            report()
        assert error.value.fields == {"reason"}
    assert reports() == []
    interface(bob).report(one.pk, "é" * 500)


@pytest.mark.parametrize("state", PostState)
def test_what_is_not_published_cannot_be_reported(interface, bob, post, reply, state):
    one = post(body="" if state == PostState.DELETED else "Hm", state=state)
    reply(one)
    with pytest.raises(NotFound):
        interface(bob).report(one.pk, "Spam")
    with pytest.raises(NotFound):
        interface(bob).report_user("nobody", "Spam")
    assert reports() == []


def test_visitors_and_those_who_were_suspended_must_log_in(interface, alice, bob, staff):
    driver = interface(bob)
    moderation.suspend(username="bob", by=staff)
    for one in (interface(), driver):
        with pytest.raises(NotAuthenticated):
            one.report_user("alice", "Spam")


def test_users_and_posts_share_one_limit(interface, alice, bob, post, settings):
    settings.LIMITS = settings.LIMITS | {"report": "2/hour"}
    one = post(alice)
    interface(bob).report_user("alice", "Spam")
    interface(bob).report(one.pk, "Spam")
    with pytest.raises(RateLimited):
        interface(bob).report_user("alice", "Spam")


def test_reports_go_with_what_they_are_of(interface, alice, bob, post, reply):
    with_reply, without = post(alice), post(alice)
    reply(with_reply)
    for one in (with_reply, without):
        interface(bob).report(one.pk, "Spam")
        interface(alice).delete(one.pk)
    assert Post.objects.filter(pk=with_reply.pk).exists()
    interface(bob).report_user("alice", "Spam")
    alice.delete()
    assert reports() == []


def test_a_report_stays_when_its_user_leaves(interface, alice, bob, charlie, staff):
    interface(bob).report_user("alice", "Spam")
    bob.delete()
    interface(charlie).report_user("alice", "Spam")
    assert [by for _, _, by, *_ in reports()] == [None, "charlie"]
    [item] = queue.page(staff).items
    assert item.report_count == 2
