"""How deploy/gunicorn.conf.py sends a response."""

from runpy import run_path
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http.wsgi import Response

from tests.faults.site import ROOT


@pytest.fixture
def sent(monkeypatch):
    """Return a function that sends a response in parts and returns the pieces that were sent."""
    monkeypatch.setattr(Response, "write", Response.write)  # restored after the test
    run_path(str(ROOT / "deploy/gunicorn.conf.py"))

    def response(*parts: bytes, **headers: str) -> list[bytes]:
        pieces: list[bytes] = []
        request = SimpleNamespace(method="GET", version=(1, 1), should_close=lambda: False)
        response = Response(request, SimpleNamespace(sendall=pieces.append), Config())
        response.start_response("200 OK", list(headers.items()))
        for part in parts:
            response.write(part)
        response.close()
        return pieces

    return response


def test_a_response_is_sent_in_one_piece(sent):
    """Else a process that is killed between head and body would leave half a response."""
    (whole,) = sent(b"Hello", **{"Content-Length": "5"})
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert whole.endswith(b"\r\n\r\nHello")


def test_a_stream_is_sent_as_it_comes(sent):
    first, second, end = sent(b"Hello", b"World")
    assert first.endswith(b"\r\n\r\n5\r\nHello\r\n")
    assert (second, end) == (b"5\r\nWorld\r\n", b"0\r\n\r\n")


def test_a_response_without_a_body_has_a_head(sent):
    (head,) = sent(**{"Content-Length": "0"})
    assert head.endswith(b"\r\n\r\n")
