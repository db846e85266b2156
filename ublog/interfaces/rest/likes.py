"""Who likes a post, in REST."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog.likes import LikeRow
from ublog.core.cursors import Page
from ublog.interfaces.rest.pagination import paginated_response
from ublog.interfaces.rest.serializers import AuthorSerializer, author_json

LIKE_EXAMPLE = {
    "user": {"username": "bob", "display_name": "Bob", "avatar": None},
    "liked_on": "2026-11-22T18:00:00Z",
}


@extend_schema_serializer(examples=[OpenApiExample("A like", LIKE_EXAMPLE, response_only=True)])
class LikeSerializer(serializers.Serializer[Any]):
    """A like of a post."""

    user = AuthorSerializer(help_text="Who likes it.")
    liked_on = serializers.DateTimeField()


def likes_response(page: Page[LikeRow], request: Request) -> Response:
    """Return a response with the page of likes."""
    results = [{"user": author_json(row.user), "liked_on": row.liked_on} for row in page.items]
    return paginated_response(page, results, request)
