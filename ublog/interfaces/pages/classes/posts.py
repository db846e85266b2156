"""Posts as class-based views: Django's generic views, with what is particular to posts."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import CreateView, DeleteView, DetailView, ListView, UpdateView, View

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.http.query_params import list_params, page_params
from ublog.interfaces.pages.forms import EditPostForm, NewPostForm, ReplyForm, mark_action
from ublog.interfaces.pages.site.conditional import ConditionalPageMixin


class PostList(ConditionalPageMixin, ListView[Post]):
    """Show a page of the timeline, or of a search."""

    template_name = "posts/list.html"
    context_object_name = "page"

    def get_queryset(self) -> Any:
        """Return one page by cursor, which Django's own paginator does not know."""
        return Post.objects.timeline(self.request.user, **list_params(self.request.GET))


class PostDetail(ConditionalPageMixin, DetailView[Post]):
    """Show one post, what it replies to, and a page of its replies."""

    template_name = "posts/detail.html"
    context_object_name = "conversation"
    other_context_names = ("page", "form")

    def get_object(self, queryset: Any = None) -> Any:
        """Return the post as a row, which costs less than an instance, with its ancestors."""
        return Post.objects.conversation(self.request.user, self.kwargs["pk"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add a page of the replies, and the form for another one."""
        user, post = self.request.user, context["object"].post
        page = page_params(self.request.GET)
        context["page"] = Post.objects.replies(user, post.pk, check=False, **page)
        return super().get_context_data(form=ReplyForm.of(post, user), **context)


class PostCreate(CreateView[Post, NewPostForm]):
    """Show the form for a new post or a reply, or publish it."""

    http_method_names = ["get", "head", "post"]
    form_class = NewPostForm
    template_name = "posts/form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the right to publish before the form is shown or read."""
        Post.check_publishable_by(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Return the post to reply to, if the URL names one."""
        return {"in_reply_to": self.request.GET.get("in_reply_to")}

    def form_valid(self, form: NewPostForm) -> HttpResponse:
        """Publish the post; the action may still find an error, such as in the picture."""
        if not form.submit(actions.publish, by=self.request.user):
            return self.form_invalid(form)
        messages.success(self.request, form.success_message)
        return redirect("cbv:list") if form.result.held else redirect("cbv:detail", form.result.pk)

    def form_invalid(self, form: NewPostForm) -> HttpResponse:
        """Show the form again, with status 400 in place of Django's 200."""
        return self.render_to_response(self.get_context_data(form=form), status=400)


class PostUpdate(UpdateView[Post, EditPostForm]):
    """Show the form with the author's own post, or change the post."""

    http_method_names = ["get", "head", "post"]
    form_class = EditPostForm
    template_name = "posts/form.html"

    def get_object(self, queryset: Any = None) -> Post:
        """Return the post with the `pk` of the URL, if the user may edit it."""
        return Post.objects.get_editable(self.request.user, self.kwargs["pk"])

    def form_valid(self, form: EditPostForm) -> HttpResponse:
        """Change the post; the action may still find an error, such as in the picture."""
        pk = self.kwargs["pk"]
        if not form.submit(actions.edit, post_id=pk, by=self.request.user):
            return self.form_invalid(form)
        messages.success(self.request, "Your changes are saved.")
        return redirect("cbv:detail", pk)

    def form_invalid(self, form: EditPostForm) -> HttpResponse:
        """Show the form again, with status 400 in place of Django's 200."""
        return self.render_to_response(self.get_context_data(form=form), status=400)


class PostDelete(DeleteView[Post, Form]):
    """Ask whether to delete a post, or delete it."""

    template_name = "posts/delete.html"

    def get_object(self, queryset: Any = None) -> Post:
        """Return the post with the `pk` of the URL, if the user may delete it."""
        return Post.objects.get_deletable(self.request.user, self.kwargs["pk"])

    def form_valid(self, form: Form) -> HttpResponse:
        """Delete the post, if it is still the version that was shown."""
        version = self.request.POST.get("version")
        actions.delete(post_id=self.kwargs["pk"], by=self.request.user, version=version)
        messages.success(self.request, "The post is deleted.")
        return redirect("cbv:list")


class PostLikeView(View):
    """Do what the like button says: like, unlike or toggle."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call the action of the button, and return to the post."""
        choices = actions.like, actions.unlike, actions.toggle_like
        mark_action(request, "liked", *choices)(post_id=pk, by=request.user)
        return redirect("cbv:detail", pk)


class PostBookmarkView(View):
    """Do what the bookmark button says: bookmark, unbookmark or toggle."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call the action of the button, and return to the post."""
        choices = actions.bookmark, actions.unbookmark, actions.toggle_bookmark
        mark_action(request, "bookmarked", *choices)(post_id=pk, by=request.user)
        return redirect("cbv:detail", pk)
