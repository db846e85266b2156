"""Posts that wait for a moderator: of visitors, and of new members, on sites that hold them."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.contract.drivers import Pages, soup
from tests.contract.exceptions import NotFound
from tests.pictures import picture
from ublog.blog import actions, moderation
from ublog.blog.models import Post
from ublog.blog.notifications import Notification
from ublog.blog.states import PostState
from ublog.core import site_settings


@pytest.fixture(autouse=True)
def holding(settings, db):
    settings.ANONYMOUS_POSTS = "held"
    site_settings.forget()
    site_settings.current()


@pytest.mark.five
def test_what_a_visitor_posts_is_held(interface):
    driver = interface()
    returned = driver.publish("Hello, #tea")
    held = Post.objects.get()
    assert held.state == PostState.HELD
    if not issubclass(interface, Pages):
        assert (returned.id, returned.held, returned.can_edit) == (held.pk, True, False)
    for query in ({}, {"q": "Hello"}, {"tag": "tea"}, {"replies": "on"}):
        assert driver.timeline(**query).ids == []
    with pytest.raises(NotFound):
        driver.read(held.pk)


@pytest.mark.five
def test_no_visitor_learns_the_url_of_a_held_image(interface, staff):
    driver = interface()
    for returned in (
        driver.publish("Hello", picture()),
        driver.publish_once("a key", "Hello", picture()),
        driver.publish_once("a key", "Hello", picture()),
    ):
        assert issubclass(interface, Pages) or returned.image is None
    for held in Post.objects.all():
        assert str(held.image) in str(interface(staff).read(held.pk).image)
        moderation.approve(post_id=held.pk, by=staff)
        assert str(held.image) in str(interface().read(held.pk).image)


def test_a_moderator_sees_it_and_approves_it_as_the_newest(interface, alice, staff):
    interface().publish("Hello, @alice")
    interface(alice).publish("Another")
    held = Post.objects.get(state=PostState.HELD)
    assert interface(staff).read(held.pk).held
    moderation.approve(post_id=held.pk, by=staff)
    assert interface().timeline().ids[0] == held.pk
    assert not interface().read(held.pk).held


def test_what_a_member_posts_is_published(interface, alice):
    assert not interface(alice).publish("Hello").held
    assert len(interface().timeline().ids) == 1


def test_nobody_is_notified_before_it_is_approved(interface, alice, bob, staff, post):
    replied = post(alice)
    interface().publish("Hello, @bob", in_reply_to=replied.pk)
    assert set(Notification.objects.values_list("user", "kind")) == {(staff.pk, "held")}
    assert not mail.outbox
    assert interface().read(replied.pk).reply_count == 0
    moderation.approve(post_id=Post.objects.get(state=PostState.HELD).pk, by=staff)
    assert set(Notification.objects.values_list("user", "kind")) == {
        (alice.pk, "reply"),
        (bob.pk, "mention"),
    }
    assert interface().read(replied.pk).reply_count == 1


def test_sending_it_again_with_its_key_makes_no_second_one(interface):
    driver = interface()
    if issubclass(interface, Pages):
        driver.publish("Hello", key="a key")
        driver.publish("Hello", key="a key")
    else:
        first = driver.publish_once("a key", "Hello")
        assert driver.publish_once("a key", "Hello") == first
    assert Post.objects.count() == 1


def test_the_pages_say_that_it_waits(interface):
    if issubclass(interface, Pages):
        browser = Client()
        form = soup(browser.get(f"{interface.root}new/"))
        assert "A moderator reads your post before it is shown." in form.main.text
        response = browser.post(f"{interface.root}new/", {"body": "Hello"}, follow=True)
        assert response.redirect_chain == [(interface.root, 302)]
        assert "Your post waits for a moderator" in soup(response).select_one("[role=status]").text


# -- New members, where the site holds their posts -------------------------------------------------


@pytest.fixture
def probation(settings, holding):
    settings.FIRST_POSTS = "held"
    site_settings.forget()
    site_settings.current()


def test_a_new_member_posts_as_others_do_by_default(interface, alice):
    driver = interface(alice)
    driver.publish("Hello")
    assert len(driver.timeline().ids) == 1


def test_the_posts_of_a_new_member_are_held_until_one_is_approved(
    interface, alice, bob, staff, probation
):
    driver = interface(alice)
    returned = driver.publish("Hello, @bob")
    driver.publish("I wait, too")
    first, second = Post.objects.order_by("pk")
    if not issubclass(interface, Pages):
        assert (returned.id, returned.held) == (first.pk, True)
    assert driver.read(first.pk).held
    assert interface(bob).timeline().ids == driver.timeline().ids == []
    with pytest.raises(NotFound):
        interface(bob).read(first.pk)
    assert set(Notification.objects.values_list("user", "kind")) == {(staff.pk, "held")}
    moderation.approve(post_id=first.pk, by=staff)
    driver.publish("Now at once")
    assert interface(bob).timeline().ids == [Post.objects.latest("pk").pk, first.pk]
    second.refresh_from_db()
    assert second.state == PostState.HELD


def test_who_has_a_published_post_is_no_new_member(interface, alice, post, probation):
    post(alice)
    driver = interface(alice)
    driver.publish("Hello")
    assert len(driver.timeline().ids) == 2


def test_who_has_but_a_hidden_post_still_is(interface, alice, post, probation):
    post(alice, state=PostState.HIDDEN)
    interface(alice).publish("Hello")
    assert interface().timeline().ids == []


def test_moderators_are_no_new_members(interface, staff, probation):
    interface(staff).publish("Hello")
    assert len(interface().timeline().ids) == 1


def test_a_reply_and_a_picture_of_a_new_member_are_held(interface, alice, bob, post, probation):
    replied = post(bob)
    driver = interface(alice)
    driver.publish("Look", picture())
    driver.publish("A reply", in_reply_to=replied.pk)
    assert {one.state for one in Post.objects.exclude(pk=replied.pk)} == {PostState.HELD}
    assert driver.read(Post.objects.exclude(image="").get().pk).image
    assert interface(bob).read(replied.pk).reply_count == 0


def test_a_new_member_does_not_approve_their_own_post(alice, probation):
    actions.publish(by=alice, body="Hello")
    with pytest.raises(PermissionDenied):
        moderation.approve(post_id=Post.objects.get().pk, by=alice)
    assert Post.objects.get().held
