"""Whom and which conversations a user mutes: gone from lists for this user alone, else folded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import Pages
from tests.contract.exceptions import Invalid, NotAuthenticated, NotFound, RateLimited
from tests.contract.test_timeline import pages
from ublog.blog.models import Post, PostBookmark
from ublog.blog.mutes import MOST_PAGES, Mute

LISTS = [{}, {"replies": "on"}, {"author": "alice"}, {"tag": "tea"}, {"q": "tea"}]


def mute(by, user=None, conversation=None):
    first = conversation and (conversation.conversation or conversation.pk)
    return Mute.objects.create(by=by, user=user, conversation=first)


@pytest.mark.five
def test_a_muted_user_is_gone_from_lists_for_one_alone(interface, alice, bob, charlie, post):
    id = post(alice, "Tea! #tea").pk
    mute(bob, alice)
    for query in LISTS:
        assert interface(bob).timeline(**query).ids == []
        for user in (None, alice, charlie):
            assert interface(user).timeline(**query).ids == [id]


@pytest.mark.five
def test_so_is_a_muted_conversation_with_all_its_replies(interface, alice, bob, post, reply):
    first, other = post(alice, "Tea! #tea"), post(alice, "More #tea")
    second = reply(reply(first, None, "Which #tea?"), alice, "Green #tea")
    mute(bob, conversation=second)
    assert set(interface(bob).timeline(replies="on").ids) == {other.pk}
    for query in LISTS:
        assert interface(bob).timeline(**query).ids == [other.pk]
        assert first.pk in interface(alice).timeline(**query).ids


def test_what_is_muted_is_folded_in_conversations(interface, alice, bob, post, reply):
    first, muted = post(None), []
    for author in (alice, bob, None):
        muted.append(reply(first, author).pk)
    below = reply(Post.objects.get(pk=muted[0]), None)
    mute(bob, alice)
    found = {one.id: one.muted for one in interface(bob).replies(first.pk).posts}
    assert found == {muted[0]: True, muted[1]: False, muted[2]: False}
    assert [one.muted for one in interface(bob).ancestors(below.pk).posts] == [False, True]
    shown = interface(bob).read(muted[0])
    assert (shown.muted, shown.body) == (True, "A reply")
    assert not any(one.muted for one in interface(alice).replies(first.pk).posts)


@pytest.mark.five
def test_own_posts_of_a_muted_conversation_stay(interface, alice, bob, post, reply):
    first = post(alice)
    own = reply(first, bob)
    mute(bob, conversation=first)
    assert interface(bob).timeline(replies="on").ids == [own.pk]
    assert not interface(bob).read(own.pk).muted


def test_bookmarks_have_what_is_muted(interface, alice, bob, post):
    id = post(alice).pk
    PostBookmark.objects.create(post_id=id, user=bob)
    mute(bob, alice)
    assert interface(bob).timeline(bookmarked="on").ids == [id]


def test_what_is_muted_can_be_liked_and_replied_to_and_counts(interface, alice, bob, post):
    first = post(alice)
    mute(bob, alice)
    assert interface(bob).like(first.pk).liked
    interface(bob).publish("I agree", in_reply_to=first.pk)
    shown = interface(bob).read(first.pk)
    assert (shown.like_count, shown.reply_count) == (1, 1)


# -- To mute ---------------------------------------------------------------------------------


@pytest.mark.five
def test_a_conversation_is_muted_by_any_of_its_posts(interface, alice, bob, post, reply):
    first = post(alice)
    second = reply(first, alice)
    verbs = ("mute", "mute", "toggle_mute", "toggle_mute", "unmute", "unmute")
    shown = [getattr(interface(bob), verb)(second.pk).muted for verb in verbs]
    assert shown == [True, True, False, True, False, False]
    interface(bob).mute(second.pk)
    assert interface(bob).read(first.pk).muted
    interface(bob).unmute(first.pk)
    assert not Mute.objects.exists()


@pytest.mark.five
def test_a_user_is_muted_shown_again_and_toggled(interface, alice, bob, post):
    id = post(alice).pk
    methods = ("PUT", "PUT", "POST", "POST", "DELETE", "DELETE")
    shown = [interface(bob).mute_user(method, "Alice") for method in methods]
    assert shown == [True, True, False, True, False, False]
    interface(bob).mute_user("PUT", "alice")
    assert interface(bob).timeline().ids == []
    interface(bob).mute_user("DELETE", "alice")
    assert interface(bob).timeline().ids == [id]


def test_nobody_mutes_oneself_or_nobody(interface, alice, post):
    with pytest.raises(Invalid):
        interface(alice).mute_user("PUT", "alice")
    for username in ("nobody", "a-b", "alice" * 9):
        with pytest.raises(NotFound):
            interface(alice).mute_user("PUT", username)
    assert not Mute.objects.exists()


def test_one_must_log_in_to_mute_a_user(interface, alice, bob):
    with pytest.raises(NotAuthenticated):
        interface().mute_user("PUT", "alice")
    driver = interface(bob)
    bob.is_active = False
    bob.save()
    with pytest.raises(NotAuthenticated):
        driver.mute_user("PUT", "alice")


def test_muting_users_is_limited(interface, alice, bob, settings):
    settings.LIMITS = settings.LIMITS | {"mute": "2/minute"}
    for _ in range(2):
        interface(bob).mute_user("PUT", "alice")
    with pytest.raises(RateLimited):
        interface(bob).mute_user("DELETE", "alice")


# -- Pages -----------------------------------------------------------------------------------


def test_a_page_may_be_shorter_and_leads_on(interface, alice, bob, post):
    ids = [post(author).pk for author in (None, alice, None, alice, None, None)][::-1]
    mute(bob, alice)
    page = interface(bob).timeline(page_size=3)
    assert page.ids == ids[:2]
    assert [id for shown in pages(page) for id in shown] == [ids[n] for n in (0, 1, 3, 5)]
    assert page.older().newer().ids[-2:] == page.ids


@pytest.mark.parametrize("query", [{}, {"tag": "tea"}])
def test_pages_of_which_nothing_is_left_are_passed_over(interface, alice, bob, post, query):
    wanted = post(None, "Wanted #tea").pk
    for _ in range(2 * MOST_PAGES - 1):
        post(alice, "Muted #tea")
    mute(bob, alice)
    driver, session = interface(bob), 2 if issubclass(interface, Pages) else 0
    with CaptureQueriesContext(connection) as queries:
        page = driver.timeline(page_size=2, **query)
    assert page.ids == [wanted]
    assert len(queries) == MOST_PAGES + session
    for _ in range(2):
        post(alice, "Muted #tea")
    empty = driver.timeline(page_size=2, **query)
    assert empty.ids == []
    assert empty.older().ids == [wanted]
