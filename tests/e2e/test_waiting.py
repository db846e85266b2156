"""What people see while they wait, and where they are after a reload."""

import threading

from playwright.sync_api import expect

from tests.e2e.conftest import png
from tests.faults.site import eventually
from ublog.blog import actions


def test_a_picture_that_is_sent_is_being_processed(page, alice, monkeypatch):
    publish, decoded = actions.publish, threading.Event()

    def slow(**options):
        decoded.wait(60)
        return publish(**options)

    page.goto("/")
    monkeypatch.setattr(actions, "publish", slow)
    page.get_by_label("Your post").fill("Look")
    page.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png(40, 30)}
    )
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("Processing the picture…")).to_be_visible()
    decoded.set()
    expect(page.get_by_text("Posted.", exact=True)).to_be_visible()
    expect(page.get_by_text("Processing the picture…")).to_have_count(0)


def test_what_loads_fills_the_screen(page, post, bob):
    """A tall blank panel would say that there is nothing."""
    post(bob)
    held = []
    page.route("**/api/cbv/posts/", lambda route: held.append(route))
    page.goto("/")
    skeletons = page.locator(".post[aria-hidden]")
    expect(skeletons.first).to_be_visible()
    bottom = skeletons.last.bounding_box()
    assert bottom["y"] + bottom["height"] >= page.viewport_size["height"]
    held[0].continue_()
    expect(page.get_by_role("article")).to_be_visible()
    expect(skeletons).to_have_count(0)


TOP = """() => {
    for (const card of document.querySelectorAll('main article')) {
        const {top, bottom} = card.getBoundingClientRect()
        if (bottom > 0) return [card.querySelector('.post-body').textContent, Math.round(top)]
    }
}"""


def settled(page):
    """Return what is at the top, once nothing scrolls any more."""
    before = None
    while before != (before := page.evaluate(TOP)):
        page.wait_for_timeout(500)
    return before


def test_a_reload_in_the_middle_returns_to_the_place(page, post, alice, bob):
    for number in range(70):
        post(bob, f"Post {number} " + "and more words " * (number % 7))
    page.goto("/")
    far = page.get_by_text("Post 22 ")
    eventually(lambda: page.mouse.wheel(0, 3000) or page.wait_for_timeout(100) or far.count())
    before = settled(page)
    post(bob, "Newer than the reload")
    page.reload()

    def is_back():
        page.wait_for_timeout(100)
        now = page.evaluate(TOP)
        return now and now[0] == before[0] and abs(now[1] - before[1]) <= 2

    eventually(is_back)
    page.goto("/")
    expect(page.get_by_role("article").first).to_be_visible()
    assert page.evaluate("scrollY") == 0


def test_a_reload_where_the_post_was_deleted_leads_to_the_next_one(page, post, bob):
    posts = [post(bob, f"Post {number}") for number in range(60)]
    page.goto("/")
    far = page.get_by_text("Post 20", exact=True)
    eventually(lambda: page.mouse.wheel(0, 3000) or page.wait_for_timeout(100) or far.count())
    far.evaluate("(it) => it.scrollIntoView({block: 'start'})")
    text, _ = page.evaluate(TOP)
    actions.delete(post_id=next(one.pk for one in posts if one.body == text), by=bob)
    page.reload()
    eventually(lambda: page.wait_for_timeout(100) or page.evaluate("scrollY") > 1000)
