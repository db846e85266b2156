"""Posts as function-based views: each page is one function, read from top to bottom."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.http.query_params import list_params, page_params
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, ReplyForm, mark_action
from ublog.interfaces.pages.site.conditional import render_conditional


@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the timeline, or of a search."""
    page = Post.objects.timeline(request.user, **list_params(request.GET))
    return render_conditional(request, "posts/list.html", {"page": page})


@require_safe
def post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one post, what it replies to, and a page of its replies."""
    conversation = Post.objects.conversation(request.user, pk)
    page = page_params(request.GET)
    replies = Post.objects.replies(request.user, pk, check=False, **page)
    form = ReplyForm.of(conversation.post, request.user)
    context = {"conversation": conversation, "page": replies, "form": form}
    return render_conditional(request, "posts/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def post_create(request: HttpRequest) -> HttpResponse:
    """Show the form for a new post or a reply, or publish it."""
    Post.check_publishable_by(request.user)
    initial = {"in_reply_to": request.GET.get("in_reply_to")}
    form = NewPostForm(request.POST or None, request.FILES or None, initial=initial)
    if form.submit(actions.publish, by=request.user):
        messages.success(request, form.success_message)
        return redirect("fbv:list") if form.result.held else redirect("fbv:detail", form.result.pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "posts/form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def post_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form with the author's own post, or change the post."""
    post = Post.objects.get_editable(request.user, pk)
    form = EditPostForm(request.POST or None, request.FILES or None, instance=post)
    if form.submit(actions.edit, post_id=pk, by=request.user):
        messages.success(request, "Your changes are saved.")
        return redirect("fbv:detail", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "posts/form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def post_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to delete a post, or delete it."""
    post = Post.objects.get_deletable(request.user, pk)
    if request.method == "POST":
        actions.delete(post_id=pk, by=request.user, version=request.POST.get("version"))
        messages.success(request, "The post is deleted.")
        return redirect("fbv:list")
    return render(request, "posts/delete.html", {"post": post})


@require_POST
def post_like(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the like button says: like, unlike or toggle."""
    choices = actions.like, actions.unlike, actions.toggle_like
    mark_action(request, "liked", *choices)(post_id=pk, by=request.user)
    return redirect("fbv:detail", pk)


@require_POST
def post_bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the bookmark button says: bookmark, unbookmark or toggle."""
    choices = actions.bookmark, actions.unbookmark, actions.toggle_bookmark
    mark_action(request, "bookmarked", *choices)(post_id=pk, by=request.user)
    return redirect("fbv:detail", pk)
