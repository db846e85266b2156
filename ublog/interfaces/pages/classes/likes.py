"""Who likes a post, as a class-based view."""

from typing import Any

from django.views.generic import TemplateView

from ublog.blog.likes import list_likes
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.pages.site.conditional import ConditionalPageMixin


class PostLikes(ConditionalPageMixin, TemplateView):
    """Show a page of who likes a post."""

    http_method_names = ["get", "head"]
    template_name = "posts/likes.html"
    context_object_name = "page"
    other_context_names = ("pk",)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add a page of the likes."""
        page = page_params(self.request.GET)
        likes = list_likes(self.request.user, self.kwargs["pk"], **page)
        return super().get_context_data(page=likes, **context)
