"""Settings that would make a site unsafe or fail later, refused when it starts.

Each function raises ImproperlyConfigured, in one line that names the variable.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

# As `limits` reads it, which beat would load for this alone: 4 MB.
LIMIT = re.compile(r"(?:\d+/\d*(?:second|minute|hour|day|month|year)(?:;(?=\d)|$))+")
# What they mean, and how much is allowed: ublog/interfaces/graphql/limits.py
GRAPHQL_LIMITS = ("tokens", "depth", "aliases", "root_fields", "cost")
# RFC 7518, section 3.2: a key for HS256 has at least 256 bits.
SECRET_BYTES = 32
# Of 32 random hexadecimal digits, fewer differ once in ten million times.
DIFFERENT = 8
# Names that no public name server answers for: RFC 6761 (localhost, test), RFC 6762 (local),
# RFC 8375 (home.arpa), ICANN's resolution 2024.07.29.06 (internal), and what routers use.
PRIVATE_NAMES = (".localhost", ".test", ".local", ".home.arpa", ".internal", ".lan", ".home")


def check_secret(name: str, value: str, remedy: str = "") -> str:
    """The secret, unless it is missing, short or too simple."""
    if len(value.encode()) < SECRET_BYTES:
        raise ImproperlyConfigured(
            f"{name} is missing or shorter than {SECRET_BYTES} bytes{remedy and '; ' + remedy}"
        )
    if len(set(value)) < DIFFERENT:
        raise ImproperlyConfigured(
            f"{name} has fewer than {DIFFERENT} different characters{remedy and '; ' + remedy}"
        )
    return value


def check_limits(limits: dict[str, str]) -> None:
    """Refuse what is no limit: each use of it would be an error."""
    for name, limit in limits.items():
        if not LIMIT.fullmatch(limit):
            raise ImproperlyConfigured(
                f"UBLOG_LIMIT_{name.upper()} must look like 5/minute;30/hour, not {limit!r}"
            )


def check_positive(**numbers: int) -> None:
    """Refuse none of something that is needed."""
    for name, number in numbers.items():
        if number < 1:
            raise ImproperlyConfigured(f"{name} must be 1 or more, not {number}")


def graphql_limits(text: str) -> dict[str, int]:
    """The numbers of a text such as `depth=12,cost=8000`, by the names of GRAPHQL_LIMITS."""
    pairs = [pair.partition("=") for pair in filter(None, text.split(","))]
    for name, _, number in pairs:
        if name not in GRAPHQL_LIMITS or not number.isdecimal():
            raise ImproperlyConfigured(
                f"UBLOG_GRAPHQL_LIMITS must look like depth=12,cost=8000, not {text!r}; "
                f"there are {', '.join(GRAPHQL_LIMITS)}"
            )
    return {name: int(number) for name, _, number in pairs}


def host_of(address: str) -> str:
    """The host of a site's address, as requests name it: one of IPv6 in brackets
    (RFC 3986, section 3.2.2)."""
    name = urlsplit(address).hostname or ""
    return f"[{name}]" if ":" in name else name


def check_hosts(hosts: list[str]) -> None:
    """Refuse patterns: a header could name any host, and an answer repeat it."""
    for host in hosts:
        if "*" in host or host.startswith("."):
            raise ImproperlyConfigured(f"UBLOG_ALLOWED_HOSTS takes whole names, not {host!r}")


def check_site(site: SplitResult, insecure: bool) -> None:
    """Refuse plain http where strangers could be on the way, unless somebody wants it so."""
    if site.scheme == "http" and not insecure and is_public(site.hostname or ""):
        raise ImproperlyConfigured(
            f"UBLOG_SITE_URL={site.geturl()} would send passwords over the internet for all to "
            "read: use https, or say UBLOG_INSECURE_HTTP=on"
        )


def is_public(host: str) -> bool:
    """Whether people reach that host through the internet: an address that is routed there, or
    a name with a dot that is not kept for private networks."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(PRIVATE_NAMES)


def content_security_policy(vite: str = "") -> dict[str, dict[str, list[str]]]:
    """Return django-csp's setting. `vite` is the host and port of Vite's own server, which is
    another origin and puts styles into the pages; "" when Vite's output is served."""
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
