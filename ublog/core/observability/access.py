"""Who may read what only the operator of a site should know: metrics, and details of its health."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

PROXIES_SEND = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP")


def is_ours(request: HttpRequest) -> bool:
    """Whether whoever runs the site asks: on this machine, or with UBLOG_METRICS_TOKEN.

    A proxy on this machine has everybody ask from here, declared or not: so what a proxy has
    passed on is nobody's.
    """
    passed_on = any(name in request.headers for name in PROXIES_SEND)
    return (is_local(request) and not passed_on) or has_token(request)


def is_local(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except ValueError:  # through a Unix socket
        return False


def has_token(request: HttpRequest) -> bool:
    """Whether UBLOG_METRICS_TOKEN is set, and sent as a bearer token."""
    token: str = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")
