"""Read an image of one of the formats: its pixels, which way is up, and what its colours are.

Metadata never decides whether pixels are read: it is taken out before a library parses it, or read
here where an error is ignored.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from PIL import Image, ImageChops

from ublog.blog.decoder import colour, errors, jpeg, png
from ublog.blog.decoder.errors import NotAcceptable, PixelLimitExceeded
from ublog.blog.decoder.sizes import MAX_PIXELS

Size = tuple[int, int]

# How many pixels may be decoded, so that it takes at most 250 MB; tests/faults/c1.py measures it.
MAX_BYTES = 140_000_000  # of them: Pillow takes 4 bytes a pixel of colour, and 1 of grey
MAX_JPEG = 125_000_000  # decoded at 1/2, 1/4 or 1/8
MAX_JPEG_BYTES = 200_000_000  # then
MAX_WEBP = 13_000_000  # 16 bytes a pixel
MAX_AVIF = 13_000_000
MAX_HEIC = 25_000_000
BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2}  # a pixel, by Pillow's mode

ORIENTATION = 0x0112  # the tag in Exif
UPRIGHT = {  # by its value
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass
class LoadedImage:
    """The pixels of an image as its format has them, and what they mean."""

    image: Image.Image
    size: Size  # in the file: of a JPEG, `image` may be smaller
    lossless: bool = False  # the format keeps every pixel
    orientation: int = 1  # as Exif has it
    profile: bytes | None = None  # ICC
    key: tuple[int, ...] | None = None  # the levels that are transparent
    frame: tuple[int, int, int, int] | None = None  # all outside of it is transparent

    def prepare(self, strip: Image.Image, top: int) -> Image.Image:
        """Return rows of the image from `top` on with pixels that can be averaged.

        Indexes of a palette cannot, and a transparent colour must become alpha before.
        """
        low = None
        if strip.mode == "I;16":
            raw = strip.tobytes()
            low = Image.frombytes("L", strip.size, raw[0::2])
            strip = Image.frombytes("L", strip.size, raw[1::2])
        elif strip.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
            strip = strip.convert(
                "L" if strip.mode == "1" else "RGBA" if strip.has_transparency_data else "RGB"
            )
        if self.key:
            bands = [*strip.split(), low] if low else strip.split()
            equal = [
                band.point([0 if level == wanted else 255 for level in range(256)])
                for band, wanted in zip(bands, self.key, strict=True)
            ]
            alpha = equal[0]
            for other in equal[1:]:
                alpha = ImageChops.lighter(alpha, other)
            strip = strip.convert("RGB")
            strip.putalpha(alpha)
        if self.frame:
            left, upper, right, lower = self.frame
            inside = Image.new("L", strip.size)
            inside.paste(255, (left, upper - top, right, lower - top))
            strip = strip.convert("RGBA")
            strip.putalpha(ImageChops.darker(strip.getchannel("A"), inside))
        return strip


def load(content: bytes, wanted: Callable[[Size], Size]) -> LoadedImage:
    """Return the first frame of an image, no smaller than `wanted` of its size.

    Raise NotAcceptable.
    """
    read = reader(content)
    try:
        return read(content, wanted)
    except NotAcceptable:
        raise
    except MemoryError:
        raise NotAcceptable(errors.TOO_COSTLY) from None
    except Exception:  # hostile bytes can make a library raise any error
        raise NotAcceptable(errors.DAMAGED) from None


def reader(content: bytes) -> Callable[[bytes, Callable[[Size], Size]], LoadedImage]:
    """Return the function that reads this kind of file. Raise NotAcceptable for any other."""
    head = content[:1024]
    for start, read in READERS.items():
        if head.startswith(start):
            return read
    if head.startswith(b"RIFF"):
        if head[8:12] == b"WEBP":
            return read_webp
        raise NotAcceptable(errors.VIDEO if head[8:12] == b"AVI " else errors.UNKNOWN)
    if head[4:8] == b"ftyp":
        return reader_of_brands({head[8:12], *brands(head)})
    if head[4:8] in (b"moov", b"mdat", b"wide") or head.startswith(VIDEOS):
        raise NotAcceptable(errors.VIDEO)
    if b"%PDF-" in head:
        raise NotAcceptable(errors.PDF)
    if b"<svg" in head and b"<html" not in head.lower():
        raise NotAcceptable(errors.SVG)
    raise NotAcceptable(errors.UNKNOWN)


def brands(head: bytes) -> list[bytes]:
    """Return the compatible brands of a file type box: ISO/IEC 14496-12, section 4.3."""
    size = min(int.from_bytes(head[:4]), len(head))
    return [head[at : at + 4] for at in range(16, size - 3, 4)]


def reader_of_brands(
    found: set[bytes],
) -> Callable[[bytes, Callable[[Size], Size]], LoadedImage]:
    if found & {b"avif", b"avis"}:
        return read_avif
    if found & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}:
        return read_heic
    raise NotAcceptable(errors.UNKNOWN if found & {b"mif1", b"msf1"} else errors.VIDEO)


def check_pixels(size: Size, most: float) -> None:
    if size[0] * size[1] > most:
        raise PixelLimitExceeded(most)


def open_image(content: bytes, format: str) -> Image.Image:
    """Return the image with its header read and no pixels decoded yet."""
    Image.MAX_IMAGE_PIXELS = None  # the limits are here
    return Image.open(BytesIO(content), formats=[format])


def exif_orientation(exif: bytes | None) -> int:
    """Return the orientation alone; 1, upright, for what cannot be read."""
    try:
        tags = Image.Exif()
        tags.load((exif or b"").removeprefix(b"Exif\0\0"))
        value = tags.get(ORIENTATION)
    except Exception:  # a hostile Exif can make Pillow raise any error
        return 1
    return value if isinstance(value, int) and value in UPRIGHT else 1


# -- Formats -----------------------------------------------------------------------------------


def read_jpeg(content: bytes, wanted: Callable[[Size], Size]) -> LoadedImage:
    """Read a JPEG, at a fraction of its size when it is large."""
    content, exif, profile = jpeg.split(content)
    image = open_image(content, "JPEG")
    size = image.size
    check_pixels(size, MAX_JPEG)
    draft = partial(load_jpeg, wanted=wanted(size))
    try:
        image = draft(content)
    except OSError:
        # Some phones write no end mark. If all pixels are there, what follows changes none.
        image = draft(content + jpeg.END)
        if image.tobytes() != draft(content + jpeg.OTHER_BITS + jpeg.END).tobytes():
            raise
    return LoadedImage(image, size, orientation=exif_orientation(exif), profile=profile)


def load_jpeg(content: bytes, wanted: Size) -> Image.Image:
    """Decode a JPEG at 1/1, 1/2, 1/4 or 1/8 of its size: the least that is not below `wanted`."""
    image = open_image(content, "JPEG")
    size, coefficients = image.size, coefficient_bytes(image)
    image.draft(None, wanted)
    cost = coefficients + BYTES.get(image.mode, 4) * image.width * image.height
    if cost > MAX_JPEG_BYTES:
        raise PixelLimitExceeded(size[0] * size[1] * MAX_JPEG_BYTES / cost)
    image.load()
    return image


def coefficient_bytes(image: Image.Image) -> float:
    """Return what a progressive JPEG takes beside its pixels: 2 bytes for each coefficient."""
    if not image.info.get("progressive"):
        return 0
    layers = image.layer  # type: ignore[attr-defined]  # (id, horizontal, vertical, table)
    most = max(h for _, h, _, _ in layers) * max(v for _, _, v, _ in layers)
    return float(2 * image.width * image.height * sum(h * v for _, h, v, _ in layers) / most)


def read_png(content: bytes, wanted: Callable[[Size], Size]) -> LoadedImage:
    parts = png.split(content)
    image = open_image(parts.content, "PNG")
    check_pixels(image.size, min(MAX_PIXELS, MAX_BYTES / BYTES.get(image.mode, 4)))
    image.load()
    key = parts.key
    if key and image.mode == "I;16":
        key = (key[0] >> 8, key[0] & 255)
    elif key:
        key = png.key_levels(key, parts.depth)
    return LoadedImage(
        image,
        image.size,
        lossless=True,
        orientation=exif_orientation(parts.others.get(b"eXIf")),
        profile=profile_of_png(parts.others),
        key=key,
    )


def profile_of_png(chunks: dict[bytes, bytes]) -> bytes | None:
    """Return the profile of the chunk that comes first: PNG, third edition, section 4.3."""
    codes = chunks.get(b"cICP", b"")
    if len(codes) == 4 and codes[2:] == b"\0\1":
        return colour.coded_profile(codes[0], codes[1])
    if b"iCCP" in chunks:
        return png.profile(chunks[b"iCCP"])
    if b"sRGB" in chunks:
        return None
    return colour.png_profile(chunks.get(b"gAMA"), chunks.get(b"cHRM"))


def read_gif(content: bytes, wanted: Callable[[Size], Size]) -> LoadedImage:
    image = open_image(content, "GIF")
    check_pixels(image.size, MAX_PIXELS)
    frame = image.tile[0][1] if image.tile else None  # type: ignore[attr-defined]
    image.load()
    whole = frame in (None, (0, 0, *image.size))
    key = (
        (image.info["transparency"],)
        if image.mode == "L" and "transparency" in image.info
        else None
    )
    return LoadedImage(image, image.size, lossless=True, key=key, frame=None if whole else frame)


def read_webp(content: bytes, wanted: Callable[[Size], Size]) -> LoadedImage:
    """Read a WebP by libwebp itself: in Pillow's class, it keeps 8 bytes a pixel more."""
    from PIL import _webp

    check_pixels(webp_size(content), MAX_WEBP)
    decoder = _webp.WebPAnimDecoder(content)
    size, _, _, _, mode = decoder.get_info()
    profile, exif = decoder.get_chunk("ICCP"), decoder.get_chunk("EXIF")
    if (frame := decoder.get_next()) is None:
        raise NotAcceptable(errors.DAMAGED)
    del decoder
    image = Image.frombuffer(mode, size, frame[0], "raw", mode, 0, 1)
    return LoadedImage(image, size, orientation=exif_orientation(exif), profile=profile)


