"""Reporting in the app, and a moderator who works the queue there, by mouse and by keyboard."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.e2e.test_accessible import AXE, RUN
from ublog.accounts import applications
from ublog.accounts.blocks import Block, network_hash
from ublog.accounts.models import CustomUser
from ublog.accounts.moderation_log import LogEntry
from ublog.blog import cleanups, report_actions
from ublog.blog.models import Post
from ublog.blog.reports import Cleanup, PostNetwork, Report
from ublog.blog.states import PostState

QUEUE = "/app/moderation"
FEW = 10  # clicks


@pytest.fixture
def mona(member, log_in):
    return log_in(member("mona", is_staff=True))


@pytest.fixture
def picture(page):
    """A function that stores what is seen, where UBLOG_TEST_PICTURES names a directory."""

    def take(name):
        if directory := os.environ.get("UBLOG_TEST_PICTURES"):
            page.screenshot(path=Path(directory) / f"moderation-{name}.png", full_page=True)

    return take


@pytest.fixture
def wave(bob, person):
    """200 anonymous posts from one network and five by each of three accounts; Bob reports one of
    the first and the three."""
    spam = Post.objects.bulk_create(Post(body=f"Buy pills {n}") for n in range(200))
    hash = network_hash("203.0.113.9")
    PostNetwork.objects.bulk_create(PostNetwork(post=one, hash=hash) for one in spam)
    report_actions.report(post_id=spam[0].pk, by=bob, reason="Spam, and there is more")
    for name in ("spam_a", "spam_b", "spam_c"):
        author = person(name)
        Post.objects.bulk_create(Post(body="Win!", created_by=author) for _ in range(5))
        report_actions.report_user(username=name, by=bob, reason="A bot")


def run_worker():
    for cleanup in Cleanup.objects.filter(finished_on=None):
        while cleanups.delete_batch(cleanup.pk):
            pass


def test_a_spam_wave_is_cleared_in_under_ten_clicks(page, mona, wave, post, picture):
    kept, clicks = post(body="Good morning"), 0
    page.goto("/")

    def click(place):
        nonlocal clicks
        clicks += 1
        place.click()

    click(page.get_by_role("link", name="Moderation"))
    cards = page.get_by_role("region", name="Waiting for review").get_by_role("article")
    expect(cards).to_have_count(4)
    picture("queue")
    for left in (3, 2, 1, 0):
        click(cards.first.get_by_role("button", name="Delete all"))
        click(page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True))
        expect(page.get_by_role("dialog")).to_have_count(0)
        if left:  # the posts of the network leave it when the worker has deleted them
            expect(cards).to_have_count(left)
    expect(page.get_by_role("status").filter(has_text="0 of 200")).to_be_visible()
    picture("progress")
    run_worker()
    expect(page.get_by_text("Nothing to review")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="of 200")).to_have_count(0)
    assert list(Post.objects.all()) == [kept]
    assert all(one.is_suspended for one in CustomUser.objects.filter(username__startswith="spam"))
    assert Block.objects.filter(kind="network").count() == 1
    assert LogEntry.objects.count() == 8
    assert clicks < FEW


def test_the_queue_is_worked_by_keyboard(page, mona, alice_and_posts, picture):
    page.goto(QUEUE)
    cards = page.get_by_role("region", name="Waiting for review").get_by_role("article")
    expect(cards).to_have_count(3)
    page.keyboard.press("j")
    expect(cards.first).to_be_focused()
    page.keyboard.press("h")
    expect(cards).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(cards).to_have_count(1)
    page.keyboard.press("k")
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Suspend @anna")
    dialog.get_by_label("Why, for the log").fill("Enough")
    page.keyboard.press("Enter")
    expect(page.get_by_text("suspended without an end")).to_be_visible()
    page.get_by_role("article").focus()
    page.keyboard.press("x")
    expect(page.get_by_text("Nothing to review")).to_be_visible()
    reported, held, last = alice_and_posts
    states = [Post.objects.get(pk=one.pk).state for one in (reported, held, last)]
    assert states == [PostState.HIDDEN, None, None]
    assert CustomUser.objects.get(username="anna").is_suspended
    assert LogEntry.objects.get(action="suspend").reason == "Enough"


def test_after_a_decision_the_focus_goes_to_the_next_item(page, mona, alice_and_posts):
    page.goto(QUEUE)
    cards = page.get_by_role("region", name="Waiting for review").get_by_role("article")
    expect(cards).to_have_count(3)
    cards.nth(0).get_by_role("button", name="Hide").press("Enter")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_be_focused()
    cards.nth(1).get_by_role("button", name="Delete", exact=True).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).press("Enter")
    expect(cards).to_have_count(1)
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_text("Nothing to review")).to_be_visible()
    expect(page.get_by_role("heading", name="Moderation")).to_be_focused()


def test_a_moderator_learns_who_wants_to_join_and_decides(page, mona, person, picture):
    for name in ("dora", "emil"):
        user = person(name, is_active=False, display_name=name.title())
        applications.apply(user, f"I row, too, says {name}")
    page.goto("/notifications")
    notified = page.get_by_role("region", name="Notifications").get_by_role("article")
    expect(notified).to_have_count(2)
    picture("notifications")
    notified.filter(has_text="Dora wants to join").get_by_role("link").last.click()
    cards = page.get_by_role("region", name="Waiting for review").get_by_role("article")
    expect(cards).to_have_count(2)
    dora = cards.filter(has_text="dora@example.org")
    expect(dora).to_contain_text("I row, too, says dora")
    expect(dora.get_by_role("button")).to_have_text(["Approve", "Reject"])
    picture("applications")
    dora.get_by_role("button", name="Approve").click()
    expect(cards).to_have_count(1)
    cards.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Nothing to review")).to_be_visible()
    assert list(CustomUser.objects.filter(username__in=("dora", "emil"), is_active=True)) == [
        CustomUser.objects.get(username="dora")
    ]
    page.goto("/notifications")
    expect(page.get_by_text("Nothing yet.")).to_be_visible()


def test_somebody_who_is_just_gone_cannot_be_suspended(page, mona, alice_and_posts, complaints):
    page.goto(QUEUE)
    cards = page.get_by_role("region", name="Waiting for review").get_by_role("article")
    expect(cards).to_have_count(3)
    CustomUser.objects.get(username="anna").delete()
    cards.first.get_by_role("button", name="Suspend…").click()
    dialog = page.get_by_role("dialog", name="Suspend @anna")
    with complaints.expecting("404"):
        dialog.get_by_role("button", name="Suspend").click()
        expect(dialog.get_by_role("alert")).to_be_visible()
    assert not LogEntry.objects.exists()


def test_no_moderator_locks_oneself_out(page, mona, bob, post, complaints):
    one = post(body="Hello")
    PostNetwork.objects.create(post=one, hash=network_hash("127.0.0.1"))
    report_actions.report(post_id=one.pk, by=bob, reason="Rude")
    page.goto(QUEUE)
    page.get_by_role("button", name="Delete all from this network").click()
    dialog = page.get_by_role("dialog")
    with complaints.expecting("400"):
        dialog.get_by_role("button", name="Delete", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("This is your own network")
    assert not any(model.objects.exists() for model in (Block, Cleanup, LogEntry))


def test_a_moderator_is_offered_only_what_is_allowed(page, mona, staff, bob, post):
    for author in (CustomUser.objects.get(username="mona"), staff):
        report_actions.report(post_id=post(author).pk, by=bob, reason="Rude")
    page.goto(QUEUE)
    cards = page.get_by_role("region", name="Waiting for review").get_by_role("article")
    expect(cards.nth(0).get_by_role("button")).to_have_text(["Hide", "Dismiss", "Delete"])
    expect(cards.nth(1).get_by_role("button")).to_have_text(["Hide", "Delete"])


def test_an_author_lists_what_is_not_published(page, alice, post):
    post(alice, "Everybody sees this")
    post(alice, "A moderator has hidden this", state=PostState.HIDDEN)
    page.goto(f"/@{alice.username}")
    lists = page.get_by_role("navigation", name="Which posts")
    lists.get_by_role("link", name="Not published").click()
    expect(page.get_by_text("A moderator has hidden this", exact=True)).to_be_visible()
    expect(page.get_by_text("Everybody sees this")).to_have_count(0)


@pytest.fixture
def alice_and_posts(person, bob, post):
    anna = person("anna")
    last, held, reported = post(anna, "Hm"), post(anna, state=PostState.HELD), post(anna, "Rude")
    report_actions.report(post_id=last.pk, by=bob, reason="Rude")
    Post.objects.filter(pk=held.pk).update(created_on=Report.objects.get().created_on)
    report_actions.report(post_id=reported.pk, by=bob, reason="Very rude")
    return reported, held, last


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_is_found_from_the_notifications(
    page, mona, alice_and_posts, picture, scheme
):
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    page.goto("/notifications")
    page.get_by_role("main").get_by_role("link", name="Moderation").click()
    expect(page.get_by_role("article")).to_have_count(3)
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(f"phone-{scheme}")
    page.goto("/moderation/")
    picture(f"pages-phone-{scheme}")


def test_a_post_and_a_user_are_reported(page, alice, bob, post, picture):
    one = post(bob, "Buy pills")
    page.goto(f"/posts/{one.pk}")
    page.get_by_role("article").get_by_label("More for this post").click()
    page.get_by_role("menuitem", name="Report").click()
    dialog = page.get_by_role("dialog", name="Report this post")
    dialog.get_by_label("What is wrong?").fill("Spam")
    picture("report")
    dialog.get_by_role("button", name="Report").click()
    expect(page.get_by_text("The moderators will look at it")).to_be_visible()
    page.goto("/@bob")
    page.get_by_role("button", name="Report", exact=True).click()
    dialog = page.get_by_role("dialog", name="Report @bob")
    dialog.get_by_label("What is wrong?").fill("A bot")
    dialog.get_by_role("button", name="Report").click()
    expect(dialog).to_have_count(0)
    assert [report.target for report in Report.objects.order_by("pk")] == [
        f"post {one.pk}",
        f"user {bob.pk}",
    ]
    page.goto(f"/@{alice.username}")
    expect(page.get_by_role("link", name="Edit profile")).to_be_visible()
    expect(page.get_by_role("button", name="Report", exact=True)).to_have_count(0)
