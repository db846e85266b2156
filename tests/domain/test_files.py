"""A stored file lives as long as its post, in whichever way the post is deleted."""

import errno
import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from tests.pictures import picture
from ublog.blog import actions, images, quotas
from ublog.blog.models import Post
from ublog.blog.tasks import measure_images, render, sweep_orphans
from ublog.core import limits
from ublog.core.exceptions import RateLimited
from ublog.core.models import OutboxEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def files(media):
    return lambda: sorted(path.name for path in media.rglob("*") if path.is_file())


@pytest.fixture
def publish(alice):
    return lambda **fields: actions.publish(
        by=alice, body="Look", image=picture((1300, 20)), **fields
    )


def test_a_stored_name_tells_nothing_of_the_upload(publish, files):
    publish()
    [name] = files()
    stem, extension = name.split(".")
    assert (len(stem), extension) == (32, "png")


def test_the_worker_makes_the_renditions_once(publish, files):
    post = publish()
    render(post.pk)
    render(post.pk)
    post.refresh_from_db()
    assert len(post.file_names) == 3
    assert files() == sorted(name.rsplit("/")[-1] for name in post.file_names)
    assert not post.edited


def test_the_picture_itself_is_shown_until_its_renditions_are_made(publish):
    post = publish()
    image = {"url": post.image.url, "width": 1300, "height": 20}
    assert post.image_info == {**image, "alt": "", "color": post.image_color, "renditions": [image]}
    render(post.pk)
    post.refresh_from_db()
    assert post.image_info["url"] == post.image.url
    assert post.image_info["renditions"] == [
        {"url": post.thumbnail.url, "width": 640, "height": 10},
        {"url": post.image_medium.url, "width": 1280, "height": 20},
    ]
    assert {post.thumbnail.url[-15:], post.image_medium.url[-12:]} == {
        "-thumbnail.webp",
        "-medium.webp",
    }


@pytest.mark.parametrize(("width", "widths"), [(640, [640]), (1000, [640, 1000])])
def test_a_picture_that_is_no_wider_is_its_own_rendition(alice, files, width, widths):
    post = actions.publish(by=alice, body="Look", image=picture((width, 50)))
    render(post.pk)
    render(post.pk)
    post.refresh_from_db()
    image = post.image_info
    assert [one["width"] for one in image["renditions"]] == widths
    assert image["renditions"][-1] == {name: image[name] for name in ("url", "width", "height")}
    assert files() == sorted(name.rsplit("/")[-1] for name in post.file_names)
    assert post.image_bytes == sum(default_storage.size(name) for name in post.file_names)
    post.delete()
    assert files() == []


def test_a_new_picture_gets_new_renditions(publish, alice):
    post = publish()
    render(post.pk)
    edited = actions.edit(post_id=post.pk, by=alice, image=picture())
    assert edited.image_info["renditions"][0]["url"] == edited.image.url
    assert list(OutboxEntry.objects.values_list("ids", flat=True)) == [[post.pk], [post.pk]]


def test_a_file_without_a_post_is_swept_after_an_hour(publish, files, media):
    post, kept = publish(), files()
    directory = (media / post.image.name).parent
    for name, age in (("old.jpg", 3700), ("new.jpg", 3500)):
        (directory / name).touch()
        os.utime(directory / name, (time.time() - age,) * 2)
    os.utime(media / post.image.name, (0, 0))
    assert sweep_orphans() == 1
    assert files() == sorted([*kept, "new.jpg"])


class Killed(BaseException):
    """Stands for SIGKILL: nothing that comes after it is done."""


@pytest.fixture
def killed(monkeypatch, media):
    """`with killed(): …`: the process ends where it would commit. What is stored becomes `age`."""

    @contextmanager
    def kill(query: str, age: int):
        def execute(run, sql, *arguments):
            if sql.startswith(query):
                raise Killed
            return run(sql, *arguments)

        with monkeypatch.context() as patch, connection.execute_wrapper(execute):
            patch.setattr("ublog.blog.files.delete", lambda name: None)
            with pytest.raises(Killed):
                yield
        for path in media.rglob("*.*"):
            os.utime(path, (time.time() - age,) * 2)

    return kill


@pytest.mark.parametrize(("age", "swept"), [(3700, 1), (3500, 0)])
def test_a_file_of_a_publication_that_was_killed_is_swept(alice, files, killed, age, swept):
    with killed('INSERT INTO "blog_post"', age):
        actions.publish(by=alice, body="Look", image=picture())
    assert (len(files()), Post.objects.count()) == (1, 0)
    assert sweep_orphans() == swept
    assert len(files()) == 1 - swept


