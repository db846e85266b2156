"""From an empty data directory to a club with two members, in the browser alone, without SMTP."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD
from ublog.accounts import inviting
from ublog.accounts import site as accounts_site
from ublog.accounts.invitations import Invitation
from ublog.accounts.models import Mail
from ublog.accounts.signed_links import ACTIVATE


@pytest.fixture
def new_site(site, settings):
    """The URL of a site that nobody has used yet, with the settings of a first start."""
    settings.WHO_MAY_JOIN = settings.ANONYMOUS_POSTS = settings.SITE_NAME = ""
    return site


def test_a_club_sets_up_its_site_and_a_second_member_joins(new_site, page, browser, complaints):
    page.goto(accounts_site.create_set_up_link())
    page.get_by_label("Your e-mail address").fill("olga@example.org")
    page.get_by_label("Username").fill("olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name", exact=True).fill("The Rowing Club")
    page.get_by_role("button", name="Set up").click()
    expect(page).to_have_title("Settings of the site · The Rowing Club")
    page.get_by_label("Welcome line").fill("Ahoy!")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The settings are saved.")

    page.goto("/accounts/invitations/")
    page.get_by_role("button", name="Make a link").click()
    invitation = page.get_by_label("Link", exact=True).input_value()

    other = complaints.watch(browser.new_context(base_url=new_site).new_page())
    other.goto("/")
    expect(other).to_have_title(re.compile("The Rowing Club"))
    expect(other.get_by_text("Ahoy!")).to_be_visible()
    expect(other.get_by_role("link", name="Log in to write a post.")).to_be_visible()
    other.goto("/register")
    expect(other.get_by_text("People join this site by invitation")).to_be_visible()

    other.goto(invitation)
    other.get_by_label("E-mail address").fill("dora@example.org")
    other.get_by_role("button", name="Continue").click()
    other.get_by_label("Username").fill("dora")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Activate").click()
    other.get_by_label("E-mail address").fill("dora@example.org")
    other.get_by_label("Password").fill(PASSWORD)
    other.locator("main").get_by_role("button", name="Log in").click()
    other.goto("/")
    other.get_by_placeholder("What is on your mind?").fill("Hello, club")
    other.keyboard.press("Control+Enter")
    expect(other.get_by_role("article")).to_contain_text("Hello, club")

    page.goto("/fbv/posts/")
    expect(page.get_by_role("article")).to_contain_text("Hello, club")

    page.goto("/accounts/site/")
    page.get_by_label("Members only").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The settings are saved.")
    other.reload()
    expect(other.get_by_role("article")).to_contain_text("Hello, club")
    other.context.close()

    visitor = complaints.watch(browser.new_context(base_url=new_site).new_page())
    visitor.goto("/")
    expect(visitor).to_have_url(re.compile("/login"))
    visitor.goto("/fbv/posts/")
    expect(visitor).to_have_url(re.compile("/accounts/login/"))
    expect(visitor.get_by_text("Hello, club")).to_have_count(0)
    visitor.context.close()


def test_an_invited_person_joins_in_the_app(new_site, page, staff):
    token = inviting.invite(by=staff).token
    page.goto(f"/register?invitation={token}")
    page.get_by_label("E-mail address").fill("dora@example.org")
    page.get_by_role("button", name="Send the link").click()
    page.get_by_label("Username").fill("dora")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Activate my account").click()
    expect(page.get_by_text("Your account is active. Welcome!")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    expect(page.get_by_label("E-mail address")).to_have_value("dora@example.org")


INVITATIONS = {
    "used already, has expired": {"used": 1},
    "is for another e-mail address": {"email": "emil@example.org"},
    "takes no new members": {},
}


def test_the_app_says_what_is_wrong_with_an_invitation(new_site, page, staff, complaints):
    with complaints.expecting("400", "403"):
        for sentence, changes in INVITATIONS.items():
            invitation = inviting.invite(by=staff)
            Invitation.objects.filter(pk=invitation.pk).update(**changes)
            page.goto(f"/register?invitation={invitation.token}")
            page.get_by_label("E-mail address").fill("dora@example.org")
            if not changes:  # it is closed while somebody fills in the form
                accounts_site.change_settings(by=staff, who_may_join="closed")
            page.get_by_role("button", name="Send the link").click()
            expect(page.get_by_text(sentence).first).to_be_visible()
    assert not Mail.objects.exists()


def test_the_mail_leads_back_to_the_app_after_a_sign_up_there(new_site, page, settings):
    settings.WHO_MAY_JOIN = "open"
    page.goto("/register")
    page.get_by_label("E-mail address").fill("dora@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    page.goto(f"/accounts/activate/{ACTIVATE.token('dora@example.org')}/")
    expect(page).to_have_url(re.compile("/activate/[^/]+$"))
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Activate my account").click()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    expect(page.get_by_label("E-mail address")).to_have_value("dora@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{new_site}/")
