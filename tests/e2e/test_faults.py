"""The app reports every failure, and keeps what a user wrote."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD
from ublog.accounts.models import TokenFamily
from ublog.blog import actions
from ublog.blog.models import Post


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


def test_a_server_process_that_is_killed_while_posting(page, real_site, complaints):
    """The post is stored and the response is lost; the next attempt finds that post."""
    with complaints.expecting("ERR_"):
        page.goto(f"{real_site.url}/login")
        page.get_by_label("E-mail address").fill("alice@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        expect(page.get_by_role("button", name="Log out")).to_be_visible()

        def lose_the_response(route):
            if route.request.method != "POST" or "web" not in real_site.running:
                return route.continue_()  # the app repeats the request, to a server that is gone
            assert route.fetch().status == 201
            real_site.kill()
            return route.abort("connectionreset")

        page.route("**/api/cbv/posts/", lose_the_response)
        try_to_post(page)
        expect(page.get_by_text("The server cannot be reached")).to_be_visible()
        expect(page.get_by_label("Your post")).to_have_value("Do not lose me")
        page.unroute_all()
        with page.expect_event("requestfailed"):  # the server is not up yet
            page.get_by_role("button", name="Post", exact=True).click()
        expect(page.get_by_label("Your post")).to_have_value("Do not lose me")
        # The app has stopped repeating the request: else it could reach the server that starts.
        expect(page.get_by_role("button", name="Post", exact=True)).to_be_enabled()

        real_site.start()
        page.get_by_role("button", name="Post", exact=True).click()
        expect(page.get_by_text("Posted.", exact=True)).to_be_visible()
        response = page.request.get(f"{real_site.url}/api/cbv/posts/").json()
        assert [post["body"] for post in response["results"]] == ["Do not lose me"]


def test_offline(page, context, alice, complaints):
    # On a slow machine the page is still loading what it needs later.
    with complaints.expecting("ERR_INTERNET_DISCONNECTED"):
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


def test_an_error_500(page, alice, complaints, monkeypatch):
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
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        TokenFamily.objects.all().delete()
        page.goto("/")
        expect(page.get_by_role("link", name="Log in").first).to_be_visible()


@pytest.mark.parametrize("address", ["/posts/999", "/@nobody"])
def test_a_missing_page_is_a_404(page, address, complaints):
    with complaints.expecting("404"):
        assert page.goto(address).status == 404
        expect(page.get_by_role("heading", level=1)).to_be_visible()


CHUNKS = "**/static/assets/{}-*.js"


def gone(page, name):
    """Respond with a 404 for a chunk of the app, as after a deployment."""
    page.route(CHUNKS.format(name), lambda route: route.fulfill(status=404, body=""))


@pytest.fixture
def renewed(page, alice, post, complaints):
    """The app is open, and then the site is deployed again."""
    with complaints.expecting("404", "Failed to fetch dynamically imported module"):
        mine = post(alice, "Mine")
        page.goto("/")
        expect(page.get_by_label("More for this post")).to_be_visible()
        yield mine


def edit(page):
    page.get_by_label("More for this post").click()
    page.get_by_role("menuitem", name="Edit").click()


def a_part_is_missing(page):
    expect(page.get_by_role("alert")).to_contain_text("A part of this page is missing")
    page.unroute_all()


def test_a_deploy_that_renames_a_page(page, renewed):
    """The app reloads itself, at the requested URL."""
    tried = []

    def once(route):
        tried.append(route.request.url)
        return route.fulfill(status=404, body="") if len(tried) == 1 else route.continue_()

    page.route(CHUNKS.format("SettingsPage"), once)
    page.get_by_label("Your post").fill("Do not lose me")
    page.get_by_role("link", name="Settings", exact=True).click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    assert len(tried) == 2
    page.goto("/")
    expect(page.get_by_label("Your post")).to_have_value("Do not lose me")


def test_a_deployment_that_renames_a_dialog(page, renewed):
    gone(page, "EditDialog")
    edit(page)
    a_part_is_missing(page)
    page.get_by_role("button", name="Reload").click()
    edit(page)
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_deployment_that_renames_the_tools_of_the_composer(page, renewed):
    gone(page, "NewPostTools")
    page.get_by_label("Your post").fill("Do not lose me")
    a_part_is_missing(page)
    page.get_by_role("button", name="Reload").click()
    expect(page.get_by_label("Your post")).to_have_value("Do not lose me")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("Posted.", exact=True)).to_be_visible()


def test_a_chunk_that_loads_at_the_next_attempt(page, renewed):
    """After a moment without a network no reload is needed."""
    gone(page, "EditDialog")
    edit(page)
    a_part_is_missing(page)
    edit(page)
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.fixture
def edited_twice(page, alice, post, complaints):
    """Alice edits a post here, and at the same time somewhere else."""
    with complaints.expecting("412"):
        mine = post(alice, "First")
        page.goto(f"/posts/{mine.pk}")
        edit(page)
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Your post").fill("Written here")
        actions.edit(post_id=mine.pk, by=alice, body="Written there")
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("Written there")
        expect(dialog.get_by_label("Your post")).to_have_value("Written here")
        assert Post.objects.get().body == "Written there"
        yield dialog


def test_a_stale_edit_overwrites_the_other(page, edited_twice):
    edited_twice.get_by_role("button", name="Save mine").click()
    expect(edited_twice).to_have_count(0)
    expect(page.get_by_role("article")).to_contain_text("Written here")
    assert Post.objects.get().body == "Written here"


def test_a_stale_edit_is_discarded_for_the_other(page, edited_twice):
    edited_twice.get_by_role("button", name="Keep the other").click()
    expect(edited_twice).to_have_count(0)
    expect(page.get_by_role("article")).to_contain_text("Written there")
    assert Post.objects.get().body == "Written there"
