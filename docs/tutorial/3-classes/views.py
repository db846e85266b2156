from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import CreateView, DeleteView, DetailView, ListView, UpdateView, View

from blog import actions
from blog.forms import PostForm
from blog.models import Post


class PostList(ListView):
    """Show all posts, newest first."""

    queryset = Post.objects.timeline()
    context_object_name = "posts"
    template_name = "2-six-functions/list.html"


class PostDetail(DetailView):
    """Show one post."""

    queryset = Post.objects.timeline()
    template_name = "2-six-functions/detail.html"


class PostCreate(LoginRequiredMixin, CreateView):
    """Show an empty form, or publish what it contains."""

    form_class = PostForm
    template_name = "2-six-functions/form.html"

    def form_valid(self, form):
        post = actions.publish(by=self.request.user, **form.cleaned_data)
        return redirect("classes:detail", post.pk)


class OwnPostMixin(LoginRequiredMixin):
    """Let only the author reach the page."""

    model = Post

    def get_object(self):
        post = super().get_object()
        post.check_author(self.request.user)
        return post


class PostUpdate(OwnPostMixin, UpdateView):
    """Show a form with the post, or change the post."""

    form_class = PostForm
    template_name = "2-six-functions/form.html"

    def form_valid(self, form):
        post = actions.edit(self.object, by=self.request.user, **form.cleaned_data)
        return redirect("classes:detail", post.pk)


class PostDelete(OwnPostMixin, DeleteView):
    """Ask whether to delete a post, or delete it."""

    template_name = "2-six-functions/delete.html"

    def form_valid(self, form):
        actions.delete(self.object, by=self.request.user)
        return redirect("classes:list")


class PostLike(LoginRequiredMixin, View):
    """Like a post."""

    def post(self, request, pk):
        actions.like(get_object_or_404(Post, pk=pk), by=request.user)
        return redirect("classes:detail", pk)
