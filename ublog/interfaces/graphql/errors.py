"""The domain's errors in GraphQL.

A mutation has them in its payload, as `errors`; a query in the errors of the response, with the
same code in `extensions`. Any other error is the server's: its text is logged and not sent.
"""

import logging
from collections.abc import Callable
from typing import Any

import graphene
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpRequest
from graphql import GraphQLError, GraphQLResolveInfo

from ublog.accounts import scopes
from ublog.accounts.scopes import LoginRequired, MissingScope
from ublog.core.exceptions import (
    Gone,
    IdempotencyKeyReused,
    MembersOnly,
    NotAuthenticated,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
    outage_behind,
)
from ublog.core.observability.request_ids import request_id
from ublog.interfaces.graphql.parts import RequestError

log = logging.getLogger(__name__)
CODES: dict[type[Exception], str] = {
    ValidationError: "INVALID",
    NotAuthenticated: "UNAUTHENTICATED",
    PermissionDenied: "FORBIDDEN",
    Gone: "GONE",
    ObjectDoesNotExist: "NOT_FOUND",
    RateLimited: "RATE_LIMITED",
    StorageFull: "STORAGE_FULL",
    Unavailable: "UNAVAILABLE",
    Stale: "STALE",
    IdempotencyKeyReused: "IDEMPOTENCY_KEY_REUSED",
}
DOMAIN_ERRORS = tuple(CODES)
# GraphQL responds to most errors with 200. What proxies, monitors and clients that must wait act on
# has the same status as in REST.
STATUSES: dict[type[Exception], int] = {
    MissingScope: 403,
    LoginRequired: 403,
    MembersOnly: 401,
    **dict.fromkeys((*DOMAIN_ERRORS, GraphQLError), 200),
    RateLimited: 429,
    Gone: 410,
    StorageFull: 507,
    Unavailable: 503,
    IdempotencyKeyReused: 422,
    Exception: 500,  # an error of the server
}


class ErrorCode(graphene.Enum):
    """The kind of an error."""

    INVALID = "INVALID"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    GONE = "GONE"
    RATE_LIMITED = "RATE_LIMITED"
    STORAGE_FULL = "STORAGE_FULL"
    STALE = "STALE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    UNAVAILABLE = "UNAVAILABLE"


class ErrorType(graphene.ObjectType):
    """Why a mutation has changed nothing."""

    class Meta:
        name = "Error"

    code = ErrorCode(required=True)
    message = graphene.String(required=True)
    field = graphene.String(description="The argument that is not valid.")
    retry_after = graphene.Int(description="Seconds to wait.")


class DomainMutation(graphene.Mutation):
    """A mutation whose `mutate` may raise errors of the domain, which become its `errors`.

    The token of a program needs its `scope`.
    """

    class Meta:
        abstract = True

    errors = graphene.List(graphene.NonNull(ErrorType), required=True, default_value=())
    mutate: "Mutate"
    scope = scopes.WRITE

    @classmethod
    def __init_subclass_with_meta__(cls, **options: Any) -> None:
        """Have Graphene call `mutate` with a handler around it."""
        resolver = with_domain_errors(cls, cls.mutate)
        super().__init_subclass_with_meta__(resolver=resolver, **options)


Mutate = Callable[..., DomainMutation]


def with_domain_errors(mutation: type[DomainMutation], mutate: Mutate) -> Mutate:
    """Return `mutate` with a handler that returns the domain's errors as the payload's `errors`."""

    def resolve(root: None, info: GraphQLResolveInfo, **arguments: Any) -> DomainMutation:
        try:
            scopes.check(info.context.user, mutation.scope)
            return mutate(root, info, **arguments)
        except Exception as failure:
            error = outage_behind(failure) or failure
            if not isinstance(error, DOMAIN_ERRORS):
                raise
            set_status(info.context, error)
            current = {"post": error.current} if isinstance(error, Stale) else {}
            return mutation(errors=payload_errors(error), **current)

    return resolve


def set_status(request: HttpRequest, error: Exception | None) -> None:
    """Set the HTTP status and Retry-After of the response, if the error needs another than 200."""
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 200)
    if status != 200:
        request.error_status = status, getattr(error, "retry_after", None)  # type: ignore[attr-defined]


def payload_errors(error: Exception) -> list[dict[str, Any]]:
    """Return an error as the `errors` of a payload: one for each message."""
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
    """Return the text of an error for users."""
    if code_of(error) == "NOT_FOUND":
        return "Not found."
    return str(error) or "You do not have permission to perform this action."


def code_of(error: Exception) -> str:
    """Return the code of the first class that fits: NotAuthenticated is a PermissionDenied, too."""
    return next(code for kind, code in CODES.items() if isinstance(error, kind))


def camel_case(field: str | None) -> str | None:
    """Return the name of a field as GraphQL spells it."""
    return graphene.utils.str_converters.to_camel_case(field) if field else None


def format_error(error: Exception) -> dict[str, Any]:
    """Return an error of the response, with a code in its `extensions`."""
    cause = cause_of(error)
    if isinstance(error, RequestError):
        return {"message": str(error), "extensions": {"code": error.code}}
    if isinstance(error, GraphQLError) and isinstance(cause, DOMAIN_ERRORS):
        first = payload_errors(cause)[0]
        message = first.pop("message")
        extensions = {camel_case(name): value for name, value in first.items()}
        return {**error.formatted, "message": message, "extensions": extensions}
    if isinstance(error, GraphQLError) and (cause is None or isinstance(cause, GraphQLError)):
        return {**error.formatted, "extensions": {"code": "BAD_QUERY", **(error.extensions or {})}}
    return internal_error(cause or error)


def cause_of(error: Exception) -> Exception | None:
    """Return the exception behind an error of the response; None for an invalid document."""
    cause = getattr(error, "original_error", None)
    return outage_behind(cause) or cause


def internal_error(error: Exception) -> dict[str, Any]:
    """Log an unexpected exception, and return an error with the id under which it is logged."""
    number = request_id()
    log.error("GraphQL error %s", number, exc_info=error)
    extensions = {"code": "INTERNAL", "id": number}
    return {"message": f"Internal error {number}.", "extensions": extensions}
