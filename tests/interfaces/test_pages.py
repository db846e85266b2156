"""What the HTML of the pages owes to readers, text browsers and validators."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.contract.drivers import soup
from tests.pictures import picture
from ublog.blog import actions
from ublog.blog.models import Post

# The HTML standard, section 2.3.5.8, has at most three digits of a second's fraction.
VALID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)")


@pytest.mark.parametrize("url", ["/fbv/posts/", "/accounts/users/alice/", "/accounts/profile/"])
def test_a_time_is_a_valid_one(client, alice, post, url):
    post(alice)
    client.force_login(alice)
    times = soup(client.get(url)).select("time")
    assert [time["datetime"] for time in times if not VALID.fullmatch(time["datetime"])] == []
    assert times


def test_a_date_names_the_year_only_when_it_is_another_one(client, alice, post, monkeypatch):
    post(alice)
    now = timezone.now()
    shown = soup(client.get("/fbv/posts/")).select_one("article time").text
    assert re.fullmatch(rf"{now.day} [A-Z][a-z]{{2}}, \d\d:\d\d UTC", shown)
    Post.objects.update(created_on=now.replace(year=now.year - 1, day=1))
    shown = soup(client.get("/fbv/posts/")).select_one("article time").text
    assert re.fullmatch(rf"1 [A-Z][a-z]{{2}} {now.year - 1}, \d\d:\d\d UTC", shown)


def test_nought_is_not_shown(client, alice, post):
    liked = post(alice).pk
    post(alice)
    actions.like(post_id=liked, by=alice)
    counts = soup(client.get("/fbv/posts/")).select("[data-field=like_count]")
    assert [(count["data-value"], count.text) for count in counts] == [("0", ""), ("1", "1")]


def test_emoji_alone_are_large(client, alice, post):
    post(alice, "🎉🚣")
    post(alice, "Hello 🎉")
    bodies = soup(client.get("/fbv/posts/")).select(".post-body")
    assert ["post-emoji" in body["class"] for body in bodies] == [False, True]


def test_the_place_of_a_picture_has_its_colour(client, alice):
    actions.publish(by=alice, body="Look", image=picture(), image_alt="")
    place = soup(client.get("/fbv/posts/")).select_one(".post-image svg")
    assert place["color"] == Post.objects.get().image_color


def test_what_was_searched_for_is_marked(client, alice, post):
    post(alice, "Über den <See> #über https://example.org/uber")
    marks = soup(client.get("/fbv/posts/?q=uber")).select(".post-body mark")
    assert [mark.text for mark in marks] == ["Über", "über", "uber"]
    assert not soup(client.get("/fbv/posts/")).select("mark")


@pytest.mark.parametrize("page", ["login", "register"])
def test_who_is_logged_in_is_led_on(client, alice, page):
    assert client.get(f"/accounts/{page}/").status_code == 200
    client.force_login(alice)
    response = client.get(f"/accounts/{page}/")
    assert (response.status_code, response["Location"]) == (302, "/fbv/posts/")


@pytest.mark.parametrize("page", ["fbv", "cbv"])
def test_the_five_interfaces_are_behind_one_quiet_link(db, client, page):
    html = soup(client.get(f"/{page}/posts/"))
    assert "GraphQL" not in html.header.text
    links = {link["href"] for link in html.select("footer details a")}
    assert links >= {"/fbv/posts/", "/cbv/posts/", "/api/docs/", "/graphql/"}


@pytest.mark.parametrize(("alt", "name"), [("", "Picture"), ("A wall", None)])
def test_a_picture_is_a_link_with_a_name(client, alice, alt, name):
    actions.publish(by=alice, body="Look", image=picture(), image_alt=alt)
    link = soup(client.get("/cbv/posts/")).select_one("a.post-image")
    assert (link.get("aria-label"), link.img["alt"]) == (name, alt)


def test_the_brand_is_one_word_without_a_stylesheet(db, client):
    brand = soup(client.get("/fbv/posts/")).select_one("a.brand")
    assert (brand.text, brand["aria-label"]) == ("μblog", "μblog")


@pytest.mark.parametrize("name", ["fbv", "cbv", "accounts"])
def test_the_source_of_a_page_is_a_page_with_title_and_language(db, name):
    page = soup(Client().get(f"/source/{name}/"))
    assert page.html["lang"] == "en"
    assert page.title.text.endswith(".py · μblog")
    assert "from django" in page.pre.text


def test_a_password_manager_finds_the_form_to_change_a_password(db, client):
    response = client.get("/.well-known/change-password")
    assert (response.status_code, response["Location"]) == (302, "/accounts/password-change/")
