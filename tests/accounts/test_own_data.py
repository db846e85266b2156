"""A user sees how much the site stores for them, and downloads all of it."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core import mail as outgoing
from django.db import connection
from django.utils import timezone

from tests.accounts.drivers import PASSWORD
from tests.contract.drivers import NotAuthenticated, NotFound
from tests.pictures import picture
from ublog.accounts import tasks
from ublog.accounts.models import Mail
from ublog.blog import actions, archive_actions, archive_tasks
from ublog.blog.account_deletion import delete_account
from ublog.blog.archives import Archive, storage
from ublog.blog.models import Post
from ublog.blog.profile_pictures import set_avatar
from ublog.blog.upload_actions import upload
from ublog.core.exceptions import RateLimited
from ublog.core.models import OutboxEntry

pytestmark = [pytest.mark.offers("own_data")]


@pytest.fixture(autouse=True)
def archives(settings, tmp_path):
    """A directory for archives that is this test's own."""
    options = settings.STORAGES["archives"]["OPTIONS"] | {"location": tmp_path / "archives"}
    archives = settings.STORAGES["archives"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"archives": archives}


@pytest.fixture
def carols(interface, carol):
    browser = interface()
    browser.log_in(carol.email)
    return browser


def make():
    for entry in OutboxEntry.objects.filter(task=archive_tasks.make_archive.name):
        archive_tasks.make_archive(*entry.ids)


def test_carol_downloads_all_that_is_hers(carols, carol, bob):
    mine = actions.publish(by=carol, body="Élan", image=picture(), image_alt="A wall")
    his = actions.publish(by=bob, body="Not hers")
    actions.like(post_id=his.pk, by=carol)
    actions.bookmark(post_id=his.pk, by=carol)
    set_avatar(by=carol, avatar=picture())
    waiting = upload(by=carol, image=picture(), image_alt="Not published")
    carols.request_archive()
    make()
    with ZipFile(io.BytesIO(carols.download())) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    data = {name[:-5]: json.loads(files[name]) for name in files if name.endswith(".json")}
    [profile] = data["profile"]
    assert (profile["email"], profile["display_name"]) == (carol.email, "Carol C.")
    assert [(post["id"], post["body"], post["image_alt"]) for post in data["posts"]] == [
        (mine.pk, "Élan", "A wall")
    ]
    [sent] = data["uploads"]
    assert (sent["id"], sent["image_alt"]) == (waiting.pk, "Not published")
    assert files[sent["image"]].startswith(b"\x89PNG")
    assert [like["post_id"] for like in data["likes"]] == [his.pk]
    assert [bookmark["post_id"] for bookmark in data["bookmarks"]] == [his.pk]
    assert data["sessions"] == [] or data["sessions"][0]["created_on"]
    assert files[data["posts"][0]["image"]].startswith(b"\x89PNG")
    assert files[profile["avatar"]].startswith(b"RIFF")


def test_there_is_one_at_a_time(carols, carol):
    carols.request_archive()
    carols.request_archive()
    make()
    carols.request_archive()
    assert Archive.objects.count() == OutboxEntry.objects.count() == 1
    assert len(storage().listdir("")[1]) == 1


@pytest.mark.parametrize("smtp", ["smtp://mail.example.org", ""])
def test_a_mail_says_that_it_is_ready_where_mails_are_sent(carols, carol, settings, smtp):
    settings.SMTP_URL = smtp
    carols.request_archive()
    assert not Mail.objects.exists()
    make()
    make()
    for row in Mail.objects.all():
        tasks.send_mail(row.pk)
    sent = [(mail.to, mail.subject) for mail in outgoing.outbox]
    assert sent == ([([carol.email], "The archive of your data is ready")] if smtp else [])
    if smtp:
        assert "http://127.0.0.1:8000/accounts/data/" in outgoing.outbox[0].body


def test_nobody_else_downloads_it(carols, interface, person):
    carols.request_archive()
    make()
    person("dan", password=PASSWORD)
    with pytest.raises(NotAuthenticated):
        interface().download()
    other = interface()
    other.log_in("dan@example.org")
    with pytest.raises(NotFound):
        other.download()


def test_it_is_not_there_before_it_is_made_nor_after_a_week(
    carols, django_capture_on_commit_callbacks
):
    carols.request_archive()
    with pytest.raises(NotFound):
        carols.download()
    make()
    assert carols.download()
    Archive.objects.update(made_on=timezone.now() - timedelta(days=7))
    with pytest.raises(NotFound):
        carols.download()
    with django_capture_on_commit_callbacks(execute=True):
        assert archive_tasks.delete_old_archives() == 1
    assert storage().listdir("")[1] == []


def test_the_file_goes_with_the_account(carols, carol, django_capture_on_commit_callbacks):
    carols.request_archive()
    make()
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(by=carol, password=PASSWORD, posts="keep")
    assert storage().listdir("")[1] == []


def test_carol_sees_how_much_her_pictures_take(carols, carol):
    assert carols.own_data() == (0, 0)
    post = actions.publish(by=carol, body="Look", image=picture((400, 300)))
    carol = set_avatar(by=carol, avatar=picture())
    total = Post.objects.get(pk=post.pk).image_bytes + carol.avatar_bytes
    assert carols.own_data() == (total, total)


def test_only_who_is_logged_in_has_data(interface, db):
    with pytest.raises(NotAuthenticated):
        interface().own_data()
    with pytest.raises(NotAuthenticated):
        interface().request_archive()


def test_two_workers_do_not_make_the_same_one(carol):
    archive = archive_actions.request_archive(by=carol)
    Archive.objects.update(touched_on=timezone.now())
    with pytest.raises(archive_tasks.StillAtWork):
        archive_tasks.make_archive(archive.pk)
    Archive.objects.update(touched_on=timezone.now() - timedelta(minutes=1))
    archive_tasks.make_archive(archive.pk)
    assert Archive.objects.get().size


def test_a_picture_that_the_storage_has_lost_is_left_out(carol):
    Post.objects.create(created_by=carol, body="Look", image="pictures/aa/lost.png")
    archive_tasks.make_archive(archive_actions.request_archive(by=carol).pk)
    archive, file = archive_actions.open_archive(by=carol)
    with file, ZipFile(file) as found:
        assert json.loads(found.read("posts.json"))[0]["image"] is None
    assert archive.size


def test_archives_are_limited(carol, rejected):
    for _ in range(3):
        archive_actions.request_archive(by=carol)
        Archive.objects.all().delete()
    with rejected(RateLimited):
        archive_actions.request_archive(by=carol)


def test_the_number_of_queries_does_not_grow_with_the_posts(carol, django_assert_max_num_queries):
    posts = [Post(created_by=carol, body="Hello", body_folded="hello") for _ in range(50)]
    Post.objects.bulk_create(posts)
    archive = archive_actions.request_archive(by=carol)
    with django_assert_max_num_queries(14 + 2 * (connection.vendor == "postgresql")):
        archive_tasks.make_archive(archive.pk)
