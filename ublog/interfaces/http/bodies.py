"""Bodies of requests, received whole before anything acts on them: requirement C13.

Django's parsers take what has come: a connection that ends in the middle of an upload would
publish half a picture. A text body is read into memory, a multipart form into a temporary file
when it is large.
"""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, UnreadablePostError

CHUNK = 2**16  # bytes
# What may follow the closing boundary: RFC 2046, section 5.1.1, calls it the epilogue.
MAX_EPILOGUE = 1024  # bytes


class IncompleteBody(BadRequest):
    """Less has come than was announced, or a form without its end."""

    def __init__(self) -> None:
        super().__init__("The request ended before all of it was sent. Please send it again.")


class LengthRequired(Exception):
    """A body without Content-Length, which a WSGI application cannot read (PEP 3333)."""

    def __init__(self) -> None:
        super().__init__("Send a Content-Length with what you send.")


def content_length(request: HttpRequest) -> int:
    """Return the announced number of bytes; 0 when there is none."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def receive(request: HttpRequest) -> None:
    """Read the whole body, for the views to parse.

    Raises IncompleteBody, LengthRequired, and RequestDataTooBig for a text body of more than
    DATA_UPLOAD_MAX_MEMORY_SIZE.
    """
    length = content_length(request)
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired
    if length and request.content_type == "multipart/form-data":
        receive_form(request, length)
    elif length and len(read_text(request)) < length:
        raise IncompleteBody


def read_text(request: HttpRequest) -> bytes:
    try:
        return request.body
    except UnreadablePostError:
        raise IncompleteBody from None


def receive_form(request: Any, length: int) -> None:
    """Put a temporary file, which `discard` closes, in the place of the stream."""
    coming = request._stream
    request._stream = file = SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115
    file.writelines(pieces(coming))
    boundary = request.content_params.get("boundary", "").encode()
    if file.tell() < length or not ends(file, length, boundary):
        raise IncompleteBody
    file.seek(0)


def discard(request: Any) -> None:
    """Close the temporary file, once there is a response."""
    if isinstance(stream := getattr(request, "_stream", None), SpooledTemporaryFile):
        stream.close()


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what comes from the client, whose connection may break."""
    while piece := read(stream):
        yield piece


def read(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError:
        raise IncompleteBody from None


def ends(file: Any, length: int, boundary: bytes) -> bool:
    """Return whether the form has its closing boundary: RFC 2046, section 5.1.1."""
    closing = b"--" + boundary + b"--"
    file.seek(max(0, length - len(closing) - MAX_EPILOGUE))
    tail = file.read()
    return bool(boundary) and (b"\n" + closing in tail or tail.startswith(closing))
