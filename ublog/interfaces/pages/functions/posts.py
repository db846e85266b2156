"""Posts as function-based views: each page is one function, read from top to bottom."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.http.query_params import list_params
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, clicked, submitted
from ublog.interfaces.pages.site.conditional import render_conditional


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = Post.objects.timeline(request.user, **list_params(request.GET))
    return render_conditional(request, "posts/list.html", {"page": page}, of=page)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    post = Post.objects.get_row(request.user, pk)
    return render_conditional(request, "posts/detail.html", {"post": post}, of=post)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    Post.check_publishable_by(request.user)
    form = NewPostForm(*submitted(request))
    if post := form.perform(actions.publish, by=request.user):
        messages.success(request, "Your post is published.")
        return redirect("fbv:detail", post.pk)
    return render(request, "posts/form.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    post = Post.objects.get_editable(request.user, pk)
    form = EditPostForm(*submitted(request), instance=post)
    if form.perform(actions.edit, post_id=pk, by=request.user):
        messages.success(request, "Your post is changed.")
        return redirect("fbv:detail", pk)
    return render(request, "posts/form.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    post = Post.objects.get_editable(request.user, pk)
    if request.method == "POST":
        actions.delete(post_id=pk, by=request.user, version=request.POST.get("version"))
        messages.success(request, "Your post is deleted.")
        return redirect("fbv:list")
    return render(request, "posts/delete.html", {"post": post})


@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    clicked(request)(post_id=pk, by=request.user)
    return redirect("fbv:detail", pk)
