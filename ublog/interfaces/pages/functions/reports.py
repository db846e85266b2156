"""Reports of posts and users to the moderators, as function-based views."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ublog.accounts.models import CustomUser
from ublog.blog import report_actions
from ublog.blog.models import Post
from ublog.interfaces.pages.forms import ReportForm


@require_http_methods(["GET", "HEAD", "POST"])
def post_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why the post is reported, or report it."""
    form = ReportForm(request.POST or None)
    if form.submit(report_actions.report, post_id=pk, by=request.user):
        messages.success(request, "Thank you. The moderators will look at it.")
        return redirect("fbv:detail", pk)
    CustomUser.objects.get_active(request.user)
    context = {"form": form, "post": Post.objects.get_row(request.user, pk)}
    status = 400 if request.method == "POST" else 200
    return render(request, "posts/report.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def user_report(request: HttpRequest, username: str) -> HttpResponse:
    """Ask why the user is reported, or report them."""
    form = ReportForm(request.POST or None)
    if form.submit(report_actions.report_user, username=username, by=request.user):
        messages.success(request, "Thank you. The moderators will look at it.")
        return redirect("accounts:user", form.result.username)
    CustomUser.objects.get_active(request.user)
    profile = CustomUser.objects.get_by_username(username, request.user)
    context = {"form": form, "profile": profile}
    status = 400 if request.method == "POST" else 200
    return render(request, "posts/report.html", context, status=status)
