"""What makes the app installable: its manifest, its icons and its service worker (ADR 30)."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ublog.core import site_settings
from ublog.core.colours import THEMES, shades
from ublog.core.models import SiteSettings
from ublog.interfaces.pages.site.environment import has_worker
from ublog.interfaces.pages.site.looks import stylesheet_query

VIOLET = "#5a3fd6"  # --color-primary of frontend/src/styles/tokens.css, in sRGB
ENTRY = "src/spa/main.ts"
OTHER_FILES = ("src/styles/site.css", "src/assets/icons.svg")


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the web app manifest: https://www.w3.org/TR/appmanifest/."""
    site, page = site_settings.current(), THEMES["light"].page
    content: dict[str, Any] = {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "name": site.name,
        "theme_color": colour_of(site),
        "background_color": page,
        "icons": list(icons(site)),
    }
    content |= {"description": site.welcome} if site.welcome else {}
    return JsonResponse(content, content_type="application/manifest+json")


def icons(site: SiteSettings) -> Iterator[dict[str, str]]:
    """Yield the icons of the manifest: one that may be cut to a circle, and one that is whole."""
    version = sha256(repr(site.appearance).encode()).hexdigest()[:16]
    svg = {"type": "image/svg+xml", "sizes": "192x192 512x512 any"}
    for purpose, name in (("any", "app:icon"), ("maskable", "app:icon-maskable")):
        yield svg | {"src": f"{reverse(name)}?v={version}", "purpose": purpose}
    if site.logo_icon:
        png = {"type": "image/png", "sizes": "192x192", "purpose": "any"}
        yield png | {"src": site.logo_icon.url}


def colour_of(site: SiteSettings) -> str:
    return shades(site.colour)["light"] if site.colour else VIOLET


@require_safe
@cache_control(public=True, max_age=86_400)
def icon(request: HttpRequest, maskable: bool = False) -> HttpResponse:
    """Return the site's logo, or the first letter of its name on its colour, as a square."""
    site = site_settings.current()
    logo = inlined(site.logo_icon) if site.logo_icon else ""
    background = THEMES["light"].page if logo else colour_of(site)
    context = {"logo": logo, "background": background, "letter": site.name[:1]}
    context |= {"maskable": maskable}
    response = render(request, "app/icon.svg", context, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; img-src data:; sandbox"
    return response


def inlined(image: FieldFile) -> str:
    """Return the image in base64."""
    with image.open() as file:
        return b64encode(file.read()).decode()


@require_safe
def worker(request: HttpRequest, pages: Sequence[URLPattern]) -> HttpResponse:
    """Return the service worker; 404 on a site without: an installed one gives up then.

    It opens these pages without a network.
    """
    if not has_worker():
        raise Http404
    files = [*app_files(), *stylesheets()]
    context: dict[str, Any] = {"files": files, "pages": [*map(script_pattern, pages)]}
    context["version"] = str(site_settings.current().appearance)
    # The version is a hash of all the rest, so that no two workers share a cache.
    draft = render(request, "app/worker.js", context).content
    context["version"] = sha256(draft).hexdigest()[:16]
    response = render(request, "app/worker.js", context, content_type="text/javascript")
    patch_cache_control(response, no_cache=True)
    return response


def script_pattern(page: URLPattern) -> str:
    """Return the regular expression of a route as JavaScript has it, without names of groups."""
    return re.sub(r"\(\?P<\w+>", "(?:", page.pattern.regex.pattern).replace(r"\Z", "$")


def stylesheets() -> list[str]:
    """Return the URL of the stylesheet of the site's looks, if it has one."""
    query = stylesheet_query()
    return [reverse("site-css") + query] if query else []


@cache
def app_files() -> list[str]:
    """Return the URLs of all files of the app, its entry first, as Vite's manifest has them."""
    path = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    chunks = json.loads(path.read_text())
    found = [ENTRY]
    for name in found:
        needed = [*chunks[name].get("imports", ()), *chunks[name].get("dynamicImports", ())]
        found += [one for one in dict.fromkeys(needed) if one not in found]
    return [static(chunks[name]["file"]) for name in (*found, *OTHER_FILES)]
