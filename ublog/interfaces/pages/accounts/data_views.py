"""The pages about the own data: how much there is, and an archive of it."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ublog.blog import archive_actions
from ublog.interfaces.http.downloads import archive_response
from ublog.interfaces.pages.accounts.views import form_page


@form_page
def own_data(request: HttpRequest) -> HttpResponse:
    """Show how much the site stores for the user, or have an archive of it made."""
    if request.method == "POST":
        archive_actions.request_archive(by=request.user)
        messages.success(request, "Your archive will be here within some minutes.")
        return redirect("accounts:data")
    data = archive_actions.get_own_data(by=request.user)
    return render(request, "accounts/data.html", {"data": data})


@require_safe
def download_archive(request: HttpRequest) -> FileResponse:
    """Return the archive of the user."""
    return archive_response(*archive_actions.open_archive(by=request.user))
