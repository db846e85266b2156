"""From which site a browser sends a request: requirements A4 and B10.

A form of another site may send a POST with our cookies or without any, so what such a form can
send is rejected before all interfaces. What holds a bearer token cannot come from such a form: a
browser would ask us first (CORS), and we allow nobody.
"""

from django.conf import settings
from django.http import HttpRequest

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Prefixes of paths that never read a cookie, and that other sites may therefore send to.
EXEMPT_PATHS: tuple[str, ...] = ()


def is_rejected(request: HttpRequest) -> bool:
    """Return whether the request could change something and comes from another site."""
    exempt = (
        request.method in SAFE_METHODS
        or has_bearer_token(request)
        or request.path.startswith(EXEMPT_PATHS)
    )
    return not exempt and is_foreign(request)


def has_bearer_token(request: HttpRequest) -> bool:
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    return header.lower().startswith("bearer ")


def is_foreign(request: HttpRequest) -> bool:
    """Return whether `Origin` or `Sec-Fetch-Site` names another site than ours.

    Another port of the same host is another site, since cookies are sent there, too; so is
    `null`. A program that sends neither header is no browser, and passes.
    """
    if request.META.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
        return True
    own = f"{request.scheme}://{request.get_host()}"
    origin = request.META.get("HTTP_ORIGIN", own)
    return origin not in (own, *settings.CSRF_TRUSTED_ORIGINS)
