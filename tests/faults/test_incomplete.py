"""C13 through the real server: a client that closes in the middle of its request publishes nothing.

It may close its side alone or the whole connection.
"""

import json
import socket
from contextlib import closing

import pytest

from tests.faults.site import BOUNDARY, NO_LIMITS, Site, eventually

PATHS = ["/api/fbv/posts/new/", "/api/cbv/posts/"]
JSON = (b'{"body": "Half"}', "application/json")
FORM = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="body"\r\n\r\nHalf\r\n'
    f"--{BOUNDARY}--\r\n".encode(),
    f"multipart/form-data; boundary={BOUNDARY}",
)
bodies = pytest.mark.parametrize(("body", "kind"), [JSON, FORM], ids=["JSON", "a form"])
paths = pytest.mark.parametrize("path", PATHS)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    data = tmp_path_factory.mktemp("incomplete") / "data"
    data.mkdir()
    made = Site(data, DATABASE_URL=f"sqlite:///{data}/ublog.sqlite3", **NO_LIMITS)
    try:
        made.run("manage.py", "prepare")
        made.start("web")
        eventually(lambda: is_up(made))
        yield made
    finally:
        made.stop()


def is_up(site):
    try:
        return site.fetch("/health/live/")[0] == 200
    except OSError:
        return False


def send(site, path, kind, sent, *headers):
    """Yield a connection on which a POST has been sent."""
    head = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{site.port}", f"Content-Type: {kind}"]
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=60)
    connection.sendall("\r\n".join([*head, *headers, "", ""]).encode() + sent)
    return connection


def status(connection):
    with connection.makefile("rb") as response:
        return int(response.readline().split()[1])


def posts(site, body="Half"):
    """Return the posts with that text: the tests share one site."""
    found = json.loads(site.fetch("/api/fbv/posts/")[1])["results"]
    return [post for post in found if post["body"] == body]


@bodies
@paths
def test_c13_half_closed_in_the_middle_is_400(site, path, body, kind):
    """What arrived is valid by itself, but shorter than its Content-Length."""
    announced = f"Content-Length: {len(body) + 9}"
    with closing(send(site, path, kind, body, announced)) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert status(connection) == 400
    assert posts(site) == []


@bodies
@paths
def test_c13_closed_in_the_middle_is_not_published(site, path, body, kind):
    send(site, path, kind, body, f"Content-Length: {len(body) + 9}").close()
    # When this one is done, the thread pool has read the one before it.
    for _ in range(10):
        assert posts(site) == []


@paths
def test_c13_a_form_without_its_end_is_400(site, path):
    body, kind = FORM
    cut = body[: body.rindex(b"--" + BOUNDARY.encode())]
    with closing(send(site, path, kind, cut, f"Content-Length: {len(cut)}")) as connection:
        assert status(connection) == 400
    assert posts(site) == []


@bodies
@paths
def test_c13_a_chunked_body_is_published_when_it_is_complete_and_else_a_400(site, path, body, kind):
    """gunicorn's worker receives it whole; Django gets it with a length (411 without one)."""
    text = f"Chunked {path} {kind}"[:60]
    body = body.replace(b"Half", text.encode())
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    header = "Transfer-Encoding: chunked"
    with closing(send(site, path, kind, chunks[:-7], header)) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert status(connection) == 400
    assert posts(site, text) == []
    with closing(send(site, path, kind, chunks, header)) as connection:
        assert status(connection) == 201
    assert len(posts(site, text)) == 1


@bodies
def test_c13_a_second_attempt_is_published_once(site, body, kind):
    body, key = body.replace(b"Half", b"Full"), f"Idempotency-Key: {kind}"
    before = len(posts(site, "Full"))
    broken = send(site, PATHS[0], kind, body[:-4], key, f"Content-Length: {len(body)}")
    broken.shutdown(socket.SHUT_WR)
    assert status(broken) == 400
    broken.close()
    for _ in range(2):
        with closing(
            send(site, PATHS[0], kind, body, key, f"Content-Length: {len(body)}")
        ) as whole:
            assert status(whole) == 201
    assert len(posts(site, "Full")) == before + 1
