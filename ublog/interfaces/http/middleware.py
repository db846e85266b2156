"""What every request and every answer passes, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse
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

# What the site never asks a browser for: https://www.w3.org/TR/permissions-policy/.
NOT_USED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in NOT_USED)


class ForeignSite(Exception):
    """A form or script of another site has sent this."""

    def __init__(self) -> None:
        super().__init__("This was sent from another site.")


STATUSES = {ForeignSite: 403, IncompleteBody: 400, LengthRequired: 411}


class HostAndSizeMiddleware:
    """Reject what no interface should look at: a request to another host, from another site, too
    large or incomplete. Such responses have the headers of all others, too."""

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
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if policy := cache_policy(request):
            response.setdefault("Cache-Control", policy)
        return response


def rejection(request: HttpRequest) -> HttpResponse | None:
    """Return the error response, in the shape of the interface; None when all is well."""
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
    # Django would check it anew for each that asks: twice more for a list.
    request.get_host = lambda: host  # type: ignore[method-assign]
    if content_length(request) > MAX_REQUEST:
        raise RequestDataTooBig("More than a picture and the text around it.")
    if request.method in origins.SAFE_METHODS:
        return
    if origins.is_rejected(request):
        raise ForeignSite
    receive(request)


def cache_policy(request: HttpRequest) -> str:
    """Return the Cache-Control of what does not say its own: requirement B13.

    Nobody who comes to this browser later may see the pages of an account, nor what others saw
    as themselves; what anonymous visitors see is nobody's secret.
    """
    match = request.resolver_match
    if match and match.namespace == "accounts" and match.url_name != "person":
        return "no-store"
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    return "private, no-cache" if known or "HTTP_AUTHORIZATION" in request.META else ""
