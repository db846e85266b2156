"""The conversation around a post, as a mixin of a view set."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from ublog.blog.models import Post
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.serializers import (
    AncestorsSerializer,
    NewPostSerializer,
    PostSerializer,
    ancestors_response,
    page_response,
)
from ublog.interfaces.rest.viewsets.likes import LikesMixin


class ConversationMixin(LikesMixin):
    """List what a post replies to, its replies and who likes it, and let a new post be a reply."""

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the serializer of a new post, which may be a reply, or that of any other."""
        return NewPostSerializer if self.action == "create" else super().get_serializer_class()

    @extend_schema(responses=AncestorsSerializer)
    @action(detail=True, pagination_class=None)
    def ancestors(self, request: Request, pk: int) -> Response:
        """List the posts that a post replies to, oldest first."""
        return ancestors_response(Post.objects.conversation(request.user, pk), request.user)

    @extend_schema(parameters=schema.PAGE_PARAMS, responses=PostSerializer(many=True))
    @action(detail=True)
    def replies(self, request: Request, pk: int) -> Response:
        """List the replies to a post, oldest first."""
        page = Post.objects.replies(request.user, pk, **page_params(request.query_params))
        return page_response(page, request)
