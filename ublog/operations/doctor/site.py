"""Check that the site can be reached at UBLOG_SITE_URL, by a request such as a visitor's."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

from ublog.conf.checks import host_of
from ublog.operations.doctor.findings import Finding, ok, problem, warning

PATIENCE = 5.0  # seconds
WRONG = "set UBLOG_SITE_URL to the URL that people type, and restart; or is the site stopped?"


def addresses() -> Iterator[Finding]:
    if "*" in settings.ALLOWED_HOSTS:
        advice = "name the hosts in UBLOG_ALLOWED_HOSTS"
        yield problem("address", "any host is accepted: links could be forged", advice)
    if not settings.HTTPS and host_of(settings.SITE_URL) not in settings.LOCAL_HOSTS:
        advice = "serve it by https and set UBLOG_SITE_URL accordingly, unless the network is yours"
        text = f"{settings.SITE_URL}: passwords and cookies are not encrypted"
        yield warning("address", text, advice)
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        advice = "set UBLOG_TRUSTED_PROXIES to how many proxies of yours stand in front, usually 1"
        text = "the site is on https and no proxy is trusted: each page redirects to itself"
        yield problem("address", text, advice)
    yield visit()


def visit() -> Finding:
    """Request /health/live/. Return what that shows of the site."""
    try:
        status, body, place = fetch("/health/live/")
    except (OSError, HTTPException) as failure:
        return problem("address", f"nothing responds at {settings.SITE_URL}: {failure}", WRONG)
    if status == 200 and b'"live"' in body:
        return ok("address", f"{settings.SITE_URL} responds")
    if 300 <= status < 400:
        advice = "have the proxy send X-Forwarded-Proto, and set UBLOG_TRUSTED_PROXIES"
        return problem("address", f"{settings.SITE_URL} redirects to {place}", advice)
    if status == 400:
        advice = "have the proxy pass the Host header on; see UBLOG_SITE_URL, UBLOG_ALLOWED_HOSTS"
        return problem("address", f"{settings.SITE_URL} does not know its own host", advice)
    return problem("address", f"another site responds at {settings.SITE_URL} ({status})", WRONG)


def fetch(path: str) -> tuple[int, bytes, str]:
    """Return the status, the beginning of the body, and the Location of a redirect."""
    url = urlsplit(settings.SITE_URL)
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    link = kind(str(url.hostname), url.port, timeout=PATIENCE)
    try:
        link.request("GET", path)
        response = link.getresponse()
        return response.status, response.read(1_000), response.headers.get("Location", "")
    finally:
        link.close()
