"""Middleware for every request: its client and id, its log entry, and the security policy."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from ublog.core.client_address import address_behind, caller_address
from ublog.core.observability import request_ids, request_log

# Attributes that django-csp's decorators set on a response with a policy of its own.
OTHER_POLICIES = {"_csp_exempt", "_csp_config", "_csp_update", "_csp_replace"}

Handler = Callable[[HttpRequest], HttpResponseBase]


def address_of(request: HttpRequest) -> str:
    """Return the client's IP address; "" when it is unknown.

    Each trusted proxy appends the IP address that it saw to X-Forwarded-For, so with N trusted
    proxies the client is the Nth entry from the right. Anybody can forge the entries left of it.
    """
    forwarded, peer = (
        request.META.get(name, "") for name in ("HTTP_X_FORWARDED_FOR", "REMOTE_ADDR")
    )
    return address_behind(settings.TRUSTED_PROXIES, forwarded, str(peer))


def request_context(get_response: Handler) -> Handler:
    """Set the client's IP address for the limits, and the request's id for the logs.

    The response carries the id in X-Request-ID.
    """
    trusted = settings.TRUSTED_PROXIES > 0

    def middleware(request: HttpRequest) -> HttpResponseBase:
        name = request_ids.choose(request.META.get("HTTP_X_REQUEST_ID", ""), trusted)
        token = caller_address.set(address_of(request))
        request.request_id = name  # type: ignore[attr-defined]  # for what Django logs afterwards
        id_token = request_ids.current.set(name)
        try:
            response = get_response(request)
        finally:
            caller_address.reset(token)
            request_ids.current.reset(id_token)
        response["X-Request-ID"] = name
        return response

    return middleware


def log_requests(get_response: Handler) -> Handler:
    """Queue a RequestLog row for each response; `request_log` writes them."""
    if not settings.REQUEST_LOG:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = get_response(request)
        path, full_path = request_log.masked(request)
        request_log.add(
            request_log.Row(
                date=datetime.now(UTC),
                user_id=request_log.user_id_of(request),
                method=(request.method or "")[:16],
                path=path,
                full_path=full_path,
                status=response.status_code,
                duration=(time.perf_counter() - started) * 1000,
                remote_address=request_log.network(caller_address.get()),
                request_id=request_ids.request_id(),
            )
        )
        return response

    return middleware


def content_security_policy(get_response: Handler) -> Handler:
    """Set the Content-Security-Policy header, from a policy that is built once.

    django-csp would build it for each response, though nearly all have the same. It has no nonce,
    since no page has an inline script or style.
    """
    policy, csp, debug = build_policy(), CSPMiddleware(get_response), settings.DEBUG

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # django-csp's exceptions for debug pages apply, too.
        if debug or not OTHER_POLICIES.isdisjoint(vars(response)):
            return csp.process_response(request, response)
        response.setdefault(HEADER, policy)
        return response

    return middleware
