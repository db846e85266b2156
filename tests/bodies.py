"""Incomplete requests, as a broken connection leaves them."""

from contextlib import contextmanager
from io import BytesIO

from tests.contract.drivers import Pages


@contextmanager
def cut(client, how):
    """Have the client send less than it should: `how` gets a body and gives what is announced
    and what comes of it."""
    generic = client.generic

    def send(method, path, data="", content_type="application/octet-stream", **options):
        content = data.encode() if isinstance(data, str) else data
        if content and method not in ("GET", "HEAD"):
            length, content = how(content)
            body = {"CONTENT_LENGTH": str(length), "wsgi.input": BytesIO(content)}
            options["headers"] = options.get("headers") or {}
            options |= body
        return generic(method, path, content, content_type, **options)

    client.generic = send
    try:
        yield
    finally:
        del client.generic


def without_its_half(content):
    return len(content), content[: len(content) // 2]


def without_its_last_byte(content):
    return len(content), content[:-1]


def without_its_end(content):
    """Leave the body and its length as they are, but a multipart form without its end."""
    kept = content[: content.rindex(b"--", 0, -4)]
    return len(kept), kept


def sends_forms(driver, image):
    """Return whether the driver sends a multipart form."""
    return isinstance(driver, Pages) or bool(image)
