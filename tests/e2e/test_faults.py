"""What goes wrong is said, and what somebody wrote is kept."""

import re

import pytest
from playwright.sync_api import expect

from ublog.accounts.models import RefreshFamily


def try_to_post(page):
    page.get_by_label("Your post").fill("Do not lose me")
    page.get_by_role("button", name="Post", exact=True).click()


def test_a_server_that_dies_while_posting(page, alice, complaints):
    with complaints.expecting("ERR_CONNECTION", "ERR_FAILED"):
        page.goto("/")
        page.route(
            "**/api/cbv/posts/",
            lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
        )
        try_to_post(page)
        expect(page.get_by_text("The server cannot be reached")).to_be_visible()
        expect(page.get_by_label("Your post")).to_have_value("Do not lose me")
        page.reload()
        expect(page.get_by_label("Your post")).to_have_value("Do not lose me")
        page.unroute("**/api/cbv/posts/")
        page.get_by_role("button", name="Post", exact=True).click()
        expect(page.get_by_role("article")).to_contain_text("Do not lose me")


def test_offline(page, context, alice):
    page.goto("/")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_have_count(0)


def test_too_fast(page, alice, settings, complaints):
    settings.LIMITS = {**settings.LIMITS, "post": "1/hour"}
    with complaints.expecting("429"):
        page.goto("/")
        try_to_post(page)
        expect(page.get_by_role("article")).to_have_count(1)
        try_to_post(page)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Your post")).to_have_value("Do not lose me")


def test_a_fault_of_ours(page, alice, complaints, monkeypatch):
    with complaints.expecting("500"):
        page.goto("/")
        page.route(
            "**/api/cbv/posts/*/like/", lambda route: route.fulfill(status=500, json={"detail": ""})
        )
        try_to_post(page)
        button = page.get_by_role("button", name=re.compile("^Like"))
        button.click()
        expect(page.get_by_text("Something went wrong on our side.")).to_be_visible()
        expect(button).to_have_attribute("aria-pressed", "false")


def test_a_session_that_was_ended_elsewhere(page, alice, complaints):
    with complaints.expecting("401"):
        page.goto("/")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        RefreshFamily.objects.all().delete()
        page.goto("/")
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


@pytest.mark.parametrize("address", ["/posts/999", "/@nobody"])
def test_what_is_not_there_is_a_404(page, address, complaints):
    with complaints.expecting("404"):
        assert page.goto(address).status == 404
        expect(page.get_by_role("heading", level=1)).to_be_visible()
