"""Images to upload, drawn here."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(size=(40, 30), colour="teal", mode="RGB", format="PNG", **options):
    """Return an uploaded file with an image."""
    return upload(encoded(Image.new(mode, size, colour), format, **options), f"p.{format.lower()}")


def encoded(image, format="PNG", **options) -> bytes:
    target = io.BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def upload(content: bytes, name="p.png", content_type=None):
    kind = content_type or f"image/{name.rsplit('.')[-1]}"
    return SimpleUploadedFile(name, content, content_type=kind)


def invalid_image():
    return upload(b"I am a text that calls itself a picture.", "text.png")


def too_large():
    """Return a valid image with more bytes behind it than are allowed."""
    return upload(encoded(Image.new("RGB", (9, 9))) + bytes(16 * 1024 * 1024), "large.png")


def bomb(side=13_000):
    """Return a PNG of `side`² pixels in about 20 kB, which takes hundreds of MB to decode."""
    row = zlib.compressobj(9)
    line = bytes(1 + side // 8 + 1)
    body = b"".join(row.compress(line) for _ in range(side)) + row.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return upload(b"\x89PNG\r\n\x1a\n" + chunks, "bomb.png")


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
