"""E1, E4: how often one user may do what: one budget for each limit, whichever interface is used.

Images are decoded by a stand-in: `decoded`.
"""

import pytest

from tests.contract.drivers import DRIVERS
from tests.contract.exceptions import Invalid, RateLimited
from tests.contract.records import MARKS
from tests.contract.verbs import VERBS, verbs

pytestmark = pytest.mark.usefixtures("decoded")

limited = verbs(lambda verb: verb.limit)
# One verb of each limit: every verb spends it alike, as the first test sees.
each_limit = verbs(lambda verb: verb in {verb.limit: verb for verb in VERBS if verb.limit}.values())
limited_for_anonymous = verbs(lambda verb: verb.limit and not verb.login)
LIMITS = {verb.limit for verb in VERBS} - {""}


@pytest.fixture
def tight(settings):
    """A function that sets the limits of all verbs, for users and for anonymous users."""

    def set_limits(users="3/minute", anonymous="2/minute;3/hour"):
        settings.LIMITS = settings.LIMITS | dict.fromkeys(LIMITS, users)
        names = {f"anonymous_{name}" for name in LIMITS} & set(settings.LIMITS)
        settings.LIMITS |= dict.fromkeys(names, anonymous)

    return set_limits


@pytest.fixture
def act(alice, post):
    """A function that does a verb with a driver, to a post of Alice's, or to another."""
    ids = post(alice, "tea").pk, post(None, "tea").pk
    return lambda verb, driver: verb.act(driver, ids[verb.others])


@limited
def test_a_user_who_acts_too_often_learns_when_to_try_again(
    interface, alice, tight, act, rejected, verb
):
    tight()
    for _ in range(3):
        act(verb, interface(alice))
    with rejected(RateLimited) as error:
        act(verb, interface(alice))
    assert 0 < error.value.retry_after <= 60


@limited_for_anonymous
def test_anonymous_users_of_one_network_share_a_smaller_budget(
    interface, alice, tight, act, rejected, verb
):
    tight()
    for _ in range(2):
        act(verb, interface())
    with rejected(RateLimited) as error:
        act(verb, interface())
    assert 0 < error.value.retry_after <= 60
    act(verb, interface(alice))


@each_limit
def test_the_budget_of_one_is_not_the_budget_of_another(
    interface, alice, bob, tight, act, verb, post
):
    tight()
    for _ in range(3):
        act(verb, interface(alice))
    verb.act(interface(bob), post(None if verb.others else bob).pk)
    if not verb.login:
        act(verb, interface())


@each_limit
def test_another_interface_does_not_give_another_budget(
    interface, alice, tight, act, rejected, verb
):
    others = [driver for driver in DRIVERS if driver is not interface]
    tight(users=f"{len(others)}/minute", anonymous=f"{len(others)}/minute")
    for user in (alice,) if verb.login else (alice, None):
        for driver in others:
            act(verb, driver(user))
        with rejected(RateLimited):
            act(verb, interface(user))


@verbs(lambda verb: not verb.limit and not verb.once)
def test_what_has_no_limit_is_never_rejected(interface, alice, tight, act, verb):
    tight()
    for _ in range(10):
        act(verb, interface(alice))
        if not verb.login:
            act(verb, interface())


@pytest.mark.five
@pytest.mark.parametrize("mark", MARKS)
def test_likes_have_a_budget_of_their_own(interface, alice, settings, post, rejected, mark):
    id = post().pk
    settings.LIMITS = settings.LIMITS | {mark: "4/minute"}
    for verb in (mark, f"un{mark}", f"toggle_{mark}", mark):
        getattr(interface(alice), verb)(id)
    with rejected(RateLimited) as error:
        getattr(interface(alice), f"toggle_{mark}")(id)
    assert 0 < error.value.retry_after <= 60
    assert interface(alice).publish("But I may still write").author == "alice"


def test_a_rejected_text_spends_nothing(interface, alice, tight):
    tight()
    for _ in range(4):
        with pytest.raises(Invalid):
            interface(alice).publish("")
    assert interface(alice).publish("Now").author == "alice"


# -- E4: searches ----------------------------------------------------------------------------


@pytest.mark.five
def test_e4_each_page_of_a_search_counts(interface, alice, tight, post, rejected):
    tight()
    for n in range(4):
        post(alice, f"tea {n}")
    second = interface(alice).timeline(q="tea", page_size=1).older()
    third = second.older()
    assert third.bodies == ["tea 1"]
    with rejected(RateLimited):
        third.older()


@pytest.mark.five
def test_e4_a_list_is_no_search(interface, alice, tight, post):
    tight()
    post(alice, "tea")
    post(alice, "coffee")
    for _ in range(4):
        assert interface().timeline(author="alice", page_size=1).older().bodies == ["tea"]
        assert len(interface().timeline(q="  ").posts) == 2
        assert len(interface(alice).timeline().posts) == 2


@pytest.mark.five
def test_e4_a_search_that_is_rejected_spends_nothing(interface, tight):
    tight()
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
