"""The domain's errors as pages. Django itself responds to PermissionDenied (403) and Http404."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from ublog.blog.models import Post
from ublog.core.exceptions import (
    Gone,
    IdempotencyKeyReused,
    NotAuthenticated,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
)
from ublog.interfaces.http.error_handlers import service_unavailable
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, new_key

FORM_REUSED = (
    "You have sent this form before, with another text or picture, and that post is published. "
    "To publish this one as well, send the form again. A picture must be chosen again."
)


class DomainErrorMiddleware:
    """Turn an error of the domain that a view did not catch into a page that explains it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for the error; None for an error of another kind."""
        match error:
            case NotAuthenticated():
                return redirect_to_login(page_of(request))
            case Http404() | ObjectDoesNotExist():
                return missing_page(request, error)
            case ValidationError():
                return error_page(request, 400, "This did not work", *error.messages)
            case RateLimited():
                response = error_page(request, 429, "Too many requests", str(error))
                response["Retry-After"] = str(error.retry_after)
                return response
            case StorageFull() | Unavailable():
                return service_unavailable(request, error)
        return form_page(request, error)


def missing_page(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the page for what does not exist, or does not exist any more."""
    if isinstance(error, Gone):
        return error_page(request, 410, "Deleted", str(error))
    return error_page(request, 404, "Not found", "This page does not exist.")


def form_page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Return the user's form again, if they must decide; None for an error of another kind."""
    match error:
        case Stale(current=post):
            return stale_form(request, post)
        case IdempotencyKeyReused():
            return reused_form(request)
    return None


def page_of(request: HttpRequest) -> str:
    """Return the path to go to after logging in: this page, or the page of a button."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return request.path.rstrip("/").rpartition("/")[0] + "/"


def stale_form(request: HttpRequest, post: Post) -> HttpResponse:
    """Return the form as the user filled it in, beside the current post (409 Conflict).

    It has the current version, so that sending it again replaces the post.
    """
    if "body" not in request.POST:
        return render(request, "posts/delete.html", {"post": post, "stale": True}, status=409)
    data = request.POST.copy()
    data["version"] = post.version
    form = EditPostForm(data, instance=post)
    return render(request, "posts/form.html", {"form": form, "current": post}, status=409)


def reused_form(request: HttpRequest) -> HttpResponse:
    """Return the form as the user filled it in, with a new key (422).

    Sending it again publishes another post.
    """
    data = request.POST.copy()
    data["key"] = new_key()
    form = NewPostForm(data)
    form.add_error(None, FORM_REUSED)
    return render(request, "posts/form.html", {"form": form}, status=422)


def error_page(request: HttpRequest, status: int, title: str, *lines: str) -> HttpResponse:
    """Return a page that explains an error in these lines."""
    return render(request, "error.html", {"title": title, "lines": lines}, status=status)
