"""Send errors to Sentry when SENTRY_DSN is set, with secrets masked as in the logs."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ublog.core.observability.masking import mask_secrets
from ublog.core.observability.request_ids import request_id

# Fields of a request that Sentry gets; the URL is masked.
REQUEST_FIELDS = ("method", "url")


def start(dsn: str, **options: Any) -> None:
    """Report errors to the project of that DSN.

    Raise ImproperlyConfigured when the package is missing or the DSN is malformed.
    """
    try:
        import sentry_sdk
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set but the package is missing: pip install 'sentry-sdk[django]'"
        ) from None
    try:
        # `send_default_pii` is off by default, and deprecated: `masked` removes personal data.
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
    """Return the event or breadcrumb without secrets and the user, and with the request's id."""
    if "request" in event:
        request = event["request"]
        event["request"] = {name: request[name] for name in REQUEST_FIELDS if name in request}
    if "exception" in event or "logentry" in event:
        event.pop("user", None)
        event.setdefault("tags", {})["request_id"] = request_id()
    return masked_value(event)


def masked_value(part: Any) -> Any:
    """Return the same structure with each string masked."""
    match part:
        case str():
            return mask_secrets(part)
        case dict():
            return {name: masked_value(value) for name, value in part.items()}
        case list() | tuple():
            return [masked_value(value) for value in part]
    return part
