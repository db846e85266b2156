"""An image is sent before its post: it is its owner's, becomes part of one post, or goes."""

import threading
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from tests.pictures import invalid_image, picture
from ublog.accounts import actions as account_actions
from ublog.blog import actions, quotas, upload_actions
from ublog.blog.models import Post
from ublog.blog.tasks import delete_old_uploads, render, sweep_orphans
from ublog.blog.uploads import Upload
from ublog.conf.schedule import INTERVALS
from ublog.core import limits
from ublog.core.exceptions import Gone, IdempotencyKeyReused, NotAuthenticated, RateLimited
from ublog.core.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def files(media):
    return lambda: sorted(path.name for path in media.rglob("*") if path.is_file())


@pytest.fixture
def upload(alice):
    def send(by: Viewer = alice, **fields):
        return upload_actions.upload(by=by, **{"image": picture(), "image_alt": "A wall"} | fields)

    return send


def publish(by, upload, **fields):
    return actions.publish(by=by, body="Look", upload=upload, **fields)


def age(**by):
    Upload.objects.update(created_on=timezone.now() - timedelta(**by))


def test_an_upload_becomes_the_image_of_a_post(alice, upload, files):
    sent = upload()
    (name,) = files()
    post = publish(alice, str(sent.pk))
    assert (post.image.name.rsplit("/")[-1], post.image_alt) == (name, "A wall")
    stored = Post.objects.get(pk=post.pk)
    assert (stored.image_width, stored.image_height, stored.image_bytes) == (
        *(40, 30),
        stored.image.size,
    )
    assert not Upload.objects.exists()
    render(post.pk)
    assert name in files()


def test_it_is_attached_once(alice, upload):
    sent = upload()
    publish(alice, sent.pk)
    with pytest.raises(ValidationError, match="belongs to a post already"):
        publish(alice, sent.pk)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("id", ["0", "-1", "x", "9" * 30, 12345])
def test_what_is_no_upload_is_an_error(alice, id):
    with pytest.raises(ValidationError, match="does not exist any more"):
        publish(alice, id)
    assert not Post.objects.exists()


def test_only_its_owner_sees_and_attaches_it(alice, bob, upload):
    sent = upload()
    with pytest.raises(ValidationError):
        publish(bob, sent.pk)
    for action in (
        lambda: upload_actions.get_upload(by=bob, upload_id=sent.pk),
        lambda: upload_actions.describe(by=bob, upload_id=sent.pk, image_alt="Mine"),
    ):
        with pytest.raises(Upload.DoesNotExist):
            action()
    assert upload_actions.get_upload(by=alice, upload_id=str(sent.pk)).image_alt == "A wall"


def test_two_posts_at_once_do_not_share_it(alice, upload):
    sent, results = upload(), []

    def attempt():
        try:
            results.append(publish(alice, sent.pk).image_info["alt"])
        except ValidationError:
            results.append("error")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["A wall", "error", "error", "error"]
    assert Post.objects.exclude(image="").count() == 1


def test_its_description_is_changed_within_the_limits(alice, upload):
    sent = upload()
    upload_actions.describe(by=alice, upload_id=sent.pk, image_alt="  A teal wall ")
    assert publish(alice, sent.pk).image_alt == "A teal wall"
    for bad in ("x" * 1001, "\x00"):
        with pytest.raises(ValidationError):
            upload(image_alt=bad)


@pytest.mark.parametrize("image", [None, "", invalid_image()])
def test_what_is_no_image_is_an_error(upload, files, image):
    with pytest.raises(ValidationError):
        upload(image=image)
    assert not files()


def test_who_is_not_active_uploads_nothing(alice, upload, files):
    alice.is_active = False
    alice.save()
    with pytest.raises(NotAuthenticated):
        upload()
    assert not files()


# -- Publishing once ---------------------------------------------------------------------------


