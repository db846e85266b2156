"""What is particular to Mastodon's client API; the contract has what it shares with the others."""

import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.architecture.code import ROOT
from tests.architecture.test_urls import URLS
from tests.contract.mastodon import links_of
from tests.tokens import bearer
from ublog.accounts import personal_tokens, suspension
from ublog.blog import actions, mute_actions
from ublog.blog.models import Post
from ublog.core import limits, site_settings
from ublog.core.models import SiteSettings

MASTODON = [url for url in URLS if url.startswith(("/api/v1/", "/api/v2/"))]
JSON = "application/json"
# https://docs.joinmastodon.org/entities/Status/ and …/Account/, of version 4.2.
STATUS = """
    id uri created_at account content visibility sensitive spoiler_text media_attachments
    application mentions tags emojis reblogs_count favourites_count replies_count url
    in_reply_to_id in_reply_to_account_id reblog poll card language edited_at favourited
    reblogged muted bookmarked pinned filtered
"""
ACCOUNT = """
    id username acct url uri display_name note avatar avatar_static header header_static locked
    fields emojis bot group discoverable created_at last_status_at statuses_count
    followers_count following_count
"""


@pytest.fixture
def client(db):
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def app(client):
    """A function that sends a request as an app of a user, and returns the response."""

    def send(user, method, path, sent=None, **headers):
        body = {"data": sent, "content_type": JSON} if sent is not None else {}
        headers = {**(bearer(user) if user else {}), **headers}
        url = path if path.startswith("/") else f"/api/v1/{path}"
        return getattr(client, method.lower())(url, **body, headers=headers)

    return send


# -- Paths and errors --------------------------------------------------------------------------


@pytest.mark.parametrize("url", MASTODON)
def test_a_last_slash_makes_no_difference(client, alice, url):
    assert not url.endswith("/")
    for headers in ({}, bearer(alice)):
        one, other = (client.get(path, headers=headers) for path in (url, f"{url}/"))
        assert one.status_code == other.status_code not in (301, 302, 308)
        assert one.status_code in (200, 401, 404, 405)


@pytest.mark.parametrize("url", MASTODON)
def test_it_reads_no_cookie(client, alice, url):
    client.force_login(alice)
    for method in ("get", "post", "options"):
        response = getattr(client, method)(url, headers={"Sec-Fetch-Site": "cross-site"})
        assert not response.wsgi_request.session.accessed
        assert not response.cookies
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Idempotency-Key" in response["Access-Control-Allow-Headers"]


