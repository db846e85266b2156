"""Posts as a DRF ModelViewSet: the operations are inherited, and told what is particular."""

from typing import Any

from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.blog.querysets import PostQuerySet
from ublog.interfaces.http.headers import idempotency_key, if_match_version
from ublog.interfaces.http.query_params import FILTER_PARAMS, list_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.methods import LIKE_ACTIONS
from ublog.interfaces.rest.pagination import TimelinePagination
from ublog.interfaces.rest.serializers import PostSerializer, etag


@schema.view_set
class PostViewSet(ModelViewSet[Post]):
    serializer_class = PostSerializer
    pagination_class = TimelinePagination
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> PostQuerySet:
        """Like counts and "did I like it" come with the posts, in the same query."""
        posts = Post.objects.rows_for(self.request.user)
        return posts.matching(**list_params(self.request.query_params, FILTER_PARAMS))

    def get_object(self) -> Any:
        """A post as it is shown, or one's own to change."""
        reads = self.request.method in SAFE_METHODS
        find = Post.objects.get_row if reads else Post.objects.get_editable
        return find(self.request.user, self.kwargs["pk"])

    def perform_create(self, serializer: BaseSerializer[Post]) -> None:
        given = {"key": idempotency_key(self.request), **serializer.validated_data}
        serializer.instance = actions.publish(by=self.request.user, **given)

    def perform_update(self, serializer: BaseSerializer[Post]) -> None:
        changes = {"version": if_match_version(self.request), **serializer.validated_data}
        serializer.instance = actions.edit(
            post_id=self.kwargs["pk"], by=self.request.user, **changes
        )

    def perform_destroy(self, instance: Post) -> None:
        version = if_match_version(self.request)
        actions.delete(post_id=instance.pk, by=self.request.user, version=version)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """An answer that shows one post names its version."""
        post = getattr(getattr(response.data, "serializer", None), "instance", None)
        if isinstance(post, Post | PostRow):
            response["ETag"] = etag(post)
        return super().finalize_response(request, response, *args, **kwargs)

    @schema.liking
    @action(detail=True, methods=["POST", "PUT", "DELETE"])
    def like(self, request: Request, pk: str) -> Response:
        post = LIKE_ACTIONS[request.method](post_id=pk, by=request.user)
        return Response(self.get_serializer(post).data)
