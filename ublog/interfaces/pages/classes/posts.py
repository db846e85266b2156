"""Posts as class-based views: Django's generic views, told what is particular to a post."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import CreateView, DeleteView, DetailView, ListView, UpdateView, View
from django.views.generic.base import TemplateResponseMixin
from django.views.generic.detail import SingleObjectMixin

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.shown import ShownPost
from ublog.core.cursors import Page
from ublog.interfaces.listing import given
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, PostForm, clicked
from ublog.interfaces.pages.showing import show


class ShowMixin(TemplateResponseMixin):
    """A page that a stranger who has it already is not sent again."""

    request: HttpRequest
    template_name: str
    context_object_name: str

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:
        shown = context[self.context_object_name]
        return show(self.request, self.template_name, context, of=shown)


class PostList(ShowMixin, ListView[Post]):
    template_name = "posts/list.html"
    context_object_name = "page"

    def get_queryset(self) -> Page[ShownPost]:  # type: ignore[override]
        return Post.objects.timeline(self.request.user, **given(self.request.GET))


class PostDetail(ShowMixin, DetailView[Post]):
    template_name = "posts/detail.html"
    context_object_name = "post"

    def get_object(self, queryset: Any = None) -> ShownPost:  # type: ignore[override]
        return Post.objects.one(self.request.user, self.kwargs["pk"])


class PostCreate(CreateView[Post, NewPostForm]):
    http_method_names = ["get", "head", "post"]
    form_class = NewPostForm
    template_name = "posts/form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        Post.check_publishable_by(request.user)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: NewPostForm) -> HttpResponse:
        post = form.perform(actions.publish, by=self.request.user)
        if post is None:
            return self.form_invalid(form)
        messages.success(self.request, "Your post is published.")
        return redirect("cbv:detail", post.pk)

    def form_invalid(self, form: PostForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class OwnPostMixin(SingleObjectMixin[Post], View):
    """The post of the address, if it is the viewer's own."""

    def get_object(self, queryset: Any = None) -> Post:
        return Post.objects.to_change(self.request.user, self.kwargs["pk"])


class PostEdit(OwnPostMixin, UpdateView[Post, EditPostForm]):
    http_method_names = ["get", "head", "post"]
    form_class = EditPostForm
    template_name = "posts/form.html"

    def form_valid(self, form: EditPostForm) -> HttpResponse:
        pk = self.kwargs["pk"]
        if form.perform(actions.edit, post_id=pk, by=self.request.user) is None:
            return self.form_invalid(form)
        messages.success(self.request, "Your post is changed.")
        return redirect("cbv:detail", pk)

    def form_invalid(self, form: PostForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class PostDelete(OwnPostMixin, DeleteView[Post, Form]):
    template_name = "posts/delete.html"

    def form_valid(self, form: Form) -> HttpResponse:
        version = self.request.POST.get("version")
        actions.delete(post_id=self.kwargs["pk"], by=self.request.user, version=version)
        messages.success(self.request, "Your post is deleted.")
        return redirect("cbv:list")


class PostLiking(View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        clicked(request)(post_id=pk, by=request.user)
        return redirect("cbv:detail", pk)
