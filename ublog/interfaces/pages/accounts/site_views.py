"""The pages about the site itself: its rules, invitations, settings and set-up."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ublog.accounts import inviting, site
from ublog.accounts.invitations import check_link
from ublog.interfaces.auth import login
from ublog.interfaces.pages.accounts import forms
from ublog.interfaces.pages.accounts.views import form_page, render_form, sign_up_page
from ublog.run.qr_code import as_svg
from ublog.run.startup import is_loopback, network_command


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of the site."""
    return render(request, "accounts/rules.html")


@form_page
def site_settings(request: HttpRequest) -> HttpResponse:
    """Show the settings of the site to an administrator, or change them."""
    current = site.get_settings(by=request.user)
    form = forms.SiteSettingsForm(request.POST or None, instance=current)
    if form.submit(site.change_settings, by=request.user):
        messages.success(request, "The settings are saved.")
        return redirect("accounts:site")
    command = network_command(settings.SITE_URL, settings.DATA_DIR)
    qr_code = "" if is_loopback(settings.SITE_URL) else as_svg(settings.SITE_URL)
    return render_form(request, "site", form, network_command=command, qr_code=qr_code)


@form_page
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page behind the link of the first start, or make the administrator's account."""
    form = forms.SetUpForm(request.POST or None)
    if form.submit(site.set_up, token=token):
        login.log_in_browser(request, form.result)
        messages.success(request, "This site is yours. Its settings are on this page.")
        return redirect("accounts:site")
    site.check_set_up_link(token)
    response = render_form(request, "set_up", form)
    response["Referrer-Policy"] = "strict-origin"
    return response


@form_page
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page behind an invitation, or sign up by it."""
    check_link(token)
    response = sign_up_page(request, invitation=token)
    response["Referrer-Policy"] = "strict-origin"
    return response


@form_page
def invitations(request: HttpRequest) -> HttpResponse:
    """Show the invitations that can be used, and the form for another one, or make it."""
    form = forms.InvitationForm(request.POST or None)
    if form.submit(inviting.invite, by=request.user):
        messages.success(request, "The invitation is made: give its link to the people it is for.")
        return redirect("accounts:invitations")
    usable = inviting.list_invitations(by=request.user)
    return render_form(request, "invitations", form, invitations=usable)


@require_POST
def end_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """End an invitation."""
    inviting.end_invitation(by=request.user, pk=pk)
    messages.success(request, "The invitation is ended: nobody can join by it any more.")
    return redirect("accounts:invitations")
