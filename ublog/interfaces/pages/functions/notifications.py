"""Notifications as function-based views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ublog.blog import actions
from ublog.blog.notifications import Notification
from ublog.interfaces.http.query_params import page_params


@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the user's notifications."""
    page = Notification.objects.page(request.user, **page_params(request.GET))
    return render(request, "notifications/list.html", {"page": page})


@require_POST
def notification_read(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page with the button showed, and what is older."""
    actions.mark_notifications_read(by=request.user, up_to=request.POST.get("up_to", ""))
    return redirect("fbv:notifications")
