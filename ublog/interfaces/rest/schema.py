"""What the OpenAPI document says beyond serializers and docstrings of views."""

import re
from http import HTTPStatus
from typing import Any, get_type_hints

from django.conf import settings
from drf_spectacular import openapi
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework.permissions import SAFE_METHODS

from ublog.blog.publish_keys import MAX_KEY
from ublog.blog.querysets import PostFilters
from ublog.blog.search import MAX_QUERY
from ublog.core import exceptions
from ublog.core.cursors import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from ublog.interfaces.rest.errors import NOT_FOUND, TOO_LARGE
from ublog.interfaces.rest.pagination import TimelinePagination
from ublog.interfaces.rest.serializers import ErrorSerializer, StaleSerializer

# -- Parameters ---------------------------------------------------------------------------------
PAGE_PARAMS = [
    OpenApiParameter(
        "cursor",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        description="From `next` or `previous` of a response. Any other is a 400.",
    ),
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
    ),
]


def filter_param(name: str, text: str, *values: str) -> OpenApiParameter:
    """Return the parameter of a filter of lists: what describes it, and its values if only some."""
    limits: dict[str, Any] = {"enum": list(values)} if values else {}
    limits |= {"maxLength": MAX_QUERY} if name == "q" else {}
    return OpenApiParameter(name, {"type": "string", **limits}, description=text)


LIST_PARAMS = [
    *(
        filter_param(name, *hint.__metadata__)
        for name, hint in get_type_hints(PostFilters, include_extras=True).items()
    ),
    *PAGE_PARAMS,
]
PEOPLE_QUERY = OpenApiParameter(
    "q", str, description="The beginning of a username or of a word of the name."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": MAX_KEY},
    OpenApiParameter.HEADER,
    description="Chosen by the client and new for each post, such as a UUID. Sent again within 24 "
    "hours with the same post, it returns the post that was created first, or 410 if that was "
    "deleted.",
)
VERSION = "An ETag: another version is not changed (412). Without it, or with `*`, any version is."
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": r'^(\*|(W/)?"[^",]*")$'},
    OpenApiParameter.HEADER,
    description=VERSION,
)
POST = "'#/components/schemas/Post'"  # of which a response has an ETag
ETAG = {
    "schema": {"type": "string"},
    "description": "The version of the post, for `If-Match`. Likes do not change it.",
}
FROM_APP = OpenApiParameter(
    "X-Ublog", str, "header", enum=["1"], description="1: our app, which logs in to the pages, too."
)
COOKIE = "The refresh token; `__Host-refresh` on https. HttpOnly, SameSite=Strict."
WITH_COOKIE = [
    OpenApiParameter(
        "X-Ublog", str, "header", True, enum=["1"], description="No form can send it."
    ),
    OpenApiParameter(settings.REFRESH_COOKIE_NAME, str, "cookie", description=COOKIE),
]

# -- Errors -------------------------------------------------------------------------------------
# The description of each status, and its example or the `detail` of it.
TOO_LONG = {"body": ["Ensure this value has at most 280 characters (it has 281)."]}
ERRORS: dict[int, tuple[str, object]] = {
    400: ("The messages of each invalid field, or `detail`.", TOO_LONG),
    401: ("No valid credentials; see `WWW-Authenticate`.", exceptions.NotAuthenticated()),
    403: ("Not allowed.", "You do not have permission to perform this action."),
    404: ("Not found.", NOT_FOUND),
    409: ("Refreshed twice at the same time; nothing is lost.", "Try again."),
    410: ("The post of the idempotency key was deleted.", exceptions.Gone()),
    412: ("It was changed since the version in `If-Match`.", None),  # of its serializer
    413: ("The request is too large.", TOO_LARGE),
    415: ("Send JSON or a form.", 'Unsupported media type "text/xml" in request.'),
    422: ("The idempotency key was used for another post.", exceptions.IdempotencyKeyReused()),
    429: ("A limit is used up; `Retry-After` has the seconds.", exceptions.RateLimited(42)),
    503: ("Busy; `Retry-After` has the seconds to wait.", exceptions.Unavailable()),
    507: ("No space left to store this.", exceptions.StorageFull()),
}
# The errors that a parameter or a media type of the body can cause; `q` is a search.
CAUSES = {
    "cursor": {400},
    "q": {429, 503},
    "If-Match": {400, 403, 412},
    "Idempotency-Key": {410, 422},
    "application/json": {400, 429},
    "multipart/form-data": {413, 415, 503, 507},
}
SERIALIZERS: dict[int, Any] = {400: OpenApiTypes.OBJECT, 412: StaleSerializer}


