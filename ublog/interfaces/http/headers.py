"""The headers of a write that say on which condition it is to be done."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.http import parse_etags


def idempotency_key(request: Any) -> str:
    """What tells a second try from a second post; "" when nothing was sent."""
    return str(request.headers.get("Idempotency-Key", ""))


def if_match_version(request: Any) -> str | None:
    """The version that the caller wants to change, from If-Match; None: whatever it is now.

    A weak ETag is as good: nginx makes it of ours when it compresses an answer. Raises
    ValidationError for what is not one ETag.
    """
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    etags = parse_etags(header)
    if len(etags) != 1:
        raise ValidationError("If-Match takes one ETag, as an answer gave it, or *.")
    return etags[0].removeprefix("W/").strip('"')
