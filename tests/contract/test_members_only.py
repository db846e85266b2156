"""A site that only its members read: what visitors, members and former members get of it.

Section 5 of the features: REST and GraphQL respond with 401, pages and the app lead to the log-in.
"""

import re
from itertools import product
from urllib.parse import quote

import pytest
from django.test import Client

from tests.architecture.test_urls import URLS, VALUES
from tests.compiled import forget_compiled
from tests.contract.drivers import Bearer, Pages, soup
from tests.contract.exceptions import NotAuthenticated, NotFound
from tests.contract.verbs import verbs
from tests.interfaces.test_every_url import TYPES, content, fields_of
from tests.tokens import bearer
from ublog.accounts import feed_keys
from ublog.accounts.models import CustomUser
from ublog.blog import actions
from ublog.core import site_settings
from ublog.core.models import SiteSettings

JSON = "application/json"
reads = verbs(lambda verb: verb.reads)
public_reads = verbs(lambda verb: verb.reads and not verb.login)


@pytest.fixture
def close(db):
    """A function that closes the site to visitors, as another process does if `elsewhere`."""

    def change(*, elsewhere=False):
        SiteSettings.objects.update_or_create(defaults={"who_may_read": "members"})
        if not elsewhere:
            site_settings.forget()
            site_settings.current()

    return change


@pytest.fixture
def driver_of(interface, alice, bob):
    """A function that returns the driver of a visitor, of a member, or of a former member.

    The former member logged in before the account was deactivated, and has a token or session.
    """

    def make(who):
        driver = interface({"visitor": None, "member": alice, "former member": bob}[who])
        CustomUser.objects.filter(pk=bob.pk).update(is_active=False)
        return driver

    return make


# -- Who reads -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["visitor", "former member"])
@reads
def test_visitors_and_former_members_read_nothing(close, driver_of, post, verb, who):
    id, driver = post(body="tea").pk, driver_of(who)
    close()
    with pytest.raises(NotAuthenticated):
        verb.act(driver, id)


@reads
def test_members_read_as_ever(close, driver_of, post, verb):
    id, driver = post(body="tea").pk, driver_of("member")
    before = verb.act(driver, id)
    close()
    assert verb.act(driver, id) == before


@pytest.mark.five
@public_reads
def test_members_read_at_the_same_cost(interface, close, driver_of, post, reply, cost, verb):
    one = post(body="tea")
    reply(one)
    close()
    driver = driver_of("member")
    assert cost(verb.act, driver, one.pk) <= verb.may_query(interface)


@public_reads
def test_everybody_reads_an_open_site(interface, alice, post, verb):
    """An access token of somebody who was deactivated since lasts for its five minutes."""
    id, drivers = post(body="tea").pk, [interface(), interface(alice)]
    CustomUser.objects.update(is_active=False)
    for driver in drivers:
        verb.act(driver, id)


def test_who_may_not_read_does_not_learn_what_there_is(close, driver_of, interface, post):
    """What is found and what is not are the same."""
    post(body="tea")
    driver = driver_of("visitor")
    close()
    for query in ({"q": "tea"}, {"q": "coffee"}, {"author": "nobody"}, {"tag": "x"}, {"tag": "?"}):
        with pytest.raises(NotAuthenticated):
            driver.timeline(**query)
    for read in (driver.read, driver.replies, driver.ancestors):
        with pytest.raises(NotAuthenticated):
            read(4711)


def test_members_learn_what_there_is_not(close, driver_of):
    driver = driver_of("member")
    close()
    assert driver.timeline(q="coffee").ids == driver.timeline().ids == []
    for read in (driver.read, driver.replies, driver.ancestors):
        with pytest.raises(NotFound):
            read(4711)


def test_nothing_is_shown_from_the_moment_on_when_another_process_closes_the_site(
    close, driver_of, post
):
    """Each statement reads who may read. What says why there is nothing is five seconds old."""
    id = post(body="tea").pk
    driver = driver_of("visitor")
    assert driver.timeline().ids == [id]
    close(elsewhere=True)
    assert driver.timeline().ids == driver.timeline(q="tea").ids == []
    with pytest.raises(NotFound):
        driver.read(id)


@pytest.mark.parametrize("stored", ["everybody", "members"])
def test_a_variable_overrules_the_setting(interface, alice, settings, post, stored):
    SiteSettings.objects.create(who_may_read=stored)
    post()
    for value, sees in (("everybody", True), ("members", False)):
        settings.WHO_MAY_READ = value
        forget_compiled()
        assert len(interface(alice).timeline().posts) == 1
        if sees:
            assert len(interface().timeline().posts) == 1
        else:
            with pytest.raises(NotAuthenticated):
                interface().timeline()


@pytest.fixture(autouse=True)
def recompile():
    yield
    forget_compiled()


# -- Who writes ----------------------------------------------------------------------------------


def test_visitors_post_nothing_whatever_the_settings_say(close, driver_of, rejected, post):
    """The environment of the tests lets visitors post."""
    replied, driver = post(), driver_of("visitor")
    close()
    with rejected(NotAuthenticated):
        driver.publish("Hello")
    with rejected(NotAuthenticated):
        driver.publish("Hello", in_reply_to=replied.pk)


