"""Who likes a post, by a function view."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog.likes import list_likes
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.likes import LikeSerializer, likes_response


@extend_schema(parameters=schema.PAGE_PARAMS, responses=LikeSerializer(many=True))
@api_view(["GET", "HEAD"])
def post_likes(request: Request, pk: int) -> Response:
    """List who likes a post, newest first."""
    page = list_likes(request.user, pk, **page_params(request.query_params))
    return likes_response(page, request)
