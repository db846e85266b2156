"""The checks and headers of every request and response, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware

from ublog.core.request_size import MAX_REQUEST
from ublog.interfaces.http import origins
from ublog.interfaces.http.bodies import (
    IncompleteBody,
    LengthRequired,
    content_length,
    discard,
    receive,
)
from ublog.interfaces.http.error_handlers import error_response

# Features that the site never uses: https://www.w3.org/TR/permissions-policy/.
UNUSED_FEATURES = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)


COMPRESSED = (
    *("text/", "application/json", "application/vnd.oai", "application/xml"),
    *("application/rss+xml", "application/atom+xml", "application/feed+json"),
)


class CompressionMiddleware(GZipMiddleware):
    """Compress pages and JSON with gzip. Pictures are compressed already (ADR 14: BREACH)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the response, compressed if it is text and the client accepts gzip."""
        if response.streaming or not response.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)


class ForeignSite(Exception):
    """The request was sent by a form or script of another site."""

    def __init__(self) -> None:
        super().__init__("This was sent from another site.")


STATUSES = {ForeignSite: 403, IncompleteBody: 400, LengthRequired: 411}


class HostAndSizeMiddleware:
    """Reject requests for another host, from another site, too large or incomplete.

    Such responses have the same headers as all others.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            if response := rejection(request):
                response = self.security.process_response(request, response)
            else:
                response = self.get_response(request)
        finally:
            discard(request)
        if response.status_code == 301 and request.method not in origins.SAFE_METHODS:
            response.status_code = 308  # at a 301 clients send a GET without the body
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if policy := cache_policy(request):
            response.setdefault("Cache-Control", policy)
        return response


def rejection(request: HttpRequest) -> HttpResponse | None:
    """Return the error response in the format of the interface; None if there is no error."""
    try:
        check(request)
    except (DisallowedHost, RequestDataTooBig) as error:
        return response_for_exception(request, error)
    except tuple(STATUSES) as error:
        return error_response(request, STATUSES[type(error)], str(error))
    return None


def check(request: HttpRequest) -> None:
    """Raise DisallowedHost, RequestDataTooBig or one of STATUSES."""
    host = request.get_host()
    # Django would check the host again at each call: twice more for a list.
    request.get_host = lambda: host  # type: ignore[method-assign]
    if content_length(request) > MAX_REQUEST:
        raise RequestDataTooBig("Larger than a picture and the text around it.")
    if request.method in origins.SAFE_METHODS:
        return
    if origins.is_rejected(request):
        raise ForeignSite
    receive(request)


def cache_policy(request: HttpRequest) -> str:
    """Return the Cache-Control of a response that sets none itself: requirement B13.

    The next user of a browser must not see the pages of an account, nor what the previous user saw
    while logged in. What anonymous users see is public.
    """
    match = request.resolver_match
    if match and match.namespace == "accounts" and match.url_name != "user":
        return "no-store"
    personal = settings.SESSION_COOKIE_NAME in request.COOKIES
    return "private, no-cache" if personal or "HTTP_AUTHORIZATION" in request.META else ""
