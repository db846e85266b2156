"""The pinned post, above the first page of the timeline in both styles of pages."""

from django.http import HttpRequest

from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.core import site_settings


def pinned_post(request: HttpRequest) -> PostRow | None:
    """Return the pinned post for this page, by one query; None for other pages without a query.

    None for a post that is deleted or hidden, too.
    """
    pk, match = site_settings.current().pinned_post, request.resolver_match
    is_timeline = match and (match.app_name, match.url_name) == ("posts", "list")
    if not pk or not is_timeline or request.GET:
        return None
    try:
        return Post.objects.get_published_row(request.user, pk)
    except Post.DoesNotExist:
        return None
