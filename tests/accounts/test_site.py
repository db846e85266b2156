"""What administrators set for the site in the browser, and what people see of it."""

import json
from ipaddress import ip_address

import pytest
import segno
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import soup
from ublog import paths
from ublog.accounts import site
from ublog.core import mail, site_settings
from ublog.core.models import SiteSettings
from ublog.run import qr_code, startup

CHOICES = {
    "who_may_join": "open",
    "who_may_invite": "moderators",
    "who_may_read": "everybody",
    "anonymous_posts": "on",
    "first_posts": "on",
}


@pytest.fixture
def by_the_row(settings):
    """No variable of the environment overrules the settings."""
    settings.WHO_MAY_JOIN = settings.ANONYMOUS_POSTS = settings.SITE_NAME = ""


@pytest.fixture
def change(staff, by_the_row):
    return lambda **changes: site.change_settings(by=staff, **changes)


@pytest.fixture
def office(staff):
    client = Client()
    client.force_login(staff)
    return client


def settings_form(client):
    page = soup(client.get("/accounts/site/"))
    return page, page.select_one("form.site")


def test_a_new_site_takes_members_by_invitation_and_no_anonymous_posts(db, by_the_row):
    new = SiteSettings.objects.in_effect()
    assert (new.who_may_join, new.anonymous_posts) == ("invitation", "off")
    assert new.who_may_read == "everybody"
    response = Client().post("/api/fbv/posts/new/", {"body": "Hello"}, "application/json")
    assert response.status_code == 401


def test_an_administrator_names_the_site_in_the_browser(office, by_the_row):
    fields = {"name": "The Rowing Club", "welcome": "Ahoy! https://example.org/", "rules": ""}
    fields |= {"who_may_join": "closed", "who_may_invite": "members"}
    fields |= {"who_may_read": "everybody", "anonymous_posts": "on", "first_posts": "held"}
    assert office.post("/accounts/site/", fields).status_code == 302
    stored = SiteSettings.objects.get()
    assert {name: getattr(stored, name) for name in fields} == fields
    for path in ("/fbv/posts/", "/cbv/posts/"):
        page = soup(Client().get(path))
        assert page.title.text == "Posts · The Rowing Club"
        assert page.select_one(".brand").text == "TThe Rowing Club"
        assert page.select_one(".welcome a")["href"] == "https://example.org/"
    shell = soup(Client().get("/"))
    assert shell.title.text == shell.body["data-site"] == "The Rowing Club"
    assert shell.select_one("#app")["data-welcome"] == "Ahoy! https://example.org/"


def test_mails_come_from_the_site_by_its_name(change):
    change(name='Mr. "Q" & Söhne')
    mail.send("deleted", "somebody@example.org", {})
    [sent] = outbox.outbox
    assert sent.from_email == '"Mr. \\"Q\\" & Söhne" <noreply@localhost>'
    assert "Mr. =" in sent.message()["From"] or "utf-8" in sent.message()["From"]
    assert '-- \nMr. "Q" & Söhne, http' in sent.body


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"rules": "x" * 30_000}, "rules"),
        ({"who_may_join": "cats"}, "who_may_join"),
        ({"anonymous_posts": ""}, "anonymous_posts"),
    ],
)
def test_what_is_not_acceptable_is_rejected_by_field(office, by_the_row, fields, wrong):
    valid = {"name": "Club", **CHOICES}
    response = office.post("/accounts/site/", valid | fields)
    assert response.status_code == 400
    assert [found["id"] for found in soup(response).select("ul.errorlist")] == [f"id_{wrong}_error"]
    assert not SiteSettings.objects.exists()


def test_only_administrators_see_and_change_the_settings(person, alice, by_the_row):
    moderator = person("moderator_m", is_staff=True)
    for user, status in ((None, 302), (alice, 403), (moderator, 403)):
        client = Client()
        if user:
            client.force_login(user)
        assert client.get("/accounts/site/").status_code == status
        assert client.post("/accounts/site/", {"name": "Mine"}).status_code == status
    assert not SiteSettings.objects.exists()


def test_a_variable_overrules_and_the_page_says_so(office, staff, settings):
    """The page leaves the stored value alone, so that it counts again without the variable."""
    SiteSettings.objects.create(name="Stored")
    settings.SITE_NAME, settings.WHO_MAY_JOIN, settings.ANONYMOUS_POSTS = "By variable", "", ""
    page, form = settings_form(office)
    assert "UBLOG_SITE_NAME in the environment decides this." in page.text
    assert form.select_one("[name=name][disabled]")["value"] == "By variable"
    fields = {"name": "Other", **CHOICES}
    assert office.post("/accounts/site/", fields).status_code == 302
    assert SiteSettings.objects.get().name == "Stored"
    assert SiteSettings.objects.get().who_may_join == "open"
    assert SiteSettings.objects.in_effect().name == "By variable"


