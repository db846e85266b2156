"""B13: drafts belong to their user and their tab, and Back shows nothing to the next user."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.conftest import PASSWORD, png
from tests.e2e.test_posting import choose
from ublog.blog.models import Post

COMPOSERS = ["/", "/cbv/posts/new/"]
both = pytest.mark.parametrize("address", COMPOSERS, ids=["the app", "a page"])


def composer(page):
    return page.get_by_label("Your post")


def opened(page, address):
    """Open a page, and wait until its composer is ready, which its counter shows."""
    page.goto(address)
    composer(page).focus()
    expect(page.get_by_text(re.compile(r"^\d{2,3}$"))).to_be_visible()
    return page


def write(page, text):
    composer(page).press_sequentially(text)
    expect(page.get_by_text(str(280 - len(text)), exact=True)).to_be_visible()


def log_in(page, someone):
    page.goto("/accounts/login/?next=/cbv/posts/")
    page.get_by_label("E-mail address").fill(someone.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("banner")).to_contain_text(someone.name)


def log_out(page):
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Log in")).to_be_visible()


@both
def test_two_tabs_do_not_overwrite_each_other(page, context, alice, address):
    one, two = opened(page, address), opened(context.new_page(), address)
    write(one, "From the first tab")
    write(two, "Of the second")
    one.reload()
    expect(composer(one)).to_have_value("From the first tab")
    two.close()
    three = context.new_page()
    three.goto(address)
    expect(composer(three)).to_have_value("Of the second")
    expect(composer(one)).to_have_value("From the first tab")
    four = opened(context.new_page(), address)
    expect(composer(four)).to_have_value("")


@both
def test_nobody_else_sees_a_draft(page, member, address):
    alice, bob = member("alice"), member("bob")
    log_in(page, alice)
    write(opened(page, address), "Dear diary")
    page.goto("/cbv/posts/")
    log_out(page)
    opened(page, address)
    expect(composer(page)).to_have_value("")
    log_in(page, bob)
    opened(page, address)
    expect(composer(page)).to_have_value("")
    page.goto("/cbv/posts/")
    log_out(page)
    log_in(page, alice)
    page.goto(address)
    expect(composer(page)).to_have_value("Dear diary")


@both
def test_what_was_typed_before_logging_in_is_still_there(page, member, address):
    write(opened(page, address), "Typed before")
    log_in(page, member("alice"))
    page.goto(address)
    expect(composer(page)).to_have_value("Typed before")


def of_alice(page):
    """Return what only she sees: her name on the pages, the link to her profile in the app."""
    return (
        page.locator("header, main, nav")
        .locator("text=Lindqvist")
        .or_(page.locator('nav a[href="/@alice"]'))
    )


def go_back(page):
    """Go back. A page from the cache of the browser loads again, which interrupts the wait."""
    with suppress(Error):
        page.go_back()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("address", ["/cbv/posts/new/", "/fbv/posts/", "/accounts/profile/", "/"])
def test_back_shows_nothing_after_a_logout(page, member, address):
    alice, bob = member("alice", display_name="Alice Lindqvist"), member("bob")
    log_in(page, alice)
    page.goto(address)
    expect(of_alice(page).first).to_be_attached()
    page.goto("/cbv/posts/")
    log_out(page)
    for _ in range(2):
        go_back(page)
    expect(of_alice(page)).to_have_count(0)
    log_in(page, bob)
    for _ in range(3):
        go_back(page)
        page.wait_for_load_state("networkidle")
        expect(of_alice(page)).to_have_count(0)


def test_logging_out_of_the_app_leaves_nothing_in_memory(page, alice, post):
    mine = post(alice, "Mine")
    page.goto("/")
    choose(page, "Edit")
    editing = page.get_by_role("dialog").get_by_label("Your post")
    editing.fill("A thought of mine")
    page.evaluate(
        """() => fetch('/api/auth/token/logout/', {method: 'POST', headers: {'X-Ublog': '1'}})
            .then(() => new BroadcastChannel('ublog-session').postMessage({kind: 'logout'}))"""
    )
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("A thought of mine")).to_have_count(0)
    assert Post.objects.get(pk=mine.pk).body == "Mine"


def test_cancel_aborts_the_upload_and_the_next_post_has_a_new_key(page, alice):
    """C13, in the app."""
    keys, held = [], []
    page.route("**/api/cbv/posts/", lambda route: hold(route, keys, held))
    opened(page, "/")
    write(page, "Look")
    page.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png(40, 30)}
    )
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        page.get_by_role("button", name="Post", exact=True).click()
        page.get_by_role("button", name="Cancel").click()
    expect(composer(page)).to_have_value("Look")
    assert not Post.objects.exists()
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("article").filter(has_text="Look")).to_be_visible()
    assert Post.objects.count() == 1
    assert len(keys) == len(set(keys)) == 2


def hold(route, keys, held):
    """Let the first upload never finish."""
    if route.request.method != "POST":
        return route.continue_()
    keys.append(route.request.headers["idempotency-key"])
    return route.continue_() if len(keys) > 1 else held.append(route)
