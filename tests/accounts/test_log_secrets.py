"""F4: no log holds a secret that a user sent, neither as JSON nor as text."""

import io
import logging

import pytest
from django.conf import settings
from django.test import Client

from ublog.blog.models import Post
from ublog.conf import logging as conf_logging
from ublog.core.observability.masking import HideSecrets

SECRET = "canary7f3a"


@pytest.fixture(params=conf_logging.FORMATS)
def log(request):
    """What a process of a real site would write to its log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(conf_logging.configuration(request.param)["formatters"]["lines"]["()"]())
    handler.addFilter(HideSecrets())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_f4_no_log_holds_a_secret(alice, log, monkeypatch):
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {SECRET}"})
    for path, fields in {
        "register/": {"email": "new@example.org", "password": SECRET},
        "activate/": {"token": SECRET},
        "token/": {"email": alice.email, "password": SECRET},
        "password-reset/confirm/": {"token": SECRET, "password": SECRET},
        "password-change/": {"current_password": SECRET, "new_password": SECRET},
    }.items():
        client.post(f"/api/auth/{path}", fields, "application/json")
    for name in (settings.REFRESH_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        client.cookies[name] = SECRET
    client.post("/api/auth/token/refresh/", headers={"X-Ublog": "1"})
    for page in ("activate", "password-reset", "email-change"):
        client.get(f"/accounts/{page}/{SECRET}/more/?token={SECRET}")
        client.get(f"/{page}/{SECRET}/more?token={SECRET}")
    client.get(f"/unsub/{SECRET}/more/")
    client.post("/accounts/login/", {"username": alice.email, "password": SECRET})
    client.get(f"/nothing/?password={SECRET}")

    def fail(*args, **options):
        raise RuntimeError(f"redis://ublog:{SECRET}@cache does not respond Bearer {SECRET}")

    monkeypatch.setattr(type(Post.objects), "timeline", fail)
    assert client.get(f"/fbv/posts/?q={SECRET}").status_code == 500
    written = log.getvalue()
    assert SECRET not in written
    assert "does not respond" in written
    assert written.count("/accounts/activate/***") == 1
