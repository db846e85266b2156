"""The conversation around a post, by function views."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog.models import Post
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.serializers import (
    AncestorsSerializer,
    PostSerializer,
    ancestors_response,
    page_response,
)


@extend_schema(responses=AncestorsSerializer)
@api_view(["GET", "HEAD"])
def post_ancestors(request: Request, pk: int) -> Response:
    """List the posts that a post replies to, oldest first."""
    conversation = Post.objects.conversation(request.user, pk)
    return ancestors_response(conversation, request.user)


@extend_schema(parameters=schema.PAGE_PARAMS, responses=PostSerializer(many=True))
@api_view(["GET", "HEAD"])
def post_replies(request: Request, pk: int) -> Response:
    """List the replies to a post, oldest first."""
    page = Post.objects.replies(request.user, pk, **page_params(request.query_params))
    return page_response(page, request)
