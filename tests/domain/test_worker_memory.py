"""What a process does without, and so must not load: each line here is megabytes."""

import subprocess
import sys

import pytest

LOAD = """
import sys
import ublog.run.worker, django
django.setup()
ublog.run.worker.app.loader.import_default_modules()
import os
from celery.fixups.django import DjangoWorkerFixup
DjangoWorkerFixup(ublog.run.worker.app).validate_models()
assert "ublog.blog.tasks" in sys.modules
unwanted = {"graphene", "redis", "boto3", "jwt", "django.test", "ublog.urls"}
unwanted |= {"oauth2_provider", "oauthlib", "jwcrypto"}
unwanted |= {"ublog.interfaces.auth.login"}
print(*unwanted & set(sys.modules))
"""
SHARE = """
import os, sys, threading
from ublog.run import supervisor
supervisor.load()
from django.db import connection
assert "ublog.interfaces.graphql.view" in sys.modules
assert threading.active_count() == 1
assert connection.connection is None
assert "ublog.blog.tasks" in sys.modules
print(*{"redis", "boto3", "sentry_sdk"} & set(sys.modules))
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a program with the settings of a site without servers. Return what it prints."""
    for name in ("REDIS_URL", "DATABASE_URL", "CELERY_BROKER_URL", "UBLOG_S3_BUCKET", "SENTRY_DSN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UBLOG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "ublog.settings")
    monkeypatch.setenv("UBLOG_SECRET_KEY", "the-first-key-of-a-site-that-is-never-served-at-all")
    monkeypatch.setenv("UBLOG_TOKEN_KEY", "the-other-key-of-a-site-that-is-never-served-at-all")

    def run(program: str) -> str:
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    return run


def test_tasks_load_no_views_and_no_servers_that_are_not_used(run):
    assert run(LOAD) == ""


def test_p17_what_the_supervisor_shares_is_used_and_nothing_is_open(run):
    """A thread or a connection would not survive the fork, or be shared by both sides of it."""
    assert run(SHARE) == ""
