"""The domain's refusals as pages. Django itself answers PermissionDenied (403) and Http404."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from ublog.core.refusals import LoginNeeded, TooMany


class RefusalsMiddleware:
    """Turns an exception that a page let through into the answer a person understands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        match refusal:
            case LoginNeeded():
                return redirect_to_login(page_of(request))
            case Http404() | ObjectDoesNotExist():
                return explain(request, 404, "Not found", "There is no such page.")
            case ValidationError():
                return explain(request, 400, "This does not work", *refusal.messages)
            case TooMany():
                response = explain(request, 429, "Too many at once", str(refusal))
                response["Retry-After"] = str(refusal.retry_after)
                return response
        return None


def page_of(request: HttpRequest) -> str:
    """Where to go on after logging in: this page, or above one that only takes POST."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return request.path.rstrip("/").rpartition("/")[0] + "/"


def explain(request: HttpRequest, status: int, title: str, *lines: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "lines": lines}, status=status)
