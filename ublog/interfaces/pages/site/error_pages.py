"""The domain's errors as pages. Django itself answers PermissionDenied (403) and Http404."""

from collections.abc import Callable
from copy import copy

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from ublog.blog.models import Post
from ublog.core.exceptions import (
    IdempotencyKeyReused,
    NotAuthenticated,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
)
from ublog.interfaces.http.error_handlers import service_unavailable
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, new_key

SENT_BEFORE = (
    "You have sent this form before, with something else in it, and that is published. "
    "Send it again to publish this, too; a picture must be chosen again."
)


class DomainErrorMiddleware:
    """Turns an exception that a page let through into the answer a person understands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match error:
            case NotAuthenticated():
                return redirect_to_login(page_of(request))
            case Http404() | ObjectDoesNotExist():
                return explain(request, 404, "Not found", "There is no such page.")
            case ValidationError():
                return explain(request, 400, "This does not work", *error.messages)
            case RateLimited():
                response = explain(request, 429, "Too many at once", str(error))
                response["Retry-After"] = str(error.retry_after)
                return response
            case StorageFull() | Unavailable():
                return service_unavailable(request, error)
        return form_again(request, error)


def form_again(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """What was typed, for whoever must decide about it; None for any other error."""
    match error:
        case Stale(current=post):
            return stale(request, post)
        case IdempotencyKeyReused():
            return sent_before(request)
    return None


def page_of(request: HttpRequest) -> str:
    """Where to go on after logging in: this page, or above one that only takes POST."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return request.path.rstrip("/").rpartition("/")[0] + "/"


def stale(request: HttpRequest, post: Post) -> HttpResponse:
    """The form as it was filled in, beside what the post is now: sent again, it replaces that."""
    if "body" not in request.POST:
        return render(request, "posts/delete.html", {"post": post, "stale": True}, status=409)
    given = request.POST.copy()
    given["version"] = post.version
    form = EditPostForm(given, instance=copy(post))
    return render(request, "posts/form.html", {"form": form, "theirs": post}, status=409)


def sent_before(request: HttpRequest) -> HttpResponse:
    """The form as it was filled in, with a new key: sent again, it is another post."""
    given = request.POST.copy()
    given["key"] = new_key()
    form = NewPostForm(given)
    form.add_error(None, SENT_BEFORE)
    return render(request, "posts/form.html", {"form": form}, status=422)


def explain(request: HttpRequest, status: int, title: str, *lines: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "lines": lines}, status=status)
