"""What a screen reader says on a walk through the app: tests/e2e/walk.txt.

After a change that is meant: delete that file and run this test twice. Read the difference as
somebody who hears it.
"""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD
from ublog.blog import actions

WALK = Path(__file__).with_name("walk.txt")


def tree_of(page) -> str:
    """Return roles, names and states of the page, without what differs from run to run."""
    text = page.locator("body").aria_snapshot()
    text = re.sub(r"(/posts/)\d+", r"\1ID", text)
    text = re.sub(r"\b\d+ \w{3}(?: \d{4})?, \d\d:\d\d\b", "TIME", text)
    return re.sub(r"\bnow\b|\b\d+ ?\w+ ago\b", "TIME", text)


def test_the_walk_is_as_it_is_written_down(page, member, post, bob, complaints):
    complaints.expected += ("401",)  # the wrong password
    steps = []

    def note(title):
        page.wait_for_load_state("networkidle")
        steps.append(f"# {title}\n\n{tree_of(page)}\n")

    member("alice", display_name="Alice Lindqvist")
    lake = actions.publish(by=bob, body="Sunrise at the lake #morning")
    actions.publish(by=bob, body="Is it cold?", in_reply_to=lake.pk)
    page.goto("/")
    expect(page.get_by_role("article")).to_have_count(1)
    note("A visitor reads the timeline")
    page.get_by_role("button", name="Like, 0 likes").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    note("Likes a post, and is asked to log in")
    page.get_by_label("E-mail address").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill("wrong, certainly")
    page.get_by_label("Password", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    note("With a wrong password")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Like, 1 like")).to_be_visible()
    expect(page.get_by_label("More for this post")).to_be_visible()
    note("Logged in, the post is liked")
    page.get_by_label("More for this post").click()
    expect(page.get_by_role("menuitem", name="Mute @bob")).to_be_visible()
    note("The menu of the post")
    page.keyboard.press("Escape")
    page.get_by_role("article").locator(".post-when").click()
    expect(page.get_by_role("article")).to_have_count(2)
    note("The post and its replies")
    written = "\n".join(steps)
    if not WALK.exists():
        WALK.write_text(written)
        raise AssertionError("tests/e2e/walk.txt was missing, and is written now: read it.")
    assert written == WALK.read_text()
