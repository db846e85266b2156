"""Who likes a post, as a function-based view."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ublog.blog.likes import list_likes
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.pages.site.conditional import render_conditional


@require_safe
def post_likes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a page of who likes a post."""
    page = list_likes(request.user, pk, **page_params(request.GET))
    return render_conditional(request, "posts/likes.html", {"page": page, "pk": pk})
