"""The domain's errors in GraphQL.

A mutation answers them in its payload, as `errors`; a query as errors of the response, with the
same code in `extensions`. Anything else is an error of ours: its text stays in the log.
"""

import logging
from collections.abc import Callable
from typing import Any, ClassVar

import graphene
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpRequest
from graphene_django.views import HttpError
from graphql import GraphQLError, GraphQLResolveInfo

from ublog.core.exceptions import (
    IdempotencyKeyReused,
    NotAuthenticated,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
    outage_behind,
)
from ublog.core.observability.request_ids import request_id

log = logging.getLogger(__name__)
CODES: dict[type[Exception], str] = {
    ValidationError: "INVALID",
    NotAuthenticated: "UNAUTHENTICATED",
    PermissionDenied: "FORBIDDEN",
    ObjectDoesNotExist: "NOT_FOUND",
    RateLimited: "RATE_LIMITED",
    StorageFull: "STORAGE_FULL",
    Unavailable: "UNAVAILABLE",
    Stale: "STALE",
    IdempotencyKeyReused: "IDEMPOTENCY_KEY_REUSED",
}
DOMAIN_ERRORS = tuple(CODES)
# GraphQL tells an error by 200, but not what a proxy, a monitor or a tired client must know.
STATUSES: dict[type[Exception], int] = {
    **dict.fromkeys((*DOMAIN_ERRORS, GraphQLError), 200),
    RateLimited: 429,
    StorageFull: 507,
    Unavailable: 503,
    IdempotencyKeyReused: 422,
    Exception: 500,  # a mistake of ours
}


class ErrorCode(graphene.Enum):
    """Why something was refused."""

    INVALID = "INVALID"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    RATE_LIMITED = "RATE_LIMITED"
    STORAGE_FULL = "STORAGE_FULL"
    STALE = "STALE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    UNAVAILABLE = "UNAVAILABLE"


class ErrorType(graphene.ObjectType):
    """Why a mutation did not happen."""

    code = ErrorCode(required=True)
    message = graphene.String(required=True)
    field = graphene.String(description="The argument that is not acceptable.")
    retry_after = graphene.Int(description="Seconds to wait.")


class DomainMutation(graphene.Mutation):
    """A mutation whose `perform` may refuse; it answers with the fields of the payload."""

    class Meta:
        abstract = True

    errors = graphene.List(graphene.NonNull(ErrorType), required=True)
    perform: ClassVar[Callable[..., dict[str, Any]]]

    @classmethod
    def mutate(cls, root: None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        try:
            return cls(errors=[], **cls.answer(info, **arguments))
        except Exception as failure:
            error = outage_behind(failure) or failure
            if not isinstance(error, DOMAIN_ERRORS):
                raise
            note(error, info.context)
            current = {"post": error.current} if isinstance(error, Stale) else {}
            return cls(errors=errors_of(error), **current)

    @classmethod
    def answer(cls, info: GraphQLResolveInfo, **arguments: Any) -> dict[str, Any]:
        """Most need to know no more of the request than who acts."""
        return cls.perform(info.context.user, **arguments)


def note(failure: Exception | None, request: HttpRequest) -> None:
    """Let the HTTP answer say it, too: how long to wait, that there is no room, that a key was
    used before, or that it is our mistake."""
    status = next((status for kind, status in STATUSES.items() if isinstance(failure, kind)), 200)
    if status != 200:
        request.refused = status, getattr(failure, "retry_after", None)  # type: ignore[attr-defined]


def errors_of(error: Exception) -> list[dict[str, Any]]:
    """An error as the `errors` of a payload: one for each message."""
    code = code_of(error)
    if isinstance(error, ValidationError):
        fields = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        return [
            {"code": code, "message": message, "field": camel_case(field)}
            for field, messages in fields.items()
            for message in messages
        ]
    retry_after = getattr(error, "retry_after", None)
    return [{"code": code, "message": message_of(error), "retry_after": retry_after}]


def message_of(error: Exception) -> str:
    if isinstance(error, ObjectDoesNotExist):
        return "There is nothing here."
    return str(error) or "This is not allowed."


def code_of(error: Exception) -> str:
    """Of the first kind that it is: NotAuthenticated is a PermissionDenied, too."""
    return next(code for kind, code in CODES.items() if isinstance(error, kind))


def camel_case(field: str | None) -> str | None:
    return graphene.utils.str_converters.to_camel_case(field) if field else None


def format_error(error: Exception) -> dict[str, Any]:
    """An error of the response, with a code in its `extensions`."""
    cause = cause_of(error)
    if isinstance(error, HttpError):
        return {"message": error.message, "extensions": {"code": "INVALID"}}
    if isinstance(error, GraphQLError) and isinstance(cause, DOMAIN_ERRORS):
        first = errors_of(cause)[0]
        message = first.pop("message")
        extensions = {camel_case(name): value for name, value in first.items()}
        return {**error.formatted, "message": message, "extensions": extensions}
    if isinstance(error, GraphQLError) and (cause is None or isinstance(cause, GraphQLError)):
        return {**error.formatted, "extensions": {"code": "BAD_QUERY", **(error.extensions or {})}}
    return internal(cause or error)


def cause_of(error: Exception) -> Exception | None:
    """What went wrong behind an error of the response; None for a mistake in the document."""
    cause = getattr(error, "original_error", None)
    return outage_behind(cause) or cause


def internal(error: Exception) -> dict[str, Any]:
    """What we did not foresee: an id is told, and the rest is in the log."""
    number = request_id()
    log.error("GraphQL error %s", number, exc_info=error)
    extensions = {"code": "INTERNAL", "id": number}
    return {"message": f"Internal error {number}.", "extensions": extensions}
