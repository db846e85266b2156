"""What the templates of the pages can say, besides Jinja2's own words: addresses, assets, texts.

Pages are Jinja2 templates, which Django supports as it does its own: they become Python code once,
so that a list costs a third (docs/adr/0009-jinja2.md).
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.backends.utils import csrf_input
from django.template.defaultfilters import linebreaksbr, truncatechars
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError
from django_vite.templatetags.django_vite import vite_asset, vite_hmr_client, vite_preload_asset
from jinja2 import ChainableUndefined, Environment
from markupsafe import Markup, escape

from ublog.core.observability import request_ids

WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"']+)")
# What ends a sentence is rarely part of the address before it.
TRAILING = ".,;:!?)]}’”"  # noqa: RUF001
LINK = Markup('<a class="link link-primary" href="{}" rel="nofollow ugc noopener">{}</a>')
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ICON = Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>')
SPRITE = "src/assets/icons.svg"


def template_context(request: HttpRequest) -> dict[str, Any]:
    """A context processor. `url(name, …)` is the address of a view; where two styles have one of
    that name, of the style of this page. `csrf_input` is the hidden token of a form, made when the
    first form is shown and not anew for each: every one is other bytes for the same cookie."""
    match = request.resolver_match
    return {
        "url": partial(cached_reverse, get_script_prefix(), match and match.namespace),
        "csrf_input": SimpleLazyObject(partial(csrf_input, request)),
    }


@lru_cache(maxsize=4096)
def cached_reverse(prefix: str, namespace: str | None, name: str, *arguments: object) -> str:
    """Kept, since a page of posts has seventy, and those of the newest are asked for again and
    again. The prefix is what `reverse` puts before them: with another it is another address."""
    return reverse(name, args=arguments, current_app=namespace)


def asset(source: str) -> str:
    """The address of what Vite made of a source. "" when it is not built, or not yet among the
    static files: an error page must not fail for want of a stylesheet."""
    try:
        return built(source)
    except (DjangoViteAssetNotFoundError, ValueError):
        return ""


@cache
def built(source: str) -> str:
    """Its address, which is looked up once: Vite's manifest is read once, too."""
    return str(DjangoViteAssetLoader.instance().generate_vite_asset_url(source))


def icon(name: str, look: str = "") -> Markup:
    """One of the sprite, which Vite does not serve to a page of another origin."""
    sprite = static(SPRITE) if settings.VITE_PORT else asset(SPRITE)
    return ICON.format(look, sprite, name)


def mail_folder() -> Path | None:
    """Where the mails of a site without SMTP are; None where they are sent."""
    folder: Path | None = settings.MAIL_DIR
    return folder


def absolute(cached_reverse: str) -> str:
    """The address as others may keep it: on the configured site, or where files are stored."""
    return urljoin(settings.SITE_URL, cached_reverse)


def urlize(text: str) -> Markup:
    """The text with its http and https addresses as links; everything else is escaped."""
    if "://" not in text:
        return escape(text)
    return Markup().join(pieces(text))


def pieces(text: str) -> Iterator[str]:
    for place, part in enumerate(WEB_ADDRESS.split(text)):
        if place % 2:
            cached_reverse = part.rstrip(TRAILING)
            yield LINK.format(cached_reverse, cached_reverse)
            part = part[len(cached_reverse) :]
        yield part


def hint_cookie() -> str:
    """The name of the readable cookie that tells the app whether somebody is logged in here."""
    return str(settings.HINT_COOKIE_NAME)


def format_datetime(moment: datetime) -> str:
    """A moment as people read it: 3 Nov 2026, 21:05. A tenth of the cost of Django's filter."""
    date = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return f"{date}, {moment.hour:02}:{moment.minute:02}"


def avatar_hue(name: str) -> int:
    """One of eight colours for the initial of a name, the same as the app's."""
    return sum(map(ord, name)) % 8


def page_query(query: QueryDict, cursor: str) -> str:
    """The words of a page's address with another cursor: the page before or after it."""
    return f"?{urlencode(query.dict() | {'cursor': cursor})}"


# They say the same each time, and would put it together anew.
KEPT = {
    word.__name__: cache(word)
    for word in (icon, static, vite_asset, vite_hmr_client, vite_preload_asset)
}
FUNCTIONS = KEPT | {
    "asset": asset,
    "hint_cookie": hint_cookie,
    "mail_folder": mail_folder,
    "request_id": request_ids.request_id,
    "page_query": page_query,
}
FILTERS = (
    absolute,
    datetime.isoformat,
    avatar_hue,
    linebreaksbr,
    urlize,
    format_datetime,
    truncatechars,
)


def environment(**options: Any) -> Environment:
    """Jinja2 as Django asks for it. As in Django's own templates, what is not there is empty."""
    options |= {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    options.pop("autoescape", None)
    made = Environment(autoescape=True, **options)
    made.globals |= FUNCTIONS
    made.filters |= {word.__name__: word for word in FILTERS}
    return made
