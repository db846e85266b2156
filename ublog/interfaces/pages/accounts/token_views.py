"""The pages of personal tokens: list and make them, show a new one once, end one."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ublog.accounts import personal_tokens
from ublog.accounts.oauth import actions as oauth
from ublog.interfaces.pages.accounts import forms
from ublog.interfaces.pages.accounts.views import form_page, render_form


@form_page
def tokens(request: HttpRequest) -> HttpResponse:
    """Show what programs may, and the form for a token, or make it and show it, this once."""
    listed = personal_tokens.list_tokens(by=request.user)
    applications = oauth.list_allowed(by=request.user)
    form = forms.PersonalTokenForm(request.POST or None)
    if not form.submit(personal_tokens.make, by=request.user):
        return render_form(request, "tokens", form, tokens=listed, applications=applications)
    made, site = form.result, settings.SITE_URL
    response = render_form(request, "tokens", None, tokens=listed, made=made, site_url=site)
    response.status_code = 200
    return response


@require_POST
def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    personal_tokens.end(by=request.user, pk=pk)
    messages.success(request, "The token is ended: the program that has it can do nothing more.")
    return redirect("accounts:tokens")


@require_POST
def end_application(request: HttpRequest, pk: int) -> HttpResponse:
    """End what an application may do."""
    oauth.end(by=request.user, pk=pk)
    messages.success(request, "The program can do nothing in your name any more.")
    return redirect("accounts:profile")
