"""The domain's refusals as REST answers: `{"detail": …}`, or the messages of each field."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, ValidationError
from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ublog.core.refusals import Conflict, LoginNeeded, TooMany


def translate(refusal: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a refusal; None for what is not one, which is then an error of ours."""
    match refusal:
        case LoginNeeded():
            return answer(401, refusal, {"WWW-Authenticate": 'Bearer realm="api"'})
        case TooMany():
            return answer(429, refusal, {"Retry-After": str(refusal.retry_after)})
        case ValidationError():
            return Response(messages_of(refusal), status=400)
        case ObjectDoesNotExist() | Http404():
            return answer(404, "There is nothing here.")
        case Conflict():
            return answer(409, refusal)
        case RequestDataTooBig():
            return answer(413, "This is too large.")
    return exception_handler(refusal, context)


def answer(status: int, detail: object, headers: dict[str, str] | None = None) -> Response:
    return Response({"detail": str(detail)}, status=status, headers=headers)


def messages_of(refusal: ValidationError) -> dict[str, Any]:
    if hasattr(refusal, "error_dict"):
        return refusal.message_dict
    return {"detail": " ".join(refusal.messages)}
