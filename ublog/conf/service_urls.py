"""Django's and Celery's settings from the URLs of servers: database, broker, mail.

Each function raises ImproperlyConfigured, in one line, for a URL that it cannot use.
"""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
import django
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

# A transaction that begins IMMEDIATE never fails half way with "database is locked". The cache, in
# KiB, is each thread's; what it does not hold is read by mmap: lists are as fast as with 64 MB.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;"
        "PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;"
    ),
}
POSTGRESQL = {
    # Statements are prepared when they are repeated, with parameters bound by the server. A pooler
    # of transactions, such as PgBouncer, may support neither that nor options:
    # DATABASE_URL=…?pooler=on.
    "server_side_binding": True,
    "prepare_threshold": 1,
    # A page joins twenty authors. PostgreSQL would first allocate a cache for all authors, which
    # with a million of them takes as long as the page itself: 217 µs, without it 151.
    "options": "-c enable_memoize=off",
    # A host that is down sends nothing at all; without these a request would wait for minutes.
    # https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 15_000,  # milliseconds without an acknowledgement
    "keepalives_idle": 30,  # seconds
}
REDIS = {
    "socket_timeout": 5,  # seconds, as below; Celery's default is to wait forever
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 5,
    # The outbox repeats lost messages, so a message is deleted when it is read, as in `broker.py`.
    # kombu would acknowledge it when its task is done, and when that fails count it as unfinished
    # forever: a worker that prefetches one message would never take another.
    "ack_emulation": False,
}
DIRECTORY_BACKEND = "ublog.core.mail.DirectoryEmailBackend"
# Of the options of the SMTP backend, those that EMAIL_* names otherwise.
OLD_NAMES = {"username": "host_user", "password": "host_password"}
SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def parts_of(name: str, url: str) -> SplitResult:
    """Return the parts of the URL in the variable of that name.

    The error does not repeat the URL, which may contain a password.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError when it is not a number
    except ValueError:
        raise ImproperlyConfigured(f"{name} has a host or a port that cannot be read") from None
    return parts


def check_scheme(name: str, url: str, *schemes: str) -> None:
    """Check that the URL has one of these schemes, and for Redis the number of a database."""
    parts = parts_of(name, url)
    if parts.scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} begins with {parts.scheme!r}, not with {' or '.join(schemes)}"
        )
    number = parts.path.strip("/") or "0"
    if parts.scheme in ("redis", "rediss") and not number.isdecimal():
        raise ImproperlyConfigured(f"{name} ends with {number!r}, not with a database's number")


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Return an entry of DATABASES: https://docs.djangoproject.com/en/5.2/ref/databases/."""
    check_scheme("DATABASE_URL", url, "sqlite", "postgres", "postgresql", "pgsql")
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None))
    except (ValueError, dj_database_url.UnknownSchemeError) as mistake:
        raise ImproperlyConfigured(f"DATABASE_URL is not a database URL: {mistake}") from None
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings |= {"OPTIONS": SQLITE, "TEST": {"NAME": str(data_dir / "test.sqlite3")}}
        return {**settings, "ENGINE": "ublog.core.db.sqlite"}
    settings["OPTIONS"] = {**POSTGRESQL, **settings.get("OPTIONS", {})}
    if settings["OPTIONS"].pop("pooler", ""):
        settings["OPTIONS"] |= {"prepare_threshold": None, "options": ""}
    return {**settings, "ENGINE": "ublog.core.db.postgresql", "CONN_HEALTH_CHECKS": True}


def broker(url: str, directory: Path) -> tuple[str, str | None, dict[str, Any]]:
    """Return Celery's `broker_url`, `broker_transport` and `broker_transport_options`.

    For `filesystem:` messages are files in `directory`.
    """
    known = ("filesystem", "redis", "rediss", "amqp", "amqps", "memory")
    check_scheme("CELERY_BROKER_URL", url, *known)
    if url.startswith("filesystem:"):
        queue = str(directory / "queue")
        options = {"data_folder_in": queue, "data_folder_out": queue, "polling_interval": 0.2}
        options["control_folder"] = str(directory / "control")
        return "localhost", "ublog.core.background.broker:Transport", options
    if url.startswith("redis"):
        return url, None, REDIS
    return url, None, {"confirm_publish": True} if url.startswith("amqp") else {}


def queues(*names: str) -> list[Queue]:
    """Return Celery's `task_queues`, which every worker consumes."""
    return [Queue(name, routing_key=name) for name in names]


def mail(url: str) -> dict[str, Any]:
    """Return Django's settings of mail. Without a URL mails are files, and shown on the console.

    Django 6.1 has MAILERS in place of EMAIL_*:
    https://docs.djangoproject.com/en/6.1/topics/email/
    """
    options = smtp(url) if url else {}
    backend = "django.core.mail.backends.smtp.EmailBackend" if url else DIRECTORY_BACKEND
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
    old = {f"EMAIL_{OLD_NAMES.get(name, name).upper()}": options[name] for name in options}
    return {"EMAIL_BACKEND": backend, **old}


def smtp(url: str) -> dict[str, Any]:
    """Return the options of Django's SMTP backend for a URL such as
    smtp+starttls://USER:PASSWORD@HOST:587."""
    parts = parts_of("UBLOG_SMTP_URL", url)
    if parts.scheme not in SMTP_PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "UBLOG_SMTP_URL must look like smtp+starttls://USER:PASSWORD@mail.example.org:587"
        )
    return {
        "host": parts.hostname,
        "port": parts.port or SMTP_PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+starttls",
        "timeout": 10,  # seconds
    }
