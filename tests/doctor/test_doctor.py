"""The doctor names what is broken, whatever else is, and prints no secret."""

import errno
import io
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from tests.faults.site import ROOT, free_port
from ublog.core.models import Heartbeat, OutboxEntry
from ublog.operations.doctor import checks, findings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(checks, "PROBE_TIMEOUT", 0.2)


def examined(*about: str) -> str:
    """What the doctor says of these."""
    lines = [
        str(finding)
        for name, advice, check in checks.CHECKS
        if name in about
        for finding in findings.run_check(name, advice, check)
    ]
    return "\n".join(lines)


def test_all_is_said_in_one_go_and_the_status_tells():
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)
    said = out.getvalue()
    assert ended.value.code == 1  # no worker, no beat, no site in these tests
    for about, _, _ in checks.CHECKS:
        assert f" {about}: " in said
    assert "Python 3" in said
    assert "all migrations are applied" in said


def test_a_dead_worker_is_named():
    assert "problem   worker: none runs tasks; never seen" in examined("worker")
    Heartbeat.objects.create(name="worker a", seen_on=timezone.now() - timedelta(minutes=5))
    assert "problem   worker: none runs tasks; last seen 300 s ago" in examined("worker")


def test_a_busy_worker_is_distinguished_from_a_dead_one():
    Heartbeat.objects.note("worker a")
    assert "warning   worker: ran no task" in examined("worker")


def test_a_worker_that_responds_is_well(monkeypatch):
    monkeypatch.setattr(checks, "PROBE_TIMEOUT", 20.0)
    monkeypatch.setattr(
        checks.probe, "apply_async", lambda args, **_: Heartbeat.objects.note(args[0])
    )
    assert examined("worker") == "ok        worker: ran a task"
    assert not Heartbeat.objects.exists()


def test_a_broken_broker_is_named(monkeypatch):
    app = checks.current_app
    address = f"redis://someone:sesame@127.0.0.1:{free_port()}/0"
    monkeypatch.setattr(app.conf, "broker_write_url", address)
    said = examined("broker")
    assert said.startswith("problem   broker: ")
    assert "see CELERY_BROKER_URL" in said
    assert "sesame" not in said


def test_a_dead_beat_and_given_up_tasks_are_named():
    OutboxEntry.objects.create(task="nothing", ids=[], due=None)
    said = examined("beat")
    assert "problem   beat: never seen" in said
    assert "warning   tasks: 0 tasks wait, 1 were given up" in said


def test_a_full_disk_is_named(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: type("U", (), {"free": 1_000_000}))
    said = examined("pictures", "disk")
    assert "problem   pictures: [Errno 28] No space left on device" in said
    assert "problem   disk: 1 MB free" in said


def test_a_disk_with_room_for_texts_only_is_named(settings, monkeypatch):
    usage = type("U", (), {"free": settings.DISK_RESERVE_BYTES - 1})
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: usage)
    assert "problem   disk: less than the 500 MB reserved for texts are free" in examined("disk")


def test_who_is_near_the_quota_is_named(settings, person, post):
    settings.IMAGE_QUOTA_BYTES = 100_000_000
    for name, size in (("alice", 89_000_000), ("bob", 90_000_000)):
        post(person(name), image="pictures/ab/x.png", image_bytes=size)
    post(None, image="pictures/ab/y.png", image_bytes=200_000_000)
    said = examined("quotas")
    assert said.startswith("warning   quotas: bob stores 90 MB of pictures, of at most 100")
    assert "alice" not in said
    settings.IMAGE_QUOTA_BYTES *= 2
    assert examined("quotas") == "ok        quotas: no user is close to their quota"


def test_the_probe_of_the_storage_leaves_nothing_behind(media):
    assert examined("pictures").startswith("ok        pictures: ")
    assert list(media.iterdir()) == []