# What an anonymous user may do. A site may allow less; members of it log in.
PUBLIC = re.compile(
    r"GET /api/(fbv|cbv)/posts/.*|POST /api/(fbv/posts/new|cbv/posts)/|GET /api/users/\{username\}/"
)


def error(status: int) -> OpenApiResponse:
    """Return the documented response of that status."""
    description, detail = ERRORS[status]
    value = detail if isinstance(detail, dict) else {"detail": str(detail)}
    examples = [OpenApiExample("Error", value)] if detail else None
    return OpenApiResponse(SERIALIZERS.get(status, ErrorSerializer), description, examples)


class AutoSchema(openapi.AutoSchema):
    """Take summary and description from the docstring, and add what follows from the rest.

    A view may name more errors of its unsafe methods in `error_statuses`, and of its safe ones in
    `read_error_statuses`.
    """

    def get_summary(self) -> str:
        return super().get_description().partition("\n")[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        return super().get_description().partition("\n")[2].strip() or f"{self.get_summary()}."

    def get_auth(self) -> list[dict[str, Any]]:
        """Return the ways to log in, and {} where an anonymous user may do this, too."""
        auth: list[dict[str, Any]] = super().get_auth()
        is_public = PUBLIC.fullmatch(f"{self.method} {self.path}")
        return [*auth, {}] if auth and is_public else auth

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def _get_paginator(self) -> TimelinePagination:
        return TimelinePagination()  # all lists have the same shape

    def get_operation(self, *args: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args)
        if operation is not None:  # of a view with schema = None
            operation.setdefault("security", [])
            self.complete(operation, operation["responses"])
        return operation

    def complete(self, operation: dict[str, Any], responses: dict[str, Any]) -> None:
        for status in self.get_error_statuses(operation) - {*map(int, responses)}:
            response = self._get_response_for_code(error(status), str(status))  # type: ignore[no-untyped-call]
            responses[str(status)] = response
        for code, response in responses.items():
            response["description"] = response["description"] or HTTPStatus(int(code)).phrase
            if code < "300" and POST in str(response.get("content")):
                response["headers"] = {"ETag": ETAG}
        operation["responses"] = dict(sorted(responses.items()))

    def get_error_statuses(self, operation: dict[str, Any]) -> set[int]:
        """Return the errors that follow from what the operation reads and who may use it."""
        parameters = [parameter["name"] for parameter in operation.get("parameters", ())]
        media_types = operation.get("requestBody", {}).get("content", ())
        statuses = set().union(*(CAUSES.get(name, ()) for name in (*parameters, *media_types)))
        logs_in, unsafe = bool(operation["security"]), self.method not in SAFE_METHODS
        statuses |= {401} if logs_in else set()  # also of a token that is not valid
        statuses |= {404} if "{" in self.path else set()
        statuses |= {429} if logs_in and unsafe and "204" not in operation["responses"] else set()
        named = "error_statuses" if unsafe else "read_error_statuses"
        return statuses | getattr(self.view, named, set())


def unique_types(result: Any, **_: Any) -> Any:
    """Return the document with each type of a schema once: drf-spectacular 0.30 writes "null" of a
    nullable model field twice, which OpenAPI 3.1 forbids."""
    for component in result["components"]["schemas"].values():
        for property in component.get("properties", {}).values():
            if isinstance(property.get("type"), list):
                property["type"] = list(dict.fromkeys(property["type"]))
    return result


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "ublog.interfaces.auth.authentication.BearerAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