@pytest.mark.parametrize(("age", "swept"), [(3700, 1), (3500, 0)])
def test_a_file_of_an_edit_that_was_killed_is_swept(publish, alice, files, killed, age, swept):
    post = publish()
    kept = files()
    with killed('UPDATE "blog_post"', age):
        actions.edit(post_id=post.pk, by=alice, image=picture())
    assert len(files()) == 2
    assert sweep_orphans() == swept
    assert set(kept) <= set(files())
    assert len(files()) == 2 - swept


@pytest.mark.parametrize(("age", "swept"), [(3700, 2), (3500, 0)])
def test_renditions_of_a_task_that_was_killed_are_swept(publish, files, killed, age, swept):
    post = publish()
    kept = files()
    with killed('UPDATE "blog_post"', age):
        render(post.pk)
    assert len(files()) == 3
    assert sweep_orphans() == swept
    assert len(files()) == 3 - swept
    render(post.pk)
    assert sweep_orphans() == 0
    assert set(kept) <= set(files())


def test_a_post_that_is_committed_while_files_are_swept_keeps_its_file(
    publish, files, media, monkeypatch
):
    """Its file is listed, and looks old: another machine's clock is late."""
    listed = default_storage.listdir

    def publish_then_list(path):
        if path != "pictures" and not Post.objects.exists():
            publish()
            for stored in media.rglob("*.*"):
                os.utime(stored, (0, 0))
        return listed(path)

    for part in range(16):
        (media / f"pictures/{part:x}0").mkdir(parents=True)
    monkeypatch.setattr(default_storage, "listdir", publish_then_list)
    sweep_orphans()
    assert len(files()) == 1


def test_nothing_outside_the_images_is_swept(publish, media, files):
    post = publish()
    others = [media / "logo.png", media / "other/ab/x.png", media / "pictures/x.png"]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (0, 0))
    assert sweep_orphans() == 0
    assert all(path.exists() for path in others)
    assert Path(post.image.path).exists()


def test_many_files_are_swept_in_batches(media, monkeypatch, files):
    monkeypatch.setattr("ublog.blog.tasks.SWEPT_AT_ONCE", 2)
    (media / "pictures/ab").mkdir(parents=True)
    for number in range(5):
        path = media / f"pictures/ab/{number}.png"
        path.touch()
        os.utime(path, (0, 0))
    assert sweep_orphans() == 5
    assert files() == []


def test_the_bytes_of_a_post_are_those_of_its_files(publish, media, alice):
    def stored():
        return sum(path.stat().st_size for path in media.rglob("*.*"))

    post = publish()
    assert quotas.stored_bytes(alice) == stored()
    render(post.pk)
    assert quotas.stored_bytes(alice) == stored()
    actions.edit(post_id=post.pk, by=alice, image=picture((300, 200), "red"))
    assert quotas.stored_bytes(alice) == stored()
    actions.edit(post_id=post.pk, by=alice, image=None)
    assert quotas.stored_bytes(alice) == stored() == 0


def test_renditions_count_for_the_day_of_their_author(publish, alice, settings):
    size = images.accept(picture((1300, 20))).size
    settings.LIMITS = settings.LIMITS | {"image_bytes": f"{size + 1}/day"}
    post = publish()
    limits.check("image_bytes", alice)
    render(post.pk)
    with pytest.raises(RateLimited):
        limits.check("image_bytes", alice)


def test_the_error_of_a_used_up_quota_says_what_frees_it(publish, settings):
    size, usual = images.accept(picture((1300, 20))).size, settings.LIMITS
    settings.LIMITS = usual | {"image_bytes": f"{size}/day"}
    publish()
    with pytest.raises(
        RateLimited, match=r"as many pictures as is possible .* available in 24 hours"
    ):
        publish()
    settings.LIMITS, settings.IMAGE_QUOTA_BYTES = usual, size
    with pytest.raises(ValidationError, match="Delete some of them"):
        publish()


def test_images_of_an_earlier_release_are_measured(publish, alice, media):
    first, second = publish(), publish()
    render(first.pk)
    before = quotas.stored_bytes(alice)
    Post.objects.update(image_bytes=None)
    publish(), actions.publish(by=alice, body="A text")
    Path(second.image.path).unlink()
    assert measure_images() == 2
    assert measure_images() == 0
    assert quotas.stored_bytes(alice) == before
    assert Post.objects.get(image="").image_bytes is None


