"""What every process logs: a JSON object a line for machines, plain lines for whoever reads along.

The fields: `time` (UTC), `level`, `logger`, `message`, `process` (its number), and where there are
such `request_id` and `exception`. No secret, and nothing that looks like a second event, leaves
through either: see `core.masking`.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from ublog.core.observability.masking import hide, one_line
from ublog.core.observability.request_ids import request_id

FORMATS = ("json", "text")
# What Django and Celery attach to their records: the whole request, or what the message says.
ATTACHED = ("request", "server_time", "data", "taskName")
RENAMED = {"levelname": "level", "name": "logger", "exc_info": "exception"}


def id_of(record: logging.LogRecord) -> str:
    """Of the request: Django logs how it ended after our middleware, with the request itself."""
    return request_id() or getattr(getattr(record, "request", None), "request_id", "")


class JsonLines(JsonFormatter):
    """One object a line, whatever is in it."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message", "process"],
            rename_fields=RENAMED,
            reserved_attrs=[*RESERVED_ATTRS, *ATTACHED],
            timestamp="time",
        )

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        super().add_fields(log_data, record, message_dict)
        if name := id_of(record):
            log_data["request_id"] = name

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))


class TextLines(logging.Formatter):
    """A line for each event, and below it the traceback when there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = one_line(super().formatMessage(record))
        return f"{line} [{name}]" if (name := id_of(record)) else line

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))


def configuration(form: str, debug: bool = False) -> dict[str, Any]:
    """The settings of `logging.config.dictConfig`, for all processes.

    `form` is "json", "text" or "", which is text where a person reads: when debugging and on a
    terminal. Raises ImproperlyConfigured for another.
    """
    if form not in ("", *FORMATS):
        raise ImproperlyConfigured(f"UBLOG_LOG_FORMAT is {form!r}, not json or text")
    form = form or ("text" if debug or sys.stderr.isatty() else "json")
    lines = JsonLines if form == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": lines}},
        "filters": {"secrets": {"()": "ublog.core.observability.masking.HideSecrets"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "filters": ["secrets"],
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.server": {"propagate": True},
            "gunicorn.error": {"propagate": True, "level": "INFO"},
        },
    }


def as_json(line: str, process: str) -> str:
    """A line that something printed, as an event; one that is an event already as it is."""
    if line.startswith("{"):
        return line
    now = datetime.now(UTC).isoformat()
    event = {"time": now, "level": "INFO", "logger": f"ublog.{process}", "message": hide(line)}
    return json.dumps(event, ensure_ascii=False)