def check_error(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == JSON
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.json()["error"]


def test_every_error_is_json_with_its_message(client, app, alice, settings, monkeypatch):
    check_error(app(alice, "GET", "statuses/999"), 404)
    check_error(app(None, "GET", "nowhere/at/all"), 404)
    check_error(app(None, "GET", "/api/v2/"), 404)
    check_error(app(alice, "GET", "favourites"), 404)
    check_error(app(None, "PATCH", "statuses"), 405)
    check_error(app(None, "GET", "timelines/home"), 401)
    check_error(app(None, "GET", "timelines/home", Authorization="Bearer nonsense"), 401)
    check_error(app(alice, "POST", "statuses", {"status": ""}), 422)
    for body in (b"{", b"[1]", b"\xff"):
        check_error(client.post("/api/v1/statuses", body, JSON), 400)
    check_error(client.get("/api/v1/statuses/1", headers={"Host": "evil.example"}), 400)
    check_error(client.generic("POST", "/api/v1/statuses", b"a", CONTENT_LENGTH="999999999"), 413)
    monkeypatch.setattr(Post.objects, "timeline", lambda *a, **b: 1 / 0)
    check_error(app(alice, "GET", "timelines/home"), 500)


def test_who_is_too_fast_learns_when_to_come_back(app, alice, settings):
    settings.LIMITS = settings.LIMITS | {"post": "1/minute"}
    app(alice, "POST", "statuses", {"status": "One"})
    response = app(alice, "POST", "statuses", {"status": "Two"})
    check_error(response, 429)
    assert response["X-RateLimit-Limit"] == "1"
    assert response["X-RateLimit-Remaining"] == "0"
    seconds = int(response["Retry-After"])
    reset = timezone.datetime.fromisoformat(response["X-RateLimit-Reset"])
    assert abs(reset - timezone.now() - timedelta(seconds=seconds)) < timedelta(seconds=5)


def test_where_it_is_off_nothing_of_it_is_loaded():
    code = (
        "import sys, django; django.setup(); import ublog.urls, ublog.wsgi\n"
        "from django.test import Client\n"
        "response = Client().get('/api/v1/timelines/public')\n"
        "assert response.status_code == 404, response.status_code\n"
        "assert list(response.json()) == ['detail'], response.json()\n"
        "assert 'Access-Control-Allow-Origin' not in response\n"
        "assert not [name for name in sys.modules if name.startswith('ublog.interfaces.mastodon')]"
    )
    # Not of the tests' own settings: they forget variables.
    code = "import tests.settings, os; os.environ['UBLOG_MASTODON'] = 'off'\n" + off_settings(code)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def off_settings(code: str) -> str:
    """Return the code, after the settings are read once more with the variables that are set."""
    again = "import importlib, ublog.settings; importlib.reload(ublog.settings)\n"
    chosen = "os.environ['DJANGO_SETTINGS_MODULE'] = 'ublog.settings'\n"
    return again + chosen + "ublog.settings.ALLOWED_HOSTS.append('testserver')\n" + code


# -- Who may -----------------------------------------------------------------------------------


@pytest.fixture
def token(alice):
    """A function that makes a personal token of Alice's, and returns the header that has it."""

    def make(*scopes):
        made = personal_tokens.make(by=alice, name="phone", scopes=list(scopes), days=1)
        return {"Authorization": f"Bearer {made.secret}"}

    return make


def test_a_token_needs_the_scope_or_its_parent(app, token, post):
    id = post().pk
    read, write = token("read"), token("write")
    assert app(None, "GET", f"statuses/{id}", **read).status_code == 200
    assert app(None, "GET", "notifications", **read).status_code == 200
    for header, method, path in (
        (read, "POST", f"statuses/{id}/favourite"),
        (read, "POST", "statuses"),
        (read, "DELETE", f"statuses/{id}"),
        (write, "GET", f"statuses/{id}"),
    ):
        response = app(None, method, path, **header)
        check_error(response, 403)
        assert "insufficient_scope" in response["WWW-Authenticate"]
    assert app(None, "POST", f"statuses/{id}/favourite", **write).status_code == 200


def test_a_suspended_user_has_no_token_at_once(app, token, staff, post):
    header = token("read", "write")
    assert app(None, "GET", "timelines/home", **header).status_code == 200
    suspension.suspend(username="alice", by=staff)
    for method, path in (("GET", "timelines/home"), ("GET", f"statuses/{post().pk}")):
        check_error(app(None, method, path, **header), 401)


@pytest.fixture
def members_only(db, monkeypatch):
    SiteSettings.objects.create(who_may_read="members")
    monkeypatch.setattr(site_settings, "cached", (0.0, SiteSettings.objects.in_effect()))


READ = [
    *("timelines/public", "timelines/tag/tea", "statuses/7", "statuses/7/context", "custom_emojis"),
    *("statuses/7/source", "statuses/7/favourited_by", "statuses?id[]=7", "accounts/0"),
    *("accounts/lookup?acct=alice", "accounts/1", "accounts/1/statuses", "trends/tags"),
    *("/api/v2/search?q=tea", "/api/v2/search", "/api/v2/filters", "accounts/1/followers"),
]


@pytest.mark.parametrize("path", READ)
def test_a_site_for_members_needs_a_token_everywhere(app, alice, members_only, path):
    made = actions.publish(by=alice, body="Tea")
    Post.objects.filter(pk=made.pk).update(id=7)
    path = path.replace("accounts/1", f"accounts/{alice.pk}")
    check_error(app(None, "GET", path), 401)
    assert app(alice, "GET", path).status_code == 200


# -- Statuses ----------------------------------------------------------------------------------


def test_every_field_of_a_status_is_there(app, alice, post):
    for user, body in ((alice, "Hello @alice #tea"), (None, "Hello")):
        made = actions.publish(by=user, body=body) if user else post(None, body)
        status = app(alice, "GET", f"statuses/{made.pk}").json()
        assert set(STATUS.split()) - status.keys() == set()
        assert set(ACCOUNT.split()) - status["account"].keys() == set()
        assert status["id"] == str(made.pk)
        assert len(status["created_at"]) == len("2026-11-22T18:00:00.000Z")
        for name in ("url", "uri"):
            assert urlsplit(status[name]).netloc
        for name in ("avatar", "avatar_static", "header", "header_static", "url"):
            assert urlsplit(status["account"][name]).netloc


def test_a_picture_stands_for_a_missing_one(client):
    response = client.get("/api/v1/missing.png")
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_the_content_is_html_in_which_what_one_writes_is_text(app, alice, bob):
    body = '<b>1 < 2</b> & "so"\n\n\n@bob, #Tea: https://example.org/?a=1&b=2\nBye'
    id = actions.publish(by=alice, body=body).pk
    status = app(alice, "GET", f"statuses/{id}").json()
    assert status["content"] == (
        "<p>&lt;b&gt;1 &lt; 2&lt;/b&gt; &amp; &quot;so&quot;</p><p><br>"
        '<span class="h-card" translate="no"><a href="http://127.0.0.1:8000/@bob" '
        'class="u-url mention">@<span>bob</span></a></span>, '
        '<a href="http://127.0.0.1:8000/tags/Tea" class="mention hashtag" rel="tag">#<span>Tea'
        '</span></a>: <a href="https://example.org/?a=1&amp;b=2" target="_blank" '
        'rel="nofollow noopener">https://example.org/?a=1&amp;b=2</a><br>Bye</p>'
    )
    assert [one["id"] for one in status["mentions"]] == [str(bob.pk)]
    assert [one["name"] for one in status["tags"]] == ["Tea"]
    assert app(alice, "GET", f"statuses/{id}/source").json()["text"] == body


@pytest.mark.parametrize("form", ["json", "form", "multipart"])
def test_a_status_arrives_as_json_or_as_a_form(client, alice, post, form):
    fields = {"status": "Hello", "in_reply_to_id": str(post().pk), "sensitive": "0"}
    fields |= {"language": "de", "media_ids[]": [], "visibility": "public", "spoiler_text": ""}
    if form == "json":
        sent = {"data": fields | {"media_ids": None, "poll": None}, "content_type": JSON}
    elif form == "form":
        encoded = "&".join(f"{name}={value}" for name, value in fields.items() if value != [])
        sent = {"data": encoded, "content_type": "application/x-www-form-urlencoded"}
    else:
        sent = {"data": fields}
    made = client.post("/api/v1/statuses/", headers=bearer(alice), **sent).json()
    assert (made["content"], made["language"]) == ("<p>Hello</p>", "de")
    assert made["in_reply_to_id"] == fields["in_reply_to_id"]
    path, kind = f"/api/v1/statuses/{made['id']}", "application/x-www-form-urlencoded"
    edited = client.put(path, "status=Changed", kind, headers=bearer(alice)).json()
    assert (edited["content"], edited["language"]) == ("<p>Changed</p>", "de")
    assert edited["edited_at"]


@pytest.mark.parametrize(
    "wish",
    [
        {"visibility": "direct"},
        {"visibility": "private"},
        {"poll": {"options": ["a", "b"], "expires_in": 60}},
        {"scheduled_at": "2030-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_what_would_be_seen_by_others_than_its_author_wants_is_rejected(app, alice, wish):
    check_error(app(alice, "POST", "statuses", {"status": "Secret"} | wish), 422)
    assert not Post.objects.exists()


@pytest.mark.parametrize("id", ["999", "abc", "-1"])
def test_a_reply_to_nothing_is_rejected(app, alice, id):
    response = app(alice, "POST", "statuses", {"status": "Hello", "in_reply_to_id": id})
    check_error(response, 422)
    assert list(response.json()["details"]) == ["in_reply_to"]
    assert not Post.objects.exists()


def test_a_warning_is_not_lost(app, alice):
    made = app(alice, "POST", "statuses", {"status": "It ends well", "spoiler_text": "The film"})
    assert made.json()["content"] == "<p>The film</p><p>It ends well</p>"


def test_a_deleted_status_comes_back_with_its_text(app, alice):
    id = actions.publish(by=alice, body="Once <more>").pk
    response = app(alice, "DELETE", f"statuses/{id}")
    assert response.status_code == 200
    assert (response.json()["id"], response.json()["text"]) == (str(id), "Once <more>")
    assert not Post.objects.exists()


def test_a_key_publishes_once(app, alice):
    sent = ("POST", "statuses", {"status": "Hello"})
    ids = {app(alice, *sent, **{"Idempotency-Key": "k"}).json()["id"] for _ in range(2)}
    assert len(ids) == Post.objects.count() == 1
    again = app(alice, "POST", "statuses", {"status": "Other"}, **{"Idempotency-Key": "k"})
    check_error(again, 422)


def test_several_statuses_by_their_ids(app, alice, post):
    ids = [str(post().pk) for _ in range(3)]
    found = app(alice, "GET", f"statuses?id[]={ids[0]}&id[]={ids[2]}&id[]=999").json()
    assert [status["id"] for status in found] == [ids[2], ids[0]]


def test_a_context_has_no_places(app, alice, bob):
    ids = [actions.publish(by=alice, body="0").pk]
    for number in range(1, 5):
        ids.append(actions.publish(by=bob, body=str(number), in_reply_to=ids[-1]).pk)
    actions.delete(post_id=ids[1], by=bob)
    actions.delete(post_id=ids[3], by=bob)
    context = app(alice, "GET", f"statuses/{ids[2]}/context").json()
    assert [one["content"] for one in context["ancestors"]] == ["<p>0</p>"]
    assert [one["content"] for one in context["descendants"]] == ["<p>4</p>"]
    check_error(app(alice, "GET", f"statuses/{ids[3]}"), 404)
    check_error(app(alice, "GET", f"statuses/{ids[3]}/context"), 404)


# -- Pages -------------------------------------------------------------------------------------


def ids_in(response):
    return [int(one["id"]) for one in response.json()]


def test_links_lead_to_the_pages_after_and_before(app, alice, post):
    ids = [post(body=f"Post {number}").pk for number in range(5)][::-1]
    page = app(alice, "GET", "timelines/public?limit=2&local=true")
    links = links_of(page)
    assert links == {
        "next": f"http://testserver/api/v1/timelines/public?limit=2&local=true&max_id={ids[1]}",
        "prev": f"http://testserver/api/v1/timelines/public?limit=2&local=true&min_id={ids[0]}",
    }
    second = app(alice, "GET", links["next"].removeprefix("http://testserver"))
    assert ids_in(second) == ids[2:4]
    back = app(alice, "GET", links_of(second)["prev"].removeprefix("http://testserver"))
    assert ids_in(back) == ids[:2]
    last = app(alice, "GET", links_of(second)["next"].removeprefix("http://testserver"))
    assert (ids_in(last), "next" in links_of(last)) == (ids[4:], False)


def test_since_an_id_is_the_newest_page_down_to_it(app, alice, post):
    ids = [post(body=f"Post {number}").pk for number in range(5)][::-1]
    page = app(alice, "GET", f"timelines/public?limit=2&since_id={ids[3]}")
    assert ids_in(page) == ids[:2]
    page = app(alice, "GET", f"timelines/public?since_id={ids[3]}")
    assert (ids_in(page), "next" in links_of(page)) == (ids[:3], False)
    Post.objects.filter(pk=ids[3]).delete()
    assert ids_in(app(alice, "GET", f"timelines/public?since_id={ids[3]}")) == ids[:3]
    page = app(alice, "GET", f"timelines/public?limit=1&min_id={ids[4]}")
    assert ids_in(page) == [ids[2]]


@pytest.mark.parametrize("query", ["max_id=nonsense", "min_id=%00", "max_id=9e9", "since_id=x"])
def test_what_is_no_id_is_no_error(app, alice, post, query):
    post()
    assert app(alice, "GET", f"timelines/public?{query}").status_code == 200


def test_a_list_has_at_most_100_items(app, alice, post):
    assert app(alice, "GET", "timelines/public?limit=1000").status_code == 200
    for limit in ("0", "x", "-1"):
        check_error(app(alice, "GET", f"timelines/public?limit={limit}"), 422)


def test_only_pictures_are_a_shorter_page_that_leads_on(app, alice, post):
    for number in range(4):
        image = "pictures/ab/cd.png" if number == 0 else ""
        post(alice, f"Post {number}", image=image)
    page = app(alice, "GET", f"accounts/{alice.pk}/statuses?only_media=true&limit=3")
    assert (page.json(), "next" in links_of(page)) == ([], True)
    rest = app(alice, "GET", links_of(page)["next"].removeprefix("http://testserver"))
    assert len(rest.json()) == 1


# -- Accounts ----------------------------------------------------------------------------------


def test_a_profile_says_what_lists_do_not(app, alice, post):
    alice.bio = "Tea & <more> #tea"
    alice.save()
    post(alice)
    for path in (f"accounts/{alice.pk}", "accounts/lookup?acct=alice@testserver"):
        account = app(None, "GET", path).json()
        assert account["created_at"][:4] != "1970"
        assert account["statuses_count"] == 1
        assert account["note"].startswith("<p>Tea &amp; &lt;more&gt; <a ")
    own = app(alice, "GET", "accounts/verify_credentials").json()
    assert own["source"]["note"] == "Tea & <more> #tea"
    check_error(app(None, "GET", "accounts/verify_credentials"), 401)
    check_error(app(None, "GET", "accounts/lookup?acct=alice@elsewhere.example"), 404)
    check_error(app(None, "GET", "accounts/999"), 404)


def test_nobody_has_the_account_0(app, alice, post):
    post(None)
    [status] = app(alice, "GET", "timelines/public").json()
    assert status["account"] == app(alice, "GET", "accounts/0").json()
    assert status["account"]["id"] == "0"
    assert app(alice, "GET", "accounts/0/statuses").json() == []


def test_an_account_has_its_posts_with_replies_or_without(app, alice, post):
    first = post(alice, "#tea")
    second = post(alice, in_reply_to=first, conversation=first.pk)
    path = f"accounts/{alice.pk}/statuses"
    assert ids_in(app(None, "GET", path)) == [second.pk, first.pk]
    assert ids_in(app(None, "GET", f"{path}?exclude_replies=1")) == [first.pk]
    assert ids_in(app(None, "GET", f"{path}?exclude_replies=0&tagged=tea")) == [first.pk]
    assert ids_in(app(None, "GET", f"{path}?pinned=true")) == []


def test_a_user_is_muted_by_id(app, alice, bob):
    muted = app(bob, "POST", f"accounts/{alice.pk}/mute").json()
    assert (muted["id"], muted["muting"]) == (str(alice.pk), True)
    ids = "&".join(f"id[]={id}" for id in (alice.pk, bob.pk, "x", "9" * 5000))
    found = app(bob, "GET", f"accounts/relationships?{ids}").json()
    assert [(one["id"], one["muting"]) for one in found] == [
        (str(alice.pk), True),
        (str(bob.pk), False),
    ]
    assert [one["username"] for one in app(bob, "GET", "mutes").json()] == ["alice"]
    assert app(bob, "POST", f"accounts/{alice.pk}/unmute").json()["muting"] is False
    check_error(app(bob, "POST", f"accounts/{alice.pk}/mute", {"duration": 60}), 422)
    check_error(app(bob, "POST", f"accounts/{bob.pk}/mute"), 422)
    check_error(app(bob, "POST", "accounts/999/mute"), 404)


# -- Search ------------------------------------------------------------------------------------


def test_a_search_finds_posts_users_and_a_hashtag(app, alice, post):
    ids = [post(alice, f"Alice {number}").pk for number in range(3)][::-1]
    found = app(alice, "GET", "/api/v2/search?q=alice").json()
    assert [one["username"] for one in found["accounts"]] == ["alice"]
    assert [int(one["id"]) for one in found["statuses"]] == ids
    assert [one["name"] for one in found["hashtags"]] == ["alice"]
    found = app(alice, "GET", "/api/v2/search?q=alice&type=statuses&limit=1&offset=1").json()
    assert [int(one["id"]) for one in found["statuses"]] == [ids[1]]
    assert found["accounts"] == found["hashtags"] == []
    assert app(None, "GET", "/api/v2/search?q=alice").json()["accounts"] == []
    assert app(alice, "GET", "/api/v2/search?q=").json()["statuses"] == []


def test_a_search_resolves_names_and_urls_of_this_site(app, alice, post):
    id = post(alice).pk

    def search(q, kind):
        return app(alice, "GET", f"/api/v2/search?q={q}&type={kind}&resolve=true").json()[kind]

    for name in ("@alice@testserver", "alice@127.0.0.1:8000", "http://127.0.0.1:8000/@alice"):
        assert [one["username"] for one in search(name, "accounts")] == ["alice"]
    assert search("@alice@elsewhere.example", "accounts") == []
    assert [one["id"] for one in search(f"http://127.0.0.1:8000/posts/{id}", "statuses")] == [
        str(id)
    ]
    assert search("http://127.0.0.1:8000/posts/999", "statuses") == []
    [found] = app(alice, "GET", "accounts/search?q=ali&limit=1").json()
    assert found["username"] == "alice"


# -- Notifications and reports -----------------------------------------------------------------


def test_notifications_are_mentions_and_favourites(app, alice, bob, charlie):
    id = actions.publish(by=alice, body="Hello").pk
    reply = actions.publish(by=bob, body="Hello!", in_reply_to=id).pk
    mention = actions.publish(by=charlie, body="Ask @alice").pk
    actions.like(post_id=id, by=bob)
    actions.like(post_id=id, by=charlie)
    found = app(alice, "GET", "notifications").json()
    assert [
        (one["type"], one["account"]["username"], int(one["status"]["id"])) for one in found
    ] == [
        ("favourite", "charlie", id),
        ("mention", "charlie", mention),
        ("mention", "bob", reply),
    ]
    for query, types in (
        ("types[]=mention", ["mention"] * 2),
        ("exclude_types[]=mention&exclude_types[]=follow", ["favourite"]),
        ("types[]=follow", []),
    ):
        found = app(alice, "GET", f"notifications?{query}").json()
        assert [one["type"] for one in found] == types
    first = app(alice, "GET", "notifications?limit=1")
    rest = app(alice, "GET", links_of(first)["next"].removeprefix("http://testserver"))
    assert [one["type"] for one in rest.json()] == ["mention", "mention"][: len(rest.json())]
    assert app(alice, "GET", "notifications/unread_count").json() == {"count": 3}


@pytest.mark.parametrize("form", [False, True])
def test_a_marker_is_up_to_where_notifications_are_read(app, client, alice, bob, form):
    for number in range(3):
        actions.publish(by=bob, body=f"@alice {number}")
    ids = [one["id"] for one in app(alice, "GET", "notifications").json()]
    assert app(alice, "GET", "markers?timeline[]=home&timeline[]=notifications").json() == {}
    field = {"notifications[last_read_id]": ids[1], "home[last_read_id]": "7"}
    sent = {"notifications": {"last_read_id": ids[1]}, "home": {"last_read_id": "7"}}
    if form:
        moved = client.post("/api/v1/markers", field, headers=bearer(alice))
    else:
        moved = app(alice, "POST", "markers", sent)
    assert moved.json()["notifications"]["last_read_id"] == ids[1]
    found = app(alice, "GET", "markers?timeline[]=notifications").json()
    assert list(found) == ["notifications"]
    assert found["notifications"]["last_read_id"] == ids[1]
    assert app(alice, "GET", "notifications/unread_count").json() == {"count": 1}
    for wrong in ("x", "999", "0"):
        app(alice, "POST", "markers", {"notifications": {"last_read_id": wrong}})
    assert app(alice, "GET", "notifications/unread_count").json() == {"count": 1}
    assert app(alice, "GET", "markers?timeline[]=home").json() == {}
    check_error(app(None, "GET", "markers"), 401)


def test_a_report_without_a_comment_says_its_category(app, alice, bob, post):
    one, other = post(alice).pk, post(alice).pk
    sent = {"account_id": str(alice.pk), "status_ids": [str(one), str(other)], "category": "spam"}
    made = app(bob, "POST", "reports", sent).json()
    assert (made["comment"], made["target_account"]["username"]) == ("spam", "alice")
    made = app(bob, "POST", "reports", {"account_id": str(alice.pk), "comment": "Rude"}).json()
    assert (made["status_ids"], made["comment"]) == (None, "Rude")
    check_error(app(bob, "POST", "reports", {"account_id": "999"}), 404)
    check_error(app(bob, "POST", "reports", {}), 404)


# -- What there is not -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("custom_emojis", "followed_tags", "filters", "/api/v2/filters", "lists"),
        *("follow_requests", "blocks", "domain_blocks", "announcements", "conversations"),
        *("/api/v2/suggestions", "trends/tags", "accounts/1/followers", "accounts/1/following"),
        *("statuses/1/reblogged_by", "scheduled_statuses", "endorsements", "featured_tags"),
    ],
)
def test_what_there_is_not_is_an_empty_list(app, alice, path):
    assert app(alice, "GET", path).json() == []


def test_preferences_are_those_of_everybody(app, alice):
    found = app(alice, "GET", "preferences").json()
    assert found["posting:default:visibility"] == "public"
    check_error(app(None, "GET", "preferences"), 401)


def test_a_muted_conversation_says_so(app, alice, bob, post):
    id = post(alice).pk
    assert app(bob, "POST", f"statuses/{id}/mute").json()["muted"] is True
    assert app(bob, "POST", f"statuses/{id}/unmute").json()["muted"] is False
    mute_actions.mute_user(username="alice", by=bob)
    assert app(bob, "GET", "timelines/home").json() == []
    limits.shared_counts()
