"""The main flows by the keyboard alone, on a desktop and at a zoom of 400 %.

What has the focus is always in view, and nothing scrolls sideways: WCAG 2.2, 2.4.11 and 1.4.10.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PASSWORD
from ublog.blog.models import Post

ZOOMED = {"width": 320, "height": 256}  # CSS pixels of 1280 x 1024 at 400 %
ACTIVE = """() => {
    const {activeElement} = document
    if (activeElement === document.body) return null
    // Of an input that is only for screen readers, the label is what is seen.
    const it = activeElement.matches('.sr-only') ? activeElement.closest('label') : activeElement
    const box = it.getBoundingClientRect()
    const within = (value, size) => Math.min(Math.max(value, 1), size - 1)
    const at = (x, y) => document.elementFromPoint(within(x, innerWidth), within(y, innerHeight))
    const seen = [0.1, 0.5, 0.9].some((part) => {
        const top = at(box.x + box.width / 2, box.y + part * box.height)
        return top && (it.contains(top) || top.contains(it))
    })
    const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    const {scrollWidth, clientWidth} = document.documentElement
    return {seen: seen && inView, html: it.outerHTML.slice(0, 160), over: scrollWidth - clientWidth}
}"""


@pytest.fixture(params=[DESKTOP, ZOOMED], ids=["desktop", "400 %"])
def browser_context_args(request, browser_context_args):
    return {**browser_context_args, "viewport": request.param}


class Keys:
    """Somebody who has no mouse, and sees what has the focus."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def check(self):
        active = self.page.evaluate(ACTIVE)
        if active:
            assert active["seen"], f"Behind something else, or out of view: {active['html']}"
            assert active["over"] <= 0, f"It scrolls sideways: {self.page.url}"

    def to(self, locator, key="Tab"):
        """Press Tab until the element has the focus; each stop on the way can be seen."""
        expect(locator).to_be_attached()
        for _ in range(120):
            if locator.evaluate("(it) => it === document.activeElement"):
                return self.check()
            self.press(key)
            self.check()
        raise AssertionError(f"Tab does not lead to {locator}")

    def choose(self, locator):
        self.to(locator)
        self.press("Enter")

    def write(self, label, text):
        self.to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(text)


def card(page, text):
    return page.get_by_role("article").filter(has_text=text)


def test_from_log_in_to_log_out(page, member, post, bob):
    member("alice")
    post(bob, "Sunrise at the lake")
    keys = Keys(page)
    page.goto("/")
    expect(card(page, "Sunrise")).to_be_visible()
    keys.choose(card(page, "Sunrise").get_by_role("button", name="Like, 0 likes"))
    # The log-in shows which post is about to be liked, and begins in its first field.
    expect(page.locator("blockquote")).to_contain_text("Sunrise at the lake")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("alice@example.org")
    keys.write("Password", PASSWORD)
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/$"))
    expect(card(page, "Sunrise").get_by_role("button", name="Like, 1 like")).to_be_visible()

    keys.write("Your post", "By the keyboard")
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_enabled()
    keys.choose(page.get_by_role("button", name="Post", exact=True))
    expect(card(page, "By the keyboard")).to_be_visible()

    # A menu: arrows move, Escape closes it and gives the focus back.
    menu = card(page, "By the keyboard").get_by_label("More for this post").first
    keys.choose(menu)
    items = card(page, "By the keyboard").get_by_role("menuitem")
    expect(items.first).to_be_focused()
    keys.check()
    keys.press("ArrowUp")
    expect(items.last).to_be_focused()
    keys.check()
    keys.press("ArrowDown")
    expect(items.first).to_be_focused()
    keys.press("Escape")
    expect(menu).to_be_focused()
    expect(items.first).not_to_be_visible()
    keys.press("Enter")
    expect(items.first).to_be_focused()
    keys.press("Enter")
    dialog = page.get_by_role("dialog")
    keys.to(dialog.get_by_label("Your post"))
    keys.press("Control+A")
    page.keyboard.type("Changed by the keyboard")
    keys.press("Control+Enter")
    expect(card(page, "Changed by the keyboard")).to_be_visible()

    keys.choose(card(page, "Changed").get_by_label("More for this post").first)
    keys.press("End", "Enter")
    expect(card(page, "Changed")).to_have_count(0)
    expect(card(page, "Sunrise")).to_be_focused()
    keys.check()
    keys.press("u")
    expect(card(page, "Changed")).to_be_visible()
    assert Post.objects.count() == 2

    expect(page.get_by_label("Messages").get_by_role("button")).to_have_count(0)
    keys.choose(card(page, "Sunrise").get_by_role("link", name="Reply, 0 replies"))
    expect(page.get_by_role("textbox", name="Your reply")).to_be_focused()
    keys.check()
    page.keyboard.type("Beautiful")
    keys.press("Control+Enter")
    expect(card(page, "Beautiful")).to_be_visible()
    keys.press("Escape")
    page.go_back()
    expect(card(page, "Changed")).to_be_visible()


def test_every_stop_of_the_main_pages_can_be_seen(page, alice, post, bob):
    for number in range(8):
        post(bob, f"Post {number} " + "with some words " * 8)
    keys = Keys(page)
    app = ("/", "/@bob", "/settings", "/settings/account")
    for path in (*app, "/fbv/posts/", "/accounts/profile/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        for _ in range(45):
            keys.press("Tab")
            keys.check()
        for _ in range(20):
            keys.press("Shift+Tab")
            keys.check()


def test_the_page_in_use_is_marked_in_forced_colours(page, alice):
    page.emulate_media(forced_colors="active")
    page.goto("/")
    here = page.locator("nav [aria-current=page]:visible").first
    expect(here).to_have_css("outline-style", "solid")
    other = page.locator("nav a:not([aria-current]):visible").first
    expect(other).not_to_have_css("outline-style", "solid")
