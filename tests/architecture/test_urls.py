"""The URLs that people and API clients rely on: those of the table in docs/architecture.md."""

import pytest
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern

NAME = "01234567-89ab-4cde-8f01-23456789abcd"  # of a session
POSTS = ["", "7/", "7/like/"]
PAGES = [*POSTS, "new/", "7/edit/", "7/delete/"]
URLS = [
    *["/fbv/posts/" + path for path in PAGES],
    *["/cbv/posts/" + path for path in PAGES],
    *["/api/fbv/posts/" + path for path in [*POSTS, "new/", "7/update/", "7/delete/"]],
    *["/api/cbv/posts/" + path for path in POSTS],
    *[
        "/",
        "/robots.txt",
        "/favicon.ico",
        "/graphql/",
        "/admin/",
        "/admin/password_change/",
        "/api/schema/",
        "/api/docs/",
        "/api/redoc/",
    ],
    *["/accounts/" + path for path in ["login/", "logout/", "register/", "register/sent/"]],
    *["/accounts/" + path for path in ["register/resend/", "activate/TOKEN/"]],
    *["/accounts/" + path for path in ["password-reset/", "password-reset/TOKEN/"]],
    *["/accounts/" + path for path in ["email-change/", "email-change/TOKEN/"]],
    *["/accounts/" + path for path in ["password-change/", "profile/", "profile/delete/"]],
    *["/accounts/" + path for path in [f"sessions/{NAME}/end/", "sessions/end/", "users/alice/"]],
    *["/api/auth/" + path for path in ["token/", "token/refresh/", "token/logout/"]],
    *["/api/auth/" + path for path in ["register/", "register/resend/", "activate/"]],
    *["/api/auth/" + path for path in ["password-reset/", "password-reset/confirm/"]],
    *["/api/auth/" + path for path in ["email-change/", "email-change/confirm/"]],
    *["/api/auth/" + path for path in ["password-change/", "sessions/", f"sessions/{NAME}/"]],
    *["/api/profile/", "/api/users/alice/"],
    *["/posts/7", "/@alice", "/login", "/register", "/settings", "/activate/x"],
    *["/password-reset", "/password-reset/x", "/email-change/x", "/source/fbv/"],
    *["/health/live/", "/health/ready/", "/health/web/", "/metrics"],
    "/media/pictures/ab/cd.png",
]


# tests/interfaces/test_every_url.py requests each with every method.
@pytest.mark.parametrize("url", URLS)
def test_a_url_stays(url):
    assert resolve(url)


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield route
        elif not route.startswith("admin/"):
            yield from routes(pattern.url_patterns, route)


def test_every_url_is_documented():
    """Add a new URL to the list above and to docs/architecture.md."""
    written = {resolve(url).route for url in URLS}
    assert set(routes(get_resolver().url_patterns)) - written == set()
