"""What every request passes: who calls, the record of it, and the policy of the answer."""

import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from ublog.core import request_ids, request_log
from ublog.core.limits import caller_address
from ublog.core.masking import mask_path
from ublog.core.models import RequestLog

Handler = Callable[[HttpRequest], HttpResponseBase]


def address_of(request: HttpRequest) -> str:
    """The caller's address; "" when it is unknown.

    Each trusted proxy appends the address it saw to X-Forwarded-For, so with N proxies of ours
    the caller is the Nth from the right. Whatever stands further left anyone can forge.
    """
    hops = settings.TRUSTED_PROXIES
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if hops and len(seen) >= hops:
        return str(seen[-hops])
    return str(request.META.get("REMOTE_ADDR", ""))


def caller(get_response: Handler) -> Handler:
    """Tell the limits whose request this is, and the logs which one. The answer says it, too."""
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


class RequestLogMiddleware:
    """Note each answered request; the writing happens elsewhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.REQUEST_LOG:
            return self.get_response(request)
        started = time.perf_counter()
        response = self.get_response(request)
        request_log.add(
            RequestLog(
                user_id=request_log.user_id_of(request),
                date=timezone.now(),
                method=(request.method or "")[:16],
                path=mask_path(request.path),
                full_path=request_log.mask_query(request),
                status=response.status_code,
                duration=(time.perf_counter() - started) * 1000,
                remote_address=request_log.network(caller_address.get()),
                request_id=request_ids.request_id(),
            )
        )
        return response


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp's, which builds the policy anew for each answer; nearly all have the same one."""

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self.policy = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # Its decorators leave attributes of this name; its rules for debug pages hold, too.
        if settings.DEBUG or any(name.startswith("_csp_") for name in vars(response)):
            return super().process_response(request, response)
        response.setdefault(HEADER, self.policy)
        return response
