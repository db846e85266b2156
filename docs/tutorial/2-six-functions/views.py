from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from blog import actions
from blog.forms import PostForm
from blog.models import Post


def post_list(request):
    """Show all posts, newest first."""
    return render(request, "2-six-functions/list.html", {"posts": Post.objects.timeline()})


def post_detail(request, pk):
    """Show one post."""
    post = get_object_or_404(Post.objects.timeline(), pk=pk)
    return render(request, "2-six-functions/detail.html", {"post": post})


@login_required
def post_create(request):
    """Show an empty form, or publish what it contains."""
    form = PostForm(request.POST or None)
    if form.is_valid():
        post = actions.publish(by=request.user, **form.cleaned_data)
        return redirect("functions:detail", post.pk)
    return render(request, "2-six-functions/form.html", {"form": form})


@login_required
def post_update(request, pk):
    """Show a form with the post, or change the post."""
    post = get_object_or_404(Post, pk=pk)
    post.check_author(request.user)
    form = PostForm(request.POST or None, instance=post)
    if form.is_valid():
        actions.edit(post, by=request.user, **form.cleaned_data)
        return redirect("functions:detail", pk)
    return render(request, "2-six-functions/form.html", {"form": form})


@login_required
def post_delete(request, pk):
    """Ask whether to delete a post, or delete it."""
    post = get_object_or_404(Post, pk=pk)
    post.check_author(request.user)
    if request.method == "POST":
        actions.delete(post, by=request.user)
        return redirect("functions:list")
    return render(request, "2-six-functions/delete.html", {"post": post})


@require_POST
@login_required
def post_like(request, pk):
    """Like a post."""
    actions.like(get_object_or_404(Post, pk=pk), by=request.user)
    return redirect("functions:detail", pk)
