"""Moderators act in pages, in REST and in GraphQL; all others are rejected there alike."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import inputs, soup
from tests.tokens import bearer
from ublog.accounts.blocks import Block
from ublog.accounts.models import CustomUser
from ublog.accounts.moderation_log import LogEntry
from ublog.blog import moderation
from ublog.blog.models import Post
from ublog.blog.reports import Report
from ublog.blog.states import PostState

PAGES = ("/moderation/", "/moderation/log/", "/moderation/blocks/")
READS = ("queue", "log", "deletions", "blocks")


@pytest.fixture
def moderator(person):
    return person("mona", is_staff=True)


@pytest.fixture
def browser():
    """A function that returns a browser in which a user is logged in."""

    def log_in(user=None):
        client = Client()
        if user:
            client.force_login(user)
        return client

    return log_in


@pytest.fixture
def reported(alice, bob, post):
    one = post(alice, "Buy pills")
    Report.objects.create(post=one, subject=one.pk, by=bob, reason="Spam!", is_first=True)
    return one


def rest(user, method, path, **data):
    return Client().generic(
        method,
        f"/api/moderation/{path}",
        json.dumps(data),
        "application/json",
        headers=bearer(user),
    )


def graphql(user, document):
    sent = {"query": document}
    return Client().post("/graphql/", sent, "application/json", headers=bearer(user)).json()


# -- Pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", PAGES)
def test_pages_are_for_moderators(browser, alice, moderator, url):
    assert browser().get(url)["Location"] == f"/accounts/login/?next={url}"
    assert browser(alice).get(url).status_code == 403
    assert browser(moderator).get(url).status_code == 200


def test_a_moderator_works_the_queue_without_script(browser, moderator, reported):
    client = browser(moderator)
    page = soup(client.get("/fbv/posts/"))
    assert page.select_one("[data-field=waiting_count]").text == "1"
    page = soup(client.get("/moderation/"))
    item = page.select_one(f"[data-item=post-{reported.pk}]")
    assert ("Buy pills" in item.text, "Spam!" in item.text) == (True, True)
    form = item.select_one(f"form[action='/moderation/posts/{reported.pk}/']")
    sent = inputs(form) | {"action": "hide", "reason": "Ads"}
    assert client.post(form["action"], sent)["Location"] == "/moderation/"
    assert Post.objects.get(pk=reported.pk).state == PostState.HIDDEN
    assert "Nothing to review" in soup(client.get("/moderation/")).text
    assert "Ads" in soup(client.get("/moderation/log/")).text


def test_an_author_is_suspended_until_a_day(browser, moderator, reported):
    client = browser(moderator)
    form = soup(client.get("/moderation/")).select_one("form[action='/moderation/users/alice/']")
    sent = inputs(form) | {"action": "suspend", "until": "2999-05-01"}
    client.post(form["action"], sent)
    assert CustomUser.objects.get(username="alice").suspended_until.year == 2999
    page = soup(client.get("/moderation/"))
    assert "suspended until" in page.select_one(f"[data-item=post-{reported.pk}]").text


def test_what_is_wrong_is_said_and_nothing_changes(browser, moderator, staff, reported):
    client = browser(moderator)
    for url, sent, status in (
        (f"posts/{reported.pk}/", {"action": "fly"}, 400),
        (f"posts/{reported.pk}/", {}, 400),
        (f"posts/{reported.pk}/", {"action": "hide", "reason": "a" * 501}, 400),
        ("posts/999999/", {"action": "hide"}, 404),
        ("users/alice/", {"action": "suspend", "until": "tomorrow"}, 400),
        ("users/sam/", {"action": "suspend"}, 403),
        ("users/mona/", {"action": "end_sessions"}, 403),
        ("users/nobody/", {"action": "suspend"}, 404),
        ("blocks/", {"address": "127.0.0.1"}, 400),
        ("blocks/999/allow/", {}, 404),
    ):
        assert client.post(f"/moderation/{url}", sent).status_code == status, url
    assert not LogEntry.objects.exists()


def test_domains_are_blocked_and_allowed_again(browser, moderator):
    client = browser(moderator)
    client.post("/moderation/blocks/", {"domain": "spam.example"})
    page = soup(client.get("/moderation/blocks/"))
    form = page.select_one("[data-blocked='spam.example'] form")
    client.post(form["action"], inputs(form))
    assert not Block.objects.exists()


def test_how_far_a_large_deletion_is(browser, moderator, alice, post):
    for _ in range(3):
        post(alice)
    moderation.delete_posts(username="alice", by=moderator)
    assert "0 of 3" in soup(browser(moderator).get("/moderation/")).text


def test_the_queue_costs_the_same_with_more_in_it(browser, moderator, alice, bob, post):
    client, cost = browser(moderator), []
    for number in (1, 20):
        for _ in range(number):
            one = post(alice)
            Report.objects.create(post=one, subject=one.pk, by=bob, reason="No", is_first=True)
        with CaptureQueriesContext(connection) as queries:
            client.get("/moderation/")
        cost.append(len(queries))
    assert cost[0] == cost[1] <= 12


# -- REST ----------------------------------------------------------------------------------------


def test_rest_is_for_moderators(alice, moderator, db):
    for path in READS:
        assert Client().get(f"/api/moderation/{path}/").status_code == 401
        assert rest(alice, "GET", f"{path}/").status_code == 403
        assert rest(moderator, "GET", f"{path}/").status_code == 200
    assert rest(alice, "GET", "waiting/").json() == {"count": 0}


def test_a_moderator_works_the_queue_in_rest(moderator, reported):
    assert rest(moderator, "GET", "waiting/").json() == {"count": 1}
    [item] = rest(moderator, "GET", "queue/").json()["results"]
    assert (item["id"], item["kind"]) == (f"post-{reported.pk}", "post")
    assert item["post"]["body"] == "Buy pills"
    shown = {"username": "alice", "display_name": "", "avatar": None, "suspended_until": None}
    assert item["user"] == shown
    assert [report["by"]["username"] for report in item["reports"]] == ["bob"]
    sent = {"action": "suspend", "until": "2999-01-01T00:00Z", "reason": "Ads"}
    assert rest(moderator, "POST", "users/alice/", **sent).status_code == 204
    assert rest(moderator, "POST", f"posts/{reported.pk}/", action="delete").status_code == 204
    assert rest(moderator, "GET", "queue/").json()["results"] == []
    found = rest(moderator, "GET", "log/").json()["results"]
    assert [(entry["by"], entry["action"]) for entry in found] == [
        ("mona", "delete"),
        ("mona", "suspend"),
    ]


def test_rest_says_what_is_wrong(moderator, staff, reported):
    for path, sent, status in (
        (f"posts/{reported.pk}/", {"action": "fly"}, 400),
        (f"posts/{reported.pk}/", {}, 400),
        ("posts/999999/", {"action": "hide"}, 404),
        (f"posts/{reported.pk}/", {"action": "delete_network"}, 404),
        ("users/sam/", {"action": "suspend"}, 403),
        ("users/mona/", {"action": "suspend"}, 403),
        ("users/gone/", {"action": "suspend"}, 404),
        ("blocks/", {"address": "127.0.0.1"}, 400),
        ("blocks/", {}, 400),
    ):
        assert rest(moderator, "POST", path, **sent).status_code == status, (path, sent)
    assert rest(moderator, "DELETE", "blocks/1/").status_code == 404
    assert not LogEntry.objects.exists()


# -- GraphQL -------------------------------------------------------------------------------------

ITEM = "id kind post{id} user{username suspendedUntil} reportCount reports{reason}"
QUEUE = f"{{moderationQueue{{edges{{node{{{ITEM}}}}}}}}}"


def test_graphql_is_for_moderators(alice, moderator, db):
    for field in (
        QUEUE,
        "{largeDeletions{id}}",
        "{blocks{id}}",
        "{moderationLog{edges{node{id}}}}",
    ):
        assert graphql(alice, field)["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert "errors" not in graphql(moderator, field)


def test_a_moderator_works_the_queue_in_graphql(moderator, reported):
    [edge] = graphql(moderator, QUEUE)["data"]["moderationQueue"]["edges"]
    assert edge["node"]["kind"] == "post"
    assert edge["node"]["reports"] == [{"reason": "Spam!"}]
    for document in (
        f"mutation{{moderatePost(id: {reported.pk}, action: hide){{done errors{{code}}}}}}",
        'mutation{moderateUser(username: "alice", action: suspend){done errors{code}}}',
        'mutation{block(domain: "spam.example"){done errors{code}}}',
    ):
        [payload] = graphql(moderator, document)["data"].values()
        assert payload == {"done": True, "errors": []}
    [block] = graphql(moderator, "{blocks{id label}}")["data"]["blocks"]
    allow = f'mutation{{unblock(id: "{block["id"]}"){{done errors{{code}}}}}}'
    assert graphql(moderator, allow)["data"]["unblock"]["done"]
    edges = graphql(moderator, "{moderationLog{edges{node{by action}}}}")["data"]["moderationLog"]
    actions = [edge["node"]["action"] for edge in edges["edges"]]
    assert actions == ["allow", "block", "suspend", "hide"]


def test_graphql_says_what_is_wrong(moderator, staff, reported):
    for document, code in (
        ('moderateUser(username: "sam", action: suspend)', "FORBIDDEN"),
        ('moderateUser(username: "gone", action: suspend)', "NOT_FOUND"),
        ('moderateUser(username: "alice", action: suspend, until: "soon")', "INVALID"),
        ('moderatePost(id: "x", action: hide)', "NOT_FOUND"),
        ('block(address: "::1")', "INVALID"),
        ('unblock(id: "block-x")', "NOT_FOUND"),
    ):
        data = graphql(moderator, f"mutation{{{document}{{done errors{{code}}}}}}")["data"]
        assert [each["errors"][0]["code"] for each in data.values()] == [code], document
    assert not LogEntry.objects.exists()


# -- The admin -----------------------------------------------------------------------------------


def test_the_admin_shows_it_and_changes_nothing(browser, staff, moderator, reported):
    client = browser(staff)
    moderation.hide(post_id=reported.pk, by=moderator)
    entry = LogEntry.objects.get()
    for model in ("accounts/logentry", "accounts/block", "blog/report", "blog/cleanup"):
        assert client.get(f"/admin/{model}/").status_code == 200
        assert client.get(f"/admin/{model}/add/").status_code == 403
    url = f"/admin/accounts/logentry/{entry.pk}"
    assert client.post(f"{url}/change/", {"reason": "Nothing"}).status_code == 403
    assert client.post(f"{url}/delete/", {"post": "yes"}).status_code == 403


def test_what_is_deleted_in_the_admin_is_in_the_log(browser, staff, reported, post):
    mine = post(staff)
    for pk in (reported.pk, mine.pk):
        browser(staff).post(f"/admin/blog/post/{pk}/delete/", {"post": "yes"})
    assert not Post.objects.exists()
    assert [entry.target for entry in LogEntry.objects.all()] == [f"post {reported.pk}"]
