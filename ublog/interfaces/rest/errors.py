"""The domain's refusals as REST answers: `{"detail": …}`, or the messages of each field."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, ValidationError
from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ublog.core.refusals import Conflict, KeyReused, LoginNeeded, Stale, TooMany, Unavailable
from ublog.core.viewers import Viewer
from ublog.interfaces.rest.serializers import etag, represent

# The status, and what is said if not what the refusal says itself.
PLAIN: dict[type[Exception], tuple[int, str]] = {
    ObjectDoesNotExist: (404, "There is nothing here."),
    Http404: (404, "There is nothing here."),
    Conflict: (409, ""),
    RequestDataTooBig: (413, "This is too large."),
    KeyReused: (422, ""),
}


def translate(refusal: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a refusal; None for what is not one, which is then an error of ours."""
    match refusal:
        case LoginNeeded():
            return answer(401, refusal, {"WWW-Authenticate": 'Bearer realm="api"'})
        case TooMany() | Unavailable():
            return later(refusal)
        case ValidationError():
            return Response(messages_of(refusal), status=400)
        case Stale():
            return stale(refusal, context["request"].user)
    for kind, (status, detail) in PLAIN.items():
        if isinstance(refusal, kind):
            return answer(status, detail or refusal)
    return exception_handler(refusal, context)


def stale(refusal: Stale, viewer: Viewer) -> Response:
    """With the post as it now is, and its version."""
    post = represent(refusal.current, viewer)
    told = {"detail": str(refusal), "code": "stale", "post": post}
    return Response(told, status=412, headers={"ETag": etag(refusal.current)})


def later(refusal: TooMany | Unavailable) -> Response:
    """Return 429 or 503, with the number of seconds to wait."""
    status = 429 if isinstance(refusal, TooMany) else 503
    return answer(status, refusal, {"Retry-After": str(refusal.retry_after)})


def answer(status: int, detail: object, headers: dict[str, str] | None = None) -> Response:
    return Response({"detail": str(detail)}, status=status, headers=headers)


def messages_of(refusal: ValidationError) -> dict[str, Any]:
    if hasattr(refusal, "error_dict"):
        return refusal.message_dict
    return {"detail": " ".join(refusal.messages)}
