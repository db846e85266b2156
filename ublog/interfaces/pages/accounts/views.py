"""The pages about accounts. They need no JavaScript; the links in mails lead here."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ublog.accounts import actions, token_families
from ublog.accounts.models import CustomUser
from ublog.blog.account_deletion import delete_account
from ublog.blog.models import Post
from ublog.interfaces.auth import login
from ublog.interfaces.http.query_params import PAGE_PARAMS, list_params
from ublog.interfaces.pages.accounts import forms

form_page = require_http_methods(["GET", "HEAD", "POST"])


class AccountLoginView(LoginView):
    """Django's view with our form: a failure is a 400, as with all forms here."""

    template_name = "accounts/login.html"
    authentication_form = forms.LoginForm

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


def show(request: HttpRequest, page: str, form: Any, **context: Any) -> HttpResponse:
    status = 400 if form.errors else 200
    return render(request, f"accounts/{page}.html", {"form": form, **context}, status=status)


# -- Joining -----------------------------------------------------------------------------------


@form_page
def register(request: HttpRequest) -> HttpResponse:
    form = forms.EmailForm(request.POST or None)
    if form.accepted_by(actions.sign_up):
        return redirect("accounts:check-mail")
    return show(request, "register", form)


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """The next step; on a site that sends no mail yet, where to find it."""
    return render(request, "accounts/check_mail.html")


def follow(
    request: HttpRequest, page: str, form: forms.DomainForm, action: Callable[..., Any], token: str
) -> HttpResponse | None:
    """The page behind a link of a mail; None when its button was pressed and it worked.

    Opening it does nothing, since mail scanners follow links. Its address is a secret: only the
    site's name may go to where the page leads, as the Referer.
    """
    if form.accepted_by(action, token=token):
        return None
    response = show(request, page, form)
    response["Referrer-Policy"] = "strict-origin"
    return response


def pressed(request: HttpRequest) -> forms.LinkForm:
    return forms.LinkForm(request.POST if request.method == "POST" else None)


@form_page
def activate(request: HttpRequest, token: str) -> HttpResponse:
    form = forms.ActivationForm(request.POST if request.method == "POST" else None)
    page = follow(request, "activate", form, actions.activate, token)
    if page is None:
        messages.success(request, "Your account is active. Log in to begin.")
    return page or redirect("accounts:login")


# -- Passwords and the e-mail address ----------------------------------------------------------


@form_page
def password_reset(request: HttpRequest) -> HttpResponse:
    form = forms.EmailForm(request.POST or None)
    if form.accepted_by(actions.request_password_reset):
        return redirect("accounts:check-mail")
    return show(request, "password_reset", form)


@form_page
def password_reset_confirm(request: HttpRequest, token: str) -> HttpResponse:
    form = forms.ResetForm(request.POST or None)
    page = follow(request, "password_reset_confirm", form, actions.reset_password, token)
    if page is None:
        messages.success(request, "Your password is changed. Log in with it.")
    return page or redirect("accounts:login")


@form_page
def password_change(request: HttpRequest) -> HttpResponse:
    user = CustomUser.objects.get_active(request.user)
    form = forms.PasswordChangeForm(request.POST or None)
    if form.accepted_by(actions.change_password, by=user):
        login.log_in_browser(request, CustomUser.objects.get_active(user))
        messages.success(request, "Your password is changed, and all other devices signed out.")
        return redirect("accounts:profile")
    return show(request, "password_change", form)


@form_page
def email_change(request: HttpRequest) -> HttpResponse:
    user = CustomUser.objects.get_active(request.user)
    form = forms.EmailChangeForm(request.POST or None)
    if form.accepted_by(actions.request_email_change, by=user):
        return redirect("accounts:check-mail")
    return show(request, "email_change", form)


@form_page
def email_change_confirm(request: HttpRequest, token: str) -> HttpResponse:
    form = pressed(request)
    page = follow(request, "email_change_confirm", form, actions.confirm_email_change, token)
    if page is None:
        messages.success(request, "Your e-mail address is changed. Log in with it.")
    return page or redirect("accounts:login")


# -- Profiles ----------------------------------------------------------------------------------


@form_page
def profile(request: HttpRequest) -> HttpResponse:
    user = CustomUser.objects.get_active(request.user)
    form = forms.ProfileForm(request.POST or None, user)
    if form.accepted_by(actions.update_profile, by=user):
        messages.success(request, "Your profile is changed.")
        return redirect("accounts:profile")
    context = {
        "families": token_families.page(user, **list_params(request.GET, PAGE_PARAMS)),
        "person": user,
    }
    return show(request, "profile", form, here=request.session.session_key, **context)


@require_POST
def end_session(request: HttpRequest, name: UUID) -> HttpResponse:
    actions.end_session(by=request.user, name=name)
    messages.success(request, "This device is signed out.")
    return redirect("accounts:profile")


@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    actions.end_all_sessions(by=request.user)
    login.log_out_browser(request)
    return redirect("accounts:login")


@form_page
def delete(request: HttpRequest) -> HttpResponse:
    user = CustomUser.objects.get_active(request.user)
    form = forms.DeleteAccountForm(request.POST or None)
    if form.accepted_by(delete_account, by=user):
        login.log_out_browser(request)
        messages.success(request, "Your account is deleted.")
        return redirect("fbv:list")
    return show(request, "delete", form)


@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    someone = CustomUser.objects.get_by_username(username)
    place = list_params(request.GET, PAGE_PARAMS)
    page = Post.objects.timeline(request.user, author=someone.username, **place)
    return render(request, "accounts/person.html", {"person": someone, "page": page})