def test_members_write_as_ever(close, driver_of, alice):
    driver = driver_of("member")
    close()
    written = driver.publish("Hello")
    assert driver.edit(written.id, body="Changed").body == "Changed"
    assert driver.publish("A reply", in_reply_to=written.id).in_reply_to == written.id
    assert driver.like(written.id).liked
    driver.delete(written.id)


# -- What each interface says ----------------------------------------------------------------------


@pytest.mark.five
def test_apis_say_that_only_members_read(close, interface, post):
    id = post().pk
    close()
    if issubclass(interface, Bearer):
        if interface.name == "GraphQL":
            response = Client().post("/graphql/", {"query": "{ posts { edges { cursor } } }"}, JSON)
            assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        else:
            response = Client().get(f"{interface.root}{id}/", headers={"Accept": JSON})
            assert response.json() == {"detail": "Only members may read this site. Please log in."}
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_pages_lead_to_the_log_in_and_back(close, interface, alice, post):
    if issubclass(interface, Pages):
        url = f"{interface.root}{post().pk}/?page_size=5"
        etag = Client().get(url)["ETag"]
        close()
        response = Client().get(url, headers={"If-None-Match": etag})
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={quote(url)}"
        assert "ETag" not in response


@pytest.mark.parametrize("elsewhere", [False, True])
def test_previews_and_profiles_say_nothing(close, person, post, elsewhere):
    """Every URL of the app is the same page, whether or not there is such a post or user."""
    id = post(person("alice", bio="A bio"), "Hello").pk
    close(elsewhere=elsewhere)
    shells = [f"/posts/{id}", "/@alice"] + ([] if elsewhere else ["/posts/4711", "/@nobody"])
    for url in shells:
        response = Client().get(url)
        page = soup(response)
        assert page.title.text == ("Not found · μblog" if elsewhere else "μblog")
        # Until this process knows, it is the page of what does not exist on an open site.
        cards = page.select("meta[property='og:title']")
        assert [card["content"] for card in cards] == (["μblog"] if elsewhere else [])
        assert "A bio" not in page.prettify()
    assert Client().get("/api/users/alice/").status_code == (404 if elsewhere else 401)
    assert Client().get("/accounts/users/alice/").status_code == (404 if elsewhere else 302)


FOR_PROGRAMS = [
    *(f"/feeds/{path}{name}/" for path in ("", "users/alice/") for name in ("rss", "atom", "json")),
    "/feeds/tags/tea/rss/",
    "/oembed/?url=http://127.0.0.1:8000/posts/{id}",
]


@pytest.mark.parametrize("url", FOR_PROGRAMS)
def test_programs_are_not_led_to_the_log_in(close, alice, post, url, settings):
    id = post(alice, "Private").pk
    url = url.format(id=id).replace("http://127.0.0.1:8000", settings.SITE_URL)
    assert Client().get(url).status_code == 200 or "tags" in url
    close()
    response = Client().get(url)
    assert (response.status_code, response["Content-Type"]) == (401, "text/plain")
    assert b"Only members" in response.content


@pytest.mark.parametrize("path", ["", "users/alice/", "tags/tea/"])
@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_a_member_has_feeds_at_an_address_of_their_own(close, alice, bob, post, path, format):
    actions.publish(by=alice, body="A #tea for members")
    close()
    url = f"/feeds/{path}{format}/?key={feed_keys.key_of(bob)}"
    response = Client().get(url)
    assert response.status_code == 200
    assert b"for members" in response.content
    assert url.encode() in response.content.replace(b"\\/", b"/")
    assert response["Cache-Control"] == "no-cache, private"


def forged(bob):
    return f"{bob.pk}.{'0' * feed_keys.LENGTH}"


def of_a_former_password(bob):
    key = feed_keys.key_of(bob)
    bob.set_password("another good password")
    bob.save()
    return key


def of_one_who_is_suspended(bob):
    CustomUser.objects.filter(pk=bob.pk).update(suspended_until="9999-01-01T00:00Z")
    return feed_keys.key_of(bob)


def of_one_who_is_gone(bob):
    key = feed_keys.key_of(bob)
    bob.delete()
    return key


@pytest.mark.parametrize(
    "make", [forged, of_a_former_password, of_one_who_is_suspended, of_one_who_is_gone]
)
def test_that_address_ends_with_the_membership(close, alice, bob, make):
    actions.publish(by=alice, body="For members")
    close()
    key = make(bob)
    for text in (key, "", "0", "x.y", "1" * 40):
        response = Client().get("/feeds/rss/", {"key": text})
        assert response.status_code == 401
        assert b"For members" not in response.content


def test_members_find_that_address_and_visitors_do_not(close, bob):
    client = Client()
    client.force_login(bob)
    assert "key=" not in client.get("/feeds/").content.decode()  # nobody needs one here
    close()
    assert f"key={feed_keys.key_of(bob)}" in client.get("/feeds/").content.decode()
    assert "key=" not in Client().get("/feeds/").content.decode()


