"""Signing up, staying signed in over many token expiries in two tabs, and the end of it."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD
from ublog.accounts import tasks
from ublog.accounts.models import CustomUser, Mail


@pytest.fixture
def mailed_link(site):
    """A function that gives the address in the newest mail, after the worker has sent it."""

    def newest():
        for waiting in Mail.objects.order_by("pk").values_list("pk", flat=True):
            tasks.send_mail(waiting)
        return re.search(rf"^{site}(/\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]

    return newest


def fill_sign_in(page, password=PASSWORD):
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill(password)


def test_from_signing_up_to_the_first_post(page, mailed_link):
    page.goto("/register")
    fill_sign_in(page)
    page.get_by_label("Username").fill("newcomer")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()

    page.goto(mailed_link())
    page.get_by_role("button", name="Activate").click()
    page.goto("/login")
    fill_sign_in(page)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_label("Your post").fill("Hello!")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("article").filter(has_text="Hello!")).to_contain_text("@newcomer")


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


def test_two_tabs_stay_signed_in_over_many_expiries(page, context, alice, settings):
    settings.SIMPLE_JWT = {**settings.SIMPLE_JWT}
    other = context.new_page()
    for tab in (page, other):
        tab.clock.install()
        tab.goto("/")
        expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    for _ in range(5):
        for tab in (page, other):
            tab.clock.fast_forward(6 * 60_000)
        for tab in (page, other):
            expect(tab.get_by_role("button", name="Sign out")).to_be_visible()


def test_signing_out_on_the_pages_signs_out_of_the_app(page, context, alice):
    page.goto("/")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    other = context.new_page()
    other.goto("/fbv/posts/")
    other.get_by_role("button", name="Log out").click()
    page.goto("/")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_signing_out_in_one_tab_signs_out_of_the_other(page, context, alice):
    other = context.new_page()
    for tab in (page, other):
        tab.goto("/")
        expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    other.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
