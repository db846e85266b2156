"""The checks. CHECKS lists them in their order: (about, what to do when it fails, check)."""

import platform
import shutil
import stat
import time
import uuid
from collections.abc import Iterator
from importlib.metadata import version as installed
from pathlib import Path
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.checks import ERROR, Tags, run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ublog.core.background.state import background_work
from ublog.core.background.tasks import probe
from ublog.core.models import Heartbeat
from ublog.core.observability.masking import summary
from ublog.core.storage import disk as disks
from ublog.operations.backups.directory import newest, version
from ublog.operations.doctor.findings import Check, Finding, ok, problem, warning
from ublog.operations.doctor.site import addresses
from ublog.paths import how_to, how_to_manage

PROBE_TIMEOUT = 12.0  # seconds in which a worker must run a probe
SEEN = 60.0  # seconds: beat and workers send a heartbeat every ten
LATE = 300.0  # seconds that a task may wait
APART = 5.0  # seconds that two clocks may differ; tokens allow 10
MB = 1_000_000


def versions() -> Iterator[Finding]:
    packages = ", ".join(f"{name} {installed(name)}" for name in ("django", "celery", "gunicorn"))
    python = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield ok("versions", f"μblog {version()}, {python}, {packages}")


def database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("SELECT sqlite_version()" if sqlite else "SHOW server_version")
        yield ok("database", f"{connection.display_name} {cursor.fetchone()[0]} responds")
        if sqlite:
            yield from sqlite_file()
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        start, prepare = how_to("run", settings.DATA_DIR), how_to_manage("prepare")
        advice = f"{start}, or {prepare}: makes a backup and migrates"
        yield problem("database", f"{len(plan)} migrations are pending", advice)
    else:
        yield ok("database", "all migrations are applied")
    yield from [
        (problem if message.level >= ERROR else warning)("database", message.msg, str(message.hint))
        for message in run_checks(tags=[Tags.database], databases=[connection.alias])
    ] or [ok("database", "the triggers that keep like counts are in place")]


def sqlite_file() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        found = cursor.fetchone()[0]
        if found != "ok":
            yield problem("database", f"the file is damaged: {found}", "restore the last backup")
        cursor.execute("PRAGMA journal_mode")
        if (mode := cursor.fetchone()[0]) != "wal":
            advice = "the file system does not support WAL: put the data directory on a local disk"
            yield problem("database", f"the journal is {mode!r}, not 'wal'", advice)
        if found == "ok" and mode == "wal":
            yield ok("database", "the file passes its quick check, and uses WAL")


def clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute(
            "SELECT (julianday('now') - 2440587.5) * 86400"
            if sqlite
            else "SELECT extract(epoch FROM clock_timestamp())"
        )
        apart = abs(time.time() - float(cursor.fetchone()[0]))
    if apart > APART:
        advice = "synchronize the clocks of both machines by NTP"
        yield problem("clock", f"{apart:.0f} s from the database's", advice)
    else:
        yield ok("clock", "agrees with the database's")


def caches() -> Iterator[Finding]:
    key = f"doctor-{uuid.uuid4()}"
    cache.set(key, "here", 10)
    if cache.get(key) != "here":
        yield problem("cache", "does not store values", "look at the memory of Redis")
    else:
        yield ok("cache", "Redis responds" if settings.REDIS_URL else "in each process")


def broker() -> Iterator[Finding]:
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, interval_start=0, timeout=3)
        kind = "files in the data directory" if link.transport_cls.endswith("Transport") else ""
        yield ok("broker", kind or f"{summary(link.as_uri())} responds")


def worker() -> Iterator[Finding]:
    """Send a probe to the workers, which stores a heartbeat, and wait for that."""
    name = f"doctor {uuid.uuid4()}"
    try:
        probe.apply_async((name,), expires=PROBE_TIMEOUT, retry=False)
        end = time.monotonic() + PROBE_TIMEOUT
        while not (done := Heartbeat.objects.filter(name=name).exists()):
            if time.monotonic() > end:
                break
            time.sleep(0.1)
    finally:
        Heartbeat.objects.filter(name=name).delete()
    seen = background_work()["worker_seen"]
    if done:
        yield ok("worker", "ran a task")
    elif seen is not None and seen < SEEN:
        text = f"ran no task within {PROBE_TIMEOUT:.0f} s, though one was seen {seen:.0f} s ago"
        yield warning("worker", text, "it may be busy: try again, or start one more")
    else:
        last = "never seen" if seen is None else f"last seen {seen:.0f} s ago"
        advice = f"start it: {how_to('run', settings.DATA_DIR)}, or systemctl start ublog-worker@1"
        yield problem("worker", f"none runs tasks; {last}", advice)


def beat() -> Iterator[Finding]:
    work = background_work()
    seen, oldest = work["beat_seen"], work["oldest_waiting"] or 0
    if seen is None or seen > SEEN:
        last = "never seen" if seen is None else f"last seen {seen:.0f} s ago"
        yield problem(
            "beat",
            last,
            f"start it: {how_to('run', settings.DATA_DIR)}, or systemctl start ublog-beat",
        )
    else:
        yield ok("beat", f"seen {seen:.0f} s ago")
    text = f"{work['waiting']} tasks wait, {work['failed']} were given up"
    if work["failed"]:
        yield warning("tasks", text, "the admin's Outbox entries say why, and retry them")
    elif oldest > LATE:
        yield problem("tasks", f"{text}; the oldest for {oldest:.0f} s", "see worker and broker")
    else:
        yield ok("tasks", text)


