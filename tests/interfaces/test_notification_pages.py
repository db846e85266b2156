"""Notifications in the pages: the button, the header, and the form of a reply."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from tests.contract.drivers import inputs, soup
from ublog.blog import actions
from ublog.blog.notifications import Notification

STYLES = ["fbv", "cbv"]


@pytest.fixture
def browser(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    return client


@pytest.fixture
def mine(alice, bob):
    """A post of Alice's, to which Bob has replied."""
    mine = actions.publish(body="Hello", by=alice)
    actions.publish(body="Hi", by=bob, in_reply_to=mine.pk)
    return mine


@pytest.mark.parametrize("style", STYLES)
def test_one_button_marks_all_as_read(browser, alice, mine, style):
    url = f"/{style}/notifications/"
    page = soup(browser.get(url))
    assert "Notifications 1" in " ".join(page.select_one("header").text.split())
    form = page.select_one("main form")
    response = browser.post(form["action"], inputs(form), follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert Notification.objects.count_unread(alice) == 0
    again = soup(response)
    assert not again.select("main form[action$='read/']")
    assert not again.select("header [data-field=unread_count]")


def test_more_than_99_are_shown_as_such(browser, alice, bob, post):
    posts = [post(bob, f"{number}") for number in range(100)]
    Notification.objects.bulk_create(
        Notification(user=alice, kind="mention", post=one, actor=bob) for one in posts
    )
    shown = soup(browser.get("/fbv/posts/")).select_one("header [data-field=unread_count]")
    assert shown.text == "99+"


@pytest.mark.parametrize("style", STYLES)
def test_a_reply_begins_with_the_author_and_who_is_mentioned(browser, alice, bob, charlie, style):
    post = actions.publish(body="@alice, @charlie and @CHARLIE: @nobody", by=bob)
    own = actions.publish(body="Hi @bob and @alice", by=alice)
    anonymous = actions.publish(body="Hi", by=AnonymousUser())
    for one, start in ((post, "@bob @charlie "), (own, "@bob "), (anonymous, "")):
        page = soup(browser.get(f"/{style}/posts/{one.pk}/"))
        area = page.select_one("main form textarea[name=body]")
        assert area.text.removeprefix("\n") == start


def test_the_entry_is_shown_only_to_those_who_are_logged_in(browser):
    assert soup(browser.get("/fbv/posts/")).select("header a[href$='/notifications/']")
    assert not soup(Client().get("/fbv/posts/")).select("header a[href$='/notifications/']")


@pytest.mark.parametrize("style", STYLES)
def test_the_source_of_the_page_is_its_own(browser, style):
    page = soup(browser.get(f"/{style}/notifications/"))
    source = browser.get(page.select_one("footer a[href^='/source/']")["href"])
    assert "Notification.objects.page" in soup(source).pre.text
