"""Posts as DRF function views: one function for each operation."""

from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.conditions import idempotency_key, seen_version
from ublog.interfaces.rest import docs
from ublog.interfaces.rest.methods import LIKING
from ublog.interfaces.rest.pagination import TimelinePagination
from ublog.interfaces.rest.serializers import PostSerializer, represent, shown


@docs.listing
@api_view(["GET"])
def index(request: Request) -> Response:
    pages = TimelinePagination()
    page = pages.paginate_queryset(Post.objects, request)
    return pages.get_paginated_response([represent(post, request.user) for post in page])


@docs.publishing
@api_view(["POST"])
def create(request: Request) -> Response:
    given = PostSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    key = idempotency_key(request)
    post = actions.publish(by=request.user, key=key, **given.validated_data)
    return shown(post, request.user, status.HTTP_201_CREATED)


@docs.reading
@api_view(["GET"])
def detail(request: Request, pk: int) -> Response:
    post = Post.objects.one(request.user, pk)
    return shown(post, request.user)


@docs.editing
@api_view(["PUT", "PATCH"])
def update(request: Request, pk: int) -> Response:
    post = Post.objects.to_change(request.user, pk)
    given = PostSerializer(post, data=request.data, partial=request.method == "PATCH")
    given.is_valid(raise_exception=True)
    version = seen_version(request)
    post = actions.edit(post_id=pk, by=request.user, version=version, **given.validated_data)
    return shown(post, request.user)


@docs.deleting
@api_view(["DELETE"])
def delete(request: Request, pk: int) -> Response:
    actions.delete(post_id=pk, by=request.user, version=seen_version(request))
    return Response(status=status.HTTP_204_NO_CONTENT)


@docs.liking
@api_view(["POST", "PUT", "DELETE"])
def like(request: Request, pk: int) -> Response:
    post = LIKING[request.method](post_id=pk, by=request.user)
    return shown(post, request.user)
