"""What a user mutes, and what an administrator sets up, in the app."""

import pytest
from playwright.sync_api import expect

from ublog.accounts.invitations import Invitation
from ublog.blog import actions
from ublog.core.models import SiteSettings


@pytest.fixture
def boss(member, log_in, settings):
    """Return an administrator who is logged in in this browser; no variable overrules a setting."""
    settings.WHO_MAY_JOIN = settings.ANONYMOUS_POSTS = settings.SITE_NAME = ""
    return log_in(member("boss", is_staff=True, is_superuser=True))


def test_an_administrator_names_the_site_and_invites_people(page, boss):
    page.goto("/settings")
    page.get_by_role("link", name="Settings of the site").click()
    page.get_by_label("Name", exact=True).fill("The Rowing Club")
    page.get_by_label("Everybody with an e-mail address").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Everybody")).to_be_visible()
    stored = SiteSettings.objects.get()
    assert (stored.name, stored.who_may_join) == ("The Rowing Club", "open")
    page.goto("/settings/invitations")
    page.get_by_label("For how many people").fill("5")
    page.get_by_role("button", name="Make an invitation").click()
    expect(page.get_by_text("0 of 5 joined")).to_be_visible()
    made = Invitation.objects.get()
    assert page.get_by_label("Link of the invitation").input_value() == made.url
    page.get_by_role("button", name="End the invitation").click()
    expect(page.get_by_text("No invitation can be used now.")).to_be_visible()
    assert not Invitation.objects.exists()


def test_a_variable_decides_and_the_app_says_so(page, boss, settings):
    settings.SITE_NAME = "By variable"
    page.goto("/settings/site")
    name = page.get_by_label("Name", exact=True)
    expect(name).to_be_disabled()
    expect(page.get_by_text("UBLOG_SITE_NAME in the environment decides this.")).to_be_visible()
    page.get_by_label("Welcome line").fill("Ahoy!")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Everybody")).to_be_visible()
    assert SiteSettings.objects.get().welcome == "Ahoy!"


def test_a_member_does_not_see_what_only_others_set_up(page, alice, complaints):
    page.goto("/settings")
    expect(page.get_by_role("heading", name="This site")).to_be_visible()
    expect(page.get_by_role("link", name="Settings of the site")).to_have_count(0)
    with complaints.expecting("403"):
        page.goto("/settings/site")
        expect(page.get_by_role("heading", name="Not allowed")).to_be_visible()


def test_a_user_mutes_somebody_by_a_post_and_ends_it_in_the_settings(page, alice, bob):
    actions.publish(by=bob, body="Noise")
    page.goto("/")
    page.locator("article", has_text="Noise").get_by_label("More for this post").click()
    page.get_by_role("menuitem", name="Mute @bob").click()
    expect(page.get_by_text("Noise")).to_have_count(0)
    page.goto("/settings/notifications")
    page.get_by_role("button", name="Unmute bob").click()
    expect(page.get_by_text("You have not muted anybody.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("Noise")).to_be_visible()


def test_a_post_is_deleted_and_brought_back_by_the_keyboard(page, alice):
    for body in ("First", "Second", "Third"):
        actions.publish(by=alice, body=body)
    page.goto("/")
    page.locator("article", has_text="Second").get_by_label("More for this post").press("Enter")
    page.get_by_role("menuitem", name="Delete").press("Enter")
    expect(page.locator("article", has_text="First")).to_be_focused()
    page.keyboard.press("u")
    expect(page.get_by_text("Second")).to_be_visible()


def test_who_is_logged_in_is_led_on_and_logging_out_says_so(page, alice):
    page.goto("/login?next=/settings/invitations")
    page.wait_for_url("**/settings/invitations")
    page.goto("/register")
    page.wait_for_url(lambda url: url.endswith("/"))
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    page.get_by_role("link", name="Log in").first.click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_the_bar_at_the_bottom_leaves_a_low_screen_alone(page, site):
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %
    page.goto("/")
    bar = page.get_by_role("navigation", name="Main").last
    assert bar.evaluate("bar => getComputedStyle(bar).position") == "static"
