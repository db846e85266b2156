"""Signing up, staying logged in over many token expiries in two tabs, and logging out."""

import re
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import expect
from rest_framework_simplejwt.tokens import AccessToken

from tests.e2e.conftest import PASSWORD
from tests.faults.site import eventually
from ublog.accounts import tasks, token_families
from ublog.accounts.models import CustomUser, Mail

CLICK_OFTEN = "button => { for (let n = 0; n < 100; n++) button.click() }"
LIKES = """() => performance.getEntriesByType('resource').filter(
    ({name}) => name.endsWith('/like/')).length"""


@pytest.fixture
def mailed_link(site):
    """Return a function that returns the URL in the newest mail, when the worker has sent it."""

    def newest():
        for waiting in Mail.objects.order_by("pk").values_list("pk", flat=True):
            tasks.send_mail(waiting)
        return re.search(rf"^{site}(/\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]

    return newest


def fill_login(page, password=PASSWORD):
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill(password)


def test_from_signing_up_to_the_first_post(page, mailed_link, settings):
    page.goto("/register")
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    expect(page.get_by_text("This site does not send mails yet.")).to_be_visible()

    page.goto(mailed_link())
    page.get_by_label("Username").fill("carol")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    fill_login(page)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_label("Your post").fill("Hello!")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("article").filter(has_text="Hello!")).to_contain_text("@carol")


def test_the_settings_list_sessions_page_by_page(page, alice):
    for _ in range(24):
        token_families.start(user=alice, user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    page.goto("/settings/account")
    entries = page.get_by_role("button", name=re.compile("^End the session"))
    more = page.get_by_role("button", name="Load more")
    more.click()
    expect(entries).to_have_count(25)
    expect(more).not_to_be_visible()
    entries.first.click()
    expect(entries).to_have_count(24)
    assert token_families.active(alice).count() == 24


def test_a_failed_login_offers_the_link_that_activates_an_account(page, mailed_link, complaints):
    """B12, B8: the link is opened twice; the second time it is already used."""
    page.goto("/login")
    fill_login(page)
    with complaints.expecting("401", "400"):
        page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("not activated your account yet")
    page.get_by_role("button", name="Send the activation link again").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    link = mailed_link().removeprefix("/accounts").rstrip("/")
    for said in ("Your account is active", "used already"):
        page.goto(link)
        page.get_by_label("Username").fill("carol")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Activate my account").click()
        expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    fill_login(page)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    profile = page.get_by_role("navigation").get_by_role("link", name="Profile")
    expect(profile).to_have_attribute("href", "/@carol")


def test_a_link_of_a_mail_works_in_the_app_too(page, mailed_link, member):
    member("alice")
    page.goto("/password-reset")
    page.get_by_label("E-mail address").fill("alice@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    page.goto(mailed_link().removeprefix("/accounts").rstrip("/"))
    page.get_by_label("New password").fill("another horse, another battery")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    assert CustomUser.objects.get().check_password("another horse, another battery")


def test_two_tabs_stay_logged_in_over_a_hundred_expiries(
    page, context, alice, post, bob, monkeypatch
):
    """A5: each of a hundred likes in either tab needs a new access token, both at the same time."""
    monkeypatch.setattr(AccessToken, "lifetime", timedelta(seconds=1))
    post(bob, "Likeable")
    tabs = [page, context.new_page()]
    responses = Counter()
    context.on(
        "response",
        lambda response: responses.update([(urlsplit(response.url).path, response.status)]),
    )
    for tab in tabs:
        tab.goto("/")
        expect(tab.get_by_role("button", name="Log out")).to_be_visible()
    for tab in tabs:
        tab.get_by_role("button", name=re.compile("^Like")).evaluate(CLICK_OFTEN)
    eventually(lambda: all(tab.evaluate(LIKES) == 100 for tab in tabs), patience=120)
    for tab in tabs:
        expect(tab.get_by_role("button", name="Log out")).to_be_visible()
    assert responses["/api/auth/token/refresh/", 200] >= 100
    assert {status for _, status in responses} == {200}


def test_logging_out_on_the_pages_logs_out_of_the_app(page, context, alice):
    page.goto("/")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    other = context.new_page()
    other.goto("/fbv/posts/")
    other.get_by_role("button", name="Log out").click()
    page.goto("/")
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()


def test_logging_out_in_one_tab_logs_out_of_the_other(page, context, alice):
    """A7."""
    other = context.new_page()
    for tab in (page, other):
        tab.goto("/")
        expect(tab.get_by_role("button", name="Log out")).to_be_visible()
    other.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()
