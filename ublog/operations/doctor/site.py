"""Is the site where it says it is? Asked as a visitor would, at UBLOG_SITE_URL itself."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

from ublog.conf.checks import host_of
from ublog.operations.doctor.findings import Finding, ok, problem, warning

PATIENCE = 5.0  # seconds
WRONG = "set UBLOG_SITE_URL to the address that people type, and start again; or is it stopped?"


def addresses() -> Iterator[Finding]:
    if "*" in settings.ALLOWED_HOSTS:
        advice = "name the hosts in UBLOG_ALLOWED_HOSTS"
        yield problem("address", "any host is answered: links could be forged", advice)
    if not settings.HTTPS and host_of(settings.SITE_URL) not in settings.LOCAL_HOSTS:
        advice = "serve it by https and say so in UBLOG_SITE_URL, unless the network is yours"
        text = f"{settings.SITE_URL}: passwords and cookies travel in the clear"
        yield warning("address", text, advice)
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        advice = "set UBLOG_TRUSTED_PROXIES to how many proxies of yours stand in front, usually 1"
        text = "the site is on https and no proxy is trusted: each page redirects to itself"
        yield problem("address", text, advice)
    yield visit()


def visit() -> Finding:
    """What a visitor gets from /health/live/."""
    try:
        status, body, place = fetch("/health/live/")
    except (OSError, HTTPException) as failure:
        return problem("address", f"nothing answers at {settings.SITE_URL}: {failure}", WRONG)
    if status == 200 and b'"live"' in body:
        return ok("address", f"{settings.SITE_URL} answers")
    if 300 <= status < 400:
        advice = "have the proxy send X-Forwarded-Proto, and set UBLOG_TRUSTED_PROXIES"
        return problem("address", f"{settings.SITE_URL} redirects to {place}", advice)
    if status == 400:
        advice = "have the proxy pass the Host header on; see UBLOG_SITE_URL, UBLOG_ALLOWED_HOSTS"
        return problem("address", f"{settings.SITE_URL} does not know its own host", advice)
    return problem("address", f"another site answers at {settings.SITE_URL} ({status})", WRONG)


def fetch(path: str) -> tuple[int, bytes, str]:
    """The status, the beginning of the body, and where a redirect leads."""
    url = urlsplit(settings.SITE_URL)
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    link = kind(str(url.hostname), url.port, timeout=PATIENCE)
    try:
        link.request("GET", path)
        answer = link.getresponse()
        return answer.status, answer.read(1_000), answer.headers.get("Location", "")
    finally:
        link.close()
