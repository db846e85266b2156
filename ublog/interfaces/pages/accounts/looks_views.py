"""The pages on which administrators change the looks of the site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ublog.accounts import site
from ublog.blog import site_looks
from ublog.interfaces.pages.accounts.site_forms import LooksForm
from ublog.interfaces.pages.accounts.views import form_page, render_form


@form_page
def looks(request: HttpRequest) -> HttpResponse:
    """Show the looks of the site to an administrator, or change them."""
    current = site.get_settings(by=request.user)
    form = LooksForm(request.POST or None, request.FILES or None, current)
    if form.submit(site_looks.change_looks, by=request.user):
        messages.success(request, "The looks of the site are saved.")
        return redirect("accounts:looks")
    return render_form(request, "looks", form)


@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """Pin a post above the timeline, or with an empty `post` none."""
    site_looks.change_looks(by=request.user, pinned_post=request.POST.get("post", ""))
    messages.success(request, "The pinned post is changed.")
    return redirect("fbv:list")
