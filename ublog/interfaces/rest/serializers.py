"""Serializers of posts: how they are read from a request, and how they are rendered."""

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.accounts.models import CustomUser
from ublog.blog import images
from ublog.blog.compiled_reads import MAX_ANCESTORS
from ublog.blog.models import Post
from ublog.blog.post_rows import STATE_FLAGS, Author, Conversation, PostRow
from ublog.core.cursors import Page
from ublog.core.exceptions import Stale
from ublog.core.text import PlainTextField
from ublog.core.text_grammar import KINDS, Segment
from ublog.core.viewers import Viewer
from ublog.interfaces.rest.pagination import paginated_response


def post_json(post: Post | PostRow, viewer: Viewer) -> dict[str, Any]:
    """Return the post as JSON types: what `PostResponseSerializer` documents.

    Plain code, since one serializer field for each value would cost ten times as much.
    """
    return {
        "id": post.pk,
        "body": post.body,
        "language": post.language or None,
        "segments": post.segments,
        "image": post.image_info,
        "created_by": author_json(post.created_by),
        "created_on": post.created_on,
        "modified_on": post.modified_on,
        "edited": post.edited,
        "in_reply_to": post.in_reply_to_id,
        "reply_count": post.reply_count,
        **STATE_FLAGS[post.state],
        "like_count": post.like_count,
        "liked": post.liked,
        "bookmarked": post.bookmarked,
        **post.rights_of(viewer),
    }


def author_json(author: Author | CustomUser | None) -> dict[str, Any] | None:
    """Return the author of a post as JSON types; null without one."""
    if author is None:
        return None
    return {
        "username": author.username,
        "display_name": author.display_name,
        "avatar": author.avatar_info if author.avatar else None,
    }


def etag(post: Post | PostRow) -> str:
    """Return the ETag of the post: its version in quotes."""
    return f'"{post.version}"'


def post_response(post: Post | PostRow, viewer: Viewer, status: int = 200) -> Response:
    """Return a response with the post and its ETag."""
    return Response(post_json(post, viewer), status=status, headers={"ETag": etag(post)})


def page_response(page: Page[PostRow], request: Request) -> Response:
    """Return a response with the page of posts."""
    viewer = request.user
    return paginated_response(page, [post_json(post, viewer) for post in page.items], request)


class DomainField(serializers.ModelField):
    """Clean and validate by the model field: DRF's own fields measure a text before cleaning it."""

    def to_internal_value(self, data: Any) -> Any:
        return self.model_field.clean(data, None)

    def run_validators(self, value: Any) -> None:
        """Do nothing: `clean` has run the validators, and not for an empty value."""


POST_EXAMPLE = {
    "id": 1,
    "body": "Hello, @bob!",
    "language": "en",
    "segments": [
        {"type": "text", "text": "Hello, "},
        {"type": "mention", "text": "@bob", "username": "bob"},
        {"type": "text", "text": "!"},
    ],
    "image": None,
    "created_by": {"username": "alice", "display_name": "Alice", "avatar": None},
    "created_on": "2026-11-22T18:00:00Z",
    "modified_on": "2026-11-22T18:00:00Z",
    "edited": False,
    "in_reply_to": None,
    "reply_count": 2,
    "deleted": False,
    "held": False,
    "hidden": False,
    "like_count": 3,
    "liked": True,
    "bookmarked": False,
    "muted": False,
    "can_edit": False,
    "can_delete": False,
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A post", POST_EXAMPLE, response_only=True),
        OpenApiExample("A text", {"body": "Hello, world!"}, request_only=True),
    ],
)
class PostSerializer(serializers.ModelSerializer[Post]):
    """A post. A request has what its author writes."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        PlainTextField: DomainField,
    }
    # Any file: the action decodes it, once it is known that the user may send it.
    image = serializers.FileField(
        required=False,
        allow_null=True,
        validators=[images.check_size],
        help_text="JPEG, PNG, WebP, GIF or AVIF, in a form. null, or empty there, removes it.",
    )
    image_remove = serializers.BooleanField(
        required=False, help_text="true: remove the image. For forms, which have no null."
    )

    class Meta:
        model = Post
        fields = (*Post.INPUT, "image_remove")

    @cached_property
    def viewer(self) -> Viewer:
        """Return the user, looked up once for all posts of a page."""
        viewer: Viewer = self.context["request"].user
        return viewer

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the changes: `image_remove` stands for an image of null."""
        if attrs.pop("image_remove", False):
            attrs["image"] = None
        return attrs

    def to_representation(self, instance: Post | PostRow) -> dict[str, Any]:
        return post_json(instance, self.viewer)


class NewPostSerializer(PostSerializer):
    """A post to publish."""

    in_reply_to = serializers.IntegerField(
        required=False, allow_null=True, help_text="The id of a post, to reply to it."
    )

    image_remove = None  # type: ignore[assignment]  # a new post has no image yet

    class Meta(PostSerializer.Meta):
        fields = (*Post.INPUT, "in_reply_to")


