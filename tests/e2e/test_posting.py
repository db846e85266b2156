"""The first hour with the app: log in, post, like, edit, delete."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, png
from tests.faults.site import eventually
from ublog.blog.models import Post


def write(page, text):
    page.get_by_label("Your post").fill(text)


def card(page, text):
    return page.get_by_role("article").filter(has_text=text)


def choose(page, name):
    card(page, "").first.get_by_label("More for this post").click()
    page.get_by_role("menuitem", name=name).click()


def test_from_login_to_deletion(page, member):
    member("alice", display_name="Alice Lindqvist")
    page.goto("/login")
    page.get_by_label("E-mail address").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/$"))

    write(page, "Sunrise at the lake")
    page.locator("input[type=file]").set_input_files(
        {"name": "lake.png", "mimeType": "image/png", "buffer": png(1200, 750)}
    )
    page.get_by_label("Describe the picture").fill("A calm lake")
    page.get_by_role("button", name="Post", exact=True).click()
    post = card(page, "Sunrise at the lake")
    expect(post.get_by_role("img", name="A calm lake")).to_be_visible()
    expect(post).to_contain_text("@alice")

    post.get_by_role("button", name="Like, 0 likes").click()
    expect(post.get_by_role("button", name="Like, 1 like")).to_have_attribute(
        "aria-pressed", "true"
    )

    choose(page, "Edit")
    page.get_by_role("dialog").get_by_label("Your post").fill("Sunset at the lake")
    page.get_by_role("button", name="Save").click()
    post = card(page, "Sunset at the lake")
    expect(post).to_contain_text("edited")

    choose(page, "Delete")
    expect(post).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(post).to_be_visible()
    assert Post.objects.count() == 1

    choose(page, "Delete")
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.get_by_role("button", name="Close").last.click()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    assert not Post.objects.exists()


PUT_IN = """([type, bytes]) => {
    const data = new DataTransfer()
    data.items.add(new File([new Uint8Array(bytes)], 'p.png', {type: 'image/png'}))
    const name = type === 'paste' ? 'clipboardData' : 'dataTransfer'
    const event = type === 'paste'
        ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})
    document.querySelector('main textarea').dispatchEvent(event)
}"""


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_pasted_or_dropped(page, alice, way):
    page.goto("/")
    write(page, "With a picture")
    page.get_by_role("button", name="Post", exact=True).wait_for()
    page.evaluate(PUT_IN, [way, list(png(60, 40))])
    expect(page.get_by_alt_text("The picture to be posted")).to_be_visible()
    page.get_by_role("button", name="Post", exact=True).click()
    expect(card(page, "With a picture").locator("img.post-picture")).to_be_visible()


@pytest.mark.parametrize("interface", ["REST, view set", "REST, functions", "GraphQL"])
def test_every_interface_serves_the_app(page, alice, interface):
    page.goto("/settings/developers")
    page.get_by_label(interface).check()
    page.goto("/")
    write(page, "By another interface")
    page.get_by_role("button", name="Post", exact=True).click()
    post = card(page, "By another interface")
    with page.expect_response(re.compile("/like/|/graphql/")):
        post.get_by_role("button", name="Like, 0 likes").click()
    expect(post.get_by_role("button", name="Like, 1 like")).to_be_visible()
    page.reload()
    expect(post.get_by_role("button", name="Like, 1 like")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_with_the_keyboard_alone(page, alice, post, bob):
    post(bob, "The older one")
    post(bob, "The newer one")
    page.goto("/")
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("l")
    older = card(page, "The older one")
    expect(older.get_by_role("button", name="Like, 1 like")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_label("Your post")).to_be_focused()
    page.keyboard.type("Typed")
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_enabled()
    page.keyboard.press("Control+Enter")
    expect(card(page, "Typed")).to_be_visible()
    page.get_by_role("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_new_posts_are_shown_on_request(page, alice, bob, post):
    page.clock.install()
    page.goto("/")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    post(bob, "Newer")
    button = page.get_by_role("button", name="1 new post")
    # What looks for new posts is loaded after the list.
    eventually(lambda: page.clock.fast_forward(31_000) or button.is_visible())
    button.click()
    expect(card(page, "Newer")).to_be_visible()


def test_a_post_sent_before_the_composer_is_ready_is_sent_once_it_is(page, alice):
    held = []
    page.route("**/static/assets/NewPostTools-*.js", lambda route: held.append(route))
    page.goto("/")
    page.get_by_label("Your post").fill("Typed fast")
    page.keyboard.press("Control+Enter")
    eventually(lambda: page.evaluate("1") and held)
    held.pop().continue_()
    expect(card(page, "Typed fast")).to_be_visible()
    assert Post.objects.count() == 1


RECORD = """() => {
    window.folding = []
    new MutationObserver((records) => records.flatMap((one) => [...one.addedNodes])
        .filter((node) => node.matches?.('article[inert]'))
        .forEach((node) => window.folding.push(
            node.getAnimations().map((one) => one.effect.getTiming().duration)
        ))).observe(document.body, {childList: true, subtree: true})
}"""


@pytest.mark.parametrize(("motion", "seen"), [("no-preference", [[160]]), ("reduce", [])])
def test_a_deleted_card_folds_away(page, alice, post, motion, seen):
    post(alice, "Below")
    post(alice, "Sunrise")
    page.emulate_media(reduced_motion=motion)
    page.goto("/")
    expect(card(page, "Sunrise")).to_be_visible()
    page.evaluate(RECORD)
    choose(page, "Delete")
    expect(card(page, "Sunrise")).to_have_count(0)
    expect(page.locator("article[inert]")).to_have_count(0)
    assert page.evaluate("folding") == seen
    expect(card(page, "Below")).to_be_visible()
