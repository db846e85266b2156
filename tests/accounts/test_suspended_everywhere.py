"""A suspended member: at the next request nothing that they hold opens anything, anywhere."""

import json

import pytest
from django.test import Client

from tests.accounts.drivers import PASSWORD
from tests.accounts.test_oauth import App
from tests.tokens import bearer
from ublog.accounts import personal_tokens, suspension
from ublog.blog.models import Post, PostLike

JSON = "application/json"
HEADERS = {"X-Ublog": "1"}
HELLO = {"body": "Hello"}
LIKE = "mutation{made: likePost(id: %d){post{id} errors{code}}}"
PUBLISH = 'mutation{made: createPost(body: "Hello"){post{id} errors{code}}}'
API = {
    "the profile": ("GET", "/api/profile/", None),
    "their data": ("GET", "/api/profile/data/", None),
    **{
        f"{name} of REST {style}": (method, f"/api/{style}/{path}", body)
        for style in ("fbv", "cbv")
        for name, method, path, body in (
            ("notifications", "GET", "notifications/", None),
            ("unread notifications", "GET", "notifications/unread/", None),
            ("bookmarks", "GET", "posts/?bookmarked=on", None),
            ("publish", "POST", "posts/new/" if style == "fbv" else "posts/", HELLO),
            ("like", "PUT", "posts/%d/like/", {}),
        )
    },
    "GraphQL": ("POST", "/graphql/", {"query": "{me{username}}"}),
    "notifications of GraphQL": ("POST", "/graphql/", {"query": "{notifications{edges{cursor}}}"}),
    "publish in GraphQL": ("POST", "/graphql/", {"query": PUBLISH}),
    "like in GraphQL": ("POST", "/graphql/", {"query": LIKE}),
}
MASTODON = {
    "the profile of Mastodon": ("GET", "/api/v1/accounts/verify_credentials", None),
    "notifications of Mastodon": ("GET", "/api/v1/notifications", None),
    "publish in Mastodon": ("POST", "/api/v1/statuses", {"status": "Hello"}),
    "like in Mastodon": ("POST", "/api/v1/statuses/%d/favourite", {}),
}
PAGES = {
    "the page of the profile": ("GET", "/accounts/profile/", None),
    **{
        f"{name} in pages {style}": (method, f"/{style}/{path}", body)
        for style in ("fbv", "cbv")
        for name, method, path, body in (
            ("notifications", "GET", "notifications/", None),
            ("publish", "POST", "posts/new/", HELLO),
            ("like", "POST", "posts/%d/like/", {"liked": "yes"}),
        )
    },
}


@pytest.fixture
def carol(person):
    return person("carol", password=PASSWORD)


def logged_in(user) -> Client:
    client = Client()
    sent = {"email": user.email, "password": PASSWORD}
    assert client.post("/api/auth/token/", sent, JSON, headers=HEADERS).status_code == 200
    return client


def holds(carol):
    """Return what Carol holds: the headers and the client of each, and what it opens."""
    browser = logged_in(carol)
    personal = personal_tokens.make(by=carol, name="cron", scopes=["read", "write"], days=9).secret
    granted = App().tokens(browser)["access_token"]
    return {
        "a session": (browser, {}, API | PAGES),
        "an access token": (Client(), bearer(carol), API | MASTODON),
        "a token of her own": (Client(), {"Authorization": f"Bearer {personal}"}, API | MASTODON),
        "an app": (Client(), {"Authorization": f"Bearer {granted}"}, API | MASTODON),
    }


def opens(client, headers, request, post) -> bool:
    method, url, body = request
    url = url % post.pk if "%d" in url else url
    if method == "POST" and url.startswith(("/fbv/", "/cbv/")):
        response = client.post(url, body)
        return response.status_code == 302 and "login" not in response["Location"]
    sent = json.dumps(body) if body is not None else ""
    response = client.generic(method, url, sent.replace("%d", str(post.pk)), JSON, headers=headers)
    assert response.status_code in (200, 201, 204, 302, 401, 403), (url, response.content)
    if url == "/graphql/":
        content = response.json()
        shown = next(iter((content.get("data") or {}).values()), None) or {"errors": ["none"]}
        return not (content.get("errors") or shown.get("errors"))
    return response.status_code in (200, 201, 204)


def test_nothing_that_she_holds_opens_anything_anywhere(
    carol, staff, post, settings, no_limits, everything
):
    settings.ANONYMOUS_POSTS = "off"
    one, held = post(staff), holds(carol)

    def opened():
        return {
            (name, what): opens(client, headers, request, one)
            for name, (client, headers, requests) in held.items()
            for what, request in requests.items()
        }

    before = opened()
    assert [found for found, is_open in before.items() if not is_open] == [
        # Not for programs, and so for no token that somebody else may have.
        *((name, "their data") for name in ("a token of her own", "an app"))
    ]
    assert Post.objects.filter(created_by=carol).count() > 10
    assert PostLike.objects.filter(liked_by=carol).exists()
    suspension.suspend(username="carol", by=staff)
    stored = everything()
    after = opened()
    assert [found for found, is_open in after.items() if is_open] == []
    assert everything() == stored


def test_nor_does_she_get_new_tokens(carol, staff):
    browser, app = logged_in(carol), App()
    refresh_token = app.tokens(browser)["refresh_token"]
    code = app.code(browser)
    suspension.suspend(username="carol", by=staff)
    refreshed = browser.post("/api/auth/token/refresh/", {}, JSON, headers=HEADERS)
    assert refreshed.status_code == 401
    assert app.refresh(refresh_token).status_code == 400
    assert app.request_token(code=code).status_code == 400
    assert browser.get(app.link()).status_code == 302
    sent = {"name": "cron", "scopes": ["read"], "days": 9}
    assert browser.post("/api/auth/personal-tokens/", sent, JSON).status_code in (401, 403)
