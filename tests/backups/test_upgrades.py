"""An older data directory is backed up before it is migrated, and only then."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.backups.conftest import elsewhere
from ublog.blog.checks import missing_triggers
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
    assert f"The site as it was is in {directory}" in capsys.readouterr().out
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
