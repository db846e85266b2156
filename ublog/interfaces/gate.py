"""What every request and every answer passes, static files and errors included."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from ublog.blog.images import MAX_BYTES

# The largest request that makes sense: a picture, and the text around it.
MAX_REQUEST = MAX_BYTES + 2**20  # bytes
# What the site never asks a browser for: https://www.w3.org/TR/permissions-policy/.
NOT_USED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in NOT_USED)


class Gate:
    """Turns away what nobody should look at further: a request to another host, and one that is
    too large. Such answers have the headers of all others, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            check(request)
        except (DisallowedHost, RequestDataTooBig) as refusal:
            response = response_for_exception(request, refusal)
            response = self.security.process_response(request, response)
        else:
            response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


def check(request: HttpRequest) -> None:
    """Raises DisallowedHost or RequestDataTooBig."""
    host = request.get_host()
    # Django would check it anew for each that asks: twice more for a list.
    request.get_host = lambda: host  # type: ignore[method-assign]
    if content_length(request) > MAX_REQUEST:
        raise RequestDataTooBig("More than a picture and the text around it.")


def content_length(request: HttpRequest) -> int:
    """What the request says; a body without that is never read (PEP 3333)."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0
