"""What there is at `/api/`: a list of URLs, for people and programs that begin with the host."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

# By name, below the URL of this view.
PATHS = {
    "posts": "cbv/posts/",
    "posts_by_function_views": "fbv/posts/",
    "notifications": "cbv/notifications/",
    "users": "users/",
    "profile": "profile/",
    "token": "auth/token/",
    "openapi": "schema/",
    "swagger": "docs/",
    "redoc": "redoc/",
}


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def root(request: Request) -> Response:
    """Return the URLs of what there is, by name."""
    here = reverse("api-root")
    urls = {name: f"{here}{path}" for name, path in PATHS.items()}
    elsewhere = {"graphql": reverse("graphql"), "feeds": reverse("feeds:about")}
    return Response({**urls, **elsewhere, "oembed": reverse("oembed")})
