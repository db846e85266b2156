"""axe finds no violation on any screen: on phones and desktops, in light and in dark."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE, png
from tests.pictures import upload
from ublog.blog import actions, report_actions
from ublog.blog.images import accept

AXE = Path(settings.BASE_DIR, "frontend/node_modules/axe-core/axe.min.js")
RUN = """async () => (await axe.run()).violations.map(
    ({id, nodes}) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)"""
APP = ["/", "/posts/{post}", "/@alice", "/login", "/register", "/password-reset", "/settings", "/x"]
APP += ["/activate/x", "/posts/{reply}", "/posts/{gone}", "/@alice?replies=on", "/notifications"]
APP += ["/members", "/posts/{post}/likes", "/bookmarks", "/search"]
APP += [f"/settings/{section}" for section in ("profile", "appearance", "notifications")]
APP += [f"/settings/{section}" for section in ("account", "data", "developers")]
PAGES = [
    *("/fbv/posts/", "/fbv/posts/{post}/", "/fbv/posts/new/", "/cbv/posts/{post}/edit/"),
    *("/compare/like/?run=1&post={post}", "/source/fbv/"),
    *("/cbv/posts/{post}/delete/", "/cbv/posts/?q=nothing", "/cbv/posts/0/"),
    *("/cbv/posts/{post}/likes/", "/fbv/posts/{other}/report/", "/fbv/users/bob/mute/", "/feeds/"),
]
ACCOUNTS = [
    f"/accounts/{path}"
    for path in (
        *("login/", "register/", "register/sent/", "register/resend/", "activate/x/"),
        *("password-reset/", "password-reset/x/", "password-change/", "email-change/"),
        *("profile/", "profile/delete/", "users/alice/"),
        *("users/", "tokens/", "data/", "profile/avatar/", "email-notifications/", "rules/"),
    )
]

# What an administrator sees.
SITE = [
    "/settings/site",
    "/app/moderation",
    "/moderation/",
    "/moderation/log/",
    "/moderation/blocks/",
]
SITE += [
    f"/accounts/{path}"
    for path in (
        *("site/", "site/looks/", "site/confirm/", "site/unsent/", "site/test-mail/"),
        "invitations/",
    )
]


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def browser_context_args(request, theme, browser_context_args):
    return {**browser_context_args, "viewport": request.param, "color_scheme": theme}


@pytest.fixture
def first(alice, bob):
    """Publish a post with an image, a conversation below it, and some others; return their ids."""
    image = accept(upload(png(400, 300), "p.png"))
    made = actions.publish(by=alice, body="Lake https://example.org", image=image, image_alt="Lake")
    other = actions.publish(by=bob, body="Another one, @alice")
    actions.publish(by=AnonymousUser(), body="And one by nobody")
    reply = actions.publish(by=alice, body="A reply", in_reply_to=made.pk)
    gone = actions.publish(by=bob, body="Gone", in_reply_to=reply.pk)
    actions.publish(by=alice, body="To it", in_reply_to=gone.pk)
    actions.delete(post_id=gone.pk, by=bob)
    return {"post": made.pk, "other": other.pk, "reply": reply.pk, "gone": gone.pk}


def broken(page) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    return page.evaluate(RUN)


@pytest.mark.parametrize(
    "screens", [APP, PAGES, ACCOUNTS, SITE], ids=["app", "pages", "accounts", "site"]
)
def test_no_rule_is_broken(page, first, screens, complaints, alice):
    if screens is SITE:
        report_actions.report(post_id=first["other"], by=alice, reason="An advertisement")
        type(alice).objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    found = {}
    with complaints.expecting("404", "400"):
        for screen in screens:
            page.goto(screen.format(**first))
            expect(page.get_by_role("heading", level=1)).to_be_attached()
            page.wait_for_load_state("networkidle")
            if rules := broken(page):
                found[screen] = rules
    assert not found


def test_no_rule_is_broken_in_a_dialog_or_menu(page, first):
    page.goto("/")
    mine = page.get_by_role("article").filter(has_text="Lake")
    page.get_by_label("Your post").fill("x" * 281)
    page.locator("input[type=file]").set_input_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": png(60, 40)}
    )
    expect(page.get_by_label("Describe the picture")).to_be_visible()
    found = broken(page)
    mine.get_by_label("More for this post").click()
    found += broken(page)
    page.get_by_role("menuitem", name="Edit").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += broken(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open the picture").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += broken(page)
    assert not found
