"""What people see of the colour, the logo and the pinned post, in pages and app."""

import re

import pytest
from django.test import Client
from PIL import Image

from tests.contract.drivers import soup
from tests.pictures import encoded, upload
from ublog.blog import actions, moderation, site_looks
from ublog.core.colours import shades
from ublog.core.models import SiteSettings

STYLES = ["/fbv/posts/", "/cbv/posts/"]


@pytest.fixture
def change(staff):
    return lambda **changes: site_looks.change_looks(by=staff, **changes)


@pytest.fixture
def office(staff):
    client = Client()
    client.force_login(staff)
    return client


def logo():
    return upload(encoded(Image.new("RGB", (30, 30), "teal")), "logo.png")


def stylesheets(page) -> list[str]:
    return [link["href"] for link in page.select("link[rel=stylesheet]")]


@pytest.mark.parametrize("path", ["/", *STYLES, "/accounts/login/", "/nothing/here/"])
def test_every_page_has_the_colour_and_the_logo(db, change, path):
    plain = soup(Client().get(path))
    assert not [url for url in stylesheets(plain) if "site.css" in url]
    assert plain.select_one("link[rel=icon]")["href"].endswith(".svg")
    site = change(colour="#3366cc", logo=logo())
    page = soup(Client().get(path))
    css = Client().get(stylesheets(page)[-1])
    assert css["Content-Type"] == "text/css; charset=utf-8"
    assert css["Cache-Control"] == "public, max-age=31536000, immutable"
    for shade in shades("#3366cc").values():
        assert f"--color-primary:{shade}" in css.text
    assert f"url({site.logo.url})" in css.text
    for kind in ("icon", "apple-touch-icon"):
        assert page.select_one(f"link[rel={kind}]")["href"] == site.logo_icon.url
    image = Client().get(site.logo_icon.url)
    assert image.getvalue().startswith(b"\x89PNG")
    assert image["Content-Type"] == "image/png"
    assert Client().get("/favicon.ico")["Location"] == site.logo_icon.url


