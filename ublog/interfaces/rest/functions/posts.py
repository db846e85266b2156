"""Posts as DRF function views: one function for each operation."""

from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.http.headers import idempotency_key, if_match_version
from ublog.interfaces.http.query_params import list_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.methods import LIKE_ACTIONS
from ublog.interfaces.rest.pagination import page_response
from ublog.interfaces.rest.serializers import PostSerializer, post_json, post_response


@schema.listing
@api_view(["GET"])
def index(request: Request) -> Response:
    page = Post.objects.timeline(request.user, **list_params(request.query_params))
    return page_response(page, [post_json(post, request.user) for post in page.items], request)


@schema.publishing
@api_view(["POST"])
def create(request: Request) -> Response:
    given = PostSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    key = idempotency_key(request)
    post = actions.publish(by=request.user, key=key, **given.validated_data)
    return post_response(post, request.user, status.HTTP_201_CREATED)


@schema.reading
@api_view(["GET"])
def detail(request: Request, pk: int) -> Response:
    post = Post.objects.get_row(request.user, pk)
    return post_response(post, request.user)


@schema.editing
@api_view(["PUT", "PATCH"])
def update(request: Request, pk: int) -> Response:
    post = Post.objects.get_editable(request.user, pk)
    given = PostSerializer(post, data=request.data, partial=request.method == "PATCH")
    given.is_valid(raise_exception=True)
    version = if_match_version(request)
    post = actions.edit(post_id=pk, by=request.user, version=version, **given.validated_data)
    return post_response(post, request.user)


@schema.deleting
@api_view(["DELETE"])
def delete(request: Request, pk: int) -> Response:
    actions.delete(post_id=pk, by=request.user, version=if_match_version(request))
    return Response(status=status.HTTP_204_NO_CONTENT)


@schema.liking
@api_view(["POST", "PUT", "DELETE"])
def like(request: Request, pk: int) -> Response:
    post = LIKE_ACTIONS[request.method](post_id=pk, by=request.user)
    return post_response(post, request.user)
