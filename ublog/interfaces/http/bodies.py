"""Bodies of requests, received whole before anything acts on them: requirement C13.

Django's parsers accept what has arrived: a connection that ends in the middle of an upload would
publish half a picture. A text body is read into memory, and a large multipart form into a
temporary file.
"""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParser

CHUNK_SIZE = 2**16  # bytes
# What may follow the closing boundary: RFC 2046, section 5.1.1, calls it the epilogue.
MAX_EPILOGUE = 1024  # bytes


class IncompleteBody(BadRequest):
    """Fewer bytes than Content-Length says have arrived, or a form without its end."""

    def __init__(self) -> None:
        super().__init__("The request ended before all of it was sent. Please send it again.")


class LengthRequired(Exception):
    """A body without Content-Length, which a WSGI application cannot read (PEP 3333)."""

    def __init__(self) -> None:
        super().__init__("Send a Content-Length with what you send.")


def file_name(parser: MultiPartParser, name: str) -> str:
    """Return the name of a file in a form, as Django cleans it.

    Where nothing is left of it, such as of ".", Django drops the file without an error, and the
    post would be published without its image. Names are not stored, so any will do.
    """
    return clean_file_name(parser, name) or "file"


# Both Django and DRF use this parser, and neither has a setting for another.
clean_file_name = MultiPartParser.sanitize_file_name
MultiPartParser.sanitize_file_name = file_name  # type: ignore[assignment, method-assign]


def content_length(request: HttpRequest) -> int:
    """Return the number of bytes in Content-Length; 0 without a valid one."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def receive(request: HttpRequest) -> None:
    """Read the whole body, for the views to parse.

    Raise IncompleteBody, LengthRequired, and RequestDataTooBig for a text body of more than
    DATA_UPLOAD_MAX_MEMORY_SIZE bytes.
    """
    length = content_length(request)
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired
    if length and request.content_type == "multipart/form-data":
        receive_form(request, length)
    elif length and len(read_text(request)) < length:
        raise IncompleteBody


def read_text(request: HttpRequest) -> bytes:
    """Return the body. Raise IncompleteBody if the connection breaks."""
    try:
        return request.body
    except UnreadablePostError:
        raise IncompleteBody from None


def receive_form(request: Any, length: int) -> None:
    """Read the form into a temporary file, which replaces the stream; `discard` closes it."""
    stream = request._stream
    request._stream = file = SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115
    file.writelines(chunks(stream))
    boundary = request.content_params.get("boundary", "").encode()
    if file.tell() < length or not ends(file, length, boundary):
        raise IncompleteBody
    file.seek(0)


def discard(request: Any) -> None:
    """Close the temporary file, once there is a response."""
    if isinstance(stream := getattr(request, "_stream", None), SpooledTemporaryFile):
        stream.close()


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what the client sends. Raise IncompleteBody if the connection breaks."""
    while chunk := read(stream):
        yield chunk


def read(stream: IO[bytes]) -> bytes:
    """Return the next bytes, b"" at the end. Raise IncompleteBody if the connection breaks."""
    try:
        return stream.read(CHUNK_SIZE)
    except OSError:
        raise IncompleteBody from None


def ends(file: Any, length: int, boundary: bytes) -> bool:
    """Return whether the form has its closing boundary: RFC 2046, section 5.1.1."""
    closing = b"--" + boundary + b"--"
    file.seek(max(0, length - len(closing) - MAX_EPILOGUE))
    tail = file.read()
    return bool(boundary) and (b"\n" + closing in tail or tail.startswith(closing))
