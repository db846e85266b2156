"""What makes the app installable: its manifest, its icons and its service worker (ADR 30)."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from tests.architecture.test_urls import app_routes
from tests.pictures import encoded, upload
from tests.tokens import bearer
from ublog.core import site_settings
from ublog.core.models import SiteSettings
from ublog.interfaces.app import installing
from ublog.interfaces.http.middleware import PERMISSIONS_POLICY

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(monkeypatch):
    """Do without a build of the front end."""
    monkeypatch.setattr(installing, "app_files", lambda: ["/static/assets/main-abcdefgh.js"])


def change(**fields):
    SiteSettings.objects.update_or_create(pk=1, defaults=fields)
    site_settings.forget()


def test_the_manifest_has_the_name_and_the_colour_of_the_site():
    change(name="Rowing <Club>", welcome="On the water", colour="#336699")
    response = Client().get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert (manifest["name"], manifest["description"]) == ("Rowing <Club>", "On the water")
    assert manifest["theme_color"] == "#336699"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert Client().get(icon["src"])["Content-Type"] == icon["type"]


@pytest.mark.parametrize("path", ["/icon.svg", "/icon-maskable.svg"])
def test_the_icon_is_the_first_letter_on_the_colour(path):
    change(name="<Club>", colour="#336699")
    response = Client().get(path)
    icon = ElementTree.fromstring(response.content)
    assert [element.text for element in icon.iter() if element.tag.endswith("text")] == ["<"]
    assert 'fill="#336699"' in response.content.decode()
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_logo_is_in_the_icon(media):
    from PIL import Image

    from ublog.core.models import SiteSettings as Stored

    png = upload(encoded(Image.new("RGB", (192, 192), "teal")), "logo.png")
    change(name="Club")
    stored = Stored.objects.get()
    stored.logo_icon.save("site/logo.png", png)
    site_settings.forget()
    assert b"data:image/png;base64," in Client().get("/icon.svg").content
    kinds = [icon["type"] for icon in Client().get("/manifest.webmanifest").json()["icons"]]
    assert kinds == ["image/svg+xml", "image/svg+xml", "image/png"]


def test_app_and_pages_name_the_manifest():
    for path in ("/", "/cbv/posts/", "/accounts/login/"):
        assert 'rel="manifest" href="/manifest.webmanifest"' in Client().get(path).content.decode()


def test_the_worker_has_the_headers_of_a_script_that_may_be_replaced(built):
    response = Client().get("/worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Permissions-Policy"] == PERMISSIONS_POLICY
    assert "unsafe" not in response["Content-Security-Policy"]


def test_another_build_or_another_look_is_another_worker(built, monkeypatch):
    one = Client().get("/worker.js").content
    assert Client().get("/worker.js").content == one
    change(colour="#336699")
    other = Client().get("/worker.js").content
    monkeypatch.setattr(installing, "app_files", lambda: ["/static/assets/main-hgfedcba.js"])
    third = Client().get("/worker.js").content
    versions = {re.search(rb'VERSION = "(\w{16})"', text)[1] for text in (one, other, third)}
    assert len(versions) == 3


def test_a_site_without_a_worker_says_so(built, monkeypatch):
    assert "data-worker" in Client().get("/").content.decode()
    monkeypatch.setattr(settings, "SERVICE_WORKER", False)
    assert Client().get("/worker.js").status_code == 404
    assert "data-worker" not in Client().get("/").content.decode()


def test_the_worker_opens_every_page_of_the_app_and_no_other(built):
    script = Client().get("/worker.js").content.decode()
    patterns = json.loads(re.search(r"PAGES = (\[.*\])\.map", script)[1])
    pattern = re.compile("|".join(patterns))
    assert [url for url in app_routes() if not pattern.search(url[1:])] == []
    others = ["/fbv/posts/", "/accounts/login/", "/admin/", "/api/docs/", "/oauth/authorize"]
    others += ["/media/a.png", "/worker.js", "/moderation/", "/feeds/", "/unsub/x/", "/compare/"]
    assert [url for url in others if pattern.search(url[1:])] == []


def test_the_api_says_for_whom_it_responds_to_the_cookie_of_the_pages(person):
    alice, browser = person("alice"), Client()
    assert "X-Ublog-User" not in browser.get("/api/cbv/posts/")
    browser.force_login(alice)
    for path in ("/api/cbv/posts/", "/api/fbv/posts/", "/api/profile/"):
        assert browser.get(path)["X-Ublog-User"] == str(alice.pk)
    assert browser.get("/api/cbv/posts/", headers=bearer(alice))["X-Ublog-User"] == str(alice.pk)
    assert "X-Ublog-User" not in browser.get("/cbv/posts/")
    browser.cookies[settings.SESSION_COOKIE_NAME] = "ended"
    assert browser.get("/api/cbv/posts/")["X-Ublog-User"] == ""


def preloads(browser, path="/", **headers):
    return re.findall(
        'as="fetch" crossorigin href="(.*?)"', browser.get(path, headers=headers).content.decode()
    )


def test_the_html_has_the_first_list_fetched_for_whom_it_will_be_shown(person):
    assert preloads(Client()) == ["/api/cbv/posts/"]
    browser = Client()
    browser.cookies[settings.HINT_COOKIE_NAME] = "1"  # a session of tokens alone
    assert preloads(browser) == []
    browser.force_login(person("alice"))
    browser.cookies[settings.HINT_COOKIE_NAME] = "1"
    assert preloads(browser) == ["/api/cbv/posts/"]
    change(who_may_read="members")
    assert preloads(browser) == ["/api/cbv/posts/"]
    assert preloads(Client()) == []


def test_the_language_of_the_app_is_that_of_the_browser():
    assert (
        '<html lang="de"'
        in Client().get("/", headers={"Accept-Language": "fr, de;q=0.8, en;q=0.5"}).content.decode()
    )
    assert (
        '<html lang="en"' in Client().get("/", headers={"Accept-Language": "fr"}).content.decode()
    )