def test_the_stylesheet_needs_no_query_and_is_never_kept_under_an_old_url(
    change, django_assert_num_queries
):
    change(colour="#3366cc")
    Client().get("/site.css")
    with django_assert_num_queries(0):
        old = Client().get("/site.css?v=old")
    assert old["Cache-Control"] == "no-cache"
    again = Client().get("/site.css", headers={"If-None-Match": old["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    change(colour="#336600")
    assert Client().get("/site.css", headers={"If-None-Match": old["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", STYLES)
def test_a_page_that_looks_different_now_is_sent_again(db, change, post, path):
    one = post(None)
    etags = {Client().get(path)["ETag"]}
    for looks in ({"colour": "#3366cc"}, {"logo": logo()}, {"pinned_post": one.pk}):
        change(**looks)
        etags.add(Client().get(path)["ETag"])
    one.body = "Changed"
    one.save()
    etags.add(Client().get(path)["ETag"])
    assert len(etags) == 5


def test_an_administrator_changes_the_looks_in_the_browser(office, post, media):
    one = post(None)
    fields = {"colour": "#36c", "pinned_post": f"/posts/{one.pk}", "logo": logo()}
    assert office.post("/accounts/site/looks/", fields).status_code == 302
    stored = SiteSettings.objects.get()
    assert (stored.colour, stored.pinned_post) == ("#3366cc", one.pk)
    page = soup(office.get("/accounts/site/looks/"))
    assert page.select_one("input[name=colour]")["value"] == "#3366cc"
    assert page.select_one("form.looks img")["src"] == stored.logo.url
    # Without another logo, the one before stays.
    same = {"colour": "", "pinned_post": ""}
    assert office.post("/accounts/site/looks/", same).status_code == 302
    assert SiteSettings.objects.get().looks == ("", stored.logo.name, stored.logo_icon.name, "None")
    assert office.post("/accounts/site/looks/", same | {"logo-clear": "on"}).status_code == 302
    assert not SiteSettings.objects.get().logo


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "#ffffff"),
        ("pinned_post", "0"),
        ("logo", upload(b"text", "logo.png")),
        ("logo", upload(b"", "logo.png")),
    ],
)
def test_what_is_not_acceptable_is_rejected_by_field(office, field, value):
    response = office.post("/accounts/site/looks/", {field: value})
    assert response.status_code == 400
    assert [found["id"] for found in soup(response).select("ul.errorlist")] == [f"id_{field}_error"]
    assert not SiteSettings.objects.exists()


def test_only_administrators_see_and_change_the_looks(person, alice, post):
    moderator = person("moderator_m", is_staff=True)
    one = post(None).pk
    for user, status in ((None, 302), (alice, 403), (moderator, 403)):
        client = Client()
        if user:
            client.force_login(user)
        assert client.get("/accounts/site/looks/").status_code == status
        assert client.post("/accounts/site/looks/", {"colour": "#36c"}).status_code == status
        assert client.post("/accounts/site/pin/", {"post": one}).status_code == status
        assert not soup(client.get(f"/fbv/posts/{one}/")).select("form.pin")
    assert not SiteSettings.objects.exists()


@pytest.mark.parametrize("path", STYLES)
def test_a_pinned_post_is_above_the_first_page(
    office, post, alice, path, django_assert_num_queries
):
    pinned = post(alice, body="Read me first")
    others = [post(None).pk for _ in range(21)]
    page = soup(office.get(f"{path}{pinned.pk}/"))
    button = page.select_one("form.pin button")
    response = office.post(page.select_one("form.pin")["action"], {"post": button["value"]})
    assert response.status_code == 302
    Client().get(path)
    with django_assert_num_queries(2):  # the list, and the pinned post
        page = soup(Client().get(path))
    section = page.select_one("section.pinned")
    assert "Pinned" in section.text
    assert "Read me first" in section.text
    ids = [article["id"] for article in page.select("article")]
    assert ids == [f"post-{pk}" for pk in (pinned.pk, *sorted(others, reverse=True)[:20])]
    with django_assert_num_queries(1):
        second = soup(Client().get(path + page.select_one("[rel=next]")["href"]))
    assert not second.select("section.pinned")
    assert not soup(Client().get(f"{path}?q=first")).select("section.pinned")
    button = soup(office.get(f"{path}{pinned.pk}/")).select_one("form.pin button")
    assert (button["value"], button.text) == ("", "Unpin this post")


@pytest.mark.parametrize("path", STYLES)
def test_a_pinned_post_that_is_on_the_page_is_there_once(change, post, path):
    pinned = post(None).pk
    change(pinned_post=pinned)
    page = soup(Client().get(path))
    assert [article["id"] for article in page.select("article")] == [f"post-{pinned}"]
    assert not page.select("section .empty")


@pytest.mark.parametrize("path", STYLES)
def test_a_deleted_or_hidden_pinned_post_vanishes(change, staff, post, path):
    hidden, deleted = post(None), post(None)
    actions.publish(by=staff, body="A reply", in_reply_to=deleted.pk)
    change(pinned_post=hidden.pk)
    moderation.hide(post_id=hidden.pk, by=staff)
    assert not soup(Client().get(path)).select("section.pinned")
    change(pinned_post=deleted.pk)
    assert soup(Client().get(path)).select("section.pinned")
    actions.delete(post_id=deleted.pk, by=staff)
    assert not soup(Client().get(path)).select("section.pinned")


def test_the_app_asks_for_the_pinned_post_by_its_id(change, post):
    assert "data-pinned" not in Client().get("/").text
    one = change(pinned_post=post(None).pk)
    assert soup(Client().get("/")).select_one("#app")["data-pinned"] == str(one.pinned_post)


def test_the_policy_of_the_site_allows_the_stylesheet(change):
    change(colour="#3366cc")
    response = Client().get("/fbv/posts/")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r" style=|<style", response.text)
