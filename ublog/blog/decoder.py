"""Decode one image in a process of its own, and re-encode it if it is acceptable.

    python decoder.py accept < upload > result
    python decoder.py renditions < image > result

Only Pillow is imported, so that starting takes 30 ms and 14 MB. An image that costs more than the
bounds below ends this process, and nothing else. The result is a line of JSON and the contents of
the images: see `write`. Called by `images.py`. The demo, which draws its images, calls `accept`.
"""

import io
import json
import math
import resource
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from PIL import Image, ImageCms, ImageOps

MAX_PIXELS = 40_000_000  # a camera of 40 megapixels: at most 250 MB while it is decoded
# These decoders take 16 bytes a pixel, and 8 and more.
MAX_PIXELS_OF = {"WEBP": 16_000_000, "CMYK": 20_000_000}
MAX_SIDE = 2560  # pixels kept: a full screen
# The longest side of each rendition, as WebP, from large to small: for the column of posts, and for
# a small screen. Each is half of the one before, which JPEG can decode by itself.
RENDITIONS = {"image_medium": 1280, "thumbnail": 640}
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# An MPO is a JPEG file of a camera that stores several views; the first is kept.
EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "png"}
STRIP = 64  # rows of a reduced image that are made at once
SRGB = ImageCms.createProfile("sRGB")

# What the process may use. C1 allows 2 s, on a slower machine more.
MAX_CPU = 10  # seconds; measured are up to 0.7 s
MAX_MEMORY = 400 * 2**20  # bytes of address space; the formats above take up to 324 MB


class NotAcceptable(Exception):
    """The image is not acceptable; the message says why, and is empty when it is no image."""


class EncodedImage(NamedTuple):
    """A re-encoded image: `width` and `height` in pixels."""

    extension: str
    width: int
    height: int
    content: bytes


def accept(file: IO[bytes]) -> dict[str, EncodedImage]:
    """Return the re-encoded upload, as "image". Raise NotAcceptable.

    Re-encoding leaves nothing of the original but its pixels: no EXIF or GPS, no trailing bytes.
    """
    with open_image(file) as image:
        extension = EXTENSIONS[str(image.format)]
        return {"image": encode(decode(image, MAX_SIDE), extension)}


def renditions(file: IO[bytes]) -> dict[str, EncodedImage]:
    """Return the RENDITIONS of an accepted image, each made from the one before."""
    with open_image(file) as image:
        smaller = decode(image, max(RENDITIONS.values()))
        results = {}
        for name, side in RENDITIONS.items():
            smaller.thumbnail((side, side))
            results[name] = encode(smaller, "webp")
        return results


def open_image(file: IO[bytes]) -> Image.Image:
    """Return the image with its header read and no pixels decoded yet. Raise NotAcceptable."""
    try:
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError:
        raise too_many_pixels(MAX_PIXELS) from None
    except Exception:  # hostile bytes can make Pillow raise any error
        raise NotAcceptable from None
    limit = max_pixels(image)
    if image.width * image.height > limit:
        raise too_many_pixels(limit)
    return image


def max_pixels(image: Image.Image) -> int:
    return MAX_PIXELS_OF.get(str(image.format)) or MAX_PIXELS_OF.get(image.mode, MAX_PIXELS)


def decode(image: Image.Image, max_side: int) -> Image.Image:
    """Return the first frame, upright, in sRGB, scaled down to fit. Raise NotAcceptable."""
    try:
        # For a JPEG: decode at a fraction of the size, no smaller than this.
        image.draft(None, fit_size(image.size, max_side))
        image.load()
        exif, profile = image.getexif(), image.info.get("icc_profile")
        image = scale_down(with_mixable_pixels(image), max_side)
        image.info["exif"] = exif.tobytes()
        image = to_srgb(ImageOps.exif_transpose(image), profile)
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    except Exception:
        raise NotAcceptable from None


def fit_size(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    width, height = (math.ceil(side * max_side / max(size)) for side in size)
    return width, height


def with_mixable_pixels(image: Image.Image) -> Image.Image:
    """Return the image in a mode whose pixels can be averaged: indexes of a palette cannot."""
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow would cut off at 255
        return to_eight_bits(image)
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def to_eight_bits(image: Image.Image) -> Image.Image:
    """Return 16 bits a pixel as 8, strip by strip: at once it takes 420 MB."""
    small = Image.new("L", image.size)
    for top in range(0, image.height, STRIP):
        strip = image.crop((0, top, image.width, min(top + STRIP, image.height)))
        small.paste(
            strip.convert("I").point(lambda level: level * (1 / 256)).convert("L"), (0, top)
        )
    return small


def scale_down(image: Image.Image, max_side: int) -> Image.Image:
    """Return the image scaled to fit: by a whole factor first, which is quick, then exactly."""
    if (factor := max(image.size) // max_side) > 1:
        image = reduce_in_strips(image, factor)
    image.thumbnail((max_side, max_side))
    return image


def reduce_in_strips(image: Image.Image, factor: int) -> Image.Image:
    """Reduce strip by strip: Pillow would copy an image with an alpha channel as a whole."""
    width, height = (math.ceil(side / factor) for side in image.size)
    small = Image.new(image.mode, (width, height))
    for top in range(0, height, STRIP):
        bottom = min((top + STRIP) * factor, image.height)
        strip = image.crop((0, top * factor, image.width, bottom))
        small.paste(strip.reduce(factor), (0, top))
    return small


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image converted from its colour profile to sRGB; ignore a broken profile."""
    if not profile:
        return image
    try:
        target = "RGBA" if image.mode == "RGBA" else "RGB"
        changed = ImageCms.profileToProfile(image, io.BytesIO(profile), SRGB, outputMode=target)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image


def encode(image: Image.Image, extension: str) -> EncodedImage:
    """Encode the pixels, without metadata, in the format of that extension."""
    image.info.clear()
    target = io.BytesIO()
    if extension == "png":
        image.save(target, "PNG", optimize=False)
    elif extension == "webp":
        image.save(target, "WEBP", quality=82, method=4)
    else:
        image.convert("RGB").save(target, "JPEG", quality=85, progressive=True)
    return EncodedImage(extension, *image.size, target.getvalue())


def too_many_pixels(limit: int) -> NotAcceptable:
    return NotAcceptable(f"The picture has more than {limit // 10**6} megapixels.")


def main(job: str) -> None:
    """Do one of JOBS with standard input, and write the result to standard output."""
    set_resource_limits()
    try:
        write(JOBS[job](io.BytesIO(sys.stdin.buffer.read())))
    except NotAcceptable as error:
        sys.stdout.write(json.dumps({"error": str(error)}))


def set_resource_limits() -> None:
    """Bound the CPU time and memory of this process: an image may exploit a decoder."""
    bounds = {
        resource.RLIMIT_CPU: MAX_CPU,
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_FSIZE: 0,  # it writes no file
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in bounds.items():
        with suppress(ValueError, OSError):  # a system that does not know it, or allows less
            resource.setrlimit(kind, (most, most))
    with suppress(OSError):  # proc(5): when memory is short, end this process first
        Path("/proc/self/oom_score_adj").write_text("1000")


def write(results: dict[str, EncodedImage]) -> None:
    """Write a line of JSON, [[name, extension, width, height, bytes], …], then the contents."""
    head = [[name, *one[:3], len(one.content)] for name, one in results.items()]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for one in results.values():
        sys.stdout.buffer.write(one.content)


JOBS = {"accept": accept, "renditions": renditions}

if __name__ == "__main__":
    main(sys.argv[1])
