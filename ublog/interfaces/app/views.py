"""The Vue app: one shell for all its addresses, which are those of frontend/src/spa/router.ts.

Whoever runs no script (a search engine, a messenger's preview) finds in its head what a post or a
person is about. The shell is the same for everybody: it says nothing about who is asking.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post

# A deploy renames what the shell loads, so a browser asks each time.
shell = cache_control(no_cache=True)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave out (RFC 9309): forms, and what only repeats the posts. They may
    ask the API, or the app would show them nothing."""
    return render(request, "app/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name no icon: the admin, Swagger UI, Redoc, GraphiQL."""
    return redirect(static("icon.svg"))


@require_safe
@shell
def page(request: HttpRequest, token: str = "") -> HttpResponse:
    return render(request, "app/shell.html")


@require_safe
@shell
def post(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        found = Post.objects.get_row(AnonymousUser(), pk)
    except Post.DoesNotExist:
        return render(request, "app/missing.html", status=404)
    return render(request, "app/post.html", {"post": found})


@require_safe
@shell
def person(request: HttpRequest, username: str) -> HttpResponse:
    try:
        found = CustomUser.objects.get_by_username(username)
    except CustomUser.DoesNotExist:
        return render(request, "app/missing.html", status=404)
    return render(request, "app/person.html", {"person": found})
