"""The domain's errors as REST answers: `{"detail": …}`, or the messages of each field."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, ValidationError
from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ublog.core.exceptions import (
    Conflict,
    IdempotencyKeyReused,
    NotAuthenticated,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
)
from ublog.core.viewers import Viewer
from ublog.interfaces.rest.serializers import etag, post_json

# The status, and what is said if not what the error says itself.
PLAIN: dict[type[Exception], tuple[int, str]] = {
    ObjectDoesNotExist: (404, "There is nothing here."),
    Http404: (404, "There is nothing here."),
    Conflict: (409, ""),
    RequestDataTooBig: (413, "This is too large."),
    IdempotencyKeyReused: (422, ""),
    RateLimited: (429, ""),
    Unavailable: (503, ""),
    StorageFull: (507, ""),
}


def translate(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error; None for what is not one, which is then an error of ours."""
    match error:
        case NotAuthenticated():
            return answer(401, error, {"WWW-Authenticate": 'Bearer realm="api"'})
        case ValidationError():
            return Response(messages_of(error), status=400)
        case Stale():
            return stale(error, context["request"].user)
    return plain(error) or exception_handler(error, context)


def plain(error: Exception) -> Response | None:
    """A status and a sentence; None for what is not in the table."""
    for kind, (status, detail) in PLAIN.items():
        if isinstance(error, kind):
            return answer(status, detail or error, waiting(error))
    return None


def stale(error: Stale, viewer: Viewer) -> Response:
    """With the post as it now is, and its version."""
    post = post_json(error.current, viewer)
    told = {"detail": str(error), "code": "stale", "post": post}
    return Response(told, status=412, headers={"ETag": etag(error.current)})


def waiting(error: Exception) -> dict[str, str]:
    """Return the header that says when to try again, if that is known."""
    seconds = getattr(error, "retry_after", None)
    return {"Retry-After": str(seconds)} if seconds else {}


def answer(status: int, detail: object, headers: dict[str, str] | None = None) -> Response:
    return Response({"detail": str(detail)}, status=status, headers=headers)


def messages_of(error: ValidationError) -> dict[str, Any]:
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {"detail": " ".join(error.messages)}
