"""The domain's refusals as pages. Django itself answers PermissionDenied (403) and Http404."""

from collections.abc import Callable
from copy import copy

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from ublog.blog.models import Post
from ublog.core.refusals import KeyReused, LoginNeeded, Stale, TooMany, Unavailable
from ublog.interfaces.handlers import out_of_order
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, new_key

SENT_BEFORE = (
    "You have sent this form before, with something else in it, and that is published. "
    "Send it again to publish this, too; a picture must be chosen again."
)


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
            case Unavailable():
                return out_of_order(request, refusal)
        return form_again(request, refusal)


def form_again(request: HttpRequest, refusal: Exception) -> HttpResponse | None:
    """What was typed, for whoever must decide about it; None for any other refusal."""
    match refusal:
        case Stale(current=post):
            return stale(request, post)
        case KeyReused():
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