def storage() -> Iterator[Finding]:
    name = f"doctor-{uuid.uuid4()}.txt"
    content = b"x" * 65_536
    try:
        stored = default_storage.save(name, ContentFile(content))
        with default_storage.open(stored) as file:
            whole = file.read() == content
    finally:
        default_storage.delete(name)
    where = f"the bucket {settings.S3_BUCKET}" if settings.S3_BUCKET else settings.MEDIA_ROOT
    if whole:
        yield ok("pictures", f"{where} stores, reads and deletes files")
    else:
        yield problem("pictures", f"{where} returns different content", "do not trust this disk")


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    archives = sum(file.stat().st_size for file in (settings.DATA_DIR / "archives").glob("*.zip"))
    text = f"{free / MB:,.0f} MB free in {settings.DATA_DIR}"
    text += f"; users' archives take {archives / MB:,.0f} MB" if archives else ""
    if not disks.has_room():
        reserve = f"less than the {settings.DISK_RESERVE_BYTES / MB:,.0f} MB reserved for texts"
        yield problem("disk", f"{reserve} are free: images are rejected", "make room")
    if free < 50 * MB:
        yield problem("disk", text, "make room: old backups and mails first; writes fail")
    elif free < 1_000 * MB:
        yield warning("disk", text, "make room: old backups and mails first")
    else:
        yield ok("disk", text)


def quotas() -> Iterator[Finding]:
    """Report users close to their quota; an app with quotas registers system checks for it."""
    near = run_checks(tags=["quotas"], include_deployment_checks=True, databases=[connection.alias])
    yield from [warning("quotas", message.msg, str(message.hint)) for message in near] or [
        ok("quotas", "no user is close to their quota")
    ]


def secrets() -> Iterator[Finding]:
    keys = {"UBLOG_SECRET_KEY": settings.SECRET_KEY}
    keys |= {f"token key {name}": key for name, key in settings.TOKEN_KEYS.items()}
    # As Django's check security.W009: 50 characters, 5 of them different.
    weak = [name for name, key in keys.items() if len(key) < 50 or len(set(key)) < 5]
    if weak:
        advice = "use 50 random characters; a new key logs everybody out"
        yield warning("secrets", f"{', '.join(weak)}: short or too simple", advice)
    else:
        yield ok("secrets", f"{len(keys)} keys, all strong")
    if settings.DEBUG:
        advice = "unset UBLOG_DEBUG where others can reach the site"
        yield warning("secrets", "debug pages show settings and code", advice)


def modes() -> Iterator[Finding]:
    data = Path(settings.DATA_DIR)
    private = [data, Path(settings.BACKUP_DIR), Path(settings.SECRETS_FILE)]
    private += [*data.glob("*.sqlite3*"), *data.glob("*/")]
    open_to_others = [path for path in private if is_open_to_others(path)]
    # Files in a directory that others cannot enter are private, whichever modes they have.
    if data in open_to_others:
        named = ", ".join(str(path) for path in open_to_others[:3])
        yield warning("files", f"others can read {named}", f"chmod -R go= {data}")
    else:
        yield ok("files", f"only the owner can read {data}")


def is_open_to_others(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except FileNotFoundError:  # SQLite's own files come and go
        return False


def backups() -> Iterator[Finding]:
    every, found = settings.BACKUP_EVERY, newest(settings.BACKUP_DIR)
    if found is None:
        yield warning(
            "backup", f"none in {settings.BACKUP_DIR}", how_to("backup", settings.DATA_DIR)
        )
    elif every and found[1].age > 2 * every:
        text = f"the last is of {found[1].made_on}, though UBLOG_BACKUP_EVERY is {every}"
        yield problem(
            "backup", text, f"look at the worker's log; {how_to('backup', settings.DATA_DIR)}"
        )
    else:
        hours = found[1].age.total_seconds() / 3600
        yield ok("backup", f"{found[0]}, {hours:.1f} h ago")


def mail_to(address: str) -> Check:
    def mail() -> Iterator[Finding]:
        text = f"Sent by the doctor of {settings.SITE_URL}, {timezone.now():%Y-%m-%d %H:%M}"
        send_mail("Mails from μblog arrive", text, None, [address])
        host = urlsplit(settings.SMTP_URL).hostname
        where = f"handed to {host}" if host else settings.MAIL_DIR
        yield ok("mail", f"one to {address}: {where}")

    return mail


CHECKS: list[tuple[str, str, Check]] = [
    ("versions", "install the same release again", versions),
    ("database", "see DATABASE_URL; is the server up, and is the password right?", database),
    ("clock", "it cannot be compared before the database responds", clock),
    ("cache", "see REDIS_URL; the site goes on without it", caches),
    ("broker", "see CELERY_BROKER_URL; tasks wait in the database until it responds", broker),
    ("worker", "it cannot be checked before the database and the broker respond", worker),
    ("beat", "its heartbeat is in the database, which does not respond", beat),
    ("pictures", "make room on the disk, or see the permissions of media/, or UBLOG_S3_*", storage),
    ("disk", "is the data directory there?", disk),
    ("quotas", "they cannot be computed before the database responds", quotas),
    ("address", "see UBLOG_SITE_URL", addresses),
    ("secrets", "see UBLOG_SECRET_KEY and UBLOG_TOKEN_KEY", secrets),
    ("files", "see the permissions of the data directory", modes),
    ("backup", "see UBLOG_BACKUP_DIR", backups),
]
