"""What a JPEG file has beside its pixels: ITU-T T.81, annex B."""

from typing import NamedTuple

from ublog.blog.decoder.errors import DAMAGED, NotAcceptable

START_OF_SCAN, END = 0xDA, b"\xff\xd9"
ALONE = (0x01, *range(0xD0, 0xD9))  # markers without a segment
JFIF, ADOBE = (0xE0, b"JFIF\0"), (0xEE, b"Adobe")  # these say how colours are stored
EXIF, ICC = (0xE1, b"Exif\0\0"), (0xE2, b"ICC_PROFILE\0")
# Any bits that are no marker, to follow what a file without its end mark has.
OTHER_BITS = b"\xaa" * 4096


class SplitJpeg(NamedTuple):
    """A file of what the pixels need, and its metadata."""

    content: bytes
    exif: bytes
    profile: bytes


def split(content: bytes) -> SplitJpeg:
    """Take the metadata out of a file, so that damage in it cannot keep pixels from being read.

    Raise NotAcceptable when there are no pixels.
    """
    view, at = memoryview(content), 2
    kept, exif = [view[:at]], b""
    profile: dict[int, bytes] = {}  # its parts by their numbers
    while at + 4 <= len(content):
        if content[at] != 0xFF or content[at + 1] in (0x00, 0xFF):  # fill bytes, and rubbish
            at += 1
            continue
        marker = content[at + 1]
        if marker in ALONE:
            at += 2
            continue
        if marker == START_OF_SCAN:
            kept.append(view[at:])
            return SplitJpeg(b"".join(kept), exif, b"".join(profile[i] for i in sorted(profile)))
        end = at + 2 + int.from_bytes(view[at + 2 : at + 4])
        data = bytes(view[at + 4 : end])
        if is_segment(marker, data, EXIF):
            exif = exif or data[6:]
        elif is_segment(marker, data, ICC) and len(data) > 14:
            profile[data[12]] = data[14:]
        if is_needed(marker, data):
            kept.append(view[at:end])
        at = end
    raise NotAcceptable(DAMAGED)


def is_segment(marker: int, data: bytes, kind: tuple[int, bytes]) -> bool:
    return marker == kind[0] and data.startswith(kind[1])


def is_needed(marker: int, data: bytes) -> bool:
    """Return whether a segment concerns pixels: no application data or comment, but how colours
    are stored."""
    if is_segment(marker, data, JFIF):
        return len(data) >= 14
    if is_segment(marker, data, ADOBE):
        return len(data) >= 12
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)
