"""The Vue app: one HTML shell for all its URLs, which are those of router.ts and laterRoutes.ts
in frontend/src/spa/.

Its head says what a post or a user is about, for clients without JavaScript, such as search engines
and the previews of messengers. It is the same for everybody, and says nothing about who is asking:
on a site for members only it is that of a visitor, for every URL.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.core import site_settings
from ublog.core.exceptions import MembersOnly

LANGUAGES = ("en", "de")  # of the app, as in frontend/src/i18n/t.ts
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
    icon = site_settings.current().logo_icon
    return redirect(icon.url if icon else static("icon.svg"))


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Redirect a password manager to the form: https://w3c.github.io/webappsec-change-password-url/."""
    return redirect("accounts:password-change")


def render_shell(
    request: HttpRequest,
    template: str = "app/shell.html",
    *,
    page: str = "",
    data: Sequence[str] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Return the shell. The browser fetches beside its script what the first page will request.

    `page` is the component of that page, "" if the entry has it; `data` are URLs of the API.
    """
    language = language_of(request)
    context |= {"language": language, "modules": list(modules_of(page, language))}
    context["data"] = data if may_preload(request) else ()
    return render(request, template, context, status=status)


def modules_of(page: str, language: str) -> Iterator[str]:
    """Yield what the first page needs beside the entry of the app."""
    if page:
        yield f"src/pages/{page}.vue"
    if language == "de":
        yield "src/i18n/de.ts"
    if site_settings.current().is_members_only:
        yield "src/spa/membersOnly.ts"


def language_of(request: HttpRequest) -> str:
    """Return the language that the app will choose (frontend/src/i18n/t.ts). Pages are English."""
    accepted = request.headers.get("Accept-Language", "").lower().split(",")
    wanted = [request.COOKIES.get("django_language", ""), *(tag.strip()[:2] for tag in accepted)]
    return next((language for language in wanted if language in LANGUAGES), "en")


def may_preload(request: HttpRequest) -> bool:
    """Return whether the cookies that a preload sends show what the app will show (ADR 30).

    A user needs the session of the pages for it, and a site for members only a user.
    """
    session, hint = settings.SESSION_COOKIE_NAME, settings.HINT_COOKIE_NAME
    logged_in = {session, hint} <= request.COOKIES.keys()
    visitor = hint not in request.COOKIES and not site_settings.current().is_members_only
    return logged_in or visitor


@require_safe
@no_cache
def home(request: HttpRequest) -> HttpResponse:
    """Return the shell of the timeline."""
    return render_shell(request, data=[] if request.GET else [reverse("post-list")])


@require_safe
@no_cache
def tag_detail(request: HttpRequest, tag: str) -> HttpResponse:
    """Return the shell of the posts with a tag."""
    posts = f"{reverse('post-list')}?{urlencode({'tag': tag})}"
    return render_shell(request, page="TagPage", data=[posts])


@require_safe
@no_cache
def shell(request: HttpRequest, token: str = "") -> HttpResponse:
    """Return the shell of a page that shows no posts at first."""
    return render_shell(request)


@require_safe
@no_cache
def post_likes(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the shell of the page of who likes a post."""
    return render_shell(request)


@require_safe
@no_cache
def post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the shell with the head of a post; with status 404 if it does not exist."""
    urls = [reverse("post-detail", args=[pk])]
    try:
        post = Post.objects.get_row(AnonymousUser(), pk)
    except MembersOnly:
        urls += [reverse("post-ancestors", args=[pk])]  # it may be a reply
        return render_shell(request, page="PostPage", data=urls)
    except Post.DoesNotExist:
        return render_shell(request, "app/not_found.html", status=404)
    urls += [reverse("post-ancestors", args=[pk])] if post.in_reply_to_id else []
    if post.is_placeholder:  # it stays for its replies, and says nothing about itself
        return render_shell(request, page="PostPage", data=urls)
    return render_shell(request, "app/post.html", page="PostPage", data=urls, post=post)


@require_safe
@no_cache
def user_detail(request: HttpRequest, username: str) -> HttpResponse:
    """Return the shell with the head of a user; with status 404 if they do not exist."""
    posts = f"{reverse('post-list')}?{urlencode({'author': username})}"
    urls = [] if request.GET else [reverse("api-user", args=[username]), posts]
    try:
        user = CustomUser.objects.get_by_any_username(username, AnonymousUser())
    except MembersOnly:
        return render_shell(request, page="AuthorPage", data=urls)
    except CustomUser.DoesNotExist:
        return render_shell(request, "app/not_found.html", status=404)
    if user.username.lower() != username.lower():
        return redirect("app:user", user.username, permanent=True)
    return render_shell(request, "app/user.html", page="AuthorPage", data=urls, profile=user)