@contextmanager
def responding(status: int, **headers: str):
    """Somebody else's site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (404, {}, "another site responds at"),
        (400, {}, "does not know its own host"),
        (301, {"Location": "https://x/"}, "redirects to https://x/"),
    ],
)
def test_a_wrong_address_is_named(status, headers, said, settings):
    with responding(status, **headers) as settings.SITE_URL:
        assert said in examined("address")


def test_an_address_where_nothing_responds_is_named(settings):
    settings.SITE_URL = f"http://127.0.0.1:{free_port()}"
    assert f"problem   address: nothing responds at {settings.SITE_URL}" in examined("address")


def test_https_without_a_trusted_proxy_is_named(settings):
    settings.SITE_URL, settings.HTTPS = f"https://127.0.0.1:{free_port()}", True
    assert "each page redirects to itself" in examined("address")


def test_a_site_in_the_clear_is_named(settings):
    settings.SITE_URL = "http://blog.invalid"
    assert "are not encrypted" in examined("address")


def test_weak_secrets_are_named_and_not_shown(settings):
    settings.SECRET_KEY = "ab" * 40
    said = examined("secrets")
    assert "warning   secrets: UBLOG_SECRET_KEY" in said
    assert settings.SECRET_KEY not in said


def test_files_that_others_may_read_are_named(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o755)
    assert "warning   files: others can read" in examined("files")
    tmp_path.chmod(0o700)
    assert examined("files").startswith("ok ")


def test_a_file_that_goes_while_it_is_looked_at_is_no_problem(tmp_path):
    assert not checks.is_open_to_others(tmp_path / "ublog.sqlite3-wal")


def test_the_last_backup_is_reported(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    assert "warning   backup: none in" in examined("backup")
    call_command("backup")
    assert examined("backup").startswith("ok        backup: ")
    settings.BACKUP_EVERY = timedelta(microseconds=1)
    assert "problem   backup: the last is of" in examined("backup")


def test_a_lost_trigger_is_named():
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON blog_postlike"
        cursor.execute(f"DROP TRIGGER postlike_counts_up{on}")
    try:
        assert "lacks the triggers postlike_counts_up" in examined("database")
    finally:
        from ublog.blog import triggers

        with connection.schema_editor() as editor:
            triggers.create(None, editor)
    assert "lacks" not in examined("database")


def test_a_check_that_fails_or_hangs_spoils_no_other(monkeypatch):
    def fails():
        yield findings.ok("one", "so far")
        raise DatabaseError("no way to postgres://me:sesame@db/x")

    waiting = threading.Event()

    def hangs():
        waiting.wait(60)
        yield from ()

    monkeypatch.setattr(findings, "PATIENCE", 0.2)
    first = [str(finding) for finding in findings.run_check("one", "do", fails)]
    assert first == [
        "ok        one: so far",
        f"problem   one: no way to postgres://***@db/x\n{'':10}→ do",
    ]
    assert "no result within" in str(next(findings.run_check("two", "do", hangs)))
    waiting.set()


def test_a_test_mail_is_sent_on_request(settings, mailoutbox):
    check = checks.mail_to("ann@example.org")
    found = list(findings.run_check("mail", "see UBLOG_SMTP_URL", check))
    assert [mail.to for mail in mailoutbox] == [["ann@example.org"]]
    assert str(found[0]).startswith("ok        mail: one to ann@example.org")


def run(tmp_path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "UBLOG_DATA_DIR": str(tmp_path),
        "UBLOG_SECRET_KEY": "the first key of a site that is broken, 50 characters",
        "UBLOG_TOKEN_KEY": "the other key of a site that is broken, 50 characters",
        "UBLOG_SITE_URL": f"http://127.0.0.1:{free_port()}",
        **variables,
    }
    command = [sys.executable, "manage.py", "doctor"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_everything_may_be_broken(tmp_path):
    nobody = f"127.0.0.1:{free_port()}"
    ended = run(
        tmp_path / "nowhere",
        DATABASE_URL=f"postgres://me:sesame@{nobody}/x",
        REDIS_URL=f"redis://:sesame@{nobody}/0",
    )
    assert ended.returncode == 1
    for about in ("database", "cache", "broker", "worker", "beat", "address"):
        assert f"problem   {about}: " in ended.stdout, ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "sesame" not in ended.stdout + ended.stderr


def test_settings_that_cannot_be_read_are_one_line(tmp_path):
    ended = run(tmp_path, UBLOG_SITE_URL="nowhere")
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "UBLOG_SITE_URL" in ended.stderr
