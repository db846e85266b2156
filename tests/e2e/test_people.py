"""Who is a member and who likes a post, in the app; and how a phone gets to what has no tab."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from ublog.blog import actions


def test_alice_finds_a_member(page, alice, bob):
    page.goto("/members")
    members = page.get_by_role("region", name="Members").get_by_role("link")
    expect(members).to_have_count(2)
    page.get_by_role("searchbox", name="Search for members").fill(bob.username[:2])
    expect(members).to_have_count(1)
    members.click()
    expect(page).to_have_url(f"/@{bob.username}")


def test_alice_sees_who_likes_her_post(page, alice, bob):
    post = actions.publish(by=alice, body="Regatta")
    actions.like(post_id=post.pk, by=bob)
    page.goto(f"/posts/{post.pk}")
    page.get_by_role("link", name="Who likes this post").click()
    likes = page.get_by_role("region", name="Who likes this post").get_by_role("link")
    expect(likes).to_have_text([f"{bob.name} @{bob.username}"])


class TestOnAPhone:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "viewport": PHONE}

    def test_a_moderator_finds_the_queue_in_the_settings(self, page, member, log_in):
        log_in(member("mo", is_staff=True))
        page.goto("/settings")
        page.get_by_role("main").get_by_role("link", name="Moderation").click()
        expect(page.get_by_role("heading", name="Moderation", level=1)).to_be_visible()
