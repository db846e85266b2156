"""Whom and which conversations a user mutes, as class-based views."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView, View

from ublog.blog import mute_actions
from ublog.blog.mutes import Mute
from ublog.interfaces.pages.forms import mark_action


class PostMuteView(View):
    """Do what the button says with the conversation of a post: mute it or show it again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call the action of the button, and return to the post."""
        choices = mute_actions.mute, mute_actions.unmute, mute_actions.toggle_mute
        mark_action(request, "muted", *choices)(post_id=pk, by=request.user)
        return redirect("cbv:detail", pk)


class UserMuteView(TemplateView):
    """Ask whether to mute a user, or show the posts again; do what the button says."""

    template_name = "posts/mute.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add whether the user is muted."""
        muted = Mute.objects.is_muted(context["username"], self.request.user)
        return super().get_context_data(muted=muted, **context)

    def post(self, request: HttpRequest, username: str) -> HttpResponse:
        """Call the action of the button, and ask again."""
        choices = mute_actions.mute_user, mute_actions.unmute_user, mute_actions.toggle_user_mute
        mark_action(request, "muted", *choices)(username=username, by=request.user)
        return redirect("cbv:mute-user", username)
