"""The search for posts, users and hashtags."""

from typing import Any

from ublog.accounts import reading
from ublog.blog.models import Post
from ublog.core.cursors import MAX_PAGE_SIZE
from ublog.core.text_grammar import parse_tag
from ublog.interfaces.mastodon import accounts
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import author_json, status_json, tag_json
from ublog.interfaces.mastodon.names import argument_in
from ublog.interfaces.mastodon.paging import limit_of
from ublog.interfaces.mastodon.requests import ApiRequest


@needs("read:search")
def search(request: ApiRequest) -> Any:
    """Return what is found of the kind `type`, or of all kinds."""
    reading.check_found(request.viewer)
    wanted, query = request.text("type"), request.text("q").strip()
    found: dict[str, Any] = {}
    for kind, find in KINDS.items():
        found[kind] = find(request, query) if query and wanted in ("", kind) else []
    return found


def find_accounts(request: ApiRequest, query: str) -> Any:
    """Return users by a name, or by the URL of one. Visitors find none."""
    if not request.viewer.pk or offset_of(request):
        return []
    if name := argument_in(query, "app:user"):
        request.params["q"] = name
    return [author_json(user) for user in accounts.find(request)]


def find_statuses(request: ApiRequest, query: str) -> Any:
    """Return posts by a text, or the one of a URL."""
    if pk := argument_in(query, "app:post"):
        page = Post.objects.rows_for(request.viewer).with_ids([pk]).page()
        return [status_json(post, request.viewer) for post in page.items]
    offset = offset_of(request)
    size = min(offset + limit_of(request), MAX_PAGE_SIZE)
    page = Post.objects.timeline(request.viewer, q=query, page_size=size)
    return [status_json(post, request.viewer) for post in page.items[offset:]]


def find_tags(request: ApiRequest, query: str) -> Any:
    """Return the text as a hashtag, if it is one."""
    tag = parse_tag(query)
    return [tag_json(tag)] if tag and not offset_of(request) else []


def offset_of(request: ApiRequest) -> int:
    """Return how many were seen already."""
    return request.number("offset")


KINDS = {"accounts": find_accounts, "statuses": find_statuses, "hashtags": find_tags}
