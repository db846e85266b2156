"""Logging of all processes: a JSON object on each line, or plain text for people.

The fields are `time` (UTC), `level`, `logger`, `message` and `process` (its id), and `request_id`
and `exception` where there are any. Secrets are masked, and an event stays on one line: see
`core/observability/masking.py`.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from ublog.core.observability.masking import mask_secrets, one_line
from ublog.core.observability.request_ids import request_id

FORMATS = ("json", "text")
# Attributes that Django and Celery add to records: the request, or what the message says already.
IGNORED = ("request", "server_time", "data", "taskName")
RENAMED = {"levelname": "level", "name": "logger", "exc_info": "exception"}


def id_of(record: logging.LogRecord) -> str:
    """Return the request's id, also after our middleware: then Django's record has the request."""
    return request_id() or getattr(getattr(record, "request", None), "request_id", "")


class JsonLines(JsonFormatter):
    """Format each event as one JSON object on one line."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message", "process"],
            rename_fields=RENAMED,
            reserved_attrs=[*RESERVED_ATTRS, *IGNORED],
            timestamp="time",
        )

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        super().add_fields(log_data, record, message_dict)
        if name := id_of(record):
            log_data["request_id"] = name

    def format(self, record: logging.LogRecord) -> str:
        return mask_secrets(super().format(record))


class TextLines(logging.Formatter):
    """Format each event as one line, followed by its traceback when there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = one_line(super().formatMessage(record))
        return f"{line} [{name}]" if (name := id_of(record)) else line

    def format(self, record: logging.LogRecord) -> str:
        return mask_secrets(super().format(record))


class FrequentTasks(logging.Filter):
    """Drop what Celery logs of the tasks that run every ten seconds, unless it is a warning."""

    NAMES = ("core.outbox.sweep", "core.tasks.note_beat")

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno > logging.INFO or not record.name.startswith("celery."):
            return True
        message = record.getMessage()
        return not any(name in message for name in self.NAMES)


def configuration(form: str, debug: bool = False) -> dict[str, Any]:
    """Return the configuration for `logging.config.dictConfig`.

    `form` is "json", "text" or "", which is text when debugging and on a terminal, else JSON. Raise
    ImproperlyConfigured for another.
    """
    if form not in ("", *FORMATS):
        raise ImproperlyConfigured(f"UBLOG_LOG_FORMAT is {form!r}, not json or text")
    form = form or ("text" if debug or sys.stderr.isatty() else "json")
    lines = JsonLines if form == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": lines}},
        "filters": {
            "secrets": {"()": "ublog.core.observability.masking.HideSecrets"},
            "frequent": {"()": FrequentTasks},
            "no_dry_runs": {"()": "ublog.core.dry_run.NoDryRuns"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "filters": ["frequent", "no_dry_runs", "secrets"],
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.server": {"propagate": True},
            "gunicorn.error": {"propagate": True, "level": "INFO"},
        },
    }


def as_json(line: str, process: str) -> str:
    """Return a line that a process printed as a JSON event, and a JSON event unchanged."""
    if line.startswith("{"):
        return line
    now = datetime.now(UTC).isoformat()
    event = {
        "time": now,
        "level": "INFO",
        "logger": f"ublog.{process}",
        "message": mask_secrets(line),
    }
    return json.dumps(event, ensure_ascii=False)
