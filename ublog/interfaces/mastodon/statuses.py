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


def get(api: ApiRequest, pk: str) -> PostRow:
    """Return a post that the viewer sees. Raise Post.DoesNotExist, and Http404 for the place of
    one in its conversation: Mastodon has no such thing."""
    post = Post.objects.get_row(api.viewer, pk)
    if post.is_placeholder:
        raise Http404
    return post


@needs("read:statuses")
def show(api: ApiRequest, pk: str) -> Any:
    """Return a post."""
    return status_json(get(api, pk), api.viewer)


@needs("read:statuses")
def show_several(api: ApiRequest) -> Any:
    """Return the posts with these ids, of those that lists have."""
    ids = api.texts("id")[:20]
    page = Post.objects.rows_for(api.viewer).with_ids(ids).page()
    return [status_json(post, api.viewer) for post in page.items]


@needs("read:statuses")
def source(api: ApiRequest, pk: str) -> Any:
    """Return the text of a post as it was written, to edit it."""
    return {"id": pk, "text": get(api, pk).body, "spoiler_text": ""}


@needs("read:statuses")
def context(api: ApiRequest, pk: str) -> Any:
    """Return what a post replies to, and what follows on it."""
    found = Post.objects.context(api.viewer, pk)
    if found.post.is_placeholder:
        raise Http404
    parts = {"ancestors": found.ancestors, "descendants": found.descendants}
    return {
        name: [status_json(post, api.viewer) for post in posts if not post.is_placeholder]
        for name, posts in parts.items()
    }


@needs("read:accounts")
def favourited_by(api: ApiRequest, pk: str) -> Any:
    """Return who likes a post, newest like first."""
    page = list_likes(api.viewer, pk, **page_request(api, usual=40))
    return page_response(api, page, lambda like: author_json(like.user))


# -- Writing -----------------------------------------------------------------------------------


@needs("write:statuses")
def publish(api: ApiRequest) -> Any:
    """Publish a post, or a reply to one."""
    check_possible(api)
    post = actions.publish(
        by=api.viewer,
        key=idempotency_key(api.http),
        in_reply_to=api.text("in_reply_to_id"),
        **written(api),
        **attachments(api),
    )
    return status_json(post, api.viewer)


@needs("write:statuses")
def edit(api: ApiRequest, pk: str) -> Any:
    """Edit a post. What is not sent stays."""
    check_possible(api)
    changes = written(api) | attachments(api, pk)
    if not changes:
        raise ValidationError({"status": ["Send what to change."]})
    return status_json(actions.edit(post_id=pk, by=api.viewer, **changes), api.viewer)


@needs("write:statuses")
def delete(api: ApiRequest, pk: str) -> Any:
    """Delete a post, and return it with its text, from which clients make a new one."""
    post = get(api, pk)
    deleted = status_json(post, api.viewer) | {"text": post.body}
    actions.delete(post_id=pk, by=api.viewer)
    return deleted


def written(api: ApiRequest) -> dict[str, Any]:
    """Return what the author has written, as arguments of the actions."""
    fields: dict[str, Any] = {}
    if api.has("status") or api.has("spoiler_text"):
        parts = (api.text("spoiler_text"), api.text("status"))
        fields["body"] = "\n\n".join(filter(None, parts))
    if api.has("language"):
        fields["language"] = api.text("language") or None
    return fields


def check_possible(api: ApiRequest) -> None:
    """Raise ValidationError for what would come out otherwise than its author wants it."""
    if api.text("visibility") not in VISIBILITIES:
        message = "Everybody who reads this site reads its posts: choose public."
        raise ValidationError({"visibility": [message]})
    if api.params.get("poll"):
        raise ValidationError({"poll": ["There are no polls here."]})
    if api.text("scheduled_at"):
        raise ValidationError({"scheduled_at": ["Posts cannot be scheduled here."]})
