"""The parts of a GraphQL request: https://graphql.github.io/graphql-over-http/draft/."""

from typing import Any

import orjson
from django.http import HttpRequest

TYPES: dict[str, tuple[type, str]] = {
    "query": (str, "a string"),
    "variables": (dict, "an object"),
    "operationName": (str, "a string"),
    "extensions": (dict, "an object"),
}
NO_QUERY = (
    "This is a GraphQL endpoint: send a `query` as JSON by POST, or in the URL by GET. "
    "A browser that accepts text/html gets GraphiQL."
)


class RequestError(Exception):
    """An error of a request that is not executed: the message, the status, and the code.

    With status 405, `allow` has the methods that are allowed.
    """

    def __init__(
        self, message: str, status: int = 400, code: str = "INVALID", allow: str = ""
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.allow = status, code, allow


def read_parts(request: HttpRequest, body: dict[str, Any]) -> dict[str, Any]:
    """Return the parts in the URL, where objects are JSON, and the others in the body.

    Raise RequestError for a part of the wrong type, and without a query.
    """
    in_url = {name: from_url(name, request.GET[name]) for name in TYPES if name in request.GET}
    parts = body | in_url
    for name, (kind, description) in TYPES.items():
        if not isinstance(parts.get(name), kind | None):
            raise RequestError(f"`{name}` must be {description}.")
    if not parts.get("query"):
        raise without_query(parts.get("extensions") or {})
    return parts


def from_url(name: str, text: str) -> Any:
    """Return a part of the URL; an empty one is absent. Raise RequestError."""
    if not text or TYPES[name][0] is str:
        return text or None
    try:
        return orjson.loads(text)
    except ValueError:
        raise RequestError(f"`{name}` must be JSON.") from None


def without_query(extensions: dict[str, Any]) -> RequestError:
    """Return the error of a request without a query.

    A client of persisted queries sends a hash first, and the query after this error:
    https://www.apollographql.com/docs/apollo-server/performance/apq.
    """
    if "persistedQuery" in extensions:
        code = "PERSISTED_QUERY_NOT_SUPPORTED"
        return RequestError("PersistedQueryNotSupported", status=200, code=code)
    return RequestError(NO_QUERY)
