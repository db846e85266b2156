"""The pages of accounts. They need no JavaScript, and the links in mails lead here."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ublog.accounts import actions, token_families
from ublog.accounts.models import CustomUser
from ublog.accounts.oauth import actions as oauth
from ublog.blog.account_deletion import delete_account
from ublog.interfaces.auth import login
from ublog.interfaces.http.query_params import PAGE_PARAMS, list_params
from ublog.interfaces.pages.accounts import forms

WAITS = "Thank you. A moderator of this site has to approve your account before you can log in."
form_page = require_http_methods(["GET", "HEAD", "POST"])


class AccountLoginView(LoginView):
    """Django's view with our form. A failure has status 400, as in all forms here."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True
    authentication_form = forms.LoginForm

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again, with status 400 in place of Django's 200."""
        return self.render_to_response(self.get_context_data(form=form), status=400)


def render_form(request: HttpRequest, page: str, form: Any, **context: Any) -> HttpResponse:
    """Render the page of a form, with status 400 if it was sent and not accepted."""
    status = 400 if request.method == "POST" else 200
    return render(request, f"accounts/{page}.html", {"form": form, **context}, status=status)


# -- Signing up -----------------------------------------------------------------------------------


@form_page
def register(request: HttpRequest) -> HttpResponse:
    """Show the form to sign up with, or send the link that activates an account."""
    return sign_up_page(request)


def sign_up_page(request: HttpRequest, invitation: str = "") -> HttpResponse:
    """Show the form, or sign up. An invited user of a site without SMTP goes on at once.

    Redirect a user who is logged in to the posts.
    """
    if request.user.is_authenticated:
        return redirect("fbv:list")
    form = forms.EmailForm(request.POST or None)
    if not form.submit(actions.sign_up, invitation=invitation):
        return render_form(request, "register", form, invitation=invitation)
    if form.result:
        return redirect("accounts:activate", form.result)
    return redirect("accounts:check-mail")


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """Show what to do next, and on a site that sends no mails, where to find this one."""
    return render(request, "accounts/check_mail.html")


def mail_link_page(
    request: HttpRequest, page: str, form: forms.ActionForm, action: Callable[..., Any], token: str
) -> HttpResponse | None:
    """Return the page behind a link in a mail; None once its button has been pressed and worked.

    Opening the page does nothing, since mail scanners follow links. The URL is a secret: links on
    the page send only the site's origin as the Referer.
    """
    if form.submit(action, token=token):
        return None
    response = render_form(request, page, form)
    response["Referrer-Policy"] = "strict-origin"
    return response


@form_page
def activate(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form behind that link, or activate the account; in the app after a sign-up there."""
    if request.method != "POST" and "ublog_in_app" in request.COOKIES:
        return redirect("app:activate", token)
    form = forms.ActivationForm(request.POST or None)
    page = mail_link_page(request, "activate", form, actions.activate, token)
    if page is None:
        active = form.result.is_active
        messages.success(
            request, "Your account is active. You can log in now." if active else WAITS
        )
    return page or redirect("accounts:login")


# -- Passwords and the e-mail address ----------------------------------------------------------


@form_page
def password_reset(request: HttpRequest) -> HttpResponse:
    """Show the form for a forgotten password, or send a link to choose a new one."""
    form = forms.EmailForm(request.POST or None)
    if form.submit(actions.request_password_reset):
        return redirect("accounts:check-mail")
    return render_form(request, "password_reset", form)


@form_page
def password_reset_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form behind that link, or set the new password."""
    form = forms.ResetForm(request.POST or None)
    page = mail_link_page(request, "password_reset_confirm", form, actions.reset_password, token)
    if page is None:
        messages.success(request, "Your password is changed. You can log in with it now.")
    return page or redirect("accounts:login")


@form_page
def password_change(request: HttpRequest) -> HttpResponse:
    """Show the form to change the password with, or change it and log in again."""
    user = CustomUser.objects.get_active(request.user)
    form = forms.PasswordChangeForm(request.POST or None)
    if form.submit(actions.change_password, by=user):
        login.log_in_browser(request, CustomUser.objects.get_active(user))
        messages.success(request, "Your password is changed. All other devices are logged out.")
        return redirect("accounts:profile")
    return render_form(request, "password_change", form)


@form_page
def email_change(request: HttpRequest) -> HttpResponse:
    """Show the form for a new e-mail address, or send a link to it."""
    user = CustomUser.objects.get_active(request.user)
    form = forms.EmailChangeForm(request.POST or None)
    if form.submit(actions.request_email_change, by=user):
        return redirect("accounts:check-mail")
    return render_form(request, "email_change", form)


@form_page
def email_change_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button behind that link, or change the address."""
    form = forms.LinkForm(request.POST or None)
    page = mail_link_page(
        request, "email_change_confirm", form, actions.confirm_email_change, token
    )
    if page is None:
        messages.success(request, "Your e-mail address is changed. You can log in with it now.")
    return page or redirect("accounts:login")


# -- Profiles ----------------------------------------------------------------------------------


@form_page
def profile(request: HttpRequest) -> HttpResponse:
    """Show the user's profile and sessions, or save the profile."""
    user = CustomUser.objects.get_active(request.user)
    form = forms.ProfileForm(request.POST or None, user)
    if form.submit(actions.update_profile, by=user):
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    sessions = token_families.page(user, **list_params(request.GET, PAGE_PARAMS))
    shown = {"sessions": sessions, "here": request.session.session_key}
    applications = oauth.list_allowed(by=user)
    return render_form(request, "profile", form, profile=user, applications=applications, **shown)


@form_page
def email_notifications(request: HttpRequest) -> HttpResponse:
    """Show when the user gets mails of notifications, or change it."""
    user = CustomUser.objects.get_active(request.user)
    form = forms.EmailNotificationsForm(request.POST or None, user)
    if form.submit(actions.update_profile, by=user):
        messages.success(request, "Your settings are saved.")
        return redirect("accounts:email-notifications")
    return render_form(request, "email_notifications", form)


@csrf_exempt
@form_page
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that ends mails of notifications, or end them.

    RFC 8058: mail clients send the POST themselves, so nothing but the token says who it is.
    """
    done = request.method == "POST"
    if done:
        actions.unsubscribe(token=token)
    response = render(request, "accounts/unsubscribe.html", {"done": done})
    response["Referrer-Policy"] = "strict-origin"
    return response


@require_POST
def end_session(request: HttpRequest, name: UUID) -> HttpResponse:
    """Log one device out."""
    actions.end_session(by=request.user, name=name)
    messages.success(request, "The device is logged out.")
    return redirect("accounts:profile")


@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Log all devices out, this one included."""
    actions.end_all_sessions(by=request.user)
    login.log_out_browser(request)
    return redirect("accounts:login")


@form_page
def delete(request: HttpRequest) -> HttpResponse:
    """Show the form to delete the account with, or delete it."""
    user = CustomUser.objects.get_active(request.user)
    form = forms.DeleteAccountForm(request.POST or None)
    if form.submit(delete_account, by=user):
        login.log_out_browser(request)
        messages.success(request, "Your account is deleted.")
        return redirect("fbv:list")
    return render_form(request, "delete", form)
