"""Pages of posts, rendered only for clients that do not have the current version yet.

The page of an anonymous user has an ETag: a hash of all that the page is made of. The hash includes
what has just been read from the database, so that a new post, an edit, a like or a new display name
makes another ETag, and an outdated page is never called current. It is a conditional request
(RFC 9110, section 13), not a cache: nothing is stored here, and each request reads the database.
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
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.generic.base import TemplateResponseMixin

from ublog.core import site_settings
from ublog.interfaces.pages.site.pinned import pinned_post

PAGES = Path(__file__).parents[1]


class ConditionalPageMixin(TemplateResponseMixin):
    """Let a class-based view render its object, and what else it names, by `render_conditional`."""

    request: HttpRequest
    template_name: str
    context_object_name: str
    other_context_names: tuple[str, ...] = ()

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:
        """Return the page, or 304. The rest of the view's context would be in its ETag, too."""
        names = (self.context_object_name, *self.other_context_names)
        chosen = {name: context[name] for name in names}
        return render_conditional(self.request, self.template_name, chosen)


def render_conditional(
    request: HttpRequest, template_name: str, context: dict[str, Any]
) -> HttpResponse:
    """Return the page, or 304 (Not Modified) for an anonymous client that has it already.

    All of the context is part of the ETag: posts, pages of posts, and types that JSON has.
    """
    if pinned := pinned_post(request):
        context = {**context, "pinned": pinned}
    if settings.DEBUG or not is_anonymous(request):
        return render(request, template_name, context)
    etag = etag_of(request, context)
    response: HttpResponse = get_conditional_response(request, etag=etag) or render(
        request, template_name, context
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response  # "Vary: Cookie" is set by the session, since `request.user` was read


def is_anonymous(request: HttpRequest) -> bool:
    """Return whether the request has neither a session nor messages to show."""
    return not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()


def etag_of(request: HttpRequest, context: dict[str, Any]) -> str:
    """Return a hash of the context, the theme, the site's settings, and the code of the page.

    No form on the page has a CSRF token, so the page is the same for all anonymous users.
    """
    appearance = site_settings.current().appearance
    # Dates name the year when it is not the current one.
    year = timezone.now().year
    parts = (context, request.COOKIES.get("theme"), appearance, code_fingerprint(), year)
    # A post is a named tuple, which orjson does not serialise by itself.
    return f'"{sha256(orjson.dumps(parts, default=tuple)).hexdigest()[:32]}"'


@cache
def code_fingerprint() -> str:
    """Return a hash of the code and templates of the pages, and of the assets that they name."""
    manifest = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    parts = [file.read_bytes() for file in (*source_files(), manifest) if file.exists()]
    chosen = f"{settings.SITE_URL} {settings.COMPARE}".encode()
    return sha256(b"\0".join([chosen, *parts])).hexdigest()


def source_files() -> list[Path]:
    """Return the Python files and templates of the pages."""
    return sorted(file for file in PAGES.rglob("*") if file.suffix in (".py", ".html"))
