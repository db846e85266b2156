"""The functions and filters that templates have besides Jinja2's own: URLs, assets, texts.

Pages are Jinja2 templates, which Django supports as it does its own. They are compiled to Python
once, so that a list costs a third (docs/adr/0009-jinja2.md).
"""

from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.backends.utils import csrf_input
from django.template.defaultfilters import truncatechars
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError
from django_vite.templatetags.django_vite import vite_asset, vite_hmr_client, vite_preload_asset
from jinja2 import ChainableUndefined, Environment
from markupsafe import Markup, escape

from ublog.blog.images import reads_heic
from ublog.blog.notifications import MAX_UNREAD
from ublog.blog.post_rows import ImageInfo
from ublog.core import mail, site_settings
from ublog.core.matches import split_at_matches
from ublog.core.observability import request_ids
from ublog.core.text_grammar import Segment, segments
from ublog.interfaces.http.links import absolute_url
from ublog.interfaces.pages.site.looks import stylesheet_query
from ublog.interfaces.previews.cards import json_ld, preview_image

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ICON = Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>')
COLUMN, MAX_HEIGHT = 576, 512  # pixels of an image in a list
WIDE, WIDE_RATIO = 480, 1.34  # pixels of one that fills a phone; how high it may be
TALLEST = 2.2  # times as high as wide, as screens of phones are
SPRITE = "src/assets/icons.svg"


def template_context(request: HttpRequest) -> dict[str, Any]:
    """Return what templates need to know of the request: a context processor.

    `url(name, …)` is the URL path of a view; where both styles of pages have a view of that name,
    it is the one in the style of this page. `csrf_input` is the hidden field of a form, made when
    the first form is rendered: each token is other bytes, and one is enough for a page.
    """
    match = request.resolver_match
    return {
        "url": partial(cached_reverse, get_script_prefix(), match and match.namespace),
        "csrf_input": SimpleLazyObject(partial(csrf_input, request)),
    }


@lru_cache(maxsize=4096)
def cached_reverse(prefix: str, namespace: str | None, name: str, *arguments: object) -> str:
    """Return the URL path of a view. Cached, since a page of posts has seventy of them.

    The prefix is what `reverse` puts before the path; it is part of the cache's key.
    """
    return reverse(name, args=arguments, current_app=namespace)


def asset_url(source: str) -> str:
    """Return the URL of a front-end source that Vite has built.

    "" if it is not built or not collected yet: an error page must not fail without its stylesheet.
    """
    try:
        return built_asset_url(source)
    except (DjangoViteAssetNotFoundError, ValueError):
        return ""


@cache
def built_asset_url(source: str) -> str:
    """Return the URL of a built source. Cached, as Vite's manifest is: both last until a restart.

    Raise DjangoViteAssetNotFoundError, or ValueError for a file that is not collected.
    """
    return str(DjangoViteAssetLoader.instance().generate_vite_asset_url(source))


def icon(name: str, css_class: str = "") -> Markup:
    """Return an icon of the sprite, which Vite's server does not serve to another origin."""
    sprite = static(SPRITE) if settings.VITE_PORT else asset_url(SPRITE)
    return ICON.format(css_class, sprite, name)


def hint_cookie_name() -> str:
    """Return the name of the readable cookie that tells scripts whether somebody is logged in."""
    return str(settings.HINT_COOKIE_NAME)


def format_datetime(moment: datetime) -> str:
    """Return a moment such as 3 Nov, 21:05 UTC, at a tenth of the cost of Django's filter.

    In a <time> the script of the page writes it in the time zone of the reader.
    """
    return f"{format_date(moment)}, {moment.hour:02}:{moment.minute:02} UTC"


def format_date(moment: datetime) -> str:
    """Return a date such as 3 Nov; with its year when that is not the current one."""
    date = f"{moment.day} {MONTHS[moment.month - 1]}"
    return date if moment.year == timezone.now().year else f"{date} {moment.year}"


