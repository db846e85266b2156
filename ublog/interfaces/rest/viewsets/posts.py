"""Posts as a DRF ModelViewSet: its operations, with the domain's actions in their hooks."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.http import headers
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.pagination import TimelinePagination
from ublog.interfaces.rest.serializers import PostSerializer
from ublog.interfaces.rest.viewsets.conversations import ConversationMixin
from ublog.interfaces.rest.viewsets.mutes import MuteMixin
from ublog.interfaces.rest.viewsets.reports import ReportMixin


@extend_schema_view(
    list=extend_schema(summary="List posts, newest first", parameters=schema.LIST_PARAMS),
    retrieve=extend_schema(summary="Read a post"),
    create=extend_schema(
        summary="Publish a post, or a reply to one",
        parameters=[schema.IDEMPOTENCY_KEY],
        responses={201: PostSerializer},
    ),
    update=extend_schema(summary="Edit a post", parameters=[schema.IF_MATCH]),
    partial_update=extend_schema(summary="Edit a part of a post", parameters=[schema.IF_MATCH]),
    destroy=extend_schema(summary="Delete a post", parameters=[schema.IF_MATCH]),
)
class PostViewSet(ConversationMixin, MuteMixin, ReportMixin, ModelViewSet[Post]):
    """List, read, publish, edit, delete and like posts."""

    serializer_class = PostSerializer
    pagination_class = TimelinePagination
    lookup_value_converter = "int"

    def get_queryset(self) -> Any:
        """Return the rows of all posts, as this user sees them."""
        return Post.objects.rows_for(self.request.user)

    def get_object(self) -> Any:
        """Return the row of a post to read it, or the model instance to change it."""
        if self.request.method in SAFE_METHODS:
            return self.get_queryset().get_row(self.kwargs["pk"])
        if self.request.method == "DELETE":
            return Post.objects.get_deletable(self.request.user, self.kwargs["pk"])
        return Post.objects.get_editable(self.request.user, self.kwargs["pk"])

    def perform_create(self, serializer: BaseSerializer[Post]) -> None:
        """Publish the post."""
        key = headers.idempotency_key(self.request)
        serializer.instance = actions.publish(
            by=self.request.user, key=key, **serializer.validated_data
        )

    def perform_update(self, serializer: BaseSerializer[Post]) -> None:
        """Edit the post."""
        version = headers.if_match_version(self.request)
        changes = {"version": version, **serializer.validated_data}
        serializer.instance = actions.edit(
            post_id=self.kwargs["pk"], by=self.request.user, **changes
        )

    def perform_destroy(self, instance: Post) -> None:
        """Delete the post."""
        version = headers.if_match_version(self.request)
        actions.delete(post_id=instance.pk, by=self.request.user, version=version)

    @extend_schema(request=None, responses={200: PostSerializer})
    @action(detail=True, methods=["POST", "PUT", "DELETE"])
    def like(self, request: Request, pk: int) -> Response:
        """Like a post (PUT), take the like back (DELETE), or toggle it (POST)."""
        by_method = {"PUT": actions.like, "DELETE": actions.unlike, "POST": actions.toggle_like}
        post = by_method[str(request.method)](post_id=pk, by=request.user)
        return self.instance_response(post)

    @extend_schema(request=None, responses={200: PostSerializer})
    @action(detail=True, methods=["POST", "PUT", "DELETE"])
    def bookmark(self, request: Request, pk: int) -> Response:
        """Bookmark a post (PUT), remove the bookmark (DELETE), or toggle it (POST)."""
        by_method = {
            "PUT": actions.bookmark,
            "DELETE": actions.unbookmark,
            "POST": actions.toggle_bookmark,
        }
        post = by_method[str(request.method)](post_id=pk, by=request.user)
        return self.instance_response(post)
