"""Statuses: what Mastodon calls posts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404

from ublog.blog import actions
from ublog.blog.likes import list_likes
from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.interfaces.http.headers import idempotency_key
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import author_json, status_json
from ublog.interfaces.mastodon.media import attachments
from ublog.interfaces.mastodon.paging import page_request, page_response
from ublog.interfaces.mastodon.requests import ApiRequest

VISIBILITIES = ("", "public", "unlisted")


def get(request: ApiRequest, pk: str) -> PostRow:
    """Return a post that the viewer sees. Raise Post.DoesNotExist, and Http404 for the place of
    one in its conversation: Mastodon has no such thing."""
    post = Post.objects.get_row(request.viewer, pk)
    if post.is_placeholder:
        raise Http404
    return post


@needs("read:statuses")
def show(request: ApiRequest, pk: str) -> Any:
    """Return a post."""
    return status_json(get(request, pk), request.viewer)


@needs("read:statuses")
def show_several(request: ApiRequest) -> Any:
    """Return the posts with these ids, of those that lists have."""
    ids = request.texts("id")[:20]
    page = Post.objects.rows_for(request.viewer).with_ids(ids).page()
    return [status_json(post, request.viewer) for post in page.items]


@needs("read:statuses")
def source(request: ApiRequest, pk: str) -> Any:
    """Return the text of a post as it was written, to edit it."""
    return {"id": pk, "text": get(request, pk).body, "spoiler_text": ""}


@needs("read:statuses")
def context(request: ApiRequest, pk: str) -> Any:
    """Return what a post replies to, and what follows on it."""
    found = Post.objects.context(request.viewer, pk)
    if found.post.is_placeholder:
        raise Http404
    parts = {"ancestors": found.ancestors, "descendants": found.descendants}
    return {
        name: [status_json(post, request.viewer) for post in posts if not post.is_placeholder]
        for name, posts in parts.items()
    }


@needs("read:accounts")
def favourited_by(request: ApiRequest, pk: str) -> Any:
    """Return who likes a post, newest like first."""
    page = list_likes(request.viewer, pk, **page_request(request, usual=40))
    return page_response(request, page, lambda like: author_json(like.user))


# -- Writing -----------------------------------------------------------------------------------


@needs("write:statuses")
def publish(request: ApiRequest) -> Any:
    """Publish a post, or a reply to one."""
    check_possible(request)
    post = actions.publish(
        by=request.viewer,
        key=idempotency_key(request.http),
        in_reply_to=request.text("in_reply_to_id"),
        **written(request),
        **attachments(request),
    )
    return status_json(post, request.viewer)


@needs("write:statuses")
def edit(request: ApiRequest, pk: str) -> Any:
    """Edit a post. What is not sent stays."""
    check_possible(request)
    changes = written(request) | attachments(request, pk)
    if not changes:
        raise ValidationError({"status": ["Send what to change."]})
    return status_json(actions.edit(post_id=pk, by=request.viewer, **changes), request.viewer)


@needs("write:statuses")
def delete(request: ApiRequest, pk: str) -> Any:
    """Delete a post, and return it with its text, from which clients make a new one."""
    post = get(request, pk)
    deleted = status_json(post, request.viewer) | {"text": post.body}
    actions.delete(post_id=pk, by=request.viewer)
    return deleted


def written(request: ApiRequest) -> dict[str, Any]:
    """Return what the author has written, as arguments of the actions."""
    fields: dict[str, Any] = {}
    if request.has("status") or request.has("spoiler_text"):
        parts = (request.text("spoiler_text"), request.text("status"))
        fields["body"] = "\n\n".join(filter(None, parts))
    if request.has("language"):
        fields["language"] = request.text("language") or None
    return fields


def check_possible(request: ApiRequest) -> None:
    """Raise ValidationError for what would come out otherwise than its author wants it."""
    if request.text("visibility") not in VISIBILITIES:
        message = "Everybody who reads this site reads its posts: choose public."
        raise ValidationError({"visibility": [message]})
    if request.params.get("poll"):
        raise ValidationError({"poll": ["There are no polls here."]})
    if request.text("scheduled_at"):
        raise ValidationError({"scheduled_at": ["Posts cannot be scheduled here."]})
