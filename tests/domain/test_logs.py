"""What processes log: one event a line, with the request's id, without secrets."""

import json
import logging
import logging.config
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from ublog.conf import logging as conf_logging
from ublog.core.observability import request_ids

SECRETS = [
    ("GET /accounts/activate/MQ/abc-def/ failed", "abc-def"),
    ("ConnectionError: redis://:hunter2@cache:6379/0", "hunter2"),
    ("postgres://ublog:hunter2@db/ublog rejected", "hunter2"),
    ("'HTTP_AUTHORIZATION': 'Bearer eyJh.eyJ1.c2ln'", "eyJh.eyJ1.c2ln"),
]


@pytest.fixture(params=conf_logging.FORMATS)
def formatter(request):
    return conf_logging.configuration(request.param)["formatters"]["lines"]["()"]()


def record(message, *args, exc_info=None):
    return logging.LogRecord("ublog.test", logging.WARNING, "", 0, message, args, exc_info)


def failed(message):
    try:
        raise RuntimeError(message)
    except RuntimeError:
        return sys.exc_info()


def test_json_has_the_fields_that_the_documents_name():
    with request_ids.bind_request_id("0123456789abcdef"):
        line = conf_logging.JsonLines().format(
            record("%s has failed", "It", exc_info=failed("a reason"))
        )
    event = json.loads(line)
    logged = {name: event[name] for name in ("level", "logger", "message", "request_id")}
    assert logged == {
        "level": "WARNING",
        "logger": "ublog.test",
        "message": "It has failed",
        "request_id": "0123456789abcdef",
    }
    assert event["time"].endswith("+00:00")
    assert "RuntimeError: a reason" in event["exception"]
    assert set(event) == {*logged, "time", "process", "exception"}


def test_outside_a_request_there_is_no_id():
    assert "request_id" not in json.loads(conf_logging.JsonLines().format(record("Hello")))


def test_a_person_reads_one_line_with_the_id():
    with request_ids.bind_request_id("0123456789abcdef"):
        line = conf_logging.TextLines().format(record("Hello"))
    assert line.endswith(" WARNING ublog.test Hello [0123456789abcdef]")


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_hidden_in_messages_and_exceptions(formatter, text, secret):
    line = formatter.format(record("%s", text, exc_info=failed(text)))
    assert secret not in line
    assert line.count("***") >= 2


def test_nobody_forges_an_event(formatter):
    line = formatter.format(record("Sought: %s", "a\r\n2026-01-01 ERROR forged\u2028x"))
    assert len(line.splitlines()) == 1


def test_another_format_is_an_error():
    with pytest.raises(ImproperlyConfigured, match="UBLOG_LOG_FORMAT is 'xml', not json or text"):
        conf_logging.configuration("xml")


@pytest.mark.parametrize(
    ("terminal", "debug", "lines"),
    [
        (True, False, conf_logging.TextLines),
        (False, False, conf_logging.JsonLines),
        (False, True, conf_logging.TextLines),
    ],
)
def test_a_person_is_spoken_to_in_text(monkeypatch, terminal, debug, lines):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    assert conf_logging.configuration("", debug)["formatters"]["lines"]["()"] is lines


def test_what_a_process_prints_becomes_an_event():
    assert json.loads(conf_logging.as_json("Hello", "web"))["message"] == "Hello"
    assert conf_logging.as_json('{"message": "Hello"}', "web") == '{"message": "Hello"}'


@pytest.mark.parametrize(
    ("logger", "level", "message", "passes"),
    [
        ("celery.beat", logging.INFO, "Sending due task core.outbox.sweep", False),
        ("celery.app.trace", logging.INFO, "Task ublog.core.tasks.note_beat[1] succeeded", False),
        ("celery.app.trace", logging.ERROR, "Task ublog.core.outbox.sweep[1] raised", True),
        ("celery.app.trace", logging.INFO, "Task ublog.blog.tasks.render[1] succeeded", True),
        ("ublog.core", logging.INFO, "core.outbox.sweep", True),
    ],
)
def test_tasks_that_run_every_ten_seconds_are_logged_when_they_fail(logger, level, message, passes):
    logged = logging.LogRecord(logger, level, "", 0, "%s", (message,), None)
    handlers = conf_logging.configuration("text")["handlers"]
    assert "frequent" in handlers["console"]["filters"]
    assert conf_logging.FrequentTasks().filter(logged) == passes
