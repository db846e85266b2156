"""The settings of the product in an environment for tests.

No variable needs to be set, and those set for a real site are ignored. Each test process has a
data directory of its own.

pytest-django reads the settings before any conftest is loaded, so a conftest would be too late.
"""

import os
import tempfile

POSTGRES_URL = os.environ.get("UBLOG_TEST_POSTGRES_URL")
OURS = ("UBLOG_", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "SENTRY_DSN")
for name in [name for name in os.environ if name.startswith(OURS)]:
    if not name.startswith("UBLOG_TEST_"):
        del os.environ[name]

# Deleted when this process ends, with those of pytest-xdist's workers, which are killed, in it.
parent = os.environ.get("UBLOG_TEST_DIRECTORY")
data_directory = tempfile.TemporaryDirectory("", "ublog-test-", parent, ignore_cleanup_errors=True)
os.environ.setdefault("UBLOG_TEST_DIRECTORY", data_directory.name)
os.environ |= {
    "UBLOG_DATA_DIR": data_directory.name,
    "UBLOG_SECRET_KEY": "the first key of the tests, 32 bytes or more",
    "UBLOG_TOKEN_KEY": "the other key of the tests, 32 bytes or more",
    # Most tests suppose an open site; those of the site's settings say otherwise.
    "UBLOG_WHO_MAY_JOIN": "open",
    "UBLOG_ANONYMOUS_POSTS": "on",
    "UBLOG_REQUEST_LOG": "off",
    "CELERY_BROKER_URL": "memory://",
}
if POSTGRES_URL:
    os.environ["DATABASE_URL"] = POSTGRES_URL

from ublog.settings import *  # noqa: E402, F403
from ublog.settings import DATA_DIR, DATABASES, DJANGO_VITE, STORAGES  # noqa: E402

# Fast: no static files are collected and hashed, and passwords are hashed quickly.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = DATA_DIR / "staticfiles"
STATIC_ROOT.mkdir()
# Only the browser tests need a front end that is built; without one, pages name its sources.
DJANGO_VITE["default"]["dev_mode"] = not DJANGO_VITE["default"]["manifest_path"].exists()
# A browser keeps its connection to the live server, and the thread behind it would keep its own
# to the database, which then could not be dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
