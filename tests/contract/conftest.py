"""Each test of the contract runs through all five interfaces."""

import pytest

from tests.contract.drivers import DRIVERS
from ublog.blog import images
from ublog.blog.images import AcceptedImage

KB = 1_000


def pytest_generate_tests(metafunc):
    """Parametrise `interface`: ids such as `test_only_the_author_deletes[GraphQL]`."""
    if "interface" in metafunc.fixturenames:
        only = metafunc.config.getoption("--interface")
        drivers = [driver for driver in DRIVERS if only in (None, driver.name)]
        if not drivers:
            names = ", ".join(driver.name for driver in DRIVERS)
            raise pytest.UsageError(f"--interface takes one of: {names}")
        metafunc.parametrize("interface", drivers, ids=lambda driver: driver.name, indirect=True)


@pytest.fixture
def interface(request, db):
    """The class of the driver: `interface(alice)` acts as Alice, `interface()` as anonymous."""
    return request.param


@pytest.fixture
def decoded(monkeypatch):
    """A stand-in for the decoder, which costs nothing: the list of the jobs that it was given.

    It returns images of `decoded.size` bytes.
    """

    class Decoded(list):
        size = 100 * KB

    jobs = Decoded()

    def decode(job, file):
        jobs.append(job)
        return {"image": AcceptedImage(bytes(jobs.size), "png", 40, 30)}

    monkeypatch.setattr(images, "decode", decode)
    return jobs


@pytest.fixture
def reply(post):
    """A function that stores a reply to a post, without an interface."""

    def make(to, author=None, body="A reply", **fields):
        conversation = to.conversation or to.pk
        return post(author, body, in_reply_to=to, conversation=conversation, **fields)

    return make


@pytest.fixture
def chain(post, reply):
    """A function that stores a post, a reply to it, a reply to that and so on: all of them."""

    def make(length):
        found = [post(body="Post 0")]
        for number in range(1, length):
            found.append(reply(found[-1], body=f"Post {number}"))
        return found

    return make