def html_datetime(moment: datetime) -> str:
    """Return a moment for <time datetime>: HTML has milliseconds at most."""
    return moment.isoformat(timespec="milliseconds")


def avatar_hue(name: str) -> int:
    """Return the number, 0 to 7, of the colour behind the initial of a name, as in the app."""
    return sum(map(ord, name)) % 8


def format_unread(count: int) -> str:
    """Return how many notifications are unread, such as 3; 99+ where no more are counted."""
    return str(count) if count < MAX_UNREAD else f"{MAX_UNREAD - 1}+"


def image_attributes(image: ImageInfo) -> Markup:
    """Return the sizes and URLs of an <img> in a list: what lib/imageSize.ts does in the app.

    It is never larger than the image, and at most MAX_HEIGHT high. What is taller than a screen of
    a phone is cut at the bottom: as a whole it would be a thin line.
    """
    width, height = image["width"] or COLUMN, image["height"] or COLUMN
    height = min(height, round(TALLEST * width))
    if height > MAX_HEIGHT:
        width, height = max(1, round(width * MAX_HEIGHT / height)), MAX_HEIGHT
    urls = [f"{each['url']} {each['width']}w" for each in image["renditions"]]
    choice = f' srcset="{", ".join(urls)}" sizes="min({min(width, COLUMN)}px, 100vw)"'
    return Markup(  # noqa: S704  # nosec B704  random names and numbers
        f' src="{image["renditions"][0]["url"]}"{choice if len(urls) > 1 else ""}'
        f' width="{width}" height="{height}"'
    )


def is_wide(image: ImageInfo) -> bool:
    """Return whether a phone shows the image from edge to edge: as `isWide` in the app."""
    width, height = image["width"] or 0, image["height"] or 0
    return width >= WIDE and height <= WIDE_RATIO * width


def mark_matches(text: str, searched: str | None) -> Markup:
    """Return the text, escaped, with what was searched for in <mark>."""
    pieces = split_at_matches(text, searched) if searched else [text]
    return Markup().join(
        Markup("<mark>{}</mark>").format(piece) if at % 2 else escape(piece)
        for at, piece in enumerate(pieces)
    )


def page_query(query: QueryDict, cursor: str) -> str:
    """Return the query string of the current page with another cursor."""
    return f"?{urlencode(query.dict() | {'cursor': cursor})}"


def is_compared() -> bool:
    """Return whether the site has the comparison of the five interfaces."""
    return bool(settings.COMPARE)


def has_worker() -> bool:
    """Return whether the app installs its service worker."""
    return bool(settings.SERVICE_WORKER and not settings.VITE_PORT)


def plain_segments(text: str) -> list[Segment]:
    """Return a text of the site's settings as text, tags and links, to print."""
    return segments(text, {})


# They return the same each time for the same arguments, and cost something.
CACHED_FUNCTIONS = {
    function.__name__: cache(function)
    for function in (icon, reads_heic, static, vite_asset, vite_hmr_client, vite_preload_asset)
}
FUNCTIONS = CACHED_FUNCTIONS | {
    "asset_url": asset_url,
    "hint_cookie_name": hint_cookie_name,
    "json_ld": json_ld,
    "has_worker": has_worker,
    "is_compared": is_compared,
    "sends_mails": mail.is_configured,
    "request_id": request_ids.request_id,
    "page_query": page_query,
    "preview_image": preview_image,
    "site_settings": site_settings.current,
    "stylesheet_query": stylesheet_query,
}
FILTERS = (
    absolute_url,
    html_datetime,
    avatar_hue,
    format_date,
    format_datetime,
    format_unread,
    image_attributes,
    is_wide,
    mark_matches,
    plain_segments,
    truncatechars,
)


def environment(**options: Any) -> Environment:
    """Return Jinja2's environment for Django. An undefined name is empty, as in Django's own."""
    options |= {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    options.pop("autoescape", None)
    jinja = Environment(autoescape=True, **options)
    jinja.globals |= FUNCTIONS
    jinja.filters |= {function.__name__: function for function in FILTERS}
    return jinja