def test_a_repeated_request_returns_the_post_that_has_the_upload(alice, upload):
    sent = upload()
    first, again = (publish(alice, sent.pk, key="k") for _ in range(2))
    assert first.pk == again.pk
    with pytest.raises(IdempotencyKeyReused):
        publish(alice, upload().pk, key="k")
    actions.delete(post_id=first.pk, by=alice)
    with pytest.raises(Gone):
        publish(alice, sent.pk, key="k")


def test_a_post_that_is_not_stored_leaves_the_upload(alice, upload, settings, files):
    settings.LIMITS = settings.LIMITS | {"post": "1/day"}
    publish(alice, upload().pk)
    sent = upload()
    for key in ("", "k"):
        with pytest.raises(RateLimited):
            publish(alice, sent.pk, key=key)
    assert (Upload.objects.count(), len(files())) == (1, 2)


# -- Editing -----------------------------------------------------------------------------------


def test_an_edit_replaces_the_image_by_an_upload(alice, upload, files):
    post = publish(alice, upload().pk)
    actions.edit(post_id=post.pk, by=alice, upload=upload(image_alt="Two").pk)
    stored = Post.objects.get(pk=post.pk)
    assert stored.image_alt == "Two"
    assert files() == [stored.image.name.rsplit("/")[-1]]
    assert not Upload.objects.exists()


# -- Quotas ------------------------------------------------------------------------------------


def test_bytes_count_when_they_are_sent_and_once(alice, upload):
    sent = upload()
    size = sent.image_bytes
    assert limits.used("image_bytes", alice)[0] == quotas.stored_bytes(alice) == size > 0
    publish(alice, sent.pk)
    assert limits.used("image_bytes", alice)[0] == quotas.stored_bytes(alice) == size


def test_uploads_fill_the_quota(alice, upload, settings, files):
    size = upload().image_bytes
    settings.IMAGE_QUOTA_BYTES = size + 1
    with pytest.raises(ValidationError, match="altogether"):
        upload()
    with pytest.raises(ValidationError, match="altogether"):
        actions.publish(by=alice, body="Look", image=picture())
    settings.IMAGE_QUOTA_BYTES = 10 * size
    settings.LIMITS = settings.LIMITS | {"image_bytes": "1/day"}
    with pytest.raises(RateLimited):
        upload()
    assert len(files()) == 1


def test_the_doctor_counts_them(alice, upload, settings):
    publish(alice, upload().pk)
    settings.IMAGE_QUOTA_BYTES = quotas.stored_bytes(alice) * 2
    named = {"tags": ["quotas"], "include_deployment_checks": True, "databases": ["default"]}
    assert not run_checks(**named)
    upload()
    (message,) = run_checks(**named)
    assert message.msg.startswith("alice stores")


# -- The end -----------------------------------------------------------------------------------


def test_one_that_is_not_published_is_deleted_after_a_day(alice, upload, files):
    upload()
    age(hours=23)
    assert (delete_old_uploads(), len(files())) == (0, 1)
    age(hours=25)
    kept = upload()
    assert (delete_old_uploads(), len(files())) == (1, 1)
    assert Upload.objects.get() == kept
    assert INTERVALS["blog.tasks.delete_old_uploads"] <= timedelta(hours=1)


def test_the_sweep_of_orphans_keeps_the_files_of_uploads(monkeypatch, upload, files):
    monkeypatch.setattr("ublog.blog.tasks.KEEP_ORPHANS", timedelta(0))
    upload()
    assert (sweep_orphans(), len(files())) == (0, 1)
    Upload.objects.all().delete()
    assert (sweep_orphans(), len(files())) == (1, 0)


def test_they_go_with_their_user(alice, bob, upload, files):
    upload()
    kept = upload(bob)
    account_actions.delete(user=alice)
    assert Upload.objects.get() == kept
    assert len(files()) == 1


def test_the_file_of_a_post_outlives_the_sweep_of_its_upload(alice, upload, files):
    """The sweep has chosen the upload when it is published."""
    sent = upload()
    chosen = Upload.objects.filter(pk=sent.pk)
    publish(alice, sent.pk)
    assert upload_actions.discard(chosen) == 0
    assert len(files()) == 1
