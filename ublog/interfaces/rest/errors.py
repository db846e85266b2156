"""Errors of the domain as REST responses: `{"detail": …}`, or the messages of each field."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, ValidationError
from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ublog.accounts.scopes import MissingScope
from ublog.core.exceptions import (
    Conflict,
    Gone,
    IdempotencyKeyReused,
    NotAuthenticated,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
)
from ublog.core.viewers import Viewer
from ublog.interfaces.auth.permissions import insufficient_scope
from ublog.interfaces.rest.serializers import etag, post_json

NOT_FOUND = "Not found."
TOO_LARGE = "This is too large."
# The status, and the detail if it is not the message of the error.
STATUSES: dict[type[Exception], tuple[int, str]] = {
    Gone: (410, ""),
    ObjectDoesNotExist: (404, NOT_FOUND),
    Http404: (404, NOT_FOUND),
    Conflict: (409, ""),
    RequestDataTooBig: (413, TOO_LARGE),
    IdempotencyKeyReused: (422, ""),
    RateLimited: (429, ""),
    Unavailable: (503, ""),
    StorageFull: (507, ""),
}


def translate(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the response to an error; None for an unexpected one, which Django handles."""
    match error:
        case NotAuthenticated():
            return error_response(401, error, {"WWW-Authenticate": 'Bearer realm="api"'})
        case MissingScope():
            return exception_handler(insufficient_scope(error), context)
        case ValidationError():
            return Response(validation_messages(error), status=400)
        case Stale():
            return stale_response(error, context["request"].user)
    return status_response(error) or exception_handler(error, context)


def status_response(error: Exception) -> Response | None:
    """Return the response to an error in STATUSES, or None."""
    for kind, (status, detail) in STATUSES.items():
        if isinstance(error, kind):
            return error_response(status, detail or error, retry_after(error))
    return None


def stale_response(error: Stale, viewer: Viewer) -> Response:
    """Return a 412 with the current post and its ETag."""
    post = post_json(error.current, viewer)
    content = {"detail": str(error), "code": "stale", "post": post}
    return Response(content, status=412, headers={"ETag": etag(error.current)})


def retry_after(error: Exception) -> dict[str, str]:
    """Return the header that says when to try again, if that is known."""
    seconds = getattr(error, "retry_after", None)
    return {"Retry-After": str(seconds)} if seconds else {}


def error_response(status: int, detail: object, headers: dict[str, str] | None = None) -> Response:
    return Response({"detail": str(detail)}, status=status, headers=headers)


def validation_messages(error: ValidationError) -> dict[str, Any]:
    """Return the messages of each field, or `detail` for an error of no field."""
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {"detail": " ".join(error.messages)}
