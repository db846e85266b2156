"""The template pages: all works without JavaScript, and some things better with it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, png

BOTH = pytest.mark.parametrize("root", ["/fbv/posts/", "/cbv/posts/"])


@pytest.fixture
def plain(browser, browser_context_args, complaints):
    """Return a tab without JavaScript."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield complaints.watch(context.new_page())
    context.close()


@BOTH
def test_everything_works_without_javascript(plain, member, complaints, root):
    member("alice")
    plain.goto(root)
    plain.get_by_role("link", name="Log in").click()
    plain.get_by_label("E-mail address").fill("alice@example.org")
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(plain).to_have_url(re.compile(root))

    plain.get_by_role("link", name="Write a post").click()
    plain.get_by_label("Your post").fill(" ")
    with complaints.expecting("400"):
        plain.get_by_role("button", name="Publish").click()
        expect(plain.locator("#id_body_error")).to_be_visible()
    plain.get_by_label("Your post").fill("Plain and simple")
    plain.locator("#id_image").set_input_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": png(80, 60)}
    )
    plain.get_by_label("Picture description").fill("A square")
    plain.get_by_role("button", name="Publish").click()
    expect(plain.get_by_text("Your post is published.")).to_be_visible()
    expect(plain.get_by_alt_text("A square")).to_be_visible()

    plain.get_by_role("button", name="Like, 0 likes").click()
    expect(plain.get_by_role("button", name="Like, 1 like")).to_be_visible()
    plain.get_by_role("link", name="Edit").click()
    plain.get_by_label("Your post").fill("Simpler")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("article")).to_contain_text("edited")
    plain.get_by_role("link", name="Delete").click()
    plain.get_by_role("button", name="Delete").click()
    expect(plain.get_by_text("Nothing here yet.")).to_be_visible()
    plain.get_by_role("button", name="Log out").click()
    expect(plain.get_by_role("link", name="Log in")).to_be_visible()


def test_the_app_leads_to_the_pages_without_javascript(plain, post, bob):
    made = post(bob, "Hello")
    plain.goto(f"/posts/{made.pk}")
    plain.get_by_role("link", name="Read it as plain pages").click()
    expect(plain.get_by_role("article")).to_contain_text("Hello")


@BOTH
def test_a_like_stays_on_the_page(page, alice, post, bob, root):
    post(bob, "Likeable")
    page.goto(root)
    island = page.locator("form[data-island=like] button[type=button]")
    with page.expect_response(re.compile("/like/")):
        island.click()
    expect(island).to_have_accessible_name("Like, 1 like")
    expect(page).to_have_url(re.compile(f"{root}$"))
    page.reload()
    expect(page.get_by_role("button", name="Like, 1 like")).to_be_visible()


@BOTH
def test_the_composer_counts_and_keeps_a_draft(page, alice, root):
    page.goto(f"{root}new/")
    page.get_by_label("Your post").press_sequentially("Half a thou")
    expect(page.get_by_text("269", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your post")).to_have_value("Half a thou")
    page.get_by_label("Your post").press("Control+Enter")
    expect(page.get_by_text("Your post is published.")).to_be_visible()


COMPOSER = re.compile(r"/composer-[^/]*\.js")


def test_a_text_typed_before_the_composer_has_loaded_is_kept(page, alice):
    held = []
    page.route(COMPOSER, lambda route: held.append(route), times=1)
    with page.expect_request(COMPOSER):
        page.goto("/cbv/posts/new/")
    page.get_by_label("Your post").fill("Half a thou")
    held[0].continue_()
    expect(page.get_by_text("269", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your post")).to_have_value("Half a thou")


def test_a_published_post_is_no_draft_after_going_back(page, alice):
    page.goto("/cbv/posts/new/")
    page.get_by_label("Your post").press_sequentially("Half a thou")
    expect(page.get_by_text("269", exact=True)).to_be_visible()
    page.get_by_label("Your post").press("Control+Enter")
    expect(page.get_by_text("Your post is published.")).to_be_visible()
    held = []
    page.route(COMPOSER, lambda route: held.append(route), times=1)
    with page.expect_request(COMPOSER):
        page.go_back()
    # As a browser does that fills in what was sent. Chromium does so only if it has saved the state
    # of the form in time.
    page.get_by_label("Your post").fill("Half a thou")
    held[0].continue_()
    expect(page.get_by_text("269", exact=True)).to_be_visible()
    page.goto("/cbv/posts/new/")
    expect(page.get_by_text("280", exact=True)).to_be_visible()
    expect(page.get_by_label("Your post")).to_have_value("")


def test_the_footer_of_a_page_links_to_its_source(page):
    page.goto("/cbv/posts/")
    page.get_by_text("Five interfaces").click()
    expect(page.get_by_role("contentinfo")).to_contain_text(re.compile(r"\d+ ms · \d+ quer"))
    expect(page.get_by_role("contentinfo")).to_contain_text("class-based views")
    page.get_by_role("link", name="source").click()
    expect(page.get_by_role("main")).to_contain_text("Django's generic views")
