"""Fixtures for all tests: users, posts, empty limits and storage. The environment: settings.py."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

import pytest

from ublog.accounts.models import CustomUser
from ublog.blog import images
from ublog.blog.images import AcceptedImage
from ublog.blog.models import Post, PostMark
from ublog.blog.notifications import Notification
from ublog.core import limits, site_settings
from ublog.core.models import SiteSettings
from ublog.interfaces.auth import login  # noqa: F401  for a `force_login` before any request
from ublog.operations import health
from ublog.operations.backups import rows


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--interface", help="Only this interface of the contract, such as GraphQL.")
    parser.addoption("--slow", action="store_true", help="Browser tests on a slow phone.")


@pytest.fixture(autouse=True)
def fresh_limits():
    """Begin each test with limits that nothing was spent of."""
    shared, own = limits.shared_counts, limits.own_counts
    yield
    own.cache_clear()
    limits.down_until = limits.pause = 0.0
    shared().storage.reset()


@pytest.fixture(autouse=True)
def fresh_site_settings(monkeypatch):
    """Begin each test with the default settings of the site, which no request reads again."""
    monkeypatch.setattr(site_settings, "LIFETIME", float("inf"))
    monkeypatch.setattr(site_settings, "cached", (0.0, SiteSettings().overrule()))


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Keep tests from failing because the machine is busy or the whole run takes long."""
    monkeypatch.setattr(health, "PATIENCE", 600)
    monkeypatch.setattr(images, "MAX_WAIT", dict.fromkeys(images.MAX_WAIT, 600.0))
    monkeypatch.setattr(images, "TIMEOUT", 600)
    monkeypatch.setattr(images, "places", BoundedSemaphore(100))
    monkeypatch.setattr(health, "started", float("inf"))


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The directory of stored images, empty at first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True, scope="session")
def tables_of_backups(tmp_path_factory):
    """Create the tables of a backup on PostgreSQL once, and copy them then: that takes seconds."""
    create, made = rows.create_tables, {}

    def copy(path, migrations):
        key = tuple(migrations)
        if key not in made:
            made[key] = tmp_path_factory.mktemp("tables") / "database.sqlite3"
            create(made[key], migrations)
        shutil.copyfile(made[key], path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "create_tables", copy)
        yield


@pytest.fixture
def decoded(monkeypatch):
    """A stand-in for the decoder, which costs nothing: the list of the jobs that it was given.

    It returns images of `decoded.size` bytes.
    """

    class Decoded(list):
        size = 100_000

    jobs = Decoded()

    def decode(job, file):
        jobs.append(job)
        return {"image": AcceptedImage(bytes(jobs.size), "png", 40, 30)}

    monkeypatch.setattr(images, "decode", decode)
    return jobs


@pytest.fixture
def no_limits(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "1000000/minute")


@pytest.fixture
def person(db):
    """A function that creates a user with that name."""

    def make(name: str, **fields):
        return CustomUser.objects.create_user(f"{name}@example.org", username=name, **fields)

    return make


@pytest.fixture
def alice(person):
    return person("alice")


@pytest.fixture
def bob(person):
    return person("bob")


@pytest.fixture
def charlie(person):
    return person("charlie")


@pytest.fixture
def staff(person):
    """A superuser, who may do everything in the admin, and no more than others elsewhere."""
    return person("sam", is_staff=True, is_superuser=True)


@pytest.fixture
def everything(media):
    """A function that returns all that is stored, to compare it with what is stored later."""

    def stored():
        return {
            "posts": list(Post.objects.order_by("pk").values()),
            "marks": [
                (mark, set(mark.objects.values_list("pk", "post_id", mark.USER)))
                for mark in PostMark.__subclasses__()
            ],
            "people": list(
                CustomUser.objects.order_by("pk").values_list(
                    "pk", "email", "notifications_read_up_to"
                )
            ),
            "notifications": list(Notification.objects.order_by("pk").values()),
            "files": {path for path in media.rglob("*") if path.is_file()},
        }

    return stored


@pytest.fixture
def rejected(everything):
    """`with rejected(Forbidden): …`: the block raises that, and nothing stored has changed."""

    @contextmanager
    def check(kind: type[Exception]) -> Iterator[pytest.ExceptionInfo]:
        before = everything()
        with pytest.raises(kind) as caught:
            yield caught
        assert everything() == before

    return check


@pytest.fixture
def post(db):
    """A function that creates a post, without an interface."""

    def make(author=None, body="A post", **fields):
        return Post.objects.create(created_by=author, body=body, **fields)

    return make
