"""What Sentry is sent: the error and the request's id, no user and no secret."""

import sys

import pytest
import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.transport import Transport

from ublog.conf import sentry
from ublog.core.observability import request_ids

DSN = "https://key@sentry.example.org/1"


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self):
        super().__init__()
        self.events = []

    def capture_envelope(self, envelope):
        if event := envelope.get_event():
            self.events.append(event)


@pytest.fixture
def kept():
    transport = Kept()
    with sentry_sdk.isolation_scope():
        sentry.start(DSN, transport=transport, default_integrations=False)
        yield transport
        sentry_sdk.get_client().close()
        sentry_sdk.init()


def test_an_error_arrives_without_person_and_secrets(kept):
    sentry_sdk.get_isolation_scope().set_user({"email": "alice@example.org"})
    with request_ids.bind_request_id("0123456789abcdef"):
        try:
            raise RuntimeError("redis://:hunter2@cache/0 at /accounts/activate/MQ/abc-def/")
        except RuntimeError as error:
            sentry_sdk.capture_exception(error)
    [event] = kept.events
    assert event["exception"]["values"][0]["type"] == "RuntimeError"
    assert event["tags"]["request_id"] == "0123456789abcdef"
    assert "user" not in event
    assert not [word for word in ("hunter2", "abc-def") if word in str(event)]


def test_of_a_request_only_method_and_masked_url_are_sent():
    request = {
        "method": "GET",
        "url": "https://blog.example.org/accounts/activate/MQ/abc-def/",
        "query_string": "token=hunter2",
        "cookies": {"sessionid": "hunter2"},
        "headers": {"Authorization": "Bearer hunter2"},
    }
    event = sentry.masked({"exception": {}, "request": request}, {})
    url = "https://blog.example.org/accounts/activate/***"
    assert event["request"] == {"method": "GET", "url": url}


def test_without_the_package_one_line_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="pip install 'sentry-sdk"):
        sentry.start(DSN)


def test_a_malformed_dsn_is_an_error():
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN is not a DSN"):
        sentry.start("nonsense")