def webp_size(content: bytes) -> Size:
    """Return the size of the canvas in the header: RFC 9649, sections 2.5 to 2.7."""
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = content[24:27], content[27:30]
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<2H", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def read_avif(content: bytes, wanted: Callable[[Size], Size]) -> LoadedImage:
    """Read an AVIF by libavif itself: Pillow's class parses Exif, and may raise."""
    from PIL import _avif

    decoder = _avif.AvifDecoder(content, "auto", 1)
    size, _, mode, profile, _, orientation, _ = decoder.get_info()
    check_pixels(size, MAX_AVIF)
    profile = profile or profile_of_boxes(content)
    data = decoder.get_frame(0)[0]
    del decoder
    image = Image.frombytes(mode, size, data)
    return LoadedImage(image, size, orientation=orientation, profile=profile)


def profile_of_boxes(content: bytes) -> bytes | None:
    """Return the profile of a colour box with codes: ISO/IEC 14496-12, section 12.1.5."""
    at = content.find(b"colrnclx")
    if at < 0 or len(content) < at + 12:
        return None
    return colour.coded_profile(*struct.unpack_from(">2H", content, at + 8))


def read_heic(content: bytes, wanted: Callable[[Size], Size]) -> LoadedImage:
    """Read a HEIC where the extra `heic` is installed."""
    try:
        import pillow_heif
    except ImportError:
        raise NotAcceptable(errors.HEIC) from None
    pillow_heif.options.DECODE_THREADS = 1
    file = pillow_heif.open_heif(BytesIO(content))
    check_pixels(file.size, MAX_HEIC)
    profile = file.info.get("icc_profile") or profile_of_boxes(content)
    image = Image.frombytes(file.mode, file.size, file.data, "raw", file.mode, file.stride)
    # libheif has turned it upright.
    return LoadedImage(image, file.size, profile=profile)


READERS = {
    b"\xff\xd8\xff": read_jpeg,
    png.SIGNATURE: read_png,
    b"GIF87a": read_gif,
    b"GIF89a": read_gif,
}
# Matroska and WebM, Ogg, MPEG, Flash.
VIDEOS = (b"\x1a\x45\xdf\xa3", b"OggS", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV")
