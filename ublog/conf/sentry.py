"""Errors to Sentry, for a site that sets SENTRY_DSN; what they tell is masked as the logs are."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ublog.core.observability.masking import hide
from ublog.core.observability.request_ids import request_id

# Of a request, Sentry gets the method and the masked address.
KEPT_OF_REQUEST = ("method", "url")


def start(dsn: str, **options: Any) -> None:
    """Report errors to the project of that DSN. Raises ImproperlyConfigured when it cannot."""
    try:
        import sentry_sdk
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set but the package is missing: pip install 'sentry-sdk[django]'"
        ) from None
    try:
        # Without `send_default_pii`, which is off and deprecated: `masked` leaves no person in.
        sentry_sdk.init(
            dsn,
            include_local_variables=False,
            max_request_body_size="never",
            before_send=masked,
            before_breadcrumb=masked,
            **options,
        )
    except ValueError as mistake:
        raise ImproperlyConfigured(f"SENTRY_DSN is not a DSN: {mistake}") from None


def masked(event: Any, hint: dict[str, Any]) -> Any:
    """The event or breadcrumb without secrets and without who it was, with the request's id."""
    if "request" in event:
        kept = event["request"]
        event["request"] = {name: kept[name] for name in KEPT_OF_REQUEST if name in kept}
    if "exception" in event or "logentry" in event:
        event.pop("user", None)
        event.setdefault("tags", {})["request_id"] = request_id()
    return hidden(event)


def hidden(part: Any) -> Any:
    """The same, each text in it masked."""
    match part:
        case str():
            return hide(part)
        case dict():
            return {name: hidden(value) for name, value in part.items()}
        case list() | tuple():
            return [hidden(value) for value in part]
    return part
