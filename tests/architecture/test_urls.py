"""The URLs that clients rely on: those of docs/architecture.md, and the routes of the app."""

import re
from collections.abc import Iterator

import pytest
from django.urls import get_resolver, resolve
from django.urls.resolvers import RegexPattern, RoutePattern, URLPattern

from tests.architecture.code import ROOT
from tests.contract.records import MARKS

VALUES = {
    "ID": "7",
    "TOKEN": "x",
    "USERNAME": "alice",
    "TAG": "tea",
    "FORMAT": "atom",
    "UUID": "01234567-89ab-4cde-8f01-23456789abcd",  # of a session
    "FILE": "pictures/ab/cd.png",
    "NAME": "ublog-backup-20260101-000000",
}
# A path between a parent and others; nothing is served there.
PARENTS = {"/api/auth/", "/accounts/"}


def documented() -> Iterator[str]:
    """Yield the URLs of the table, with a value for each placeholder."""
    for row in re.findall(r"^\| (`/.*?) \|", (ROOT / "docs/architecture.md").read_text(), re.M):
        first, *others = re.findall("`(.*?)`", row)
        for url in [first, *(one if one.startswith("/") else first + one for one in others)]:
            for one in {url.replace("MARK", mark) for mark in MARKS}:
                yield re.sub("[A-Z]+", lambda name: VALUES[name[0]], one)


def app_routes() -> Iterator[str]:
    """Yield the URLs of the app, which the server has to know, with a value for each parameter."""
    files = [ROOT / "frontend/src/spa" / name for name in ("router.ts", "laterRoutes.ts")]
    texts = "".join(file.read_text() for file in files)
    for path in re.findall(r"path: '(.*?)'", texts):
        if "*" not in path:  # of the page for what is not found
            yield re.sub(r":(\w+)(\(.*?\))?", lambda name: VALUES[name[1].upper()], path)
    sections = (ROOT / "frontend/src/components/settings/sections.ts").read_text()
    for name in re.findall(r"name: '(\w+)'", sections):
        yield f"/settings/{name}"


URLS = sorted({*documented(), *app_routes()} - PARENTS)


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
    """Add a new URL to the table, or to the routes of the app."""
    written = {resolve(url).route for url in URLS}
    assert set(routes(get_resolver().url_patterns)) - written == set()


@pytest.mark.parametrize("path", ["/fbv/posts/", "/api/fbv/posts/", "/api/cbv/posts/", "/graphql/"])
def test_what_is_read_most_is_found_among_few_patterns(monkeypatch, path):
    tried = []
    for kind in (RoutePattern, RegexPattern):

        def match(self, path, match=kind.match):
            tried.append(self)
            return match(self, path)

        monkeypatch.setattr(kind, "match", match)
    resolve(path)
    assert len(tried) <= 8
