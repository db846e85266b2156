"""Checks at the start for settings that would make a site unsafe, or fail later.

Each function raises ImproperlyConfigured, in one line that names the variable.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

import idna
from django.core.exceptions import ImproperlyConfigured

# The notation of the `limits` library, which beat would load for this alone: 4 MB.
LIMIT = re.compile(r"(?:\d+/\d*(?:second|minute|hour|day|month|year)(?:;(?=\d)|$))+")
# Their meaning and their defaults: ublog/interfaces/graphql/limits.py
GRAPHQL_LIMITS = ("tokens", "depth", "aliases", "root_fields", "cost")
# RFC 7518, section 3.2: a key for HS256 has at least 256 bits.
SECRET_BYTES = 32
# 32 random hexadecimal digits have fewer different ones once in ten million times.
MIN_DIFFERENT = 8
# Names that no public name server resolves: RFC 6761 (localhost, test), RFC 6762 (local),
# RFC 8375 (home.arpa), ICANN's resolution 2024.07.29.06 (internal), and what routers use.
PRIVATE_NAMES = (".localhost", ".test", ".local", ".home.arpa", ".internal", ".lan", ".home")


def check_secret(name: str, value: str, remedy: str = "") -> str:
    """Return the secret, unless it is missing, short or too simple."""
    if len(value.encode()) < SECRET_BYTES:
        raise ImproperlyConfigured(
            f"{name} is missing or shorter than {SECRET_BYTES} bytes{remedy and '; ' + remedy}"
        )
    if len(set(value)) < MIN_DIFFERENT:
        raise ImproperlyConfigured(
            f"{name} has fewer than {MIN_DIFFERENT} different characters{remedy and '; ' + remedy}"
        )
    return value


def check_limits(limits: dict[str, str]) -> None:
    """Check the notation of limits: each use of a malformed one would be an error."""
    for name, limit in limits.items():
        if not LIMIT.fullmatch(limit):
            raise ImproperlyConfigured(
                f"UBLOG_LIMIT_{name.upper()} must look like 5/minute;30/hour, not {limit!r}"
            )


def check_positive(**numbers: int) -> None:
    """Check that each number is 1 or more."""
    for name, number in numbers.items():
        if number < 1:
            raise ImproperlyConfigured(f"{name} must be 1 or more, not {number}")


def graphql_limits(text: str) -> dict[str, int]:
    """Return the numbers of a text such as `depth=12,cost=8000`, by the names of GRAPHQL_LIMITS."""
    pairs = [pair.partition("=") for pair in filter(None, text.split(","))]
    for name, _, number in pairs:
        if name not in GRAPHQL_LIMITS or not number.isdecimal():
            raise ImproperlyConfigured(
                f"UBLOG_GRAPHQL_LIMITS must look like depth=12,cost=8000, not {text!r}; "
                f"there are {', '.join(GRAPHQL_LIMITS)}"
            )
    return {name: int(number) for name, _, number in pairs}


def host_of(url: str) -> str:
    """Return the host of a URL as in the Host header: IPv6 in brackets (RFC 3986, 3.2.2)."""
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name else name


def ascii_url(name: str, url: str) -> str:
    """Return the URL, or host, of that variable with an international host in its ASCII form.

    Clients send that form in the Host header: RFC 5891, section 4.4.
    """
    if url.isascii():
        return url
    host = (urlsplit(url).hostname if "://" in url else url) or ""
    try:
        return url.lower().replace(host, idna.encode(host, uts46=True).decode())
    except idna.IDNAError:
        raise ImproperlyConfigured(f"{name} has a host that no domain can have: {host!r}") from None


def check_hosts(hosts: list[str]) -> None:
    """Check that hosts are whole names: with a pattern, a Host header could forge links."""
    for host in hosts:
        if "*" in host or host.startswith("."):
            raise ImproperlyConfigured(f"UBLOG_ALLOWED_HOSTS takes whole names, not {host!r}")


def check_site(site: SplitResult, insecure: bool) -> None:
    """Check that a public site uses https unless `insecure`: passwords could be read on the way."""
    if site.scheme == "http" and not insecure and is_public(site.hostname or ""):
        raise ImproperlyConfigured(
            f"UBLOG_SITE_URL={site.geturl()} would send passwords over the internet for all to "
            "read: use https, or say UBLOG_INSECURE_HTTP=on"
        )


def is_public(host: str) -> bool:
    """Return whether a host is reached through the internet.

    That is a public IP address, or a name with a dot that is not reserved for private networks.
    """
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(PRIVATE_NAMES)


def content_security_policy(vite: str = "") -> dict[str, dict[str, list[str]]]:
    """Return django-csp's setting.

    `vite` is the host and port of Vite's own server, which is another origin and inserts styles
    into the pages; "" when Vite's output is served.
    """
    directives = {
        "default-src": ["'self'"],
        "font-src": ["'self'", "data:"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    if vite:
        directives |= {
            "script-src": ["'self'", f"http://{vite}"],
            "style-src": ["'self'", f"http://{vite}", "'unsafe-inline'"],
            "connect-src": ["'self'", f"http://{vite}", f"ws://{vite}"],
        }
    return {"DIRECTIVES": directives}
