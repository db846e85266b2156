"""What a PNG file has beside its pixels: PNG specification, third edition, section 11."""

import zlib
from typing import NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NEEDED = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
GREY, RGB, PALETTE = 0, 2, 3  # colour types of the header
MAX_PROFILE = 2**22  # bytes of a colour profile: larger ones are ignored


class SplitPng(NamedTuple):
    """A file of what the pixels need, and what is known of the colours."""

    content: bytes
    depth: int  # bits a channel
    key: tuple[int, ...] | None  # the transparent colour of grey or RGB, in that depth
    others: dict[bytes, bytes]  # the first chunk of each other kind


def split(content: bytes) -> SplitPng:
    """Take the metadata out of a file, so that damage in it cannot keep pixels from being read.

    As libpng does, ignore a chunk that pixels do not need when its checksum is wrong.
    """
    kept: list[memoryview] = [memoryview(SIGNATURE)]
    others: dict[bytes, bytes] = {}
    view, at = memoryview(content), len(SIGNATURE)
    while at < len(content):
        end = at + 12 + int.from_bytes(view[at : at + 4])
        kind, data = bytes(view[at + 4 : at + 8]), view[at + 8 : end - 4]
        if kind in NEEDED:
            kept.append(view[at:end])
        elif zlib.crc32(view[at + 4 : end - 4]).to_bytes(4) == view[end - 4 : end]:
            others.setdefault(kind, bytes(data))
            if kind == b"tRNS" and content[25] == PALETTE:
                kept.append(view[at:end])
        at = end
    depth, key = content[24], None
    if (colour := others.get(b"tRNS")) and content[25] in (GREY, RGB):
        size = 2 if content[25] == GREY else 6
        key = tuple(int.from_bytes(colour[i : i + 2]) for i in range(0, size, 2))
    return SplitPng(b"".join(kept), depth, key, others)


def key_levels(key: tuple[int, ...], depth: int) -> tuple[int, ...]:
    """Return the transparent colour in levels of 0 to 255, as pixels of that depth become."""
    if depth == 16:
        return tuple(level >> 8 for level in key)
    return tuple(level * 255 // (2**depth - 1) for level in key)


def profile(chunk: bytes | None) -> bytes | None:
    """Return the colour profile of an iCCP chunk; None without one that can be read."""
    if not chunk:
        return None
    unpack = zlib.decompressobj()
    try:
        found = unpack.decompress(chunk[chunk.index(0) + 2 :], MAX_PROFILE)
    except (zlib.error, ValueError):
        return None
    return found if unpack.eof else None
