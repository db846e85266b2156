"""What the OpenAPI document says of each operation, once for both REST styles."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers

from ublog.blog.images import BUSY as IMAGES_BUSY
from ublog.blog.models import MAX_ALT, MAX_BODY, MAX_KEY
from ublog.blog.querysets import MAX_QUERY
from ublog.core.cursors import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from ublog.core.exceptions import IdempotencyKeyReused, RateLimited, Stale, TooSlow, Unavailable
from ublog.core.storage.disk import NO_ROOM

View = TypeVar("View", bound=Callable[..., Any])

# -- Shapes ---------------------------------------------------------------------------------


class Author(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField(
        allow_blank=True, help_text="May be empty: then show the username."
    )


class Picture(serializers.Serializer[Any]):
    url = serializers.CharField()
    thumbnail = serializers.CharField(help_text="The picture itself until one is made.")
    width = serializers.IntegerField(help_text="Pixels, of the picture.")
    height = serializers.IntegerField(help_text="Pixels, of the picture.")
    alt = serializers.CharField(allow_blank=True, help_text="What can be seen in it.")


class Post(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    body = serializers.CharField()
    image = Picture(allow_null=True)
    created_by = Author(allow_null=True, help_text="null: published anonymously.")
    created_on = serializers.DateTimeField()
    modified_on = serializers.DateTimeField()
    edited = serializers.BooleanField()
    like_count = serializers.IntegerField()
    liked = serializers.BooleanField(help_text="Whether the caller likes it.")
    can_edit = serializers.BooleanField(help_text="Whether the caller may change it.")


@extend_schema_serializer(many=False)  # it is itself the page, also of a view set's list
class PostPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="Older posts.")
    previous = serializers.URLField(allow_null=True, help_text="Newer posts.")
    results = Post(many=True)


class PostText(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=MAX_BODY)
    image_alt = serializers.CharField(max_length=MAX_ALT, required=False, allow_blank=True)


class PostForm(PostText):
    image = serializers.FileField(
        required=False, allow_null=True, help_text="JPEG, PNG, WebP or GIF; empty removes it."
    )


class PostChange(PostText):
    image = serializers.FileField(
        required=False, allow_null=True, help_text="null removes the picture."
    )


class ErrorSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()


class StalePost(ErrorSerializer):
    code = serializers.ChoiceField(["stale"])
    post = Post(help_text="What it is now.")


class Credentials(serializers.Serializer[Any]):
    email = serializers.EmailField()
    password = serializers.CharField()


class Access(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="For `Authorization: Bearer`; lives five minutes.")


# -- Answers and parameters -----------------------------------------------------------------

A_POST = {
    "id": 1,
    "body": "Hello, world!",
    "image": None,
    "created_by": {"username": "alice", "display_name": "Alice"},
    "created_on": "2026-11-22T18:00:00Z",
    "modified_on": "2026-11-22T18:00:00Z",
    "edited": False,
    "like_count": 3,
    "liked": True,
    "can_edit": False,
}
A_PAGE = {
    "next": "https://blog.example.org/api/cbv/posts/?cursor=bzE3OTUzOTM0ODg0ODU4NjUuMQ",
    "previous": None,
    "results": [A_POST],
}
NEW_TEXT = OpenApiExample("A text", {"body": "Hello, world!"}, request_only=True)
OTHER_TEXT = OpenApiExample("Another text", {"body": "Hello, all of you!"}, request_only=True)


def error_response(description: str, detail: str) -> OpenApiResponse:
    """An answer that is one sentence."""
    return OpenApiResponse(
        ErrorSerializer, description, [OpenApiExample("An error_response", {"detail": detail})]
    )


SHOWN = OpenApiResponse(Post, "The post as it now is.", [OpenApiExample("A post", A_POST)])
LISTED = OpenApiResponse(PostPage, "A page of posts.", [OpenApiExample("A page", A_PAGE)])
BAD_FIELDS = OpenApiResponse(
    OpenApiTypes.OBJECT,
    "Something given is not acceptable: the messages of each field, or `detail`.",
    [
        OpenApiExample(
            "Too long", {"body": ["Ensure this value has at most 280 characters (it has 281)."]}
        )
    ],
)
BAD_TOKEN = error_response(
    "The access token is not valid.", "The access token is not valid, or has expired."
)
UNAUTHENTICATED = error_response(
    "Only for someone who is signed in; see the header.", "Please log in first."
)
FORBIDDEN = error_response(
    "Only its author may change a post.", "Only its author may change this post."
)
NOT_FOUND = error_response("There is no such post.", "There is nothing here.")
TOO_LARGE = error_response("More was sent than anything here needs.", "This is too large.")
WRONG_TYPE = error_response("Send JSON or a form.", 'Unsupported media type "text/xml" in request.')
BUSY = error_response(
    "Not now; `Retry-After` says when to try again.", str(Unavailable(IMAGES_BUSY))
)
FULL = error_response("There is no room to store this.", NO_ROOM)
RATE_LIMITED = error_response(
    "A limit is used up; `Retry-After` says how long.", str(RateLimited(42))
)
TOO_SLOW = error_response("The search took too long; `Retry-After` says how long.", str(TooSlow()))
IDEMPOTENCY_KEY_REUSED = error_response(
    "The idempotency key was used for another post.", str(IdempotencyKeyReused())
)
STALE = OpenApiResponse(
    StalePost,
    "It was changed since the version in `If-Match`.",
    [OpenApiExample("Changed", {"detail": str(Stale(None)), "code": "stale", "post": A_POST})],
)

ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="The version of the post, for `If-Match`: its `modified_on` in quotes. Likes do "
    "not change it.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="An ETag: a post that has another version now is left alone (412). Without it, or "
    "with `*`, the last writer wins.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": MAX_KEY},
    OpenApiParameter.HEADER,
    description="Of your own making and new for each post, such as a UUID. Sent again within 24 "
    "hours with the same post, it answers with the post that was made first.",
)
ID = OpenApiParameter("id", OpenApiTypes.INT, "path", description="The post's id.")
PAGE_PARAMS = [
    OpenApiParameter("cursor", str, description="From the `next` or `previous` of an answer."),
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
        description="Items a page.",
    ),
]
FILTERS = [
    OpenApiParameter(
        "q", str, description=f"Posts that contain this text (≤ {MAX_QUERY}). Limited, each page."
    ),
    OpenApiParameter("author", str, description="Posts by the person of this username."),
    *PAGE_PARAMS,
]
FORM = {"application/json": PostText, "multipart/form-data": PostForm}
CHANGE = {"application/json": PostChange, "multipart/form-data": PostForm}

# -- Operations -----------------------------------------------------------------------------


def listed_as(operation_id: str) -> Callable[[View], View]:
    return extend_schema(
        operation_id=operation_id,
        summary="List posts, newest first",
        parameters=FILTERS,
        responses={200: LISTED, 400: BAD_FIELDS, 401: BAD_TOKEN, 429: RATE_LIMITED, 503: TOO_SLOW},
    )


listing = listed_as("fbv_posts_list")
publishing = extend_schema(
    summary="Publish a post",
    request=FORM,
    examples=[NEW_TEXT],
    parameters=[IDEMPOTENCY_KEY, ETAG],
    responses={
        201: SHOWN,
        400: BAD_FIELDS,
        401: UNAUTHENTICATED,
        413: TOO_LARGE,
        415: WRONG_TYPE,
        422: IDEMPOTENCY_KEY_REUSED,
        429: RATE_LIMITED,
        503: BUSY,
        507: FULL,
    },
)
reading = extend_schema(
    summary="Read a post",
    parameters=[ETAG],
    responses={200: SHOWN, 401: BAD_TOKEN, 404: NOT_FOUND},
)
OWN = {401: UNAUTHENTICATED, 403: FORBIDDEN, 404: NOT_FOUND}
LIKED = {200: SHOWN, 401: UNAUTHENTICATED, 404: NOT_FOUND, 429: RATE_LIMITED}
CHANGED = {
    200: SHOWN,
    400: BAD_FIELDS,
    **OWN,
    412: STALE,
    413: TOO_LARGE,
    415: WRONG_TYPE,
    429: RATE_LIMITED,
    503: BUSY,
    507: FULL,
}
EDIT: dict[str, Any] = {
    "request": CHANGE,
    "examples": [OTHER_TEXT],
    "parameters": [IF_MATCH, ETAG],
    "responses": CHANGED,
}
replacing = extend_schema(summary="Edit a post", **EDIT)
patching = extend_schema(summary="Edit a part of a post", **EDIT)
deleting = extend_schema(
    summary="Delete a post",
    parameters=[IF_MATCH],
    responses={204: None, 400: BAD_FIELDS, **OWN, 412: STALE},
)


def editing(view: View) -> View:
    """For one function that serves both methods."""
    put = extend_schema(methods=["PUT"], summary="Edit a post", **EDIT)
    patch = extend_schema(methods=["PATCH"], summary="Edit a part of a post", **EDIT)
    return put(patch(view))


def liking(view: View) -> View:
    """For one function that serves the three methods of `like/`."""
    summaries = {
        "POST": "Click the like button",
        "PUT": "Like a post",
        "DELETE": "Take a like back",
    }
    for method, summary in summaries.items():
        view = extend_schema(
            methods=[method], summary=summary, request=None, parameters=[ETAG], responses=LIKED
        )(view)
    return view


view_set = extend_schema_view(
    list=listed_as("cbv_posts_list"),
    create=publishing,
    retrieve=reading,
    update=replacing,
    partial_update=patching,
    destroy=deleting,
)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "ublog.interfaces.auth.authentication.BearerAuthentication"
    name = "access token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
