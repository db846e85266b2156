"""E1: how often somebody may publish and like: one budget, whichever door is used."""

import pytest

from tests.contract.drivers import DRIVERS
from tests.contract.exceptions import Invalid, RateLimited


@pytest.fixture
def tight(settings):
    settings.LIMITS = settings.LIMITS | {"post": "3/minute", "anonymous_post": "2/minute;3/hour"}
    settings.LIMITS["like"] = "4/minute"


def test_whoever_publishes_too_often_is_told_when_to_try_again(interface, alice, tight, refused):
    for n in range(3):
        interface(alice).publish(f"Post {n}")
    with refused(RateLimited) as error:
        interface(alice).publish("One too many")
    assert 0 < error.value.retry_after <= 60


def test_strangers_at_one_address_share_a_smaller_budget(interface, tight, refused):
    for n in range(2):
        interface().publish(f"Post {n}")
    with refused(RateLimited) as error:
        interface().publish("One too many")
    assert 0 < error.value.retry_after <= 60


def test_likes_have_a_budget_of_their_own(interface, alice, tight, post, refused):
    id = post().pk
    for verb in ("like", "unlike", "toggle_like", "like"):
        getattr(interface(alice), verb)(id)
    with refused(RateLimited) as error:
        interface(alice).toggle_like(id)
    assert 0 < error.value.retry_after <= 60
    assert interface(alice).publish("But I may still write").author == "alice"


def test_the_budget_of_one_is_not_the_budget_of_another(interface, alice, bob, tight):
    for n in range(3):
        interface(alice).publish(f"Post {n}")
    assert interface(bob).publish("Hello").author == "bob"
    assert interface().publish("Hello").author is None


def test_another_door_does_not_give_another_budget(interface, alice, tight, post, refused):
    id = post().pk
    doors = [door for door in DRIVERS if door is not interface]
    for door in doors[:3]:
        door(alice).publish("Hello")
    for door in doors:
        door(alice).like(id)
    with refused(RateLimited):
        interface(alice).publish("One too many")
    with refused(RateLimited):
        interface(alice).like(id)


def test_reading_is_never_refused(interface, alice, tight, post):
    id = post().pk
    for _ in range(10):
        interface(alice).timeline(q="post")
        interface().read(id)


def test_a_refused_text_spends_nothing(interface, alice, tight):
    for _ in range(4):
        with pytest.raises(Invalid):
            interface(alice).publish("")
    assert interface(alice).publish("Now").author == "alice"


# -- E4: searches ----------------------------------------------------------------------------


@pytest.fixture
def few_searches(settings):
    limits = {"search": "3/minute", "anonymous_search": "2/minute"}
    settings.LIMITS = settings.LIMITS | limits


def test_e4_whoever_searches_too_often_is_told_when_to_try_again(
    interface, alice, few_searches, refused
):
    for _ in range(3):
        interface(alice).timeline(q="tea")
    with refused(RateLimited) as error:
        interface(alice).timeline(q="coffee")
    assert 0 < error.value.retry_after <= 60


def test_e4_anonymous_searches_of_one_network_share_a_smaller_budget(
    interface, alice, few_searches, refused
):
    for _ in range(2):
        interface().timeline(q="tea")
    with refused(RateLimited) as error:
        interface().timeline(q="tea")
    assert 0 < error.value.retry_after <= 60
    assert interface(alice).timeline(q="tea").posts == ()


def test_e4_another_interface_does_not_give_more_searches(interface, alice, few_searches, refused):
    others = [driver for driver in DRIVERS if driver is not interface]
    for driver in others[:3]:
        driver(alice).timeline(q="tea")
    for driver in others[:2]:
        driver().timeline(q="tea")
    for person in (alice, None):
        with refused(RateLimited):
            interface(person).timeline(q="tea")


def test_e4_each_page_of_a_search_counts(interface, alice, few_searches, post, refused):
    for n in range(4):
        post(alice, f"tea {n}")
    second = interface(alice).timeline(q="tea", page_size=1).older()
    third = second.older()
    assert third.bodies == ["tea 1"]
    with refused(RateLimited):
        third.older()


def test_e4_a_list_is_no_search(interface, alice, few_searches, post):
    post(alice, "tea")
    post(alice, "coffee")
    for _ in range(4):
        assert interface().timeline(by="alice", page_size=1).older().bodies == ["tea"]
        assert len(interface().timeline(q="  ").posts) == 2
        assert len(interface(alice).timeline().posts) == 2


def test_e4_a_search_that_is_refused_spends_nothing(interface, few_searches):
    for _ in range(3):
        with pytest.raises(Invalid):
            interface().timeline(q="a" * 201)
        with pytest.raises(Invalid):
            interface().timeline(q="tea", cursor="nonsense")
        with pytest.raises(Invalid):
            interface().timeline(q="tea", page_size=101)
    assert interface().timeline(q="tea").posts == ()


def test_e4_the_limits_of_searches(settings):
    assert settings.LIMITS["search"] == "60/minute"
    assert settings.LIMITS["anonymous_search"] == "30/minute"
