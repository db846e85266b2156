"""Errors of the domain in the shape of Mastodon's API: `{"error": …}`."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from ublog.accounts.scopes import MissingScope
from ublog.core.exceptions import (
    Conflict,
    Gone,
    IdempotencyKeyReused,
    NotAuthenticated,
    RateLimited,
    StorageFull,
    Unavailable,
)
from ublog.interfaces.auth.permissions import challenge
from ublog.interfaces.http.mastodon import error_response

NOT_FOUND = "Record not found"
# The status, and what to say if it is not the message of the error. The first that fits is taken.
STATUSES: dict[type[Exception], tuple[int, str]] = {
    NotAuthenticated: (401, ""),
    AuthenticationFailed: (401, "The access token is invalid"),
    MissingScope: (403, "This action is outside the authorized scopes"),
    PermissionDenied: (403, "This action is not allowed"),
    Gone: (410, ""),
    ObjectDoesNotExist: (404, NOT_FOUND),
    Http404: (404, NOT_FOUND),
    Conflict: (409, ""),
    IdempotencyKeyReused: (422, ""),
    RateLimited: (429, ""),
    Unavailable: (503, ""),
    StorageFull: (507, ""),
}
TRANSLATED: tuple[type[Exception], ...] = (*STATUSES, ValidationError)


def translate(error: Exception) -> HttpResponse:
    """Return the response to an error, one of TRANSLATED."""
    if isinstance(error, ValidationError):
        return invalid_response(error)
    status, message = next(said for kind, said in STATUSES.items() if isinstance(error, kind))
    response = error_response(status, message or str(error))
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    elif isinstance(error, MissingScope):
        response["WWW-Authenticate"] = challenge(error)
    elif isinstance(error, RateLimited | Unavailable):
        for name, value in wait_headers(error).items():
            response[name] = value
    return response


def wait_headers(error: RateLimited | Unavailable) -> dict[str, str]:
    """Return when to try again. Mastodon.py reads these headers, and no Retry-After."""
    wait = {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unavailable):
        return wait
    reset = timezone.now() + timedelta(seconds=error.retry_after)
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    values = (str(error.amount), "0", reset.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    return wait | dict(zip(names, values, strict=True))


def invalid_response(error: ValidationError) -> HttpResponse:
    """Return a 422 with all messages, and those of each field as `details`."""
    message = f"Validation failed: {' '.join(error.messages)}"
    if not hasattr(error, "error_dict"):
        return error_response(422, message)
    details: dict[str, Any] = {
        field: [{"error": "ERR_INVALID", "description": text} for text in texts]
        for field, texts in error.message_dict.items()
    }
    return error_response(422, message, details=details)


def renamed(error: ValidationError) -> ValidationError:
    """Return the error with the names that the fields have here; one of no field is of the file."""
    if not hasattr(error, "error_dict"):
        return ValidationError({"file": error.messages})
    names = {"image": "file", "image_alt": "description", "bio": "note"}
    return ValidationError(
        {names.get(name, name): texts for name, texts in error.error_dict.items()}
    )
