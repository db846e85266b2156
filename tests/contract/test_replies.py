"""People reply to posts; a deleted post with replies leaves its place in the conversation."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.contract.drivers import Pages
from tests.contract.exceptions import Invalid, NotAuthenticated, NotFound
from tests.contract.test_timeline import pages
from tests.contract.verbs import verbs
from tests.pictures import picture
from ublog.blog.account_deletion import delete_account
from ublog.blog.models import Post, PostBookmark, PostLike

NOTHING = [999_999, "abc", "0", "-1", "9" * 30, "9" * 18, "1.5"]


def test_a_reply_is_a_post_that_names_another(interface, alice, bob, post):
    first = post(alice)
    made = interface(bob).publish("I agree", in_reply_to=first.pk)
    assert (made.body, made.author, made.in_reply_to) == ("I agree", "bob", first.pk)
    assert made == interface(bob).read(made.id)
    shown = interface().read(first.pk)
    assert (shown.reply_count, shown.in_reply_to) == (1, None)


def test_everyone_who_may_post_may_reply(interface, post, settings, rejected):
    first = post()
    assert interface().publish("Me, too", in_reply_to=first.pk).author is None
    settings.ANONYMOUS_POSTS = "off"
    with rejected(NotAuthenticated):
        interface().publish("Me, too", in_reply_to=first.pk)


def test_a_reply_may_have_a_picture_and_replies_of_its_own(interface, alice, bob, post):
    first = post(alice)
    second = interface(bob).publish("Look", picture(), in_reply_to=first.pk)
    third = interface(alice).publish("Fine", in_reply_to=second.id)
    assert second.image
    assert interface().replies(first.pk).ids == [second.id]
    assert interface().replies(second.id).ids == [third.id]
    assert [post.id for post in interface().ancestors(third.id).posts] == [first.pk, second.id]


def test_without_an_id_it_is_no_reply(interface, alice):
    assert interface(alice).publish("Hello", in_reply_to="" if is_page(interface) else None)
    assert interface().timeline().posts[0].in_reply_to is None


@pytest.mark.five
@pytest.mark.parametrize("id", NOTHING)
def test_a_reply_to_nothing_is_rejected(interface, alice, rejected, decoded, id):
    for image in (None, picture()):
        with rejected(Invalid) as error:
            interface(alice).publish("Hello?", image, in_reply_to=id)
        assert set(error.value.fields) == {"in_reply_to"}
    assert decoded == []


def test_other_types_are_no_ids(interface, alice, post, rejected):
    first = post()
    if is_page(interface):
        return  # a form sends texts
    for value in ([], {}, [first.pk], {"id": first.pk}, True, 1e30):
        with rejected(Invalid):
            interface(alice).publish("Hello?", in_reply_to=value)


def test_a_rejected_reply_spends_nothing(interface, alice, post, settings):
    settings.LIMITS = settings.LIMITS | {"post": "1/hour"}
    for _ in range(3):
        with pytest.raises(Invalid):
            interface(alice).publish("Hello?", in_reply_to=999_999)
    assert interface(alice).publish("Hello", in_reply_to=post().pk).author == "alice"


def test_an_edit_does_not_move_a_post(interface, alice, post, reply):
    first, other = post(), post()
    mine = reply(first, alice)
    if interface.name != "GraphQL":  # it has no such argument
        for id in (other.pk, mine.pk):
            shown = interface(alice).edit(mine.pk, body="Changed", in_reply_to=id)
            assert (shown.body, shown.in_reply_to) == ("Changed", first.pk)
    mine.refresh_from_db()
    assert (mine.in_reply_to_id, mine.conversation) == (first.pk, first.pk)


@pytest.mark.five
def test_a_reply_that_is_sent_again_is_the_same_one(interface, alice, post):
    first = post(alice)
    made = interface(alice).publish_once("key", "Once", in_reply_to=first.pk)
    assert interface(alice).publish_once("key", "Once", in_reply_to=first.pk) == made
    interface(alice).delete(first.pk)
    assert interface(alice).publish_once("key", "Once", in_reply_to=first.pk).id == made.id
    assert interface().read(first.pk).reply_count == 1


# -- Lists -----------------------------------------------------------------------------------


@pytest.mark.five
def test_the_timeline_shows_no_replies_unless_they_are_wanted(interface, alice, post, reply):
    first = post(alice)
    second = reply(first, alice)
    for query in ({}, {"author": "alice"}):
        assert interface().timeline(**query).ids == [first.pk]
        assert interface().timeline(**query, replies="on").ids == [second.pk, first.pk]


def test_a_search_and_bookmarks_have_replies(interface, alice, bob, post, reply):
    first = post(alice, "Tea?")
    second = reply(first, alice, "Tea!")
    assert interface().timeline(q="tea").ids == [second.pk, first.pk]
    assert interface().timeline(q="tea", author="alice").ids == [second.pk, first.pk]
    interface(bob).bookmark(second.pk)
    assert interface(bob).timeline(bookmarked="on").ids == [second.pk]


@pytest.mark.five
@pytest.mark.parametrize("switch", ["off", "ON", "1"])
def test_the_switch_is_on_or_absent(interface, switch):
    if interface.name == "GraphQL":
        return  # its argument is a boolean
    with pytest.raises(Invalid):
        interface().timeline(replies=switch)


@pytest.mark.five
def test_replies_are_oldest_first_in_pages(interface, post, reply):
    first = post()
    moments = [timezone.now() + timedelta(seconds=n - n % 3) for n in range(7)]
    ids = [reply(first, created_on=moment, modified_on=moment).pk for moment in moments]
    page = interface().replies(first.pk, page_size=3)
    assert list(pages(page)) == [ids[:3], ids[3:6], ids[6:]]
    assert list(pages(page.older().older(), "newer")) == [ids[6:], ids[3:6], ids[:3]]
    assert page.newer() is None


def test_replies_are_shown_as_reading_them_does(interface, alice, bob, post, reply):
    first = post(alice)
    second = reply(first, bob)
    reply(second, alice)
    interface(alice).like(second.pk)
    for user in (None, alice, bob):
        driver = interface(user)
        assert driver.replies(first.pk).posts == (driver.read(second.pk),)
    assert interface().read(second.pk).reply_count == 1


@pytest.mark.parametrize("id", [999_999, "abc", "0", "9" * 30])
def test_what_is_not_there_has_no_conversation(interface, id):
    for verb in ("replies", "ancestors"):
        with pytest.raises(NotFound):
            getattr(interface(), verb)(id)


@pytest.mark.five
@pytest.mark.parametrize("query", [{"cursor": "nonsense"}, {"page_size": 0}, {"page_size": 101}])
def test_a_bad_page_of_replies_is_rejected(interface, post, reply, query):
    first = post()
    reply(first)
    with pytest.raises(Invalid):
        interface().replies(first.pk, **query)


@pytest.mark.five
def test_the_nearest_twenty_ancestors_and_the_top(interface, chain):
    ids = [post.pk for post in chain(23)]
    for number in (0, 1, 20):
        found = interface().ancestors(ids[number])
        assert (found.ids, found.top) == (ids[:number], None)
    for number in (21, 22):
        found = interface().ancestors(ids[number])
        assert (found.ids, found.top) == (ids[number - 20 : number], ids[0])


# -- Deleted posts ---------------------------------------------------------------------------


@pytest.mark.five
def test_a_deleted_post_with_replies_stays_as_a_place(interface, alice, bob, media):
    first = interface(alice).publish("Look", picture(), "A wall")
    second = interface(bob).publish("Nice", in_reply_to=first.id)
    interface(bob).like(first.id)
    interface(bob).bookmark(first.id)
    interface(alice).delete(first.id)
    for user in (None, alice, bob):
        shown = interface(user).read(first.id)
        assert shown.deleted
        assert (shown.body, shown.author, shown.image, shown.image_alt) == ("", None, None, "")
        assert (shown.like_count, shown.liked, shown.bookmarked) == (0, False, False)
        assert (shown.can_edit, shown.edited, shown.reply_count) == (False, False, 1)
    assert interface().replies(first.id).ids == [second.id]
    assert interface().ancestors(second.id).posts == (interface().read(first.id),)
    assert not PostLike.objects.exists()
    assert not PostBookmark.objects.exists()
    stored = Post.objects.get(pk=first.id)
    assert (stored.body_folded, stored.image_bytes, stored.image_width) == ("", None, None)


@pytest.mark.five
def test_the_files_of_a_deleted_post_with_replies_are_deleted(
    interface, alice, media, django_capture_on_commit_callbacks
):
    first = interface(alice).publish("Look", picture())
    interface(alice).publish("Nice", in_reply_to=first.id)
    with django_capture_on_commit_callbacks(execute=True):
        interface(alice).delete(first.id)
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.five
def test_a_deleted_post_is_in_no_list(interface, alice, bob, post, reply):
    first = post(alice, "tea")
    PostBookmark.objects.create(post=first, user=bob)
    second = reply(first, bob)
    interface(alice).delete(first.pk)
    driver = interface(bob)
    assert driver.timeline().ids == []
    assert driver.timeline(replies="on").ids == [second.pk]
    for query in ({"q": "tea"}, {"author": "alice"}, {"bookmarked": "on"}):
        assert driver.timeline(**query).ids == []


@verbs(lambda verb: verb.of_post and verb.login)
def test_nothing_can_be_done_to_a_deleted_post(
    interface, alice, post, reply, rejected, decoded, verb
):
    first = post(alice)
    reply(first)
    interface(alice).delete(first.pk)
    with rejected(NotFound):
        verb.act(interface(alice), first.pk)


def test_nobody_replies_to_a_deleted_post(interface, alice, post, reply, rejected):
    first = post(alice)
    reply(first)
    interface(alice).delete(first.pk)
    with rejected(Invalid) as error:
        interface(alice).publish("Too late", in_reply_to=first.pk)
    assert set(error.value.fields) == {"in_reply_to"}


@pytest.mark.five
def test_a_deleted_reply_is_not_counted(interface, alice, post, reply):
    first = post()
    mine, other = reply(first, alice), reply(first, alice)
    reply(other)
    for id, left in ((mine.pk, [other.pk]), (other.pk, [other.pk])):
        interface(alice).delete(id)
        assert interface().replies(first.pk).ids == left
    assert interface().read(first.pk).reply_count == 0
    assert interface().replies(first.pk).posts[0].deleted


def test_the_last_reply_takes_deleted_posts_along(interface, alice, post, reply):
    first = post(alice)
    second = reply(first, alice)
    third, other = reply(second, alice), reply(second, alice)
    for one in (first, second, third):
        interface(alice).delete(one.pk)
    assert set(Post.objects.values_list("pk", flat=True)) == {first.pk, second.pk, other.pk}
    interface(alice).delete(other.pk)
    assert not Post.objects.exists()
    with pytest.raises(NotFound):
        interface().read(first.pk)


def test_a_published_post_stays_when_its_last_reply_goes(interface, alice, post, reply):
    first = post()
    second = reply(first, alice)
    third = reply(second, alice)
    interface(alice).delete(second.pk)
    interface(alice).delete(third.pk)
    assert interface().read(first.pk).reply_count == 0
    assert Post.objects.count() == 1


@pytest.mark.five
def test_deleting_an_account_with_its_posts_leaves_places(interface, alice, bob, post, reply):
    first = post(alice, "Mine")
    second = reply(first, bob)
    alone = reply(second, alice)
    reply(reply(post(alice), alice), alice)
    alice.set_password("correct horse battery")
    alice.save()
    delete_account(by=alice, password="correct horse battery", posts="delete")
    assert set(Post.objects.values_list("pk", flat=True)) == {first.pk, second.pk}
    assert interface().read(first.pk).deleted
    assert interface().read(second.pk).reply_count == 0
    with pytest.raises(NotFound):
        interface().read(alone.pk)


def test_an_author_who_left_keeps_the_replies(interface, alice, post, reply):
    first = post()
    second = reply(first, alice)
    alice.delete()
    [shown] = interface().replies(first.pk).posts
    assert (shown.id, shown.author, shown.deleted) == (second.pk, None, False)


# -- Costs -----------------------------------------------------------------------------------


def test_a_conversation_costs_the_same_however_long_it_is(interface, alice, chain, reply):
    driver = interface(alice)
    session = 2 if is_page(interface) else 0
    for length in (3, 30):
        posts = chain(length)
        for _ in range(length):
            reply(posts[-1], alice)
        for verb in ("replies", "ancestors", "read"):
            with CaptureQueriesContext(connection) as queries:
                getattr(driver, verb)(posts[-1].pk)
            assert len(queries) == session + (2 if is_page(interface) else 1)


def is_page(interface) -> bool:
    return issubclass(interface, Pages)
