"""What picture is acceptable, and what is kept of it."""

import ctypes
import fcntl
import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000  # a camera of 40 megapixels: at most 250 MB while it is decoded
# These decoders take 16 bytes a pixel, and 8 and more.
MAX_PIXELS_OF = {"WEBP": 16_000_000, "CMYK": 20_000_000}
MAX_SIDE = 2560  # pixels kept: a full screen
# What is made of it, as WebP, from large to small: for a reader's column, and for a small screen.
# Each is half of the one before, which JPEG can decode by itself.
RENDITIONS = {"feed": 1280, "thumbnail": 640}
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# An MPO is a JPEG file of a camera that stores several views; the first is kept.
EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "png"}
CONTENT_TYPES = tuple(f"image/{name.lower()}" for name in FORMATS)
STRIP = 64  # rows of a reduced picture that are made at once
SRGB = ImageCms.createProfile("sRGB")


def return_memory() -> None:
    """Have the C library return a picture's memory as soon as it is freed.

    glibc learns to keep blocks of the sizes it has seen, for each thread: eight pictures of 40
    megapixels, one after the other, took 767 MB, and take 220 MB so (mallopt(3)).
    """
    m_mmap_threshold = -3
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(m_mmap_threshold, 2**20)


return_memory()


class AcceptedPicture(ContentFile):  # type: ignore[type-arg]
    """A re-encoded picture: upright, without metadata, of a size that we chose."""

    def __init__(self, content: bytes, extension: str, width: int, height: int) -> None:
        super().__init__(content, name=f"picture.{extension}")
        self.dimensions = (width, height)


def accept(file: Any) -> AcceptedPicture:
    """The picture to keep of an uploaded file. Raises ValidationError when it is not one.

    Re-encoding leaves nothing of the original but its pixels: no EXIF or GPS, no trailing bytes.
    """
    if isinstance(file, AcceptedPicture):
        return file
    if file.size > MAX_BYTES:
        raise ValidationError(f"The picture is larger than {MAX_BYTES // 2**20} MiB.")
    with decoding(), opened(file) as image:
        extension = EXTENSIONS[str(image.format)]
        upright = decoded(image, MAX_SIDE)
        return AcceptedPicture(encoded(upright, extension), extension, *upright.size)


def renditions(file: IO[bytes]) -> dict[str, bytes]:
    """The RENDITIONS of a picture that was accepted, each made from the one before."""
    with decoding(), opened(file) as image:
        smaller = decoded(image, max(RENDITIONS.values()))
        made = {}
        for name, side in RENDITIONS.items():
            smaller.thumbnail((side, side))
            made[name] = encoded(smaller, "webp")
        return made


@contextmanager
def decoding() -> Iterator[None]:
    """One at a time on this machine: a decoded picture may take 200 MB."""
    with open(settings.DATA_DIR / "decoding.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def opened(file: IO[bytes]) -> Image.Image:
    """The picture with its header read and nothing decoded yet; see `accept` for refusals."""
    try:
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError:
        raise too_many_pixels(MAX_PIXELS) from None
    except Exception:  # a decoder meets hostile bytes with errors of every kind
        raise not_a_picture() from None
    limit = max_pixels(image)
    if image.width * image.height > limit:
        raise too_many_pixels(limit)
    return image


def max_pixels(image: Image.Image) -> int:
    return MAX_PIXELS_OF.get(str(image.format)) or MAX_PIXELS_OF.get(image.mode, MAX_PIXELS)


def decoded(image: Image.Image, max_side: int) -> Image.Image:
    """The first frame, upright, in sRGB, scaled down to fit; see `accept` for refusals."""
    try:
        # For a JPEG: decode at a fraction of the size, no smaller than this.
        image.draft(None, fitted(image.size, max_side))
        image.load()
        exif, profile = image.getexif(), image.info.get("icc_profile")
        image = shrunk(scalable(image), max_side)
        image.info["exif"] = exif.tobytes()
        image = in_srgb(ImageOps.exif_transpose(image), profile)
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    except Exception:
        raise not_a_picture() from None


def fitted(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    width, height = (math.ceil(side * max_side / max(size)) for side in size)
    return width, height


def scalable(image: Image.Image) -> Image.Image:
    """In a mode whose pixels can be mixed: the colours of a palette cannot."""
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow would cut off at 255
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def shrunk(image: Image.Image, max_side: int) -> Image.Image:
    """Scaled down to fit: by a whole factor first, which is quick, then exactly."""
    if (factor := max(image.size) // max_side) > 1:
        image = reduced(image, factor)
    image.thumbnail((max_side, max_side))
    return image


def reduced(image: Image.Image, factor: int) -> Image.Image:
    """Strip by strip: Pillow would copy a picture with an alpha channel as a whole."""
    width, height = (math.ceil(side / factor) for side in image.size)
    small = Image.new(image.mode, (width, height))
    for top in range(0, height, STRIP):
        bottom = min((top + STRIP) * factor, image.height)
        strip = image.crop((0, top * factor, image.width, bottom))
        small.paste(strip.reduce(factor), (0, top))
    return small


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that the profile means, as those of a screen; a broken profile means nothing."""
    if not profile:
        return image
    try:
        target = "RGBA" if image.mode == "RGBA" else "RGB"
        changed = ImageCms.profileToProfile(image, io.BytesIO(profile), SRGB, outputMode=target)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image


def encoded(image: Image.Image, extension: str) -> bytes:
    """The pixels alone, in the format of that extension."""
    image.info.clear()
    target = io.BytesIO()
    if extension == "png":
        image.save(target, "PNG", optimize=False)
    elif extension == "webp":
        image.save(target, "WEBP", quality=82, method=4)
    else:
        image.convert("RGB").save(target, "JPEG", quality=85, progressive=True)
    return target.getvalue()


def not_a_picture() -> ValidationError:
    return ValidationError("This is not a picture that can be shown: use JPEG, PNG, WebP or GIF.")


def too_many_pixels(limit: int) -> ValidationError:
    return ValidationError(f"The picture has more than {limit // 10**6} megapixels.")
