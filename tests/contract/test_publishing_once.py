"""A post that is sent twice with the same idempotency key, or by the same form, is one post."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from tests.contract.drivers import DRIVERS, Pages, inputs, soup
from tests.contract.exceptions import Gone, IdempotencyKeyReused, Invalid, RateLimited
from tests.pictures import picture
from tests.together import together
from ublog.blog import tasks
from ublog.blog.models import Post
from ublog.blog.publish_keys import PublishKey

# Each app for Mastodon uploads a picture of its own, before it sends the post.
WITH_PICTURE = {"id": "a picture", "marks": pytest.mark.five}
IMAGES = [pytest.param(None, id="a text"), pytest.param(picture, **WITH_PICTURE)]
OTHER_POSTS = [
    pytest.param("Something else", None, id="a text"),
    pytest.param("Hello", picture, **WITH_PICTURE),
]


@pytest.fixture(params=[True, False], ids=["alice", "anonymous"])
def who(request, alice):
    return alice if request.param else None


def test_a_post_sent_twice_is_one_post(interface, who):
    driver = interface(who)
    assert driver.publish_once("a key", "Hello") == driver.publish_once("a key", "Hello")
    assert Post.objects.count() == 1


def test_a_post_with_a_picture_sent_twice_is_one_post_and_one_file(interface, alice, everything):
    driver = interface(alice)
    first, second = (driver.publish_once("a key", "Look", picture()) for _ in range(2))
    assert first == second
    assert (len(everything()["posts"]), len(everything()["files"])) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("image", IMAGES)
def test_sixteen_at_once_are_one_post_with_equal_responses(interface, who, everything, image):
    """Within the usual limits, since only one is published."""
    drivers, responses = [interface(who) for _ in range(16)], []
    for driver in drivers:
        driver.token()

    def act(driver):
        responses.append(driver.publish_once("a key", "Hello", image and image()))

    together(*(partial(act, driver) for driver in drivers))
    assert len(responses) == 16
    assert len(set(responses)) == 1
    assert len(everything()["posts"]) == 1
    assert len(everything()["files"]) == (1 if image else 0)


@pytest.mark.parametrize(("body", "image"), OTHER_POSTS)
def test_another_post_with_the_same_key_is_rejected(interface, who, rejected, body, image):
    driver = interface(who)
    driver.publish_once("a key", "Hello")
    with rejected(IdempotencyKeyReused):
        driver.publish_once("a key", body, image and image())


def test_each_has_keys_of_their_own(interface, alice, bob):
    for person in (alice, bob, None):
        interface(person).publish_once("a key", "Hello")
    assert Post.objects.count() == 3


def test_each_interface_knows_the_keys_of_the_others(interface, alice):
    first = interface(alice).publish_once("a key", "Hello")
    assert {driver(alice).publish_once("a key", "Hello") for driver in DRIVERS} == {first}


@pytest.mark.parametrize("image", [None, picture], ids=["a text", "a picture"])
@pytest.mark.parametrize("replied", [False, True], ids=["alone", "with a reply"])
def test_a_post_that_was_deleted_does_not_come_back(
    interface, alice, bob, rejected, image, replied
):
    driver = interface(alice)
    id = driver.publish_once("a key", "Hello", image and image()).id
    if replied:
        interface(bob).publish("A reply", in_reply_to=id)
    driver.delete(id)
    with rejected(Gone):
        driver.publish_once("a key", "Hello", image and image())


def test_a_rejected_post_uses_no_key_up(interface, alice, settings):
    driver = interface(alice)
    with pytest.raises(Invalid):
        driver.publish_once("a key", "a" * 281)
    settings.LIMITS = settings.LIMITS | {"post": "1/minute"}
    driver.publish_once("another key", "Hello")
    with pytest.raises(RateLimited):
        driver.publish_once("a key", "Hello")
    assert PublishKey.objects.count() == 1


def test_too_long_a_key_is_rejected(interface, alice, rejected):
    with rejected(Invalid):
        interface(alice).publish_once("k" * 256, "Hello")
    interface(alice).publish_once("k" * 255, "Hello")


def test_a_key_is_forgotten_after_a_day(interface, alice):
    interface(alice).publish_once("a key", "Hello")
    PublishKey.objects.update(created_on=timezone.now() - timedelta(hours=23))
    assert tasks.delete_old_keys() == 0
    PublishKey.objects.update(created_on=timezone.now() - timedelta(hours=25))
    assert tasks.delete_old_keys() == 1
    interface(alice).publish_once("a key", "Hello")
    assert Post.objects.count() == 2


def test_what_is_stored_tells_neither_key_nor_text_nor_owner(interface, alice):
    interface(alice).publish_once("a secret key", "Hello")
    [stored] = PublishKey.objects.values()
    assert set(stored) == {"hash", "content", "post_id", "created_on"}
    assert not {"a secret key", "Hello"} & set(stored.values())


def test_a_form_that_is_sent_twice_makes_one_post(interface, who):
    driver = interface(who)
    if not isinstance(driver, Pages):
        return
    address = f"{driver.root}new/"
    form = inputs(soup(driver.client.get(address)).select_one("form.form")) | {"body": "Hello"}
    assert driver.post(address, form) == driver.post(address, form)
    assert Post.objects.count() == 1


def test_a_form_that_comes_back_with_another_text_can_be_sent_again(interface, alice):
    driver = interface(alice)
    if not isinstance(driver, Pages):
        return
    address = f"{driver.root}new/"
    form = inputs(soup(driver.client.get(address)).select_one("form.form"))
    driver.post(address, form | {"body": "Hello"})
    page = soup(driver.client.post(address, form | {"body": "Something else"}))
    assert "sent this form before" in page.select_one("[role=alert]").text
    again = inputs(page.select_one("form.form"))
    assert again["body"].strip() == "Something else"
    driver.post(address, again)
    assert Post.objects.count() == 2
