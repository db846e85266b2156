"""The comparison in a browser: two clicks to it, what it shows, and requests that links fill in."""

import pytest
from playwright.sync_api import Page, expect

from tests.contract.drivers import soup
from tests.e2e.conftest import DESKTOP, PHONE, clear_cookies
from tests.interfaces.test_compare import has_happened
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.compare.operations import INTERFACES, OPERATIONS, PAGES
from ublog.operations import dry_run


@pytest.fixture
def post(alice):
    return actions.publish(by=alice, body="Hello")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_two_clicks_lead_from_the_app_to_five_responses(page: Page, post, size, monkeypatch):
    monkeypatch.setattr(dry_run, "SECONDS", 60)
    page.set_viewport_size(size)
    page.goto("/")
    if size is DESKTOP:
        page.get_by_text("Five interfaces", exact=True).click()
    else:
        page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Compare the five interfaces").click()
    expect(page.locator(".cmp-yes")).to_have_count(5)
    expect(page.locator(".cmp-sql")).to_have_count(5)


def test_a_part_is_chosen_without_another_run(page: Page, post):
    page.goto("/compare/like/", wait_until="networkidle")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator(".cmp-views").get_by_role("link", name="Request").click()
    expect(page.locator("[data-part=code]").first).to_be_hidden()
    expect(page.locator("[data-part=request]").first).to_be_visible()
    assert page.url.endswith("/compare/like/?view=request")
    assert not [url for url in requests if "/compare/" in url]
    page.get_by_role("navigation", name="Operations").get_by_role("link", name="Edit").click()
    expect(page.locator("[data-part=code]").first).to_be_hidden()


def follow(page: Page, operation: str, post, interface: str, name: str) -> None:
    """Open the link of an interface that fills in the request about a post."""
    page.goto(f"/compare/{operation}/?post={post.pk}&left={interface}")
    page.locator(f"#{interface}").get_by_role("link", name=name).click()


def test_swagger_is_opened_with_the_request(page: Page, post, complaints):
    with complaints.expecting("Deprecated: escaping deep link"):
        follow(page, "stale", post, "rest-functions", "Swagger")
        shown = page.locator(".opblock.is-open")
        # Swagger UI reads a document of 9,000 lines first.
        expect(shown).to_be_visible(timeout=120_000)
        expect(shown.get_by_placeholder("id", exact=True)).to_have_value(str(post.pk))
        expect(shown.get_by_placeholder("If-Match")).to_have_value('"2001-01-01T00:00:00Z"')
        expect(shown.locator("textarea")).to_have_value('{"body": "From an old version"}')


@pytest.mark.parametrize("interface", ["rest-functions", "rest-viewset"])
def test_the_browsable_api_is_opened_with_the_request(page: Page, post, complaints, interface):
    # GET is no method of the function, and DRF's page has styles that the policy leaves out.
    with complaints.expecting("405", "inline style"):
        follow(page, "edit", post, interface, "the browsable API")
        expect(page.get_by_label("Content:")).to_have_value('{"body": "Another text"}')
        page.get_by_role("button", name="PATCH").click()
        # The view set's page shows 200 for its GET already.
        expect(page.locator(".request-info")).to_contain_text("PATCH")
        expect(page.locator(".response-info")).to_contain_text("200 OK")
    post.refresh_from_db()
    assert post.body == "Another text"


def test_graphiql_is_opened_with_the_request(page: Page, post):
    follow(page, "like", post, "graphql", "GraphiQL")
    page.get_by_role("button", name="Execute query").click()
    expect(page.get_by_label("Result Window")).to_contain_text('"likeCount": 1')
    expect(page.get_by_role("link", name="Five ways")).to_have_attribute("href", "/compare/")


# -- Requests that are pasted into the console ---------------------------------------------------


@pytest.fixture
def paste(page: Page, client):
    """A function that runs the `fetch` of a comparison about a post, as its page has it, in the
    console of a page of this site. It returns what it prints: the status and the text."""
    page.goto("/health/live/")

    def run(name: str, interface: str, post) -> tuple[int, str]:
        panel = soup(client.get(f"/compare/{name}/?post={post.pk}")).select_one(f"#{interface}")
        found = [one.code.text for one in panel.select(".cmp-snippet")]
        [text] = [text for text in found if "await fetch(" in text]
        log = "const lines = [], console = { log: (...line) => lines.push(line) };"
        [line] = page.evaluate(f"async () => {{ {log} {text}; return lines }}")
        return tuple(line)

    return run


def test_a_pasted_fetch_does_what_it_says(paste, alice, member):
    anna = member("anna")
    for name in ("list", "read", "publish", "edit", "like", "reply", "bookmark", "delete"):
        author = alice if OPERATIONS[name].post == "own" else anna
        for interface in INTERFACES:
            post = actions.publish(by=author, body="To be changed")
            status, printed = paste(name, interface, post)
            assert status in (200, 201, 204), (name, interface, status, printed)
            assert '"errors":[{' not in printed.replace(" ", "")
            assert has_happened(name, post, alice), (name, interface, printed)


@pytest.mark.parametrize("name", ["forbidden", "too-long", "stale"])
def test_a_pasted_fetch_of_an_error_is_that_error(paste, alice, member, complaints, name):
    author = alice if OPERATIONS[name].post == "own" else member("anna")
    post = actions.publish(by=author, body="Stays")
    with complaints.expecting("Failed to load resource"):
        found = {interface: paste(name, interface, post) for interface in INTERFACES}
    status, code = {
        "forbidden": (403, "FORBIDDEN"),
        "too-long": (400, "INVALID"),
        "stale": (412, "STALE"),
    }[name]
    assert found["rest-functions"][0] == found["rest-viewset"][0] == status, found
    assert code in found["graphql"][1]
    assert list(Post.objects.values_list("body", flat=True)) == ["Stays"]


def test_a_pasted_fetch_of_who_is_not_logged_in_says_so_to_who_is(page, paste, alice, complaints):
    """Those of the pages say that they are for a private window."""
    post = actions.publish(by=alice, body="Stays")
    with complaints.expecting("Failed to load resource"):
        found = {name: paste("anonymous", name, post) for name in INTERFACES if name not in PAGES}
        clear_cookies(page)
        pages = [paste("anonymous", name, post) for name in PAGES]
    assert found["rest-functions"][0] == found["rest-viewset"][0] == 401
    assert "UNAUTHENTICATED" in found["graphql"][1]
    assert all("Log in" in text for _, text in pages)
    assert not post.postlike_set.exists()
