"""Posts as DRF function views: one function for each operation."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.http import headers
from ublog.interfaces.http.query_params import list_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.serializers import (
    NewPostSerializer,
    PostSerializer,
    page_response,
    post_response,
)


@extend_schema(parameters=schema.LIST_PARAMS, responses=PostSerializer(many=True))
@api_view(["GET", "HEAD"])
def post_list(request: Request) -> Response:
    """List posts, newest first."""
    page = Post.objects.timeline(request.user, **list_params(request.query_params))
    return page_response(page, request)


@extend_schema(responses=PostSerializer)
@api_view(["GET", "HEAD"])
def post_detail(request: Request, pk: int) -> Response:
    """Read a post."""
    post = Post.objects.get_row(request.user, pk)
    return post_response(post, request.user)


@extend_schema(
    request=NewPostSerializer,
    parameters=[schema.IDEMPOTENCY_KEY],
    responses={status.HTTP_201_CREATED: PostSerializer},
)
@api_view(["POST"])
def post_create(request: Request) -> Response:
    """Publish a post, or a reply to one."""
    serializer = NewPostSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    key = headers.idempotency_key(request)
    post = actions.publish(by=request.user, key=key, **serializer.validated_data)
    return post_response(post, request.user, status.HTTP_201_CREATED)


@extend_schema(request=PostSerializer, parameters=[schema.IF_MATCH], responses=PostSerializer)
@api_view(["PUT", "PATCH"])
def post_update(request: Request, pk: int) -> Response:
    """Edit a post, or with PATCH a part of it."""
    post = Post.objects.get_editable(request.user, pk)
    serializer = PostSerializer(post, data=request.data, partial=request.method == "PATCH")
    serializer.is_valid(raise_exception=True)
    version = headers.if_match_version(request)
    post = actions.edit(post_id=pk, by=request.user, version=version, **serializer.validated_data)
    return post_response(post, request.user)


@extend_schema(parameters=[schema.IF_MATCH], responses={status.HTTP_204_NO_CONTENT: None})
@api_view(["DELETE"])
def post_delete(request: Request, pk: int) -> Response:
    """Delete a post."""
    version = headers.if_match_version(request)
    actions.delete(post_id=pk, by=request.user, version=version)
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(request=None, responses={status.HTTP_200_OK: PostSerializer})
@api_view(["POST", "PUT", "DELETE"])
def post_like(request: Request, pk: int) -> Response:
    """Like a post (PUT), take the like back (DELETE), or toggle it (POST)."""
    by_method = {"PUT": actions.like, "DELETE": actions.unlike, "POST": actions.toggle_like}
    post = by_method[str(request.method)](post_id=pk, by=request.user)
    return post_response(post, request.user)


@extend_schema(request=None, responses={status.HTTP_200_OK: PostSerializer})
@api_view(["POST", "PUT", "DELETE"])
def post_bookmark(request: Request, pk: int) -> Response:
    """Bookmark a post (PUT), remove the bookmark (DELETE), or toggle it (POST)."""
    by_method = {
        "PUT": actions.bookmark,
        "DELETE": actions.unbookmark,
        "POST": actions.toggle_bookmark,
    }
    post = by_method[str(request.method)](post_id=pk, by=request.user)
    return post_response(post, request.user)
