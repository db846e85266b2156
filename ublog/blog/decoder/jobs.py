"""The jobs of the decoder: accept an upload, make the renditions of what was accepted, and make
the squares of a profile picture and of a logo."""

import io
from collections.abc import Callable
from typing import Any, NamedTuple

from PIL import Image

from ublog.blog.decoder import errors, formats, scaling, sizes
from ublog.blog.decoder.colour import to_srgb
from ublog.blog.decoder.errors import NotAcceptable
from ublog.blog.decoder.formats import LoadedImage, Size

# Of what is kept with transparent pixels, since WebP takes 25 bytes for each.
MAX_ALPHA_AREA = sizes.MAX_AREA // 2
QUICK_AREA = 3_000_000  # pixels of a PNG that is compressed well
BACKGROUND = "#8e8e8e"  # of transparent pixels, as `.post-picture` in site.css has it
FEW_COLOURS = 16_384  # a drawing with smooth edges has fewer, a photograph more


class EncodedImage(NamedTuple):
    """A re-encoded image: `width` and `height` in pixels."""

    extension: str
    width: int
    height: int
    content: bytes
    color: str | None = None  # of most of it, as #rrggbb


def accept(content: bytes) -> dict[str, EncodedImage]:
    """Return the re-encoded upload, as "image". Raise NotAcceptable.

    Re-encoding leaves nothing of the original but its pixels: no Exif or GPS, no trailing bytes.
    """
    loaded = formats.load(content, lambda size: sizes.kept_size(*size))
    lossless = loaded.lossless
    image = pixels(loaded, sizes.kept_size)
    color = dominant_color(image)
    return {"image": encode(image, lossless)._replace(color=color)}


def renditions(content: bytes) -> dict[str, EncodedImage]:
    """Return the RENDITIONS of an accepted image, each made from the one before, as WebP.

    Those that would not be smaller than the image are left out. Add the PREVIEW, as JPEG, where
    pixels are transparent.
    """

    def widest(width: int, height: int) -> Size:
        return sizes.fit_width(width, height, max(sizes.RENDITIONS.values()))

    # Twice as wide: a JPEG that is decoded at half of its size loses what makes a WebP sharp.
    def fuller(width: int, height: int) -> Size:
        w, h = widest(width, height)
        return min(2 * w, width), min(2 * h, height)

    loaded = formats.load(content, lambda size: fuller(*size))
    original, lossless = loaded.size, loaded.lossless
    smaller = pixels(loaded, widest)
    results = {sizes.PREVIEW: preview(smaller)} if smaller.mode == "RGBA" else {}
    for name, width in sizes.RENDITIONS.items():
        if original[0] > width:
            smaller = scaling.scale(
                smaller, sizes.fit_width(*original, width), kernel=scaling.SHARP
            )
            results[name] = encode_rendition(smaller, lossless)
    return results


def dominant_color(image: Image.Image) -> str | None:
    """Return the colour of most of the image, as #rrggbb; None if pixels are transparent."""
    if image.mode == "RGBA":
        return None
    small = image.resize((32, 32), Image.Resampling.BOX).convert("RGB").quantize(6)
    counted: Any = small.convert("RGB").getcolors()
    return f"#{bytes(max(counted)[1]).hex()}"


def preview(image: Image.Image) -> EncodedImage:
    """Return a picture with transparent pixels on BACKGROUND, for programs that show previews.

    Some of them know no WebP, or show black lines on black.
    """
    opaque = Image.new("RGBA", image.size, BACKGROUND)
    opaque.alpha_composite(image)
    return save(opaque.convert("RGB"), "jpg", quality=85, subsampling=0)


def avatars(content: bytes) -> dict[str, EncodedImage]:
    """Return the squares of an uploaded profile picture, cut about its centre, as WebP.

    A smaller picture is enlarged, so that each square has its size. Raise NotAcceptable.
    """
    largest = max(sizes.AVATARS.values())

    # Twice as large, as for renditions.
    def fuller(width: int, height: int) -> Size:
        return sizes.fit_shorter_side(width, height, 2 * largest)

    loaded = formats.load(content, lambda size: fuller(*size))
    lossless = loaded.lossless
    square = cut_square(pixels(loaded, fuller))
    results = {}
    for name, side in sizes.AVATARS.items():
        square = square.resize((side, side), scaling.SHARP)
        results[name] = encode_rendition(square, lossless)
    return results


