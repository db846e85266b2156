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
from ublog.blog.post_rows import PostRow
from ublog.core.cursors import Page
from ublog.interfaces.http.query_params import list_params
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, PostForm, clicked
from ublog.interfaces.pages.site.conditional import render_conditional


class ConditionalPageMixin(TemplateResponseMixin):
    """A page that a stranger who has it already is not sent again."""

    request: HttpRequest
    template_name: str
    context_object_name: str

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:
        shown = context[self.context_object_name]
        return render_conditional(self.request, self.template_name, context, of=shown)


class PostList(ConditionalPageMixin, ListView[Post]):
    template_name = "posts/list.html"
    context_object_name = "page"

    def get_queryset(self) -> Page[PostRow]:  # type: ignore[override]
        return Post.objects.timeline(self.request.user, **list_params(self.request.GET))


class PostDetail(ConditionalPageMixin, DetailView[Post]):
    template_name = "posts/detail.html"
    context_object_name = "post"

    def get_object(self, queryset: Any = None) -> PostRow:  # type: ignore[override]
        return Post.objects.get_row(self.request.user, self.kwargs["pk"])


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


class EditablePostMixin(SingleObjectMixin[Post], View):
    """The post of the address, if it is the viewer's own."""

    def get_object(self, queryset: Any = None) -> Post:
        return Post.objects.get_editable(self.request.user, self.kwargs["pk"])


class PostEdit(EditablePostMixin, UpdateView[Post, EditPostForm]):
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


class PostDelete(EditablePostMixin, DeleteView[Post, Form]):
    template_name = "posts/delete.html"

    def form_valid(self, form: Form) -> HttpResponse:
        version = self.request.POST.get("version")
        actions.delete(post_id=self.kwargs["pk"], by=self.request.user, version=version)
        messages.success(self.request, "Your post is deleted.")
        return redirect("cbv:list")


class PostLikeView(View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        clicked(request)(post_id=pk, by=request.user)
        return redirect("cbv:detail", pk)
