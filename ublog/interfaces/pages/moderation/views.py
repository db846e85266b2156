"""The pages of moderators: the queue, the log, and what is blocked. They need no script."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ublog.accounts.models import CustomUser
from ublog.blog import moderation, queue
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.pages.moderation.forms import BlockForm, PostActionForm, UserActionForm


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for a moderator, and how far large deletions are."""
    page = queue.page(request.user, **page_params(request.GET))
    context = {"page": page, "cleanups": moderation.list_cleanups(request.user)}
    return render(request, "moderation/queue.html", context)


@require_POST
def post_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the button says about a post."""
    return act(request, PostActionForm(request.POST), moderation.moderate_post, post_id=pk)


@require_POST
def user_action(request: HttpRequest, username: str) -> HttpResponse:
    """Do what the button says about a user."""
    form = UserActionForm(request.POST)
    return act(request, form, moderation.moderate_user, username=username)


@require_POST
def application_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the button says about an application to join."""
    form = PostActionForm(request.POST)
    return act(request, form, moderation.moderate_application, application_id=pk)


def act(request: HttpRequest, form: Any, action: Callable[..., Any], **whom: Any) -> HttpResponse:
    """Call the action, and return to the queue; show the messages of a form that is not valid."""
    if form.submit(action, by=request.user, **whom):
        messages.success(request, "Done. It is in the log.")
        return redirect("moderation:queue")
    CustomUser.objects.get_active(request.user)
    return render(request, "moderation/rejected.html", {"form": form}, status=400)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show what moderators did."""
    page = moderation.log_page(request.user, **page_params(request.GET))
    return render(request, "moderation/log.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def blocks(request: HttpRequest) -> HttpResponse:
    """Show what is blocked, or block a domain or a network."""
    form = BlockForm(request.POST or None)
    if form.submit(moderation.block, by=request.user):
        messages.success(request, "It is blocked from now on.")
        return redirect("moderation:blocks")
    context = {"form": form, "blocks": moderation.list_blocks(request.user)}
    status = 400 if request.method == "POST" else 200
    return render(request, "moderation/blocks.html", context, status=status)


@require_POST
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    """End a block."""
    moderation.allow(by=request.user, block_id=pk)
    messages.success(request, "It is allowed again.")
    return redirect("moderation:blocks")
