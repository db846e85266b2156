"""People are offered while one types `@`; mentions, tags and links lead where they say."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from ublog.blog.models import Post

ZALGO = "Z" + "\u0301\u0302\u0303\u0304\u0306\u0307\u0308" * 12


@pytest.fixture
def picture(page):
    """A function that stores what is seen, where UBLOG_TEST_PICTURES names a directory."""

    def take(name):
        if directory := os.environ.get("UBLOG_TEST_PICTURES"):
            page.screenshot(path=Path(directory) / f"{name}.png")

    return take


def test_a_person_is_chosen_by_keyboard_while_one_types(page, alice, person, picture):
    person("bob", display_name="Bob Builder")
    person("bobby", display_name="Élodie")
    page.goto("/")
    field = page.get_by_label("Your post")
    field.click()
    page.keyboard.type("Hello @bo", delay=30)
    people = page.get_by_role("listbox", name="People")
    expect(people.get_by_role("option")).to_have_count(2)
    picture("list-desktop")
    expect(people.get_by_role("option", selected=True)).to_contain_text("@bob")
    page.keyboard.press("ArrowDown")
    chosen = people.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("@bobby")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    expect(page.locator("[aria-live]").filter(has_text="2 people found")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(people).to_have_count(0)
    expect(field).to_have_value("Hello @bobby ")
    page.keyboard.type("about #tea: https://example.org/a?b=1")
    page.keyboard.press("Control+Enter")
    card = page.get_by_role("article")
    expect(card).to_have_count(1)
    assert Post.objects.get().body == "Hello @bobby about #tea: https://example.org/a?b=1"
    link = card.get_by_role("link", name="https://example.org/a?b=1")
    expect(link).to_have_attribute("href", "https://example.org/a?b=1")
    card.get_by_role("link", name="#tea").click()
    expect(page.get_by_role("heading", name="#tea")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    picture("tag-desktop")
    page.get_by_role("link", name="@bobby").click()
    expect(page.get_by_role("heading", name="Élodie")).to_be_visible()


def test_escape_closes_the_list_and_keeps_the_text(page, alice, person, picture):
    person("bob")
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.get_by_label("Your post").click()
    page.keyboard.type("@bo", delay=30)
    expect(page.get_by_role("option")).to_have_count(1)
    picture("list-phone")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_label("Your post")).to_have_value("@bo")
    page.keyboard.type("b", delay=30)
    page.get_by_role("option").click()
    expect(page.get_by_label("Your post")).to_have_value("@bob ")


@pytest.mark.parametrize("path", ["/", "/fbv/posts/"])
def test_a_post_stays_in_its_card(page, alice, post, picture, path):
    post(alice, "Plain")
    post(alice, f"{ZALGO * 3} end")
    post(alice, "\n".join(f"Line {number}" for number in range(40)))
    page.set_viewport_size(PHONE)
    page.goto(path)
    folded = page.get_by_role("article").filter(has_text="Line 1")
    expect(folded).to_be_visible()
    picture(f"folded{path.replace('/', '-')}")
    height = folded.bounding_box()["height"]
    assert height < 600
    body = page.get_by_role("article").filter(has_text="end").locator(".post-body")
    assert body.evaluate("element => getComputedStyle(element).overflowY") == "clip"
    folded.get_by_text("Show more").click()
    expect(page.get_by_text("Line 39")).to_be_visible()
    assert page.get_by_role("article").filter(has_text="Line 1").bounding_box()["height"] > 900


@pytest.mark.parametrize("style", ["fbv", "cbv"])
def test_the_pages_lead_to_tags_and_people_without_script(
    browser, site, alice, person, post, style
):
    person("bob", display_name="Bob")
    post(alice, "For @bob: #Tea")
    post(alice, "Coffee")
    page = browser.new_page(base_url=site, java_script_enabled=False)
    page.goto(f"/{style}/posts/")
    page.get_by_role("link", name="#Tea").click()
    expect(page.get_by_role("heading", name="Posts with #Tea")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    assert page.url.startswith(f"{site}/{style}/")
    page.get_by_role("link", name="@bob").click()
    expect(page.get_by_role("heading", name="Posts by @bob")).to_be_visible()
    page.close()
