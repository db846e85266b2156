"""Pictures in an S3-compatible storage behave as those on the disk: against a real server."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from tests.backups.conftest import elsewhere
from tests.pictures import picture
from ublog.blog import actions
from ublog.blog.tasks import render, sweep_orphans
from ublog.operations.backups.create import make
from ublog.operations.backups.directory import Manifest
from ublog.operations.backups.restore import restore

boto3 = pytest.importorskip("boto3", reason="the extra s3 is not installed")
pytest.importorskip("storages", reason="the extra s3 is not installed")
moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def server():
    running = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    """The storage of pictures is an empty bucket."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    where = {"endpoint_url": server, "region_name": "us-east-1"}
    made = boto3.resource("s3", **where).create_bucket(Bucket="pictures")
    options = {"bucket_name": "pictures", "file_overwrite": False, **where}
    backend = {"BACKEND": "ublog.core.storage.s3.PrivateS3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    yield made
    made.objects.all().delete()
    made.delete()


def test_a_picture_is_stored_rendered_shown_and_deleted(bucket, alice, client):
    post = actions.publish(by=alice, body="Look", image=picture((900, 600)))
    render(post.pk)
    post.refresh_from_db()
    assert {item.key for item in bucket.objects.all()} == post.file_names
    for address in (post.image_info["renditions"][0]["url"],):
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    actions.delete(post_id=post.pk, by=alice)
    assert list(bucket.objects.all()) == []


def test_a_picture_that_is_not_there_is_not_found(bucket, client):
    assert client.get("/media/pictures/ab/abc.webp").status_code == 404


def test_orphans_are_swept(bucket, alice, monkeypatch):
    post = actions.publish(by=alice, body="Look", image=picture())
    orphan = f"{post.image.name.rsplit('/', 1)[0]}/orphan.png"
    bucket.put_object(Key=orphan, Body=b"x")
    assert sweep_orphans() == 0
    # Older than that is everything, though the two clocks may differ.
    monkeypatch.setattr("ublog.blog.tasks.KEEP_ORPHANS", timedelta(minutes=-1))
    assert sweep_orphans() == 1
    assert {item.key for item in bucket.objects.all()} == {post.image.name}


def test_a_backup_takes_pictures_from_the_bucket_to_the_disk_and_back(
    bucket, alice, settings, tmp_path
):
    post = actions.publish(by=alice, body="Look", image=picture())
    render(post.pk)
    post.refresh_from_db()
    names = post.file_names
    backup = make(tmp_path / "backups")
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with elsewhere(connection.vendor, tmp_path / "disk"), override_storage(settings, disk):
        restore(backup)
        stored = {path for path in (tmp_path / "disk/media").rglob("*") if path.is_file()}
        assert {str(path.relative_to(tmp_path / "disk/media")) for path in stored} == names
        second = make(tmp_path / "second")
    bucket.objects.all().delete()
    with elsewhere(connection.vendor, tmp_path / "bucket"):
        restore(second)
    assert {item.key for item in bucket.objects.all()} == names


def test_a_picture_that_the_bucket_has_lost_is_named(bucket, alice, tmp_path):
    post = actions.publish(by=alice, body="Look", image=picture())
    bucket.objects.all().delete()
    assert Manifest.read(make(tmp_path / "backups")).missing == [post.image.name]


@contextmanager
def override_storage(settings, backend):
    before = settings.STORAGES
    settings.STORAGES = {**before, "default": backend}
    yield
    settings.STORAGES = before
