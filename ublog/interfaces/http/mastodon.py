"""What errors outside of views know of Mastodon's client API: its paths, and its headers.

Nothing there reads a cookie, so scripts of every site may call it.
"""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse

PATHS = ("/api/v1/", "/api/v2/")
OPEN_TO_ALL_SITES = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Expose-Headers": "Link, Retry-After, X-Request-ID, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset",
    "Access-Control-Max-Age": "86400",
}


def is_mastodon(request: HttpRequest) -> bool:
    """Return whether the request is for Mastodon's client API."""
    return settings.MASTODON and request.path.startswith(PATHS)


def json_response(
    content: Any, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    """Return JSON types as a response that scripts of every site may read."""
    sent = OPEN_TO_ALL_SITES | (headers or {})
    return HttpResponse(orjson.dumps(content), "application/json", status, headers=sent)


def error_response(status: int, message: str, **more: Any) -> HttpResponse:
    """Return an error in the shape that Mastodon's clients read."""
    return json_response({"error": message, **more}, status)
