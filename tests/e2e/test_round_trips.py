"""P24: after the HTML, one round trip until the first post, counted and not timed.

What the HTML asks for is released at once, what comes later is held: a post that appears needed
nothing else.
"""

import pytest
from playwright.sync_api import expect

from ublog.core import site_settings
from ublog.core.models import SiteSettings

WAIT = 15_000  # milliseconds
QUIET = 700  # milliseconds without another request: nothing has run that could send one


class Rounds:
    """Holds the requests of a tab after its HTML, and releases those that the HTML sent."""

    def __init__(self, page):
        self.page, self.held, self.is_open = page, [], False
        page.route("**/*", self.hold)

    def hold(self, route):
        if self.is_open or route.request.resource_type == "document":
            return route.continue_()
        return self.held.append(route)

    def release(self):
        """Let the requests go that are held now; the next ones wait."""
        released, self.held = self.held, []
        for route in released:
            route.continue_()

    def release_the_first(self):
        """Let the requests of the HTML go, once there are no more of them."""
        number = -1
        while number != len(self.held) or not number:
            number = len(self.held)
            self.page.wait_for_timeout(QUIET)
        self.release()

    def let_all_go(self):
        self.is_open = True
        self.release()


def open_in_one_round(page, url):
    rounds = Rounds(page)
    page.goto(url, wait_until="commit")
    rounds.release_the_first()
    return rounds


@pytest.fixture
def lake(post, bob):
    return post(bob, "Sunrise at the lake #morning")


ADDRESSES = ["/", "/posts/{}", "/@bob", "/tags/morning"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_waits_for_one_round_trip(page, lake, address):
    rounds = open_in_one_round(page, address.format(lake.pk))
    expect(page.get_by_role("article").first).to_contain_text("Sunrise", timeout=WAIT)
    rounds.let_all_go()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_user_waits_for_one_round_trip(page, alice, lake, address):
    rounds = open_in_one_round(page, address.format(lake.pk))
    expect(page.get_by_role("article").first).to_contain_text("Sunrise", timeout=WAIT)
    rounds.let_all_go()
    expect(page.get_by_label("More for this post")).to_be_visible()


def test_a_reply_is_shown_below_its_post_in_one_round_trip(page, alice, lake, post):
    reply = post(alice, "So it is", in_reply_to=lake)
    rounds = open_in_one_round(page, f"/posts/{reply.pk}")
    expect(page.get_by_role("article")).to_contain_text(["Sunrise", "So it is"])
    rounds.let_all_go()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_member_of_a_closed_site_waits_for_one_round_trip(page, alice, lake, address):
    SiteSettings.objects.create(who_may_read="members")
    site_settings.forget()
    rounds = open_in_one_round(page, address.format(lake.pk))
    expect(page.get_by_role("article").first).to_contain_text("Sunrise", timeout=WAIT)
    rounds.let_all_go()


class TestInGerman:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "locale": "de-DE"}

    def test_another_language_costs_no_round_trip(self, page, lake):
        rounds = open_in_one_round(page, "/")
        expect(page.get_by_role("article").first).to_contain_text("Sunrise", timeout=WAIT)
        expect(page.get_by_label("Dein Beitrag")).to_be_visible()
        rounds.let_all_go()
