"""C12, E6: no image is decoded for a user who may not post it; number and bytes are limited.

`decoded` stands in for the decoder: it notes what it would decode, and costs nothing.

Apps for Mastodon upload an image before the post that will have it. So the mark `five` has what
depends on that post, and what anonymous users do, who upload nothing there.
"""

import shutil
from collections import namedtuple
from contextlib import contextmanager
from functools import partial

import pytest
from limits import parse_many

from tests.contract.exceptions import (
    Forbidden,
    IdempotencyKeyReused,
    Invalid,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
)
from tests.pictures import invalid_image, picture
from tests.together import together
from ublog.blog import images, quotas
from ublog.blog.publish_keys import PublishKey

KB = 1_000
five = pytest.mark.five
WHO = ["alice", pytest.param(None, marks=five)]


@pytest.fixture
def limited(settings):
    """A function that sets some limits."""

    def limit(**some):
        settings.LIMITS = settings.LIMITS | some

    return limit


@pytest.fixture
def busy(monkeypatch):
    """A context in which others are decoded for too long. It notes what was not decoded."""

    @contextmanager
    def busy():
        tried = []

        def decode(job, file):
            tried.append(job)
            raise images.DecoderBusy

        with monkeypatch.context() as patch:
            patch.setattr(images, "decode", decode)
            yield tried

    return busy


# -- The right, and the budget, before anything is decoded ------------------------------------


def test_an_anonymous_image_is_not_decoded_where_only_users_post(
    interface, decoded, settings, rejected
):
    settings.ANONYMOUS_POSTS = "off"
    with rejected(NotAuthenticated):
        interface().publish("Look", picture())
    assert decoded == []


def test_an_image_of_a_user_who_was_deactivated_is_not_decoded(
    interface, alice, decoded, settings, rejected
):
    settings.ANONYMOUS_POSTS = "off"  # the pages know such a user as anonymous
    driver = interface(alice)
    driver.token()
    alice.is_active = False
    alice.save()
    with rejected(NotAuthenticated):
        driver.publish("Look", picture())
    assert decoded == []


@pytest.mark.parametrize("who", [pytest.param("bob", marks=five), None])
def test_an_image_for_a_post_of_another_is_not_decoded(
    interface, alice, bob, post, decoded, rejected, who
):
    driver, id = interface(bob if who else None), post(alice).pk
    with rejected(Forbidden if who else NotAuthenticated):
        driver.edit(id, body="Mine", image=picture())
    assert decoded == []


@five
def test_an_image_for_a_post_that_is_gone_is_not_decoded(interface, alice, decoded, rejected):
    with rejected(NotFound):
        interface(alice).edit(999, body="Look", image=picture())
    assert decoded == []


@five
def test_an_image_for_a_post_that_was_changed_since_is_not_decoded(
    interface, alice, post, decoded, rejected
):
    driver, mine = interface(alice), post(alice)
    seen = driver.version(mine.pk)
    driver.edit(mine.pk, body="Newer")
    with rejected(Stale):
        driver.edit(mine.pk, body="Older", image=picture(), version=seen)
    assert decoded == []


@five
def test_an_image_beside_an_unacceptable_text_is_not_decoded(interface, alice, decoded, rejected):
    with rejected(Invalid) as error:
        interface(alice).publish("a" * 281, picture())
    assert error.value.fields == {"body"}
    assert decoded == []


@five
@pytest.mark.parametrize("who", ["alice", None])
def test_an_image_of_who_publishes_too_often_is_not_decoded(
    interface, alice, decoded, limited, rejected, who
):
    limited(post="1/hour", anonymous_post="1/hour")
    driver = interface(alice if who else None)
    driver.publish("First")
    with rejected(RateLimited) as error:
        driver.publish("Second", picture())
    assert 0 < error.value.retry_after <= 3600
    assert decoded == []


def test_a_post_that_is_sent_again_is_not_decoded_again(interface, alice, decoded, limited):
    limited(post="1/hour", image="1/hour")
    driver = interface(alice)
    first = driver.publish_once("a key", "Look", picture())
    assert driver.publish_once("a key", "Look", picture()) == first
    assert decoded == ["accept"]


@five
def test_another_image_with_the_key_of_a_post_is_not_decoded(interface, alice, decoded):
    driver = interface(alice)
    driver.publish_once("a key", "Look", picture())
    with pytest.raises(IdempotencyKeyReused):
        driver.publish_once("a key", "Look", picture((9, 9)))
    assert decoded == ["accept"]


# -- How many are decoded ---------------------------------------------------------------------


@pytest.mark.parametrize("who", WHO)
def test_attempts_count_also_when_they_are_rejected(interface, alice, limited, rejected, who):
    limited(image="2/hour")
    driver = interface(alice if who else None)
    for _ in range(2):
        with rejected(Invalid):
            driver.publish("Look", invalid_image())
    with rejected(RateLimited) as error:
        driver.publish("Look", picture())
    assert 0 < error.value.retry_after <= 3600
    assert driver.publish("A text").image is None


def test_an_edit_counts_as_a_post_does(interface, alice, decoded, limited, rejected):
    limited(image="2/hour")
    driver = interface(alice)
    id = driver.publish("Look", picture()).id
    driver.edit(id, image=picture())
    with rejected(RateLimited):
        driver.edit(id, image=picture())
    assert driver.edit(id, body="Look here").body == "Look here"
    assert decoded == ["accept"] * 2


# -- When others are decoded for too long -----------------------------------------------------


