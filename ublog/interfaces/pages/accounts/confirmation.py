"""Pages that ask an administrator for the password once more, and for some minutes not again."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from ublog.accounts import site
from ublog.accounts.roles import get_administrator
from ublog.interfaces.pages.accounts.site_forms import ConfirmForm
from ublog.interfaces.pages.accounts.views import form_page, render_form

CONFIRMED_UNTIL = "confirmed_until"  # a key of the session, which ends with the login
MINUTES = 10
PAGES = ("backups", "unsent")  # which may follow the form

View = Callable[..., HttpResponseBase]


def confirmed(page: str) -> Callable[[View], View]:
    """Decorate a view that needs the password. Without it the form comes first, then that page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            get_administrator(request.user)
            if request.session.get(CONFIRMED_UNTIL, 0) < time.time():
                return redirect(f"{reverse('accounts:confirm')}?page={page}")
            return view(request, **arguments)

        return wrapper

    return decorate


@form_page
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask an administrator for the password, or go on with it."""
    get_administrator(request.user)
    form = ConfirmForm(request.POST or None)
    if form.submit(site.confirm_administrator, by=request.user):
        request.session[CONFIRMED_UNTIL] = time.time() + 60 * MINUTES
        page = request.GET.get("page", "")
        return redirect(f"accounts:{page if page in PAGES else PAGES[0]}")
    return render_form(request, "confirm", form, minutes=MINUTES)
