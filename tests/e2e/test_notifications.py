"""The bell in the app, and what a tab shows of what happens elsewhere."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from rest_framework_simplejwt.tokens import AccessToken

from tests.e2e.conftest import DESKTOP, PASSWORD, PHONE
from ublog.accounts import token_families
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.notifications import Notification

BELL = {"en-GB": "Notifications", "de-DE": "Hinweise"}


@pytest.fixture(params=["desktop", "phone in German, dark"])
def screen(request):
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, screen):
    if screen == "desktop":
        return {**browser_context_args, "viewport": DESKTOP}
    return {
        **browser_context_args,
        "viewport": PHONE,
        "color_scheme": "dark",
        "locale": "de-DE",
    }


@pytest.fixture
def bell(screen):
    return BELL["en-GB" if screen == "desktop" else "de-DE"]


@pytest.fixture
def picture(page, screen):
    """A function that stores what is seen, where UBLOG_TEST_PICTURES names a directory."""

    def take(name):
        if directory := os.environ.get("UBLOG_TEST_PICTURES"):
            page.screenshot(path=Path(directory) / f"{name}-{screen.split()[0]}.png")

    return take


@pytest.fixture
def talk(alice, bob, person, post):
    """Let Bob reply to Alice and mention her, and three people like her post."""
    mine = post(alice, "Who comes to the harbour on Sunday?")
    carol, dora = person("carol", display_name="Carol"), person("dora", display_name="Dora")
    actions.publish(by=bob, body="I do, at ten. Bring a hat!", in_reply_to=mine.pk)
    actions.publish(by=bob, body="@alice knows everything about cranes.")
    for fan in (bob, carol, dora):
        actions.like(post_id=mine.pk, by=fan)
    return mine


def test_the_bell_leads_to_what_happened(page, alice, talk, bell, screen, picture):
    page.goto("/")
    link = page.get_by_role("navigation").get_by_role("link", name=bell)
    expect(link).to_contain_text("3")
    expect(page).to_have_title(re.compile(r"^\(3\) "))
    picture("bell")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name=bell, level=1)).to_be_visible()
    items = page.get_by_role("main").get_by_role("article")
    expect(items).to_have_count(3)
    expect(items.first).to_contain_text(re.compile(r"Dora (and 2 others|und 2 weiteren) "))
    expect(items.first).to_contain_text(re.compile("New:|Neu:"))
    expect(page).to_have_title(f"{bell} · μblog")
    expect(link).not_to_contain_text("3")
    assert Notification.objects.count_unread(alice) == 0
    picture("notifications")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(items.last).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("o")
    expect(page).to_have_title(re.compile("cranes"))
    page.go_back()
    expect(items).to_have_count(3)


def test_nothing_yet(page, alice, bell, picture):
    page.goto("/notifications")
    expect(page.get_by_text(re.compile("Nothing yet|Noch nichts"))).to_be_visible()
    picture("nothing")


@pytest.mark.parametrize("screen", ["desktop"])
def test_the_next_look_shows_what_happened_elsewhere(page, alice, bob, post):
    gone, edited = post(bob, "Regretted"), post(bob, "Hallo")
    page.clock.install()
    with page.expect_response("**/notifications/unread/"):
        page.goto("/")
    cards = page.get_by_role("article")
    expect(cards).to_have_count(2)
    actions.delete(post_id=gone.pk, by=bob)
    actions.edit(post_id=edited.pk, by=bob, body="Hello")
    actions.publish(by=bob, body="@alice, look")
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("button", name="1 new post")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("Hello")


@pytest.mark.parametrize("screen", ["desktop"])
def test_a_like_of_a_deleted_post_removes_the_card(page, alice, bob, post, complaints):
    gone = post(bob, "Regretted")
    page.goto("/")
    like = page.get_by_role("button", name="Like, 0 likes")
    expect(like).to_be_visible()
    actions.delete(post_id=gone.pk, by=bob)
    with complaints.expecting("404"):
        like.click()
        expect(page.get_by_role("alert")).to_contain_text("This post was deleted.")
    expect(page.get_by_role("article")).to_have_count(0)


@pytest.mark.parametrize("screen", ["desktop"])
def test_a_session_that_ended_elsewhere_says_so_and_keeps_the_text(
    page, alice, complaints, monkeypatch
):
    monkeypatch.setattr(AccessToken, "lifetime", timedelta(seconds=1))
    page.goto("/")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    field = page.get_by_label("Your post")
    field.click()
    page.keyboard.type("Half a thought")
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_enabled()
    token_families.end_all(alice)
    with complaints.expecting("401"):
        page.get_by_role("button", name="Post", exact=True).click()
        expect(page.get_by_text("Your session has ended.")).to_be_visible()
        page.get_by_role("alert").get_by_role("button", name="Log in").click()
        page.get_by_label("E-mail address").fill(alice.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        expect(page.get_by_label("Your post")).to_have_value("Half a thought")
    assert not Post.objects.exists()
