"""The costliest acceptable picture of each kind, drawn here: at the limit of its pixels.

Nothing in them is broken: each is what a camera or a program of drawing could have made. Noise
would be larger than may be sent, so it is only in a part.
"""

from collections.abc import Callable

from PIL import Image, ImageChops

from tests.pictures import encoded
from ublog.blog.decoder import formats

Size = tuple[int, int]


def size_of(pixels: float, ratio: float = 4 / 3) -> Size:
    """Return a size of at most so many pixels."""
    height = int((pixels / ratio) ** 0.5)
    return int(pixels // height), height


def photograph(size: Size, grain: int = 10) -> Image.Image:
    """Return soft shapes with a grain, as a camera sees them."""
    noise = Image.effect_noise((256, 256), 8 * grain).resize(size, Image.Resampling.BICUBIC)
    slope = Image.linear_gradient("L").resize(size)
    fine = Image.effect_noise((1024, 1024), grain)
    for top in range(0, size[1], 1024):
        for left in range(0, size[0], 1024):
            box = (left, top, min(left + 1024, size[0]), min(top + 1024, size[1]))
            part = fine.crop((0, 0, box[2] - left, box[3] - top))
            noise.paste(ImageChops.add(noise.crop(box), part, 2), box)
    return Image.merge("RGB", (noise, ImageChops.add(noise, slope, 2), ImageChops.invert(noise)))


def noisy(size: Size) -> Image.Image:
    """Return noise above, as much as may be sent, and soft colours below."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    rows = Image.effect_noise((size[0], 15 * 2**20 // size[0] // 3), 120)
    turned = rows.transpose(Image.Transpose.ROTATE_180)
    image.paste(Image.merge("RGB", (rows, turned, ImageChops.invert(rows))), (0, 0))
    return image


def with_alpha(size: Size, grain: int = 4) -> Image.Image:
    image = photograph(size, grain)
    image.putalpha(image.getchannel("G"))
    return image


def png(mode: str, pixels: float) -> Callable[[], bytes]:
    def make() -> bytes:
        slope = Image.linear_gradient("L").resize(size_of(pixels))
        return encoded(slope.convert(mode), "PNG", compress_level=1)

    return make


colour = formats.MAX_BYTES / 4
KINDS: dict[str, Callable[[], bytes]] = {
    "JPEG 12 Mpx": lambda: encoded(photograph((4000, 3000), 30), "JPEG", quality=90),
    "JPEG 31 Mpx": lambda: encoded(photograph(size_of(31e6)), "JPEG", quality=85),
    "JPEG 108 Mpx": lambda: encoded(photograph((12_000, 9_000)), "JPEG", quality=40),
    "JPEG 124 Mpx": lambda: encoded(photograph(size_of(124e6)), "JPEG", quality=30),
    "JPEG progressive": lambda: encoded(
        photograph(size_of(28e6)), "JPEG", quality=70, progressive=True
    ),
    "JPEG progressive 48 Mpx": lambda: encoded(
        photograph((8000, 6000)), "JPEG", quality=60, progressive=True
    ),
    "JPEG progressive 4:4:4": lambda: encoded(
        photograph(size_of(19e6)), "JPEG", quality=70, progressive=True, subsampling=0
    ),
    "JPEG CMYK": lambda: encoded(photograph(size_of(31e6)).convert("CMYK"), "JPEG", quality=60),
    "PNG RGB": lambda: encoded(noisy(size_of(colour)), "PNG", compress_level=1),
    "PNG RGB 20 Mpx": lambda: encoded(photograph(size_of(20e6), 1), "PNG", compress_level=1),
    "PNG RGBA": png("RGBA", colour),
    "PNG grey": png("L", formats.MAX_PIXELS),
    "PNG grey 16 bits": png("I;16", formats.MAX_PIXELS),
    "PNG grey with alpha": png("LA", colour),
    "PNG palette": png("P", formats.MAX_PIXELS),
    "PNG two levels": png("1", formats.MAX_PIXELS),
    "GIF": lambda: encoded(
        Image.linear_gradient("L").resize(size_of(formats.MAX_PIXELS)).convert("P"), "GIF"
    ),
    "WebP": lambda: encoded(photograph(size_of(formats.MAX_WEBP)), "WEBP", quality=90, method=0),
    "WebP with alpha": lambda: encoded(
        with_alpha(size_of(formats.MAX_WEBP)), "WEBP", quality=90, method=0
    ),
    "WebP lossless": lambda: encoded(
        with_alpha(size_of(formats.MAX_WEBP), 1), "WEBP", lossless=True, method=0, quality=0
    ),
    "AVIF": lambda: encoded(
        photograph(size_of(formats.MAX_AVIF)), "AVIF", speed=10, subsampling="4:4:4"
    ),
    "AVIF with alpha": lambda: encoded(
        with_alpha(size_of(formats.MAX_AVIF)), "AVIF", speed=10, subsampling="4:4:4"
    ),
}
