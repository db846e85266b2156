"""Scale images strip by strip: as a whole, an image with its copy would take too much memory."""

import math
from collections.abc import Callable

from PIL import Image

STRIP = 64  # rows that are made at once
MARGIN = 4  # rows more on both sides, so that each pixel has its neighbours
# As sharp as bicubic when it makes an image a little smaller, in half the time.
QUICK = Image.Resampling.HAMMING
# Makes a smaller WebP at equal similarity: see bench/renditions.py.
SHARP = Image.Resampling.LANCZOS

# Given the rows from `top` on, return them with pixels that can be averaged.
Prepare = Callable[[Image.Image, int], Image.Image]


def scale(
    image: Image.Image,
    size: tuple[int, int],
    prepare: Prepare | None = None,
    kernel: Image.Resampling = QUICK,
) -> Image.Image:
    """Return the image in that size, which is not larger."""
    scaled = None
    for top in range(0, size[1], STRIP):
        bottom = min(top + STRIP, size[1])
        strip = scale_strip(image, size, (top, bottom), prepare, kernel)
        scaled = scaled or Image.new(strip.mode, size)
        scaled.paste(strip, (0, top))
    if scaled is None:
        raise ValueError(size)
    return scaled


def scale_strip(
    image: Image.Image,
    size: tuple[int, int],
    rows: tuple[int, int],
    prepare: Prepare | None,
    kernel: Image.Resampling,
) -> Image.Image:
    """Return the rows from the first to before the second of the image in that size."""
    top, bottom = max(0, rows[0] - MARGIN), min(size[1], rows[1] + MARGIN)
    factor = image.height / size[1]
    start, end = math.floor(top * factor), math.ceil(bottom * factor)
    strip = image.crop((0, start, image.width, min(end, image.height)))
    if prepare:
        strip = prepare(strip, start)
    if size != image.size:
        box = (0, top * factor - start, image.width, min(bottom * factor - start, strip.height))
        strip = strip.resize((size[0], bottom - top), kernel, box, reducing_gap=2.0)
    return strip.crop((0, rows[0] - top, size[0], rows[1] - top))
