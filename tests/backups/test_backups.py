"""A backup restores the site whole, on either database, and says when it cannot."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE
from unittest.mock import Mock

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from tests.backups.conftest import contents, elsewhere
from tests.pictures import picture
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.operations import tasks
from ublog.operations.backups import create, directory, rows
from ublog.operations.backups.create import make, prune
from ublog.operations.backups.directory import BackupError, Manifest, finished, newest
from ublog.operations.backups.restore import restore
from ublog.operations.backups.verify import problems

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def backup(site, settings) -> Path:
    return make(settings.BACKUP_DIR)


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_it_names_every_row_and_every_picture(backup, site, media):
    manifest = Manifest.read(backup)
    assert problems(backup) == []
    assert manifest.rows["blog_post"] == 2
    assert manifest.rows["blog_postlike"] == 2
    assert {name for name in manifest.files if name.startswith("media/")} == {
        f"media/{name}" for name in site.__class__.objects.get(pk=site.pk).file_names
    }
    assert files(backup / "media") == files(media)


def test_only_its_owner_can_read_it(backup, settings):
    for path in [settings.BACKUP_DIR, *settings.BACKUP_DIR.rglob("*")]:
        assert S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_it_is_restored_with_nothing_lost_on_either_database(kind, backup, media, tmp_path):
    before, pictures = contents(), files(media)
    with elsewhere(kind, tmp_path / "elsewhere"):
        restore(backup)
        assert connection.vendor == kind
        assert contents() == before
        assert files(tmp_path / "elsewhere/media") == pictures


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_life_goes_on_where_it_was_restored(kind, backup, site, alice, bob, client, tmp_path):
    last = Post.objects.order_by("pk").last().pk
    with elsewhere(kind, tmp_path / "elsewhere"):
        restore(backup)
        response = client.get(Post.objects.get(pk=site.pk).image_info["url"])
        assert b"".join(response.streaming_content)[1:4] == b"PNG"
        assert actions.publish(by=alice, body="After it").pk > last
        assert actions.unlike(post_id=site.pk, by=bob).like_count == 1  # the triggers are there
        assert actions.like(post_id=site.pk, by=bob).like_count == 2


def test_there_and_back_again(backup, tmp_path):
    before, home = contents(), connection.vendor
    with elsewhere(OTHER[home], tmp_path / "other"):
        restore(backup)
        second = make(tmp_path / "from-the-other")
        assert Manifest.read(second).database == OTHER[home]
    with elsewhere(home, tmp_path / "back"):
        restore(second)
        assert contents() == before


def test_a_site_with_something_in_it_is_never_restored_into(backup):
    before = contents()
    with pytest.raises(CommandError, match="This site is not empty") as error:
        call_command("restore", backup)
    assert "\n" not in str(error.value)
    assert contents() == before


def test_a_backup_of_a_newer_release_is_rejected(backup, tmp_path):
    change(backup, lambda manifest: manifest["migrations"].append(["blog", "9999_later"]))
    with elsewhere("sqlite", tmp_path / "elsewhere"), pytest.raises(BackupError, match="newer"):
        restore(backup)


def test_a_backup_of_an_older_release_is_brought_up_to_date(backup, site, tmp_path):
    with rows.opened(backup / "database.sqlite3") as old:
        from django.db.migrations.executor import MigrationExecutor

        MigrationExecutor(old).migrate([("blog", "0002_like_count_triggers")])
        found = rows.tables(old)
        as_it_was = {
            "migrations": [list(key) for key in rows.applied(old)],
            "rows": rows.counts(old, found),
            "pictures": rows.pictures(found),
        }
    assert as_it_was["pictures"] == {
        "accounts_customuser": ["avatar", "avatar_large"],
        "blog_post": ["image", "thumbnail"],
        "core_sitesettings": ["logo", "logo_icon"],
    }
    change(backup, lambda manifest: manifest.update(as_it_was))
    forget_checksum(backup, "database.sqlite3")
    with elsewhere(connection.vendor, tmp_path / "elsewhere"):
        restore(backup)
        assert Post.objects.get(pk=site.pk).image_medium.name == ""
        assert Post.objects.get(pk=site.pk).like_count == 2


def change(backup: Path, how) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    how(manifest)
    (backup / "manifest.json").write_text(json.dumps(manifest))


def forget_checksum(backup: Path, name: str) -> None:
    from dataclasses import asdict

    from ublog.operations.backups.directory import digest

    stored = asdict(digest(backup / name))
    change(backup, lambda manifest: manifest["files"].update({name: stored}))


def test_a_changed_file_is_found(backup):
    path = next(path for path in (backup / "media").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert [path.name in line and "changed" in line for line in problems(backup)] == [True]
    with pytest.raises(CommandError, match="is damaged"):
        call_command("verify", backup)


def test_a_lost_file_is_found(backup):
    path = next(path for path in (backup / "media").rglob("*") if path.is_file())
    path.unlink()
    assert [path.name in line and "missing" in line for line in problems(backup)] == [True]


def test_a_damaged_database_is_found(backup):
    path = backup / "database.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
    path.write_bytes(content)
    assert "checksum" in problems(backup)[0]
    forget_checksum(backup, "database.sqlite3")
    assert problems(backup)


def test_a_lost_row_is_found(backup):
    import sqlite3

    with closing(sqlite3.connect(backup / "database.sqlite3")) as database:
        database.execute("DELETE FROM blog_postlike WHERE id = (SELECT max(id) FROM blog_postlike)")
        database.commit()
    forget_checksum(backup, "database.sqlite3")
    assert problems(backup) == ["database.sqlite3: 1 rows in blog_postlike, not 2"]


def test_what_is_not_a_backup_is_rejected_in_one_line(tmp_path):
    with pytest.raises(CommandError, match=r"is not a backup: it has no manifest\.json"):
        call_command("verify", tmp_path)


def test_a_picture_deleted_during_the_backup_is_not_missed(site, alice, settings, monkeypatch):
    """Its post is deleted between the rows and the pictures: a later moment is taken."""
    real, seen = create.FileCollector.collect, []

    def collect(self, names):
        seen.append(names)
        if len(seen) == 1:
            names = set()  # as if the post had come after the first look
        if len(seen) == 2:
            actions.delete(post_id=site.pk, by=alice)
        return real(self, names)

    monkeypatch.setattr(create.FileCollector, "collect", collect)
    # On PostgreSQL the snapshot's transaction is this connection's: somebody else deletes.
    monkeypatch.setattr(create, "snapshot", frozen_rows)
    directory = make(settings.BACKUP_DIR)
    assert len(seen) == 3
    manifest = Manifest.read(directory)
    assert problems(directory) == []
    assert manifest.missing == []
    assert manifest.rows["blog_post"] == 1
    assert set(manifest.files) == {"database.sqlite3"}


def frozen_rows(file: Path):
    """The rows as they are, in a file, whatever the database."""
    from contextlib import contextmanager

    @contextmanager
    def copied():
        file.unlink(missing_ok=True)
        if connection.vendor == "sqlite":
            create.copy_online(file)
        else:
            rows.into_new_file(connection, file)
        with rows.opened(file) as copy:
            yield copy

    return copied()


def test_a_picture_that_the_storage_had_lost_is_named(site, settings, capsys):
    site.refresh_from_db()
    default_storage.delete(site.thumbnail.name)
    call_command("backup")
    directory, manifest = newest(settings.BACKUP_DIR)
    assert manifest.missing == [site.thumbnail.name]
    assert problems(directory) == []
    assert "has lost 1 images" in capsys.readouterr().out


def test_the_next_backup_costs_only_what_is_new(backup, alice, settings):
    actions.publish(by=alice, body="Another", image=picture())
    second = make(settings.BACKUP_DIR)
    links = [path.stat().st_nlink for path in (second / "media").rglob("*") if path.is_file()]
    assert sorted(links) == [1, 2, 2, 2]
    shutil.rmtree(backup)
    assert problems(second) == []


def test_secrets_are_in_it_only_when_asked_for(site, settings, tmp_path):
    assert not (make(settings.BACKUP_DIR) / "secrets.env").exists()
    directory = make(settings.BACKUP_DIR, with_secrets=True)
    kept = tmp_path / "kept.env"
    kept.write_text("UBLOG_SECRET_KEY=made-for-the-empty-site\nUBLOG_SMTP_URL=mine\n")
    settings.SECRETS_FILE = kept
    with elsewhere("sqlite", tmp_path / "elsewhere"):
        restore(directory)
    text = kept.read_text()
    assert settings.SECRET_KEY in text
    assert next(iter(settings.TOKEN_KEYS.values())) in text
    assert "UBLOG_SMTP_URL=mine" in text
    assert "made-for-the-empty-site" not in text


def test_a_failed_backup_leaves_nothing_behind(site, settings, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(create.FileCollector, "copy", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup")
    # Why it failed is kept for administrators.
    left = {path.name for path in settings.BACKUP_DIR.iterdir()}
    assert left == {".lock", "last-failure.txt"}


def test_two_at_once_do_not_mix(site, settings):
    with create.one_at_a_time(settings.BACKUP_DIR), pytest.raises(BackupError, match="Another"):
        make(settings.BACKUP_DIR)


def test_the_oldest_that_the_clock_made_go_and_a_persons_stay(site, settings, monkeypatch):
    days = iter(datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 30))
    monkeypatch.setattr(create.timezone, "now", lambda: next(days))
    made = [make(settings.BACKUP_DIR, why=why) for why in ("by hand", *["schedule"] * 4)]
    assert prune(settings.BACKUP_DIR, keep=2) == 2
    assert [path for path, _ in finished(settings.BACKUP_DIR)] == [made[4], made[3], made[0]]


@pytest.fixture
def made_a_day_ahead(site, settings, monkeypatch) -> Path:
    """A backup that the clock has made while it was a day ahead."""
    ahead = datetime.now(UTC) + timedelta(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(create.timezone, "now", lambda: ahead)
        patched.setattr(directory, "datetime", Mock(wraps=datetime, now=lambda _: ahead))
        return make(settings.BACKUP_DIR, why="schedule")


def test_g17_a_backup_of_a_clock_that_was_ahead_delays_none(
    made_a_day_ahead, settings, monkeypatch
):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: None)
    assert Manifest.read(made_a_day_ahead).is_of_the_future
    assert tasks.back_up()
    call_command("backup", "--scheduled")
    assert newest(settings.BACKUP_DIR)[0] != made_a_day_ahead
    assert not tasks.back_up()


def test_g17_what_was_made_now_is_not_deleted_in_its_place(made_a_day_ahead, settings):
    made = make(settings.BACKUP_DIR, why="schedule")
    assert prune(settings.BACKUP_DIR, keep=1) == 1
    assert [path for path, _ in finished(settings.BACKUP_DIR)] == [made]


def test_the_clock_makes_one_when_it_is_due(site, settings, monkeypatch):
    begun = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: begun.append(command))
    assert tasks.back_up()
    assert begun == [[sys.executable, "-m", "ublog.manage", "backup", "--scheduled"]]
    call_command("backup", "--scheduled")
    assert newest(settings.BACKUP_DIR)[1].why == "schedule"
    assert not tasks.back_up()
    settings.BACKUP_EVERY = timedelta(microseconds=1)
    assert tasks.back_up()
    settings.BACKUP_EVERY = timedelta(0)
    assert not tasks.back_up()
