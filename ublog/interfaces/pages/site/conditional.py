"""Pages of posts, made only for whoever has not got them yet.

A stranger's page has an ETag: a hash of all that the page is made of. What was read from the
database a moment ago is part of it, so a new post, an edit, a like, a new display name each make
another ETag, and nobody is told that an old page is still good. It is a conditional request
(RFC 9110, section 13), not a cache: nothing is kept here, and each answer asks the database.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from ublog.blog.post_rows import PostRow
from ublog.core.cursors import Page

PAGES = Path(__file__).resolve().parents[1]


def render_conditional(
    request: HttpRequest, template: str, context: dict[str, Any], of: Page[PostRow] | PostRow
) -> HttpResponse:
    """The page of a post or of several (`of`), or 304 for a stranger who has just that."""
    if settings.DEBUG or not is_anonymous(request):
        return render(request, template, context)
    etag = etag_of(request, of)
    response: HttpResponse = get_conditional_response(request, etag=etag) or render(
        request, template, context
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response  # "Vary: Cookie" comes from the session, which was asked who it is


def is_anonymous(request: HttpRequest) -> bool:
    """Whether nobody is signed in, and no message waits to be shown."""
    return not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()


def etag_of(request: HttpRequest, of: Page[PostRow] | PostRow) -> str:
    """Of the posts, the colours, and the code that makes the page. No form in it has a token, so
    all strangers have the same page."""
    # As plain tuples: JSON does not know named ones.
    shown = (of.next, of.previous, *map(tuple, of.items)) if isinstance(of, Page) else tuple(of)
    parts = orjson.dumps((shown, request.COOKIES.get("theme"), code_fingerprint()))
    return f'"{sha256(parts).hexdigest()[:32]}"'


@cache
def code_fingerprint() -> str:
    """A hash of the code and templates of the pages, and of the names of what they load."""
    files = sorted(file for file in PAGES.rglob("*") if file.suffix in (".py", ".html"))
    manifest = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    parts = [file.read_bytes() for file in (*files, manifest) if file.exists()]
    return sha256(b"\0".join([settings.SITE_URL.encode(), *parts])).hexdigest()
