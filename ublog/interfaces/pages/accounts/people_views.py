"""The pages about people: members, profiles and their pictures."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.profile_pictures import set_avatar
from ublog.blog.profiles import get_profile
from ublog.interfaces.http.query_params import PAGE_PARAMS, list_params, page_params
from ublog.interfaces.pages.accounts import forms
from ublog.interfaces.pages.accounts.views import form_page, render_form

SHOWN = 50  # members on a page


@form_page
def avatar(request: HttpRequest) -> HttpResponse:
    """Show the form with the user's picture, or set or remove it."""
    user = CustomUser.objects.get_active(request.user)
    form = forms.AvatarForm(request.POST or None, request.FILES or None, user)
    if form.submit(set_avatar, by=user):
        messages.success(request, "Your picture is saved.")
        return redirect("accounts:profile")
    return render_form(request, "avatar", form)


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Show a page of the members, or those whom a search finds."""
    params = {"page_size": SHOWN} | page_params(request.GET)
    page = CustomUser.objects.members(request.user, request.GET.get("q") or None, **params)
    return render(request, "accounts/members.html", {"page": page, "most": SHOWN})


@require_safe
def user_detail(request: HttpRequest, username: str) -> HttpResponse:
    """Show what is public of a user, and their posts. A former username redirects here."""
    profile = get_profile(username, request.user)
    if profile.username.lower() != username.lower():
        response = redirect("accounts:user", profile.username, permanent=True)
        response["Cache-Control"] = "no-cache"  # the user may take the old name back
        return response
    params = list_params(request.GET, PAGE_PARAMS)
    page = Post.objects.timeline(request.user, author=profile.username, **params)
    return render(request, "accounts/user.html", {"profile": profile, "page": page})
