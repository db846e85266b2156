"""Files of every kind that somebody may send as a picture, made here byte by byte.

Each is small and harmless: what is odd about it is its metadata, its colours or its end.
"""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageDraw

from tests.pictures import chunk, encoded

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def scene(size=(48, 32)) -> Image.Image:
    """Return a picture whose corners differ."""
    image = Image.new("RGB", size, (0, 128, 128))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(230, 40, 30))
    draw.rectangle((size[0] // 2, size[1] // 2, *size), fill=(240, 220, 60))
    return image


# -- PNG ---------------------------------------------------------------------------------------


def png(
    rows: list[bytes], width: int, depth=8, colour=2, before: bytes = b"", after: bytes = b""
) -> bytes:
    """Return a PNG of these rows, with chunks before and after its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    return SIGNATURE + header + before + data + after + chunk(b"IEND", b"")


def scene_png(before: bytes = b"", after: bytes = b"", size=(48, 32)) -> bytes:
    raw, width = scene(size).tobytes(), 3 * size[0]
    rows = [raw[at : at + width] for at in range(0, len(raw), width)]
    return png(rows, size[0], before=before, after=after)


def wrong_checksum(kind: bytes, content: bytes) -> bytes:
    good = chunk(kind, content)
    return good[:-1] + bytes([good[-1] ^ 1])


def large_text() -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2_000_000)))


def large_profile(content: bytes) -> bytes:
    return chunk(b"iCCP", b"wide\0\0" + zlib.compress(content))


def gamma(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chromaticities(*points: tuple[float, float]) -> bytes:
    """Return the chunk of white, red, green and blue."""
    values = [round(value * 100_000) for point in points for value in point]
    return chunk(b"cHRM", struct.pack(">8I", *values))


def coded(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes((primaries, transfer, 0, 1)))


# -- JPEG --------------------------------------------------------------------------------------


def jpeg(size=(48, 32), exif=b"", **options) -> bytes:
    content = encoded(scene(size), "JPEG", quality=90, **options)
    return with_segment(0xE1, b"Exif\0\0" + exif, content) if exif else content


def with_segment(marker: int, content: bytes, file: bytes | None = None) -> bytes:
    """Return a JPEG with one more segment after its first marker."""
    file = file or encoded(scene(), "JPEG", quality=90)
    return file[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + file[2:]


def exif(tags: list[tuple[int, int, int, bytes]]) -> bytes:
    """Return Exif of little-endian entries: tag, type, count, four bytes of value."""
    entries = b"".join(struct.pack("<HHI4s", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


ORIENTATION, X_RESOLUTION, MAKE = 0x0112, 0x011A, 0x010F
LEFT = (ORIENTATION, 3, 1, b"\x06\0\0\0")  # its top is on the right
ODD_EXIF = {
    "an orientation that is NaN": exif([(ORIENTATION, 11, 1, struct.pack("<f", float("nan")))]),
    "an orientation of 9": exif([(ORIENTATION, 3, 1, b"\x09\0\0\0")]),
    "an orientation that is text": exif([(ORIENTATION, 2, 4, b"six\0")]),
    "a type that does not exist": exif([(MAKE, 77, 1, b"abcd"), (ORIENTATION, 3, 1, b"\1\0\0\0")]),
    "a value beyond its end": exif([(X_RESOLUTION, 5, 1, b"\xff\xff\xff\x7f")]),
    "its directory cut off": exif([LEFT])[:14],
    "no header": b"nonsense",
    "nothing": b"",
}


# -- Others ------------------------------------------------------------------------------------


def small_frame() -> bytes:
    """Return a GIF of 20 by 20 pixels whose only frame is 8 by 8, in its middle."""
    frame = Image.new("P", (8, 8), 1)
    frame.putpalette([0, 0, 0, 250, 0, 0])
    content = bytearray(encoded(frame, "GIF"))
    content[6:10] = struct.pack("<2H", 20, 20)
    at = content.index(b"\x2c\0\0\0\0\x08\0\x08\0")
    content[at + 1 : at + 5] = struct.pack("<2H", 6, 6)
    return bytes(content)


def box(brand: bytes, *compatible: bytes) -> bytes:
    """Return the beginning of a file of ISO/IEC 14496-12."""
    content = b"ftyp" + brand + bytes(4) + b"".join(compatible)
    return struct.pack(">I", len(content) + 4) + content + bytes(64)


def animation(format: str) -> bytes:
    frames = [scene(), Image.new("RGB", (48, 32), "blue")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def of_grey(colour: int, depth: int, levels: list[int], key: int) -> bytes:
    """Return a PNG of one row of grey levels, of which one is transparent."""
    bits = "".join(f"{level:0{depth}b}" for level in levels)
    bits += "0" * (-len(bits) % 8)
    row = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return png([row], len(levels), depth, colour, chunk(b"tRNS", struct.pack(">H", key)))


def of_rgb(depth: int, colours: list[tuple[int, ...]], key: tuple[int, ...]) -> bytes:
    """Return a PNG of one row of colours, of which one is transparent."""
    size = "B" if depth == 8 else "H"
    row = b"".join(struct.pack(f">3{size}", *one) for one in colours)
    return png([row], len(colours), depth, 2, chunk(b"tRNS", struct.pack(">3H", *key)))


def grey_with_alpha(depth: int) -> bytes:
    unit = 1 if depth == 8 else 257
    size = "B" if depth == 8 else "H"
    row = struct.pack(f">4{size}", 90 * unit, 0, 90 * unit, 255 * unit)
    return png([row], 2, depth, 4)


def photograph(size: tuple[int, int]) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise(size, 60) for _ in range(3)])


def transparent(size: tuple[int, int]) -> Image.Image:
    image = photograph(size)
    image.putalpha(Image.linear_gradient("L").resize(size))
    return image


def pages() -> bytes:
    target = io.BytesIO()
    scene().save(target, "PDF")
    return target.getvalue()


Make = Callable[[], bytes]
# What is sent, in the words of docs/pictures.md.
KINDS: dict[str, Make] = {
    "JPEG, 640 × 480": lambda: jpeg((640, 480)),
    "JPEG of a camera, 4000 × 3000": lambda: jpeg((4000, 3000)),
    "JPEG of a camera, 12032 × 9024 (108 megapixels)": lambda: encoded(
        Image.new("RGB", (12_032, 9024), "teal"), "JPEG"
    ),
    "JPEG of a long page, 1000 × 10000": lambda: jpeg((1000, 10_000)),
    "JPEG that Exif turns by 90°, 640 × 480": lambda: jpeg((640, 480), exif=exif([LEFT])),
    "JPEG with Exif that cannot be read": lambda: jpeg(exif=ODD_EXIF["a value beyond its end"]),
    "JPEG without its end mark": lambda: jpeg()[:-2],
    "JPEG in CMYK": lambda: encoded(scene().convert("CMYK"), "JPEG"),
    "JPEG of two views (MPO)": lambda: encoded(
        scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (48, 32))]
    ),
    "PNG of a drawing": scene_png,
    "PNG of a photograph": lambda: encoded(photograph((300, 200))),
    "PNG of a photograph with alpha": lambda: encoded(transparent((300, 200))),
    "PNG of a photograph with alpha, 3840 × 2160": lambda: encoded(
        transparent((3840, 2160)), compress_level=1
    ),
    "PNG with a transparent colour": lambda: of_rgb(8, [(9, 9, 9), (200, 0, 0)], (9, 9, 9)),
    "PNG with gamma and chromaticities": lambda: scene_png(gamma(1.0)),
    "PNG with a text of 2 MB": lambda: scene_png(large_text()),
    "PNG with a wrong checksum of a text": lambda: scene_png(wrong_checksum(b"tEXt", b"a\0b")),
    "PNG that moves (APNG)": lambda: animation("PNG"),
    "GIF": lambda: encoded(scene(), "GIF"),
    "GIF that moves": lambda: animation("GIF"),
    "GIF whose frame is smaller than its screen": small_frame,
    "WebP": lambda: encoded(scene(), "WEBP"),
    "WebP with alpha": lambda: encoded(transparent((48, 32)), "WEBP"),
    "WebP that moves": lambda: animation("WEBP"),
    "AVIF": lambda: encoded(scene(), "AVIF"),
    "AVIF with alpha": lambda: encoded(transparent((48, 32)), "AVIF"),
    "JPEG cut off in its last rows": lambda: jpeg((640, 480))[:-200],
    "PNG cut off": lambda: scene_png()[:-40],
    "HEIC, without the extra `heic`": lambda: box(b"heic", b"mif1", b"heic"),
    "PNG of colour, 7000 × 5100 (36 megapixels)": lambda: encoded(
        Image.new("RGB", (7000, 5100)), compress_level=1
    ),
    "WebP, 4100 × 4000 (16 megapixels)": lambda: encoded(
        Image.new("RGB", (4100, 4000)), "WEBP", method=0
    ),
    "video (MP4, QuickTime, WebM, AVI)": lambda: box(b"isom", b"mp42"),
    "PDF": pages,
    "SVG": lambda: b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>",
    "any other file": lambda: b"I am a text that calls itself a picture.",
}
