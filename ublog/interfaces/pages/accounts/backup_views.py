"""The pages on which administrators make, verify and download backups."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ublog import paths
from ublog.interfaces.pages.accounts.confirmation import confirmed
from ublog.interfaces.pages.accounts.views import form_page
from ublog.operations import administration


@form_page
@confirmed("backups")
def backups(request: HttpRequest) -> HttpResponse:
    """Show the backups, or have another one made."""
    if request.method == "POST":
        administration.request_backup(by=request.user)
        messages.success(request, "A backup is being made. Reload this page in a moment.")
        return redirect("accounts:backups")
    context = {
        "backups": administration.list_backups(by=request.user),
        "is_being_made": administration.is_being_made(),
        "failure": administration.last_failure(),
        "restore": paths.how_to("restore", "NEW_DIRECTORY", "UNPACKED_BACKUP"),
        "directory": settings.BACKUP_DIR,
    }
    return render(request, "accounts/backups.html", context)


@require_POST
@confirmed("backups")
def verify_backup(request: HttpRequest, name: str) -> HttpResponse:
    """Read a backup through, and show what is wrong with it."""
    problems = administration.find_problems(by=request.user, name=name)
    context = {"name": name, "problems": problems}
    return render(request, "accounts/verified.html", context)


@require_safe
@confirmed("backups")
def download(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Return a backup as a tar file."""
    archive = administration.open_archive(by=request.user, name=name)
    response = StreamingHttpResponse(archive.chunks, content_type="application/x-tar")
    response["Content-Disposition"] = f'attachment; filename="{archive.name}"'
    response["Content-Length"] = archive.size
    return response
