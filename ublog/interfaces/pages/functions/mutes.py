"""Whom and which conversations a user mutes, as function-based views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ublog.blog import mute_actions
from ublog.blog.mutes import Mute
from ublog.interfaces.pages.forms import mark_action


@require_POST
def post_mute(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the button says with the conversation of a post: mute it or show it again."""
    choices = mute_actions.mute, mute_actions.unmute, mute_actions.toggle_mute
    mark_action(request, "muted", *choices)(post_id=pk, by=request.user)
    return redirect("fbv:detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def user_mute(request: HttpRequest, username: str) -> HttpResponse:
    """Ask whether to mute a user, or show the posts again; do what the button says."""
    if request.method == "POST":
        choices = mute_actions.mute_user, mute_actions.unmute_user, mute_actions.toggle_user_mute
        mark_action(request, "muted", *choices)(username=username, by=request.user)
        return redirect("fbv:mute-user", username)
    context = {"username": username, "muted": Mute.objects.is_muted(username, request.user)}
    return render(request, "posts/mute.html", context)
