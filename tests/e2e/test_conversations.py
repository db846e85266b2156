"""A conversation in the app: reply, read on, delete."""

import re

import pytest
from playwright.sync_api import expect

from ublog.blog import actions


def card(page, text):
    return page.get_by_role("article").filter(has_text=text)


@pytest.fixture
def reply():
    def publish(by, to, body):
        return actions.publish(by=by, body=body, in_reply_to=to.pk)

    return publish


@pytest.mark.parametrize("interface", ["REST, view set", "REST, functions", "GraphQL"])
def test_a_reply_through_every_interface(page, alice, bob, post, interface):
    post(bob, "Question")
    page.goto("/settings/developers")
    page.get_by_label(interface).check()
    page.goto("/")
    card(page, "Question").get_by_role("link", name="Reply, 0 replies").click()
    expect(page.get_by_role("textbox", name="Your reply")).to_be_focused()
    page.keyboard.type("Opinion")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(card(page, "Opinion")).to_be_visible()
    expect(card(page, "Question").get_by_role("link", name="Reply, 1 reply")).to_be_visible()
    page.reload()
    expect(card(page, "Opinion")).to_be_visible()
    card(page, "Opinion").locator(".post-when").click()
    expect(page).to_have_title(re.compile("Opinion"))
    expect(page.get_by_role("article")).to_have_count(2)
    page.goto("/")
    expect(card(page, "Question")).to_be_visible()
    expect(card(page, "Opinion")).to_have_count(0)


def test_a_reply_with_the_keyboard_alone(page, alice, bob, post):
    post(bob, "Question")
    page.goto("/")
    expect(card(page, "Question")).to_be_visible()
    page.keyboard.press("j")
    expect(card(page, "Question")).to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_role("textbox", name="Your reply")).to_be_focused()
    page.keyboard.type("Opinion")
    page.keyboard.press("Control+Enter")
    expect(card(page, "Opinion")).to_be_visible()
    page.get_by_role("main").focus()
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page).to_have_title(re.compile("Opinion"))


def test_a_draft_stays_with_its_post(page, alice, bob, post):
    first, second = post(bob, "First"), post(bob, "Second")
    page.goto(f"/posts/{first.pk}")
    composer = page.get_by_role("textbox", name="Your reply")
    composer.focus()
    expect(composer).to_have_value("@bob ")
    composer.fill("Half a thought")
    page.goto(f"/posts/{second.pk}")
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("")
    page.goto(f"/posts/{first.pk}")
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("Half a thought")


def test_a_long_conversation_is_read_page_by_page(page, alice, bob, post, reply):
    question = post(bob, "Question")
    for number in range(25):
        reply(bob, question, f"Opinion {number}")
    page.goto(f"/posts/{question.pk}")
    expect(page.get_by_role("article")).to_have_count(21)
    page.get_by_role("button", name="Show more replies").click()
    expect(page.get_by_role("article")).to_have_count(26)
    expect(page.get_by_role("article").last).to_contain_text("Opinion 24")


def test_a_deleted_reply_leaves_a_placeholder_for_its_replies(page, alice, bob, post, reply):
    question = post(bob, "Question")
    opinion = reply(alice, question, "Opinion")
    reply(bob, opinion, "Thanks")
    page.goto(f"/posts/{question.pk}")
    card(page, "Opinion").get_by_label("More for this post").click()
    page.get_by_role("menuitem", name="Delete").click()
    gone = card(page, "This post was deleted.")
    expect(gone).to_be_visible()
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.get_by_role("button", name="Close").last.click()
    expect(card(page, "Question").get_by_role("link", name="Reply, 0 replies")).to_be_visible()
    page.reload()
    gone.get_by_role("link", name="1 reply").click()
    expect(card(page, "Thanks")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(3)
    expect(page.get_by_role("textbox", name="Your reply")).to_have_count(0)


def test_a_long_way_up_keeps_the_post_in_view(page, alice, bob, post, reply):
    last = post(bob, "Step 0")
    for number in range(1, 23):
        last = reply(bob, last, f"Step {number}")
    page.goto(f"/posts/{last.pk}")
    expect(card(page, "Step 22")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Go to the start of the conversation").click()
    expect(page).to_have_title(re.compile("Step 0"))
    page.go_back()
    expect(card(page, "Step 3")).to_be_in_viewport()
    expect(card(page, "Step 22")).not_to_be_in_viewport()
