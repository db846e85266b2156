"""What a post looks like in REST, and what is read when one is written."""

from typing import Any

from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.response import Response

from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.core.text import PlainTextField
from ublog.core.viewers import Viewer


def post_json(post: Post | PostRow, viewer: Viewer) -> dict[str, Any]:
    """A post as JSON's types. Plain code: per-field machinery would cost ten times as much."""
    author = post.created_by
    return {
        "id": post.pk,
        "body": post.body,
        "image": post.picture,
        "created_by": author and {"username": author.username, "display_name": author.display_name},
        "created_on": post.created_on,
        "modified_on": post.modified_on,
        "edited": post.edited,
        "like_count": post.like_count,
        "liked": post.liked,
        "can_edit": post.editable_by(viewer),
    }


def etag(post: Post | PostRow) -> str:
    """The header that names the version of a post."""
    return f'"{post.version}"'


def post_response(post: Post | PostRow, viewer: Viewer, status: int = 200) -> Response:
    """The answer of a function that shows one post."""
    return Response(post_json(post, viewer), status=status, headers={"ETag": etag(post)})


class DomainField(serializers.ModelField):
    """Cleans and checks as the model's field does; DRF's own would measure before it cleans."""

    def to_internal_value(self, data: Any) -> Any:
        return self.model_field.clean(data, None)


class PostSerializer(serializers.ModelSerializer[Post]):
    """Reads `body`, `image`, `image_alt`; shows the whole post."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        PlainTextField: DomainField,
    }
    # A file: the action has it decoded, once it knows who sends it.
    image = serializers.FileField(required=False, allow_null=True)

    class Meta:
        model = Post
        fields = ("body", "image", "image_alt")

    @cached_property
    def viewer(self) -> Viewer:
        """Looked up once, not for each post of a page."""
        viewer: Viewer = self.context["request"].user
        return viewer

    def to_representation(self, instance: Post | PostRow) -> dict[str, Any]:
        return post_json(instance, self.viewer)
