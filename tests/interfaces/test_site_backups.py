"""Administrators make, verify and download backups in the browser, after their password."""

import subprocess

import pytest
from django.test import Client

from tests.contract.drivers import soup
from tests.pictures import picture
from ublog.blog import actions
from ublog.core.models import OutboxEntry
from ublog.interfaces.pages.accounts import confirmation
from ublog.operations import administration, tasks
from ublog.operations.backups import create, verify
from ublog.operations.backups.directory import FAILURE, MANIFEST, BackupError

PASSWORD = "correct horse battery staple"
BACKUPS = "/accounts/site/backups/"


@pytest.fixture(autouse=True)
def backups(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    return settings.BACKUP_DIR


@pytest.fixture
def olga(person):
    return person("olga", password=PASSWORD, is_staff=True, is_superuser=True)


@pytest.fixture
def office(olga):
    """A browser in which the administrator has just given the password."""
    client = Client()
    client.force_login(olga)
    response = client.post("/accounts/site/confirm/?page=backups", {"password": PASSWORD})
    assert response["Location"] == BACKUPS
    return client


@pytest.fixture
def backup(transactional_db, alice, backups):
    actions.publish(by=alice, body="Kept", image=picture())
    return create.make(backups)


def test_the_password_comes_first_and_lasts_for_minutes(olga, monkeypatch):
    client = Client()
    client.force_login(olga)
    form = client.get(BACKUPS)["Location"]
    assert client.post(BACKUPS)["Location"] == form
    wrong = client.post(form, {"password": "wrong"})
    assert wrong.status_code == 400
    assert "This is not your password." in wrong.text
    assert client.get(BACKUPS)["Location"] == form
    assert client.post(form, {"password": PASSWORD})["Location"] == BACKUPS
    assert client.get(BACKUPS).status_code == 200
    now = confirmation.time.time()
    monkeypatch.setattr(confirmation.time, "time", lambda: now + 60 * confirmation.MINUTES + 1)
    assert client.get(BACKUPS)["Location"] == form


def test_wrong_passwords_are_limited(olga, settings):
    settings.LIMITS = settings.LIMITS | {"sign_in": "2/hour"}
    client = Client()
    client.force_login(olga)
    given = ["wrong", "wrong", PASSWORD]
    statuses = [client.post("/accounts/site/confirm/", {"password": one}) for one in given]
    assert [response.status_code for response in statuses] == [400, 400, 429]
    assert client.get(BACKUPS).status_code == 302


def test_nobody_else_gets_near_a_backup(person, alice, backup):
    moderator = person("moderator_m", is_staff=True)
    for user, status in ((None, 302), (alice, 403), (moderator, 403)):
        client = Client()
        if user:
            client.force_login(user)
        for path in (BACKUPS, "/accounts/site/confirm/", f"{BACKUPS}{backup.name}/download/"):
            response = client.get(path)
            assert response.status_code == status
            assert "confirm" not in response.get("Location", "").partition("?")[0]
        for path in (BACKUPS, f"{BACKUPS}{backup.name}/verify/"):
            assert client.post(path).status_code == status
    assert not OutboxEntry.objects.filter(task=tasks.back_up_now.name).exists()


def test_a_backup_is_requested_and_made_by_the_worker(office, settings, monkeypatch):
    settings.LIMITS = settings.LIMITS | {"backup": "1/hour"}
    assert office.post(BACKUPS).status_code == 302
    assert [entry.task for entry in OutboxEntry.objects.all()] == [tasks.back_up_now.name]
    assert office.post(BACKUPS).status_code == 429
    started = []
    monkeypatch.setattr(tasks.subprocess, "Popen", lambda command, **_: started.append(command[2:]))
    tasks.back_up_now()
    assert started == [["ublog.manage", "backup"]]


def test_backups_are_listed_and_verified(office, backup, caplog, olga):
    caplog.set_level("INFO")
    page = soup(office.get(BACKUPS))
    assert [line["data-name"] for line in page.select(".backups li")] == [backup.name]
    assert "1 picture" in page.text
    assert "make restore FROM=" in page.text
    good = office.post(f"{BACKUPS}{backup.name}/verify/")
    assert "This backup is complete." in good.text
    [image] = (backup / "media").rglob("*.*")
    image.write_bytes(b"damaged")
    bad = office.post(f"{BACKUPS}{backup.name}/verify/")
    assert "This backup is damaged." in bad.text
    assert image.name in bad.text
    assert f"Administrator {olga.pk} verifies {backup.name}" in caplog.messages


def test_a_downloaded_backup_is_whole(office, backup, tmp_path, caplog, olga):
    caplog.set_level("INFO")
    response = office.get(f"{BACKUPS}{backup.name}/download/")
    assert response["Content-Disposition"] == f'attachment; filename="{backup.name}.tar"'
    assert response["Content-Type"] == "application/x-tar"
    assert response["Cache-Control"] == "no-store"
    content = response.getvalue()
    assert len(content) == int(response["Content-Length"])
    (tmp_path / "copy").mkdir()
    subprocess.run(["tar", "xf", "-", "-C", tmp_path / "copy"], input=content, check=True)
    assert verify.problems(tmp_path / "copy" / backup.name) == []
    assert f"Administrator {olga.pk} downloads {backup.name}" in caplog.messages


@pytest.mark.parametrize("name", ["..", ".lock", "ublog-backup-20260101-000000", "x", "%2e%2e%2fx"])
def test_only_backups_are_downloaded(office, backup, name):
    assert office.get(f"{BACKUPS}{name}/download/").status_code == 404
    assert office.post(f"{BACKUPS}{name}/verify/").status_code == 404


def test_a_manifest_that_names_a_file_elsewhere_is_not_followed(office, backup, tmp_path):
    (tmp_path / "secrets.env").write_text("x")
    manifest = backup / MANIFEST
    text = manifest.read_text().replace('"database.sqlite3": {', '"../../secrets.env": {', 1)
    assert "secrets.env" in text
    manifest.write_text(text)
    assert office.get(f"{BACKUPS}{backup.name}/download/").status_code == 404


def test_a_backup_with_the_keys_of_the_site_is_not_downloaded(office, transactional_db, backups):
    made = create.make(backups, with_secrets=True)
    assert not soup(office.get(BACKUPS)).select("a[href$='/download/']")
    assert office.get(f"{BACKUPS}{made.name}/download/").status_code == 403


def test_a_file_that_changes_ends_the_download(office, backup, olga):
    archive = administration.open_archive(by=olga, name=backup.name)
    (backup / "database.sqlite3").write_bytes(b"short")
    with pytest.raises(BackupError):
        b"".join(archive.chunks)


def test_the_page_says_what_is_going_on(office, backups):
    (backups / "ublog-backup-20260101-000000.partial").mkdir(parents=True)
    (backups / FAILURE).write_text("No space left on device")
    text = office.get(BACKUPS).text
    assert "A backup is being made." in text
    assert "The last backup failed: No space left on device" in text
