"""The check of the site from which a browser sends a request: requirements A4 and B10.

A form of another site may send a POST, with our cookies or without, so such requests are rejected
before they reach an interface. A request with a bearer token cannot come from a form: a browser
would first ask for permission (CORS), which no site has.
"""

from django.conf import settings
from django.http import HttpRequest

from ublog.interfaces.http.mastodon import is_mastodon

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Prefixes of paths that read no cookie, so that other sites may send requests there.
EXEMPT_PATHS = ("/unsub/", "/oauth/token", "/oauth/revoke", "/oauth/register")


def is_rejected(request: HttpRequest) -> bool:
    """Return whether the request comes from another site and its method is not a safe one."""
    exempt = (
        request.method in SAFE_METHODS
        or has_bearer_token(request)
        or request.path.startswith(EXEMPT_PATHS)
        or is_mastodon(request)
    )
    return not exempt and is_foreign(request)


def has_bearer_token(request: HttpRequest) -> bool:
    """Return whether the request has an `Authorization` header with a bearer token."""
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    return header.lower().startswith("bearer ")


def is_foreign(request: HttpRequest) -> bool:
    """Return whether `Origin` or `Sec-Fetch-Site` names another site.

    Another port of the same host counts as another site, since browsers send it the same cookies;
    so does `null`. A client that sends neither header is no browser, and is accepted.
    """
    if request.META.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
        return True
    own = f"{request.scheme}://{request.get_host()}"
    origin = request.META.get("HTTP_ORIGIN", own)
    return origin not in (own, *settings.CSRF_TRUSTED_ORIGINS)