def cut_square(image: Image.Image) -> Image.Image:
    """Return the largest square about the centre of the image."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def logo(content: bytes) -> dict[str, EncodedImage]:
    """Return the squares of a site's logo by the names of LOGO, as PNG. Raise NotAcceptable.

    The logo is neither cut nor stretched: what is left of a square is transparent.
    """
    largest = max(sizes.LOGO.values())

    def wanted(width: int, height: int) -> Size:
        w, h = sizes.fit_square(width, height, 2 * largest)
        return min(w, width), min(h, height)

    image = pixels(formats.load(content, lambda size: wanted(*size)), wanted).convert("RGBA")
    return {name: save(square(image, side), "png") for name, side in sizes.LOGO.items()}


def square(image: Image.Image, side: int) -> Image.Image:
    """Return the image in the middle of a transparent square."""
    size = sizes.fit_square(*image.size, side)
    canvas = Image.new("RGBA", (side, side))
    place = (side - size[0]) // 2, (side - size[1]) // 2
    canvas.paste(image.resize(size, scaling.SHARP), place)
    return canvas


def pixels(loaded: LoadedImage, fit: Callable[[int, int], Size]) -> Image.Image:
    """Return the pixels upright, in sRGB, in the size that `fit` returns for that of the file.

    The mode is L, RGB or RGBA, RGBA only with transparent pixels. Raise NotAcceptable.
    """
    try:
        image = scaling.scale(loaded.image, fit(*loaded.size), loaded.prepare)
        loaded.image.close()  # frees its memory
        if loaded.orientation in formats.UPRIGHT:
            image = image.transpose(formats.UPRIGHT[loaded.orientation])
        image = to_srgb(image, loaded.profile)
    except MemoryError:
        raise NotAcceptable(errors.TOO_COSTLY) from None
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image


def encode(image: Image.Image, lossless: bool) -> EncodedImage:
    """Encode what is kept: as JPEG, with transparent pixels as WebP, a drawing as PNG.

    Every program that shows previews reads JPEG and PNG.
    """
    if image.mode == "RGBA":
        # The quick method: the others take up to five times as long for 10 % of the size.
        fewer = scaling.scale(image, sizes.kept_size(*image.size, MAX_ALPHA_AREA))
        made = save(fewer, "webp", quality=85, method=0, alpha_quality=90)
    else:
        # Coloured lines stay sharp without subsampling, which photographs of cameras have already.
        made = save(image, "jpg", quality=85, subsampling=0 if lossless else 2)
    # Above, level 6 takes twice as long for a tenth of the size.
    level = 6 if image.width * image.height <= QUICK_AREA else 1
    return smaller(made, image, "png", lossless, compress_level=level)


def encode_rendition(image: Image.Image, lossless: bool) -> EncodedImage:
    return smaller(
        save(image, "webp", quality=82, method=4), image, "webp", lossless, lossless=True
    )


def smaller(
    made: EncodedImage, image: Image.Image, extension: str, drawing: bool, **options: int
) -> EncodedImage:
    """Return what was made, or the image without loss when it is a drawing and no larger then."""
    if not drawing or not image.getcolors(FEW_COLOURS):
        return made
    return min(save(image, extension, **options), made, key=lambda one: len(one.content))


def save(image: Image.Image, extension: str, **options: object) -> EncodedImage:
    """Encode the pixels, without metadata."""
    image.info.clear()
    target = io.BytesIO()
    image.save(target, "JPEG" if extension == "jpg" else extension.upper(), **options)
    return EncodedImage(extension, *image.size, target.getvalue())


JOBS = {"accept": accept, "renditions": renditions, "avatars": avatars, "logo": logo}
