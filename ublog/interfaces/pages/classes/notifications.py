"""Notifications as class-based views."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import ListView, View

from ublog.blog import actions
from ublog.blog.notifications import Notification
from ublog.interfaces.http.query_params import page_params


class NotificationList(ListView[Notification]):
    """Show a page of the user's notifications."""

    template_name = "notifications/list.html"
    context_object_name = "page"

    def get_queryset(self) -> Any:
        """Return one page by cursor, which Django's own paginator does not know."""
        return Notification.objects.page(self.request.user, **page_params(self.request.GET))


class NotificationRead(View):
    """Mark as read what the page with the button showed, and what is older."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Call the action, and return to the list."""
        actions.mark_notifications_read(by=request.user, up_to=request.POST.get("up_to", ""))
        return redirect("cbv:notifications")
