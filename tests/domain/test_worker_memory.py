"""What a worker does without, and so must not load: each line here is megabytes."""

import subprocess
import sys

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
unwanted |= {"ublog.interfaces.auth.login"}
print(*unwanted & set(sys.modules))
"""


def test_tasks_load_no_views_and_no_servers_that_are_not_used(tmp_path, monkeypatch):
    for name in ("REDIS_URL", "DATABASE_URL", "CELERY_BROKER_URL", "UBLOG_S3_BUCKET", "SENTRY_DSN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UBLOG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "ublog.settings")
    monkeypatch.setenv("UBLOG_SECRET_KEY", "the-first-key-of-a-site-that-is-never-served-at-all")
    monkeypatch.setenv("UBLOG_TOKEN_KEY", "the-other-key-of-a-site-that-is-never-served-at-all")
    run = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
