"""Django for the peers that stand on it: few middleware, and the product's database settings."""

import os
from pathlib import Path

import django
from django.conf import settings

from ublog.conf.service_urls import database


def set_up(urls: str, *apps: str) -> None:
    """Configure and load Django with these URLs and apps."""
    settings.configure(
        SECRET_KEY=os.environ["UBLOG_SECRET_KEY"],
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=urls,
        USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            *apps,
            "bench.peers",
        ],
        # Persistent connections, SQLite's pragmas.
        DATABASES={
            "default": database(os.environ["DATABASE_URL"], Path(os.environ["UBLOG_DATA_DIR"]))
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )
    django.setup()