def ancestors_response(conversation: Conversation, viewer: Viewer) -> Response:
    """Return a response with the posts that a post replies to."""
    results = [post_json(post, viewer) for post in conversation.ancestors]
    return Response({"results": results, "top": conversation.top})


# What follows is for the OpenAPI document alone.


class RenditionSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField(help_text="Pixels.")


def avatar_field() -> RenditionSerializer:
    """Return the field of a profile picture."""
    return RenditionSerializer(
        many=True,
        allow_null=True,
        source="avatar_info",
        help_text="The profile picture: squares of 96 and 400 pixels. null: no picture.",
    )


class AuthorSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField(
        allow_blank=True, help_text="May be empty: show the username instead."
    )
    avatar = avatar_field()


class ImageSerializer(RenditionSerializer):
    alt = serializers.CharField(allow_blank=True, help_text="The description of the image.")
    color = serializers.CharField(
        allow_null=True, help_text="The colour of most of the image, as #rrggbb."
    )
    renditions = RenditionSerializer(
        many=True,
        help_text="Sizes for lists, smallest first: at least one, which may be the image itself.",
    )


class SegmentSerializer(serializers.Serializer[Any]):
    """A part of a text. The texts of all segments, put together, are the whole text."""

    type = serializers.ChoiceField(KINDS)
    text = serializers.CharField(help_text="As it was written: what to show.")
    username = serializers.CharField(
        required=False, allow_null=True, help_text="The current username of who is mentioned."
    )
    tag = serializers.CharField(
        required=False, allow_null=True, help_text="The hashtag without its sign."
    )
    url = serializers.CharField(
        required=False, allow_null=True, help_text="http or https, without user information."
    )

    def to_representation(self, instance: Segment) -> dict[str, Any]:
        """Return what the segment has: DRF would add null for the rest."""
        return dict(instance)


class PostResponseSerializer(serializers.Serializer[Any]):
    """A post, as the user of the request sees it."""

    id = serializers.IntegerField()
    body = serializers.CharField()
    language = serializers.CharField(
        allow_null=True, help_text="A BCP 47 tag, such as `pt-BR`. null: not known."
    )
    segments = SegmentSerializer(many=True, help_text="The body, cut where something is to link.")
    image = ImageSerializer(allow_null=True)
    created_by = AuthorSerializer(
        allow_null=True, help_text="null: published anonymously, or deleted."
    )
    created_on = serializers.DateTimeField()
    modified_on = serializers.DateTimeField()
    edited = serializers.BooleanField()
    in_reply_to = serializers.IntegerField(
        allow_null=True, help_text="The id of the post that it replies to."
    )
    reply_count = serializers.IntegerField(help_text="Deleted replies are not counted.")
    deleted = serializers.BooleanField(
        help_text="It is deleted and stays, without text, image and author, while it has replies."
    )
    held = serializers.BooleanField(
        help_text="It waits for a moderator. Only its author and moderators see it."
    )
    hidden = serializers.BooleanField(
        help_text="A moderator has hidden it. For all but its author and moderators it has no "
        "text, image and author, and stays only while it has replies."
    )
    like_count = serializers.IntegerField()
    liked = serializers.BooleanField(help_text="Whether the user likes it.")
    bookmarked = serializers.BooleanField(help_text="Whether the user has bookmarked it.")
    muted = serializers.BooleanField(
        help_text="Whether the user mutes its author or conversation: to be folded."
    )
    can_edit = serializers.BooleanField(help_text="Whether the user may change it.")
    can_delete = serializers.BooleanField(help_text="Whether the user may delete it.")


@extend_schema_serializer(
    examples=[
        OpenApiExample("Ancestors", {"results": [POST_EXAMPLE], "top": None}, response_only=True)
    ]
)
class AncestorsSerializer(serializers.Serializer[Any]):
    """The posts that a post replies to."""

    results = PostSerializer(many=True, help_text=f"The nearest {MAX_ANCESTORS}, oldest first.")
    top = serializers.IntegerField(
        allow_null=True,
        help_text="The id of the first post of the conversation, if it is not among them.",
    )


class PostSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Document what `PostSerializer` validates as the request, and `Post` as the response."""

    target_class = "ublog.interfaces.rest.serializers.PostSerializer"

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        serializer = self.target if direction == "request" else PostResponseSerializer
        return auto_schema._map_serializer(serializer, direction, bypass_extensions=True)


class MutedSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    muted = serializers.BooleanField(help_text="Whether you mute the user now.")


class ErrorSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()


STALE_EXAMPLE = {"detail": str(Stale(None)), "code": "stale", "post": POST_EXAMPLE}


@extend_schema_serializer(
    examples=[OpenApiExample("Changed", STALE_EXAMPLE, status_codes=["412"], response_only=True)]
)
class StaleSerializer(ErrorSerializer):
    code = serializers.ChoiceField(["stale"])
    post = PostSerializer(help_text="The current version.")
