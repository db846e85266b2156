"""The pages about the mails of the site: a test, and the links that were not sent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ublog.accounts.mail_test import send_test_mail
from ublog.accounts.roles import get_administrator
from ublog.accounts.unsent_links import list_unsent_links
from ublog.interfaces.pages.accounts.confirmation import confirmed
from ublog.interfaces.pages.accounts.forms import LinkForm
from ublog.interfaces.pages.accounts.views import form_page, render_form


@form_page
def test_mail(request: HttpRequest) -> HttpResponse:
    """Show the button that sends a test mail, or send one and show what came back."""
    user = get_administrator(request.user)
    form = LinkForm(request.POST or None)
    if form.submit(send_test_mail, by=user):
        messages.success(request, f"The mail server took a mail to {form.result}.")
        return redirect("accounts:test-mail")
    return render_form(request, "test_mail", form, email=user.email)


@require_safe
@confirmed("unsent")
def unsent_links(request: HttpRequest) -> HttpResponse:
    """Show the links in mails that were not sent, to copy them."""
    links = list_unsent_links(by=request.user)
    return render(request, "accounts/unsent.html", {"links": links})
