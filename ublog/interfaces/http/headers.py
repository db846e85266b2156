"""The request headers that state a condition for a write."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.http import parse_etags


def idempotency_key(request: Any) -> str:
    """Return the `Idempotency-Key`, which tells a retry from a second post; "" without one."""
    return str(request.headers.get("Idempotency-Key", ""))


def if_match_version(request: Any) -> str | None:
    """Return the version in `If-Match` that the client wants to change; None for any version.

    A weak ETag is as good as ours, since nginx weakens it when it compresses a response. Raise
    ValidationError if the header is neither `*` nor exactly one ETag.
    """
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    etags = parse_etags(header)
    if len(etags) != 1:
        raise ValidationError("If-Match takes one ETag of a response, or *.")
    return etags[0].removeprefix("W/").strip('"')
