"""What the addresses of servers mean in settings: database, broker, mail.

Each function raises ImproperlyConfigured, in one line, for an address that it cannot use.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
import django
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

# A transaction that begins IMMEDIATE never fails half way with "database is locked".
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;"
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
    ),
}
POSTGRESQL = {
    # Statements are prepared when they come again, with their values apart from their text. A
    # pooler that deals out transactions, such as PgBouncer, may know neither them nor options:
    # DATABASE_URL=…?pooler=on.
    "server_side_binding": True,
    "prepare_threshold": 1,
    # A page looks up twenty authors. PostgreSQL would first make room for the answers of all that
    # there are, which with a million of them takes as long as the page: 217 µs, without it 151.
    "options": "-c enable_memoize=off",
    # A host that is gone answers nothing at all; without these a request would wait for minutes.
    # https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 15_000,  # milliseconds without an acknowledgement
    "keepalives_idle": 30,  # seconds
}
REDIS = {
    "socket_timeout": 5,  # seconds, as below; Celery's default is to wait for ever
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 5,
    # The outbox repeats what was lost, so a message is gone when it is read, as from our folder.
    # kombu would tell Redis when its task is done, and when that fails count the message for
    # ever as one being worked at: with one at a time, the worker then never takes another.
    "ack_emulation": False,
}
FOLDER_BACKEND = "ublog.core.mail.DirectoryEmailBackend"
# Of the options of the SMTP backend, those that EMAIL_* names otherwise.
OLD_NAMES = {"username": "host_user", "password": "host_password"}
SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def parts_of(name: str, url: str) -> SplitResult:
    """The parts of the address in the variable of that name. What is refused is not repeated: it
    may hold a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no number
    except ValueError:
        raise ImproperlyConfigured(f"{name} has a host or a port that cannot be read") from None
    return parts


def check_scheme(name: str, url: str, *schemes: str) -> None:
    """Refuse an address of another kind than these, or of a Redis database without a number."""
    parts = parts_of(name, url)
    if parts.scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} begins with {parts.scheme!r}, not with {' or '.join(schemes)}"
        )
    number = parts.path.strip("/") or "0"
    if parts.scheme in ("redis", "rediss") and not number.isdecimal():
        raise ImproperlyConfigured(f"{name} ends with {number!r}, not with a database's number")


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings of a database: https://docs.djangoproject.com/en/5.2/ref/databases/."""
    check_scheme("DATABASE_URL", url, "sqlite", "postgres", "postgresql", "pgsql")
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None))
    except (ValueError, dj_database_url.UnknownSchemeError) as mistake:
        raise ImproperlyConfigured(f"DATABASE_URL is not a database address: {mistake}") from None
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings |= {"OPTIONS": SQLITE, "TEST": {"NAME": str(data_dir / "test.sqlite3")}}
        return {**settings, "ENGINE": "ublog.core.db.sqlite"}
    settings["OPTIONS"] = {**POSTGRESQL, **settings.get("OPTIONS", {})}
    if settings["OPTIONS"].pop("pooler", ""):
        settings["OPTIONS"] |= {"prepare_threshold": None, "options": ""}
    return {**settings, "ENGINE": "ublog.core.db.postgresql", "CONN_HEALTH_CHECKS": True}


def broker(url: str, folder: Path) -> tuple[str, str | None, dict[str, Any]]:
    """Celery's `broker_url`, `broker_transport` and `broker_transport_options`; without a server
    the queue is files in the folder."""
    known = ("filesystem", "redis", "rediss", "amqp", "amqps", "memory")
    check_scheme("CELERY_BROKER_URL", url, *known)
    if url.startswith("filesystem:"):
        queue = str(folder / "queue")
        options = {"data_folder_in": queue, "data_folder_out": queue, "polling_interval": 0.2}
        options["control_folder"] = str(folder / "control")
        return "localhost", "ublog.core.background.broker:Transport", options
    if url.startswith("redis"):
        return url, None, REDIS
    return url, None, {"confirm_publish": True} if url.startswith("amqp") else {}


def queues(*names: str) -> list[Queue]:
    """Return Celery's `task_queues`: those that every worker takes tasks from."""
    return [Queue(name, routing_key=name) for name in names]


def schedule(pauses: dict[str, timedelta]) -> dict[str, dict[str, Any]]:
    """Return Celery's `beat_schedule`, of tasks by their names without `ublog.`.

    What has waited until the next is due is dropped: a worker that was away runs each once.
    """
    return {
        name: {
            "task": f"ublog.{name}",
            "schedule": pause,
            "options": {"expires": pause.total_seconds()},
        }
        for name, pause in pauses.items()
    }


def mail(url: str) -> dict[str, Any]:
    """Return Django's settings of mail. Without a URL mails are files, and shown on the console.

    Django 6.1 has MAILERS in place of EMAIL_*:
    https://docs.djangoproject.com/en/6.1/topics/email/
    """
    options = smtp(url) if url else {}
    backend = "django.core.mail.backends.smtp.EmailBackend" if url else FOLDER_BACKEND
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
