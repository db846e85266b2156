"""Who may read what only the operator of a site should know: metrics and details of its health."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP")


def is_operator(request: HttpRequest) -> bool:
    """Return whether the request is from this machine, or carries UBLOG_METRICS_TOKEN.

    All requests that a proxy on this machine forwards come from this machine, so one with a header
    of a proxy is not the operator's, even when UBLOG_TRUSTED_PROXIES is 0.
    """
    forwarded = any(name in request.headers for name in PROXY_HEADERS)
    return (is_local(request) and not forwarded) or has_token(request)


def is_local(request: HttpRequest) -> bool:
    """Return whether the client connected by a loopback IP address."""
    try:
        return ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except ValueError:  # through a Unix socket
        return False


def has_token(request: HttpRequest) -> bool:
    """Return whether UBLOG_METRICS_TOKEN is set, and sent as a bearer token."""
    token: str = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(sent, f"Bearer {token}")
