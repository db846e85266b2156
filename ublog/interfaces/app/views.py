"""The Vue app: one HTML shell for all its URLs, which are those of frontend/src/spa/router.ts.

Its head says what a post or a user is about, for clients without JavaScript, such as search engines
and the previews of messengers. It is the same for everybody, and says nothing about who is asking.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post

# A deployment renames the assets of the shell, so a browser must revalidate it each time.
no_cache = cache_control(no_cache=True)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Return what search engines ignore (RFC 9309): forms, and what only repeats the posts.

    They may request the API, without which the app would show them nothing.
    """
    return render(request, "app/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon, for pages that name none: the admin, Swagger UI, Redoc, GraphiQL."""
    return redirect(static("icon.svg"))


@require_safe
@no_cache
def shell(request: HttpRequest, token: str = "", tag: str = "") -> HttpResponse:
    """Return the shell of a page that is no post and no user."""
    return render(request, "app/shell.html")


@require_safe
@no_cache
def post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the shell with the head of a post; with status 404 if it does not exist."""
    try:
        post = Post.objects.get_row(AnonymousUser(), pk)
    except Post.DoesNotExist:
        return render(request, "app/not_found.html", status=404)
    if post.is_placeholder:  # it stays for its replies, and says nothing about itself
        return render(request, "app/shell.html")
    return render(request, "app/post.html", {"post": post})


@require_safe
@no_cache
def user_detail(request: HttpRequest, username: str) -> HttpResponse:
    """Return the shell with the head of a user; with status 404 if they do not exist."""
    try:
        user = CustomUser.objects.get_by_username(username)
    except CustomUser.DoesNotExist:
        return render(request, "app/not_found.html", status=404)
    return render(request, "app/user.html", {"profile": user})