@pytest.mark.parametrize(
    ("url", "address", "command"),
    [
        ("http://127.0.0.1:8000", "192.168.1.5", "make run HOST=192.168.1.5"),
        ("http://localhost:8100", "192.168.1.5", "make run HOST=192.168.1.5 PORT=8100"),
        ("http://127.0.0.1:8000", "", None),
        ("http://192.168.1.5:8000", "192.168.1.5", None),
        ("https://blog.example.org", "192.168.1.5", None),
    ],
)
def test_the_settings_say_how_others_in_the_network_reach_the_site(
    office, settings, monkeypatch, url, address, command
):
    settings.SITE_URL, settings.DATA_DIR = url, paths.DEFAULT_DATA_DIR
    monkeypatch.setattr(startup, "network_address", lambda: address)
    page, _ = settings_form(office)
    shown = page.select_one("code.start")
    assert (shown and shown.text) == command


@pytest.mark.parametrize(
    ("url", "is_shown"), [("http://127.0.0.1:8000", False), ("http://192.168.1.5:8000", True)]
)
def test_phones_read_the_address_that_others_can_open(office, settings, url, is_shown):
    settings.SITE_URL = url
    page, _ = settings_form(office)
    assert bool(page.select(".qr-code svg path")) == is_shown


def test_the_code_in_a_terminal_is_the_one_of_the_page():
    """Its modules are what another program reads: two rows in each line, framed by light ones."""
    lines = qr_code.as_lines("http://192.168.1.5:8000")
    pairs = {block: pair for pair, block in qr_code.BLOCKS.items()}
    rows = [[pairs[block][half] for block in line] for line in lines for half in (0, 1)]
    code = segno.make("http://192.168.1.5:8000", micro=False)
    expected = [list(row) for row in code.matrix_iter(border=qr_code.BORDER)]
    assert rows[: len(expected)] == expected
    assert not any(map(any, rows[:4]))


def test_the_address_in_the_network_is_one_of_this_machine():
    assert startup.network_address() == "" or ip_address(startup.network_address())


def test_the_rules_have_a_page_that_others_link_to(change):
    assert "Rules" not in soup(Client().get("/fbv/posts/")).footer.text
    change(rules="Be kind.\nSee https://example.org/rules", who_may_join="open")
    link = soup(Client().get("/fbv/posts/")).select_one("footer a[href$='/rules/']")
    page = soup(Client().get(link["href"]))
    assert page.select_one(".rules").text == "Be kind.\nSee https://example.org/rules"
    assert soup(Client().get("/accounts/register/")).select_one("main a[href$='/rules/']")


def test_a_page_is_another_one_after_the_settings_have_changed(change):
    """The ETag of the anonymous page knows them."""
    before = Client().get("/fbv/posts/")["ETag"]
    assert Client().get("/fbv/posts/", headers={"If-None-Match": before}).status_code == 304
    change(name="Other")
    response = Client().get("/fbv/posts/", headers={"If-None-Match": before})
    assert response.status_code == 200


def test_pages_read_the_settings_again_after_five_seconds(monkeypatch, db, by_the_row):
    """Another process may have changed them; until then they cost no query."""
    moment = 1_000.0
    monkeypatch.setattr(site_settings, "LIFETIME", 5.0)
    monkeypatch.setattr(site_settings.time, "monotonic", lambda: moment)
    site_settings.forget()
    assert site_settings.current().name == "μblog"
    SiteSettings.objects.create(name="Changed elsewhere")
    moment += 4.9
    with CaptureQueriesContext(connection) as queries:
        assert site_settings.current().name == "μblog"
    assert not queries.captured_queries
    moment += 0.1
    assert site_settings.current().name == "Changed elsewhere"


def test_an_administrator_closes_the_site_to_visitors_in_the_browser(office, by_the_row):
    fields = {"name": "Club", **CHOICES, "who_may_read": "members"}
    assert office.post("/accounts/site/", fields).status_code == 302
    assert Client().get("/api/fbv/posts/").status_code == 401
    assert office.get("/fbv/posts/").status_code == 200
    login = soup(Client().get("/fbv/posts/", follow=True))
    assert "Only members may read Club." in login.main.text
    response = Client().post("/api/fbv/posts/new/", {"body": "Hello"}, "application/json")
    assert response.status_code == 401


def test_who_may_post_counts_at_once(change):
    def status():
        sent = Client().post(
            "/api/fbv/posts/new/", json.dumps({"body": "Hello"}), "application/json"
        )
        return sent.status_code

    change(anonymous_posts="on")
    assert status() == 201
    SiteSettings.objects.update(anonymous_posts="off")  # by another process
    assert status() == 401


def test_an_administrator_changes_them_in_the_admin(office, by_the_row):
    fields = {"name": "Club", **CHOICES}
    assert office.post("/admin/core/sitesettings/add/", fields).status_code == 302
    assert site_settings.current().name == "Club"
    assert office.get("/admin/core/sitesettings/add/").status_code == 403


def test_the_action_asks_who_acts(alice, by_the_row):
    with pytest.raises(PermissionDenied):
        site.change_settings(by=alice, name="Mine")
