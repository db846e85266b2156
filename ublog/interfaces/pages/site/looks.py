"""The stylesheet of the site's colour and logo: requested by pages and app where one is set."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from ublog.core import site_settings
from ublog.core.colours import THEMES, shades
from ublog.core.models import SiteSettings

# Where the theme of tokens.css of that name applies.
SELECTORS = {
    "light": ":root,:root[data-theme=light]{%s}",
    "dark": "@media(prefers-color-scheme:dark){:root:not([data-theme]){%s}}"
    ":root[data-theme=dark]{%s}",
}
MARK = ".brand-mark{background:url(%s) center/contain no-repeat;color:transparent}"


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """Return the stylesheet. A cache may keep it for ever under the URL that pages name now."""
    css = css_of(site_settings.current())
    version = version_of(css)
    response = get_conditional_response(request, etag=f'"{version}"') or HttpResponse(css)
    current = request.GET.get("v") == version
    # Another process may not have the settings yet that the page was made of.
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    response["Content-Type"] = "text/css; charset=utf-8"
    response["ETag"] = f'"{version}"'
    return response


def stylesheet_query() -> str:
    """Return the query string of the URL of the stylesheet; "" where there is nothing in it."""
    css = css_of(site_settings.current())
    return css and f"?v={version_of(css)}"


def version_of(css: str) -> str:
    return sha256(css.encode()).hexdigest()[:16]


def css_of(settings: SiteSettings) -> str:
    """Return the stylesheet; "" where neither a colour nor a logo is set."""
    rules = [MARK % settings.logo.url] if settings.logo else []
    for name, shade in shades(settings.colour).items() if settings.colour else ():
        tokens = {"primary": shade, "primary-content": THEMES[name].content}
        tokens |= {f"accent{token[7:]}": value for token, value in tokens.items()}
        text = ";".join(f"--color-{token}:{value}" for token, value in tokens.items())
        rules.append(SELECTORS[name].replace("%s", text))
    return "".join(rules)
