"""Without a network the app opens with what was read last, until the session ends."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import clear_cookies, png
from tests.faults.site import eventually
from ublog.core import site_settings
from ublog.core.models import SiteSettings

OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to fetch")
CONTENTS = """async () => {
    const found = {}
    for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys()) {
            const response = await cache.match(request, {ignoreVary: true})
            found[new URL(request.url).pathname] =
                JSON.stringify([...request.headers]) + await response.text()
        }
    }
    return found
}"""


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "service_workers": "allow"}


@pytest.fixture
def lake(post, bob):
    return post(bob, "Sunrise at the lake")


def kept(page) -> dict[str, str]:
    """Return what the worker keeps: texts by path, with the headers of the request before them."""
    return page.evaluate(CONTENTS)


def is_ready(page):
    return page.evaluate("navigator.serviceWorker.controller?.state === 'activated'")


def open_app(page, path="/"):
    """Open the app, and once more as soon as the worker is there, which keeps what is read then."""
    page.goto(path)
    eventually(lambda: page.wait_for_timeout(100) or is_ready(page))
    page.reload()
    expect(page.get_by_role("article").first).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.fixture
def go_offline(context, complaints):
    complaints.expected += OFFLINE
    return lambda: context.set_offline(True)


def test_the_app_opens_with_what_was_read_last(page, lake, alice, go_offline):
    open_app(page)
    page.get_by_role("article").get_by_role("link", name=re.compile("ago|now|202")).click()
    expect(page.get_by_text("No replies yet")).to_be_visible()
    go_offline()
    page.goto(f"/posts/{lake.pk}")
    expect(page.get_by_role("article")).to_contain_text("Sunrise at the lake")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("article")).to_contain_text("Sunrise at the lake")
    expect(page.get_by_role("button", name="Reload")).to_have_count(0)


def test_a_post_on_screen_opens_offline(page, lake, post, bob, go_offline):
    post(bob, "Another")
    open_app(page)
    go_offline()
    card = page.get_by_role("article").filter(has_text="Sunrise")
    card.locator(".post-when").click()
    expect(page).to_have_url(re.compile(f"/posts/{lake.pk}$"))
    expect(page.get_by_role("article")).to_contain_text(["Sunrise at the lake"])
    expect(page.get_by_role("button", name="Reload")).to_have_count(0)


def test_every_page_of_the_app_opens_offline_with_its_own_files(page, lake, go_offline):
    open_app(page)
    go_offline()
    for path, heading in (("/settings", "Settings"), ("/login", "Log in"), ("/x", None)):
        if heading:
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_no_token_and_nothing_written_is_kept(page, lake, alice):
    open_app(page)
    page.get_by_label("Your post").fill("Written here")
    page.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png(40, 30)}
    )
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("article").filter(has_text="Written here")).to_be_visible()
    page.wait_for_load_state("networkidle")
    found = {path: text for path, text in kept(page).items() if not path.startswith("/static/")}
    assert "/api/cbv/posts/" in found
    assert not [path for path in found if "/auth/" in path or path.startswith("/media")]
    assert not re.search("(?i)bearer|authorization|eyJ", "".join(found.values()))


def private(page) -> list[str]:
    return [path for path in kept(page) if path.startswith("/api/")]


def log_out_in_the_app(page):
    page.get_by_role("button", name="Log out").click()


def log_out_on_a_page(page):
    page.goto("/cbv/posts/")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Log in")).to_be_visible()


def log_out_in_another_tab(page):
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Log out").click()


def log_out_elsewhere(page):
    clear_cookies(page)
    page.goto("/")


@pytest.mark.parametrize(
    "log_out",
    [log_out_in_the_app, log_out_on_a_page, log_out_in_another_tab, log_out_elsewhere],
)
def test_nothing_private_survives_the_session(page, lake, alice, log_out, complaints):
    complaints.expected += ("401",)
    SiteSettings.objects.create(who_may_read="members")
    site_settings.forget()
    open_app(page)
    assert private(page)
    log_out(page)
    eventually(lambda: page.wait_for_timeout(100) or not private(page))
    page.wait_for_timeout(1000)
    assert not private(page)
    assert "Sunrise" not in "".join(kept(page).values())


def test_the_next_user_sees_nothing_of_the_one_before(
    page, context, lake, alice, member, go_offline
):
    """Even if the cache were not cleared: a response says for whom it is."""
    open_app(page)
    page.evaluate("caches.open('ublog-read').then((cache) => window.held = cache)")
    name = next(one["name"] for one in context.cookies() if one["name"].endswith("signed_in"))
    context.add_cookies([{"name": name, "value": "4711", "url": page.url}])
    page.evaluate("localStorage.setItem('ublog:reader', '4711')")
    go_offline()
    page.goto("/")
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)


def test_the_worker_goes_when_the_site_has_none(page, lake, settings):
    open_app(page)
    settings.SERVICE_WORKER = False
    page.goto("/cbv/posts/")
    page.goto("/")
    count = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    eventually(lambda: page.wait_for_timeout(100) or not page.evaluate(count))
    eventually(lambda: page.wait_for_timeout(100) or not kept(page))


def test_a_worker_of_another_build_waits_for_the_tabs_of_the_old(page, lake, monkeypatch):
    """What an open tab may still load stays: the files of its own build."""
    from ublog.interfaces.app import installing

    open_app(page)
    before = page.evaluate("caches.keys()")
    files = [*installing.app_files(), "/static/icon.svg"]
    monkeypatch.setattr(installing, "app_files", lambda: files)
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    kept = "caches.keys()"
    eventually(lambda: page.wait_for_timeout(100) or len(page.evaluate(kept)) > len(before))
    assert set(before) <= set(page.evaluate("caches.keys()"))


def test_a_worker_that_misses_a_file_is_not_installed(page, lake, monkeypatch, complaints):
    from ublog.interfaces.app import installing

    open_app(page)
    complaints.expected += ("404", "ServiceWorker", "Failed")
    before = page.evaluate("caches.keys()")
    files = [*installing.app_files(), "/static/missing.js"]
    monkeypatch.setattr(installing, "app_files", lambda: files)
    registration = "navigator.serviceWorker.getRegistration()"
    page.evaluate(f"{registration}.then((one) => one.update()).catch(() => 0)")
    page.wait_for_timeout(3000)
    page.reload()
    expect(page.get_by_role("article")).to_be_visible()
    assert is_ready(page)
    assert page.evaluate(f"{registration}.then((one) => one.waiting)") is None
    assert set(before) <= set(page.evaluate("caches.keys()"))


def test_browsers_can_install_the_app(page, lake, context):
    open_app(page)
    devtools = context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert not manifest["errors"]
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # As all contexts of tests are.
    assert {error["errorId"] for error in errors} <= {"in-incognito"}
