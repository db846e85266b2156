"""An older data directory is backed up before it is migrated, and what waits in it is done."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.backups.conftest import elsewhere
from ublog.accounts.models import CustomUser
from ublog.blog.checks import missing_triggers
from ublog.celery import app
from ublog.core.background import outbox
from ublog.core.models import OutboxEntry, SiteSettings, TaskCount
from ublog.operations.backups import create
from ublog.operations.backups.directory import newest
from ublog.operations.backups.verify import problems
from ublog.operations.management.commands import prepare

pytestmark = pytest.mark.django_db(transaction=True)
OLDER = [
    ("accounts", "0001_initial"),
    ("blog", "0002_like_count_triggers"),
    ("core", "0002_outbox"),
]


@pytest.fixture
def older(settings, tmp_path, monkeypatch):
    """A site that an older release has left."""
    settings.BACKUP_DIR = tmp_path / "backups"
    monkeypatch.setattr(prepare.Command, "collect_static", lambda self: None)
    with elsewhere(connection.vendor, tmp_path / "elsewhere"):
        MigrationExecutor(connection).migrate(OLDER)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO blog_post (created_on, modified_on, body, body_folded, image,"
                " image_alt, thumbnail, like_count)"
                " VALUES ('2026-01-01', '2026-01-01', 'Old', 'old', '', '', '', 3)"
            )
        yield


def columns() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, "blog_post")
    return {column.name for column in found}


def test_it_is_backed_up_first(older, settings, capsys):
    call_command("prepare")
    directory, manifest = newest(settings.BACKUP_DIR)
    assert manifest.why == "upgrade"
    assert manifest.rows["blog_post"] == 1
    assert manifest.pictures["blog_post"] == ["image", "thumbnail"]
    assert problems(directory) == []
    assert f"The site before the upgrade is in {directory}" in capsys.readouterr().out
    assert "feed" in columns()
    assert missing_triggers("default") == set()
    call_command("prepare")
    assert newest(settings.BACKUP_DIR)[0] == directory


def test_a_new_site_is_not(settings, tmp_path, monkeypatch):
    settings.BACKUP_DIR = tmp_path / "backups"
    monkeypatch.setattr(prepare.Command, "collect_static", lambda self: None)
    with elsewhere(connection.vendor, tmp_path / "elsewhere"):
        call_command("prepare")
        assert "feed" in columns()
    assert not settings.BACKUP_DIR.exists()


def in_effect(settings):
    """What the settings of the site say, which no variable overrules."""
    settings.WHO_MAY_JOIN = settings.ANONYMOUS_POSTS = ""
    site = SiteSettings.objects.in_effect()
    return site.who_may_join, site.who_may_read, site.anonymous_posts


def test_a_site_in_use_stays_as_open_as_it_was(older, settings):
    call_command("prepare")
    assert in_effect(settings) == ("open", "everybody", "on")


def test_a_new_site_takes_members_by_invitation(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(prepare.Command, "collect_static", lambda self: None)
    with elsewhere(connection.vendor, tmp_path / "elsewhere"):
        call_command("prepare")
        assert in_effect(settings) == ("invitation", "everybody", "off")


def test_the_set_up_link_goes_with_the_first_administrator(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(prepare.Command, "collect_static", lambda self: None)
    with elsewhere(connection.vendor, tmp_path / "elsewhere"):
        call_command("prepare")
        link = settings.DATA_DIR / "set-up-link"
        assert link.read_text().startswith(f"{settings.SITE_URL}/accounts/set-up/")
        assert link.stat().st_mode & 0o777 == 0o600
        CustomUser.objects.create_superuser("olga@example.org")
        call_command("prepare")
        assert not link.exists()


def test_without_a_backup_nothing_is_changed(older, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(create, "snapshot", full)
    with pytest.raises(CommandError, match=r"Nothing was changed\. .*No space left"):
        call_command("prepare")
    assert "feed" not in columns()


def test_a_failed_migration_says_how_to_go_back(older, settings, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("the 14th row is odd")

    monkeypatch.setattr(prepare, "call_command", fails)
    with pytest.raises(CommandError, match="the 14th row is odd") as error:
        prepare.Command().handle()
    assert f"make restore FROM={newest(settings.BACKUP_DIR)[0]}" in str(error.value)
    assert "\n" not in str(error.value)


# The tasks of version 0.1, in which a task had the name of its module: rows of the outbox, messages
# at the broker and the schedule of a beat that still runs carry these. Names of later releases are
# added, and none goes before no release that used it can be upgraded from.
WAITING = ["ublog.accounts.tasks.send_mail", "ublog.blog.tasks.render"]
SCHEDULED = [
    "ublog.accounts.tasks.fold_names",
    "ublog.accounts.tasks.purge",
    "ublog.blog.networks.forget",
    "ublog.blog.notification_mails.send_digests",
    "ublog.blog.tasks.delete_old_archives",
    "ublog.blog.tasks.delete_old_notifications",
    "ublog.blog.tasks.delete_old_uploads",
    "ublog.blog.tasks.fold_posts",
    "ublog.blog.tasks.forget_keys",
    "ublog.blog.tasks.measure_images",
    "ublog.blog.tasks.sweep_orphans",
    "ublog.core.outbox.sweep",
    "ublog.core.tasks.back_up",
    "ublog.core.tasks.clear_expired",
    "ublog.core.tasks.note_beat",
    "ublog.core.tasks.prune_request_log",
]


@pytest.fixture
def waiting(older):
    """Rows that wait in that site: a mail to nobody who has an account, and a rendition."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO accounts_mail (kind, "to", created_on)'
            " VALUES ('sign_up', 'new@example.org', '2026-01-01')"
        )
        for task in WAITING:
            cursor.execute(
                "INSERT INTO core_outboxentry (id, task, ids, created_on, due, attempts, error)"
                " VALUES (%s, %s, '[1]', '2026-01-01', '2026-01-01', 0, '')",
                [uuid4().hex, task],
            )


def test_work_that_waited_in_an_older_release_is_done(waiting, monkeypatch, mailoutbox):
    call_command("prepare")
    assert sorted(OutboxEntry.objects.values_list("task", flat=True)) == WAITING
    messages = []
    monkeypatch.setattr(outbox.perform, "delay", messages.append)
    run("ublog.core.outbox.sweep")
    assert len(messages) == 2
    for key in messages:  # as a message of the older release names the task, too
        run("ublog.core.outbox.perform", key)
    assert not OutboxEntry.objects.exists()
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]
    assert list(TaskCount.objects.order_by("task").values_list("task", "done", "failed")) == [
        (task, 1, 0) for task in WAITING
    ]


def test_migrate_checks_the_older_database_first(older):
    call_command("migrate", skip_checks=False, verbosity=0)
    assert not CustomUser.objects.exclude(avatar="").exists()


def test_the_schedule_of_an_older_beat_is_run(older, monkeypatch):
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: None)
    call_command("prepare")
    for task in SCHEDULED:
        run(task)


def test_beat_schedules_tasks_that_workers_of_the_older_release_know():
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == {*SCHEDULED}


def run(task: str, *arguments: object) -> None:
    """Run a task by its name, as a worker does that has received a message."""
    app.loader.import_default_modules()
    app.tasks[task].apply(arguments, throw=True)