def test_search_engines_stay_away(close):
    close()
    assert "\nDisallow: /\n" in Client().get("/robots.txt").content.decode()
    for url in ("/", "/login", "/accounts/login/"):
        page = soup(Client().get(url))
        assert page.select_one("meta[name=robots]")["content"] == "noindex"
        assert not page.select("link[rel=preload][as=fetch]")


def test_the_app_knows_that_it_leads_to_the_log_in(close):
    assert "data-members-only" not in soup(Client().get("/")).select_one("#app").attrs
    close()
    app = soup(Client().get("/")).select_one("#app")
    assert "data-members-only" in app.attrs
    assert app["data-anonymous"] == "off"


# -- All of the site -------------------------------------------------------------------------------

SECRETS = ["canary", "quokka"]


@pytest.fixture
def content_of_members(person, post, no_limits):
    """What members have written everywhere, with words that appear nowhere else.

    The URLs of URLS name the post 7 and the user alice.
    """
    alice = person("alice", display_name="Canary Ann", bio="The bio of a canary")
    quokka = person("quokka", display_name="Quokka")
    picture = {"image": "pictures/ab/cd.png", "image_width": 3, "image_height": 2}
    post(alice, "A canary, #tea", id=7, **picture, image_alt="canary alt")
    actions.publish(by=quokka, body="@alice, a canary replies", in_reply_to=7)
    actions.like(post_id=7, by=quokka)
    actions.bookmark(post_id=7, by=quokka)
    return quokka


def canaries_in(response):
    said = content(response).decode("utf-8", "replace") + str(response.headers)
    return [secret for secret in SECRETS if secret in said.lower()]


def test_no_url_shows_a_visitor_or_a_former_member_what_members_write(close, content_of_members):
    """For every URL of the site, as `docs/architecture.md` and the app's router list them."""
    former = bearer(content_of_members)
    CustomUser.objects.filter(pk=content_of_members.pk).update(is_active=False)
    close()
    browser = Client(raise_request_exception=False)
    shown = {
        (url, kind, bool(headers)): found
        for url, kind, headers in product(URLS, ("text/html", JSON), ({}, former))
        if (found := canaries_in(browser.get(url, headers={"Accept": kind, **headers})))
    }
    assert not shown


def test_what_no_visitor_sees_is_there_for_members(close, content_of_members):
    """The test above could not fail without it."""
    close()
    browser = Client()
    browser.force_login(content_of_members)
    shown = {url for url in URLS if canaries_in(browser.get(url, headers={"Accept": "text/html"}))}
    assert {"/fbv/posts/", "/cbv/posts/7/", "/accounts/users/alice/"} <= shown
    api = {url for url in URLS if url.startswith("/api/")}
    headers = bearer(content_of_members)
    shown = {url for url in api if canaries_in(Client().get(url, headers=headers))}
    assert {"/api/fbv/posts/", "/api/cbv/posts/7/", "/api/users/alice/"} <= shown


ARGUMENTS = {"id": '"7"', "username": '"alice"', "q": '"canary"', "tag": '"tea"'}


def graphql_queries():
    """Yield a document for each query of the schema, with all fields that it can return."""

    def ask(query):
        return Client().post("/graphql/", {"query": query}, JSON).json()["data"]["__schema"]

    types = {one["name"]: one for one in ask(TYPES)["types"]}
    queries = ask("{ __schema { queryType { fields { name args { name } } } } }")["queryType"]
    arguments = {
        query["name"]: [argument["name"] for argument in query["args"]]
        for query in queries["fields"]
    }
    for field in types["Query"]["fields"]:
        kind = field["type"]
        while kind.get("ofType"):
            kind = kind["ofType"]
        names = arguments[field["name"]]
        given = ", ".join(f"{name}: {ARGUMENTS[name]}" for name in names if name in ARGUMENTS)
        selected = fields_of(types, kind["name"], depth=3)
        if kind["name"] == "Node":
            selected = "{ id ... on Post { body } ... on User { displayName } }"
        yield f"{{ {field['name']}{f'({given})' if given else ''} {selected} }}"


def test_no_query_of_graphql_shows_a_visitor_what_members_write(close, content_of_members):
    queries = list(graphql_queries())
    assert len(queries) > 8
    former = bearer(content_of_members)
    member = bearer(CustomUser.objects.get(username="alice"))
    CustomUser.objects.filter(pk=content_of_members.pk).update(is_active=False)
    close()

    def shown(headers):
        def send(query):
            return Client().post("/graphql/", {"query": query}, JSON, headers=headers)

        return {re.search(r"\w+", query)[0] for query in queries if canaries_in(send(query))}

    assert shown({}) == shown(former) == set()
    assert {"post", "posts", "replies", "node", "user", "users"} <= shown(member)


def test_the_urls_name_what_the_tests_have_made():
    assert (VALUES["ID"], VALUES["USERNAME"], VALUES["TAG"]) == ("7", "alice", "tea")
