"""Pages of posts, made only for whoever has not got them yet.

A stranger's page has an ETag: a hash of all that the page is made of. What was read from the
database a moment ago is part of it, so a new post, an edit, a like, a new display name each make
another ETag, and nobody is told that an old page is still good. It has no form with a token, so
it sets no cookie, and is the same for every stranger. It is a conditional request
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

PAGES = Path(__file__).parent


def show(request: HttpRequest, template: str, context: dict[str, Any], of: object) -> HttpResponse:
    """The page of a post or of several (`of`), or 304 for a stranger who has just that."""
    if settings.DEBUG or not is_stranger(request):
        return render(request, template, context)
    etag = etag_of(of, request.COOKIES.get("theme"))
    response: HttpResponse = get_conditional_response(request, etag=etag) or render(
        request, template, context
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response


def is_stranger(request: HttpRequest) -> bool:
    """Whether nobody is signed in, and no message waits to be shown."""
    return not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()


def etag_of(of: object, theme: str | None) -> str:
    """Of the posts, the colours of the page, and the code that makes it."""
    # Rows are named tuples, which JSON does not know.
    parts = orjson.dumps((of, theme, look()), default=tuple)
    return f'"{sha256(parts).hexdigest()[:32]}"'


@cache
def look() -> str:
    """A hash of the code and templates of the pages, and of the names of what they load."""
    files = sorted(file for file in PAGES.rglob("*") if file.suffix in (".py", ".html"))
    manifest = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    parts = [file.read_bytes() for file in (*files, manifest) if file.exists()]
    return sha256(b"\0".join([settings.SITE_URL.encode(), *parts])).hexdigest()