def test_who_waits_too_long_is_asked_to_try_again_and_has_spent_an_attempt_and_no_bytes(
    interface, alice, busy, decoded, limited, rejected
):
    limited(image="4/hour", post="1/hour", image_bytes="150000/day")
    driver = interface(alice)
    with busy():
        for _ in range(3):
            with rejected(Unavailable) as error:
                driver.publish_once("a key", "Look", picture())
            assert error.value.retry_after == 5
    assert not PublishKey.objects.exists()
    assert driver.publish_once("a key", "Look", picture()).image


@pytest.mark.parametrize("who", WHO)
def test_who_does_not_wait_before_trying_again_is_limited(
    interface, alice, busy, decoded, limited, rejected, who
):
    limited(image="2/hour")
    driver = interface(alice if who else None)
    with busy() as tried:
        for _ in range(2):
            with rejected(Unavailable):
                driver.publish("Look", picture())
        for _ in range(2):
            with rejected(RateLimited) as error:
                driver.publish("Look", picture())
            assert 0 < error.value.retry_after <= 3600
    assert len(tried) == 2
    assert decoded == []
    assert driver.publish("A text").image is None


def test_who_waits_before_trying_again_stays_within_the_limit(
    interface, alice, busy, settings, rejected
):
    driver = interface(alice)
    with busy(), rejected(Unavailable) as error:
        driver.publish("Look", picture())
    for window in parse_many(settings.LIMITS["image"]):
        assert window.get_expiry() / error.value.retry_after < window.amount


def test_an_edit_that_waits_too_long_changes_nothing_and_counts(
    interface, alice, busy, decoded, limited, rejected
):
    limited(image="2/hour")
    driver = interface(alice)
    id = driver.publish("Look", picture()).id
    with busy(), rejected(Unavailable):
        driver.edit(id, body="Look here", image=picture())
    with rejected(RateLimited):
        driver.edit(id, body="Look here", image=picture())


# -- How many bytes are stored ----------------------------------------------------------------


@pytest.mark.parametrize("who", WHO)
def test_the_bytes_of_a_day_are_limited(interface, alice, decoded, limited, rejected, who):
    limited(image_bytes="250000/day", anonymous_image_bytes="250000/day")
    driver = interface(alice if who else None)
    for _ in range(2):
        driver.publish("Look", picture())
    with rejected(RateLimited) as error:
        driver.publish("Look", picture())
    assert 0 < error.value.retry_after <= 24 * 3600
    decoded.size = 40 * KB
    assert driver.publish("A smaller one", picture()).image
    assert driver.publish("A text").image is None


@five
def test_a_user_has_other_bytes_than_the_network(interface, alice, decoded, limited):
    limited(image_bytes="150000/day", anonymous_image_bytes="150000/day")
    interface().publish("Look", picture())
    assert interface(alice).publish("Look", picture()).image
    with pytest.raises(RateLimited):
        interface().publish("Look", picture())


def test_all_bytes_of_a_user_are_limited_and_deleting_makes_room(
    interface, alice, bob, decoded, settings, rejected
):
    settings.IMAGE_QUOTA_BYTES = 250 * KB
    driver = interface(alice)
    first, _ = (driver.publish("Look", picture()) for _ in range(2))
    with rejected(Invalid) as error:
        driver.publish("Look", picture())
    assert error.value.fields == {"image"}
    assert interface(bob).publish("Look", picture()).image
    driver.delete(first.id)
    assert driver.publish("Look", picture()).image


@five
def test_an_image_of_the_same_size_replaces_one_when_all_bytes_are_used(
    interface, alice, decoded, settings
):
    settings.IMAGE_QUOTA_BYTES = 100 * KB
    driver = interface(alice)
    id = driver.publish("Look", picture()).id
    assert driver.edit(id, image=picture()).image


def test_who_has_used_all_bytes_has_nothing_decoded(interface, alice, decoded, settings, rejected):
    settings.IMAGE_QUOTA_BYTES = 100 * KB
    interface(alice).publish("Look", picture())
    with rejected(Invalid):
        interface(alice).publish("Look", picture())
    assert decoded == ["accept"]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_do_not_exceed_the_quota(interface, alice, decoded, settings):
    settings.IMAGE_QUOTA_BYTES = 350 * KB
    drivers, errors = [interface(alice) for _ in range(8)], []
    for driver in drivers:
        driver.token()

    def act(driver):
        try:
            driver.publish("Look", picture())
        except Invalid as error:
            errors.append(error)

    together(*(partial(act, driver) for driver in drivers))
    assert quotas.stored_bytes(alice) == 300 * KB
    assert len(errors) == 5


# -- How much room is left --------------------------------------------------------------------

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("who", WHO)
def test_a_disk_that_is_almost_full_takes_texts_and_no_images(
    interface, alice, decoded, settings, monkeypatch, rejected, limited, who
):
    limited(image="1/hour")
    driver = interface(alice if who else None)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: Usage(9, 9, settings.DISK_RESERVE_BYTES))
        for _ in range(2):
            with rejected(StorageFull):
                driver.publish("Look", picture())
        assert driver.publish("A text").image is None
    assert decoded == []
    assert driver.publish("Look", picture()).image  # nothing was spent


@five
def test_the_network_is_a_64_of_ipv6(interface, decoded, limited):
    limited(anonymous_image_bytes="150000/day")

    def publish(address):
        driver = interface()
        driver.client.defaults["REMOTE_ADDR"] = address
        return driver.publish("Look", picture())

    publish("2001:db8:1:2::1")
    assert publish("2001:db8:1:3::1").image
    with pytest.raises(RateLimited):
        publish("2001:db8:1:2:ffff::9")