def test_the_sum_of_an_authors_bytes_reads_an_index_alone(publish, alice):
    publish()
    posts = Post.objects.exclude(pk=7).filter(created_by=alice, image_bytes__isnull=False)
    query = posts.order_by().values("created_by").annotate(total=Sum("image_bytes"))
    if connection.vendor == "sqlite":
        assert "COVERING INDEX post_image_bytes" in query.explain()


def test_sweeping_an_empty_storage_is_no_error(db):
    assert sweep_orphans() == 0


def test_half_a_file_on_a_full_disk_does_not_stay(alice, files, monkeypatch):
    def fill_up(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fill_up)
    with pytest.raises(OSError, match="No space left"):
        actions.publish(by=alice, body="Look", image=picture())
    assert (files(), Post.objects.count(), OutboxEntry.objects.count()) == ([], 0, 0)


def test_a_thumbnail_of_a_post_that_is_gone_is_no_error(publish, files):
    post = publish()
    post.delete()
    render(post.pk)
    assert files() == []


def test_a_thumbnail_that_comes_too_late_is_not_kept(publish, files, alice, monkeypatch):
    post = publish()

    def replaced_in_between(file):
        actions.edit(post_id=post.pk, by=alice, image=None)
        late = images.AcceptedImage(b"late", "webp", 4, 1)
        return {"image_medium": late, "thumbnail": late}

    monkeypatch.setattr("ublog.blog.images.renditions", replaced_in_between)
    render(post.pk)
    assert files() == []


def test_two_workers_at_once_leave_the_renditions_of_one(publish, files, monkeypatch):
    post, make = publish(), images.renditions

    def made_twice(file):
        monkeypatch.setattr("ublog.blog.images.renditions", make)
        render(post.pk)
        return make(file)

    monkeypatch.setattr("ublog.blog.images.renditions", made_twice)
    render(post.pk)
    post.refresh_from_db()
    assert files() == sorted(name.rsplit("/")[-1] for name in post.file_names)
    assert post.image_bytes == sum(map(default_storage.size, post.file_names))


@pytest.mark.parametrize(
    "delete",
    [lambda post: post.delete(), lambda post: Post.objects.filter(pk=post.pk).delete()],
    ids=["one", "in bulk"],
)
def test_a_deleted_post_takes_its_files_along(publish, files, delete):
    post = publish()
    render(post.pk)
    post.refresh_from_db()
    delete(post)
    assert files() == []


@pytest.mark.parametrize("image", [None, "", picture], ids=["none", "empty", "another"])
def test_a_replaced_picture_takes_its_files_along(publish, files, alice, image):
    post = publish()
    render(post.pk)
    actions.edit(post_id=post.pk, by=alice, image=image() if callable(image) else image)
    assert len(files()) == (1 if image else 0)
    post.refresh_from_db()
    assert not post.thumbnail


def test_files_stay_when_the_deletion_is_rolled_back(publish, files):
    post = publish()
    with transaction.atomic():
        post.delete()
        transaction.set_rollback(True)
    assert len(files()) == 1


def test_an_author_who_leaves_leaves_the_pictures(publish, files, alice):
    publish()
    alice.delete()
    assert len(files()) == 1


def reject_posts(execute, sql, params, many, context):
    """A database that reads but does not write posts."""
    if sql.startswith(('INSERT INTO "blog_post"', 'UPDATE "blog_post"')):
        raise DatabaseError("disk full")
    return execute(sql, params, many, context)


def test_no_file_stays_of_a_post_that_could_not_be_stored(alice, files):
    with connection.execute_wrapper(reject_posts), pytest.raises(DatabaseError):
        actions.publish(by=alice, body="Look", image=picture())
    assert files() == []


def test_the_old_picture_stays_when_the_new_one_could_not_be_stored(publish, files, alice):
    post = publish()
    with connection.execute_wrapper(reject_posts), pytest.raises(DatabaseError):
        actions.edit(post_id=post.pk, by=alice, image=picture())
    assert files() == [post.image.name.rsplit("/")[-1]]


def test_a_storage_that_fails_does_not_keep_a_post_alive(publish, alice, monkeypatch):
    post = publish()
    monkeypatch.setattr(default_storage._wrapped.__class__, "delete", raise_os_error)
    actions.delete(post_id=post.pk, by=alice)
    assert not Post.objects.exists()


def raise_os_error(*_):
    raise OSError("No space left on device")


def test_a_broker_that_is_away_does_not_lose_a_post(publish, monkeypatch):
    def fail(*_, **__):
        raise ConnectionError("The broker is away.")

    monkeypatch.setattr(render, "apply_async", fail)
    assert publish().pk
