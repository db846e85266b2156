"""Django Ninja: a list of posts by ModelSchema, with orjson as its documentation renders it."""

from bench.peers.django_site import set_up

set_up(__name__)

from typing import Any  # noqa: E402

import orjson  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import ModelSchema, NinjaAPI  # noqa: E402
from ninja.renderers import BaseRenderer  # noqa: E402

from bench.peers.models import Author, Post  # noqa: E402


class ORJSONRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


class AuthorSchema(ModelSchema):
    class Meta:
        model = Author
        fields = ["username", "display_name"]


class PostSchema(ModelSchema):
    image: str | None  # its URL: null without one
    created_by: AuthorSchema | None

    class Meta:
        model = Post
        fields = ["id", "body", "image_alt", "image_width", "image_height"]
        fields += ["created_on", "modified_on", "like_count"]


api = NinjaAPI(renderer=ORJSONRenderer())


@api.get("/posts/", response=list[PostSchema])
def posts(request: HttpRequest) -> "QuerySet[Post]":
    return Post.objects.select_related("created_by").order_by("-created_on", "-id")[:20]


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
