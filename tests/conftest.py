"""What all tests stand on: people, and fresh limits and files. The environment: settings.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

import pytest

from ublog.accounts.models import CustomUser
from ublog.blog import images
from ublog.blog.models import Post, PostLike
from ublog.core import limits
from ublog.operations import health


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--interface", help="Only this interface of the contract, such as GraphQL.")


@pytest.fixture(autouse=True)
def fresh_limits():
    """No test spends what another test has left."""
    shared, own = limits.shared_counts, limits.own_counts
    yield
    own.cache_clear()
    limits.down_until = limits.pause = 0.0
    shared().storage.reset()


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """No test fails since the machine is busy, or since the run of all of them takes long."""
    monkeypatch.setattr(health, "PATIENCE", 600)
    monkeypatch.setattr(images, "PATIENCE", dict.fromkeys(images.PATIENCE, 600.0))
    monkeypatch.setattr(images, "TIMEOUT", 600)
    monkeypatch.setattr(images, "places", BoundedSemaphore(100))
    monkeypatch.setattr(health, "started", float("inf"))


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder of stored pictures, empty at first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def no_limits(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "1000000/minute")


@pytest.fixture
def person(db):
    """A function that makes a person of that name."""

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
    """Someone who may do everything in the admin, and nothing more than others elsewhere."""
    return person("sam", is_staff=True, is_superuser=True)


@pytest.fixture
def everything(media):
    """A function that tells all that is stored, to see that nothing has changed."""

    def stored():
        return {
            "posts": list(Post.objects.order_by("pk").values()),
            "likes": set(PostLike.objects.values_list("pk", "post_id", "liked_by_id")),
            "people": list(CustomUser.objects.order_by("pk").values_list("pk", "email")),
            "files": {path for path in media.rglob("*") if path.is_file()},
        }

    return stored


@pytest.fixture
def refused(everything):
    """`with refused(Forbidden): …`: the door refuses in this way, and nothing has changed."""

    @contextmanager
    def check(kind: type[Exception]) -> Iterator[pytest.ExceptionInfo]:
        before = everything()
        with pytest.raises(kind) as caught:
            yield caught
        assert everything() == before

    return check


@pytest.fixture
def post(db):
    """A function that makes a post without passing a door."""

    def make(author=None, body="A post", **fields):
        return Post.objects.create(created_by=author, body=body, **fields)

    return make
