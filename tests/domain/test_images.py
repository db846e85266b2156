"""What picture is accepted, and what is kept of it: its pixels and nothing else."""

import io
import time

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from tests.architecture.code import ROOT
from tests.pictures import bomb, encoded, invalid_image, picture, too_large, upload
from ublog.blog import images
from ublog.blog.decoder import colour, formats, jobs, scaling

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def kept(file) -> Image.Image:
    """The picture that is kept of an upload."""
    accepted = images.accept(file)
    accepted.seek(0)
    image = Image.open(io.BytesIO(accepted.read()))
    image.load()
    assert image.size == accepted.dimensions
    return image


def near(colour, other, tolerance=12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(colour, other, strict=True))


@pytest.mark.parametrize(
    ("format", "kept_as"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "JPEG"), ("GIF", "PNG"), ("AVIF", "JPEG")],
)
def test_five_formats_are_accepted(format, kept_as):
    image = kept(picture((40, 30), (0, 128, 128), format=format))
    assert (image.format, image.size) == (kept_as, (40, 30))
    assert near(image.convert("RGB").getpixel((20, 15)), (0, 128, 128))


@pytest.mark.parametrize("format", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PDF"])
def test_other_formats_are_rejected(format):
    with pytest.raises(ValidationError):
        images.accept(picture((32, 32), format=format))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        b"\0" * 1000,
    ],
)
def test_what_only_begins_like_a_picture_is_rejected(content):
    with pytest.raises(ValidationError):
        images.accept(upload(content, "a.png"))


@pytest.mark.parametrize("make", [invalid_image, too_large])
def test_a_text_and_a_file_too_large_are_rejected(make):
    with pytest.raises(ValidationError):
        images.accept(make())


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_truncated_picture_is_rejected_or_whole(format, part):
    noise = Image.effect_noise((120, 90), 80).convert("RGB")
    content = encoded(noise, format)
    with pytest.raises(ValidationError):
        images.accept(upload(content[: int(len(content) * part)]))


@pytest.mark.parametrize("side", [6_400, 13_000, 40_000])
def test_a_bomb_is_rejected_before_it_is_decoded(side):
    file = bomb(side)
    started = time.process_time()
    with pytest.raises(ValidationError, match="megapixels"):
        images.accept(file)
    assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))]
)
def test_a_picture_is_turned_upright(orientation, corner):
    image = Image.new("RGB", (64, 32), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 15, 15), fill="red")
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    upright = kept(upload(encoded(image, "JPEG", exif=exif, quality=95), "a.jpeg"))
    width, height = upright.size
    assert upright.size == ((32, 64) if orientation > 4 else (64, 32))
    place = (corner[0] * (width - 1 - 8) + 4, corner[1] * (height - 1 - 8) + 4)
    assert near(upright.getpixel(place), (254, 0, 0), 40)
    assert ORIENTATION not in upright.getexif()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_nothing_survives_but_the_pixels(format):
    exif = Image.Exif()
    exif[MAKE] = "CANARY camera"
    exif.get_ifd(GPS)[1] = "N"
    options = {"exif": exif, "icc_profile": b"CANARY profile" * 20}
    if format != "PNG":
        options["xmp"] = b"<x:xmpmeta>CANARY</x:xmpmeta>"
    content = encoded(Image.new("RGB", (40, 30)), format, **options) + b"CANARY <script>"
    assert content.count(b"CANARY") >= 2
    accepted = images.accept(upload(content))
    assert b"CANARY" not in accepted.read()
    image = kept(upload(content))
    assert not image.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)


def test_comments_do_not_survive():
    info = PngInfo()
    info.add_text("Comment", "CANARY")
    for file in (
        upload(encoded(Image.new("RGB", (9, 9)), "PNG", pnginfo=info)),
        picture(format="GIF", comment=b"CANARY"),
        picture(format="JPEG", comment=b"CANARY"),
    ):
        assert b"CANARY" not in images.accept(file).read()


def test_a_picture_of_one_pixel_is_a_picture():
    assert kept(picture((1, 1))).size == (1, 1)


def test_a_long_thin_picture_is_kept_as_it_is():
    assert kept(picture((10_000, 1))).size == (10_000, 1)
    assert kept(picture((20_000, 1))).size == (16_383, 1)


def test_a_large_picture_is_scaled_down_by_its_area():
    assert kept(picture((4000, 3000), format="JPEG")).size == (3325, 2494)
    assert kept(picture((1000, 10_000))).size == (910, 9107)
    assert kept(picture((1000, 8000), format="JPEG")).size == (1000, 8000)


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 100, (100, 100, 100)),
        ("P", 0, None),
        ("RGB", (9, 99, 199), (9, 99, 199)),
        ("I;16", 128 * 257, (128, 128, 128)),
    ],
)
def test_png_of_every_depth_keeps_its_colour(mode, colour, seen):
    image = kept(picture((8, 8), colour, mode)).convert("RGB")
    assert seen is None or near(image.getpixel((4, 4)), seen, 2)


def test_a_cmyk_jpeg_keeps_its_colour():
    image = kept(picture((16, 16), (0, 255, 255, 0), "CMYK", "JPEG"))
    assert image.mode == "RGB"
    assert near(image.getpixel((8, 8)), (254, 0, 0), 8)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_stays(mode):
    clear = (10, 20, 30, 0) if mode == "RGBA" else (10, 0)
    image = kept(picture((8, 8), clear, mode))
    assert image.convert("RGBA").getpixel((4, 4))[3] == 0


def test_a_palette_with_a_transparent_colour_stays_transparent():
    image = Image.new("P", (8, 8), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 1), 1)
    seen = kept(upload(encoded(image, "GIF", transparency=0), "a.gif")).convert("RGBA")
    assert seen.getpixel((4, 4))[3] == 0
    assert seen.getpixel((1, 1)) == (0, 255, 0, 255)


def test_the_first_frame_of_an_animation_is_kept():
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    for format in ("GIF", "WEBP", "PNG"):
        content = encoded(first, format, save_all=True, append_images=[second])
        image = kept(upload(content))
        assert near(image.convert("RGB").getpixel((4, 4)), (254, 0, 0))
        assert getattr(image, "n_frames", 1) == 1


def test_a_picture_of_a_camera_that_stores_two_views_is_accepted():
    """MPO: a JPEG followed by another, as phones and 3D cameras make them."""
    views = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    content = encoded(views[0], "MPO", save_all=True, append_images=[views[1]])
    image = kept(upload(content, "a.jpeg"))
    assert (image.format, image.size) == ("JPEG", (40, 30))


def sizes(accepted) -> dict[str, tuple[int, int]]:
    """The sizes of the renditions of an accepted picture."""
    made = images.renditions(accepted)
    opened = {name: Image.open(image) for name, image in made.items()}
    assert {image.format for image in opened.values()} <= {"WEBP"}
    return {name: image.size for name, image in opened.items()}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_renditions_fit_a_column_and_a_small_screen(format):
    accepted = images.accept(picture((2000, 1000), "teal", format=format))
    assert sizes(accepted) == {"image_medium": (1280, 640), "thumbnail": (640, 320)}


def test_renditions_go_by_width_so_that_a_long_page_stays_legible():
    accepted = images.accept(picture((1300, 6000), "teal", format="JPEG"))
    assert sizes(accepted) == {"image_medium": (1280, 5908), "thumbnail": (640, 2954)}


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
@pytest.mark.parametrize(("size", "made"), [((2000, 1000), (1280, 640)), ((40, 30), (40, 30))])
def test_a_transparent_picture_gets_a_jpeg_that_is_opaque_for_previews(format, size, made):
    """Black and white lines are both seen on its background, in light and dark programs."""
    image = Image.new("RGBA", size)
    image.paste((0, 0, 0, 255), (0, 0, size[0], 6))
    image.paste((255, 255, 255, 255), (0, size[1] - 6, size[0], size[1]))
    accepted = images.accept(upload(encoded(image, format)))
    preview = Image.open(images.renditions(accepted)["image_preview"])
    assert (preview.format, preview.size, preview.mode) == ("JPEG", made, "RGB")
    middle = made[0] // 2
    seen = [preview.getpixel((middle, y))[0] for y in (1, made[1] // 2, made[1] - 2)]
    assert all(abs(level - wanted) < 12 for level, wanted in zip(seen, (0, 142, 255), strict=True))
    light = ((seen[1] / 255 + 0.055) / 1.055) ** 2.4
    assert (light + 0.05) / 0.05 > 4.5  # contrasts by WCAG 2.2
    assert 1.05 / (light + 0.05) > 3


def test_the_background_of_transparent_pixels_is_that_of_the_pages():
    styles = (ROOT / "frontend/src/styles/site.css").read_text()
    assert f"background: {jobs.BACKGROUND};" in styles


@pytest.mark.parametrize(("width", "made"), [(640, set()), (641, {"thumbnail"})])
def test_a_picture_that_is_no_wider_needs_no_rendition(width, made):
    assert set(sizes(images.accept(picture((width, 20))))) == made


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1", "I;16"])
def test_a_picture_scaled_in_strips_has_no_seams(mode):
    slope = Image.linear_gradient("L").resize((256, 6000))
    if mode == "1":
        slope = slope.point(lambda level: 255 * (level > 127))
    small = scaling.scale(in_mode(slope, mode), (64, 1500), loaded(in_mode(slope, mode)).prepare)
    levels = [small.convert("L").getpixel((5, y)) for y in range(small.height)]
    assert levels == sorted(levels)
    assert (levels[0], levels[-1]) == (0, 255)


def in_mode(image, mode):
    if mode == "I;16":
        pairs = bytes(level for one in image.tobytes() for level in (one, one))
        return Image.frombytes(mode, image.size, pairs)
    return image.convert(mode)


def loaded(image):
    return formats.LoadedImage(image, image.size)


def test_a_colour_profile_is_applied_before_it_goes():
    """A green of Display P3 is outside sRGB; LAB is no profile of a picture of RGB."""
    green = Image.new("RGB", (8, 8), (0, 128, 0))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert colour.to_srgb(green.copy(), lab.tobytes()).getpixel((1, 1)) == (0, 128, 0)
    file = picture((8, 8), (0, 128, 0), icc_profile=colour.coded_profile(12, 13))
    assert kept(file).convert("RGB").getpixel((1, 1)) == (0, 130, 0)


def test_an_image_that_is_in_srgb_already_is_not_converted():
    srgb = ImageCms.ImageCmsProfile(colour.SRGB)
    transform = ImageCms.buildTransform(srgb, colour.SRGB, "RGB", "RGB")
    assert not colour.changes_colours(transform, "RGB")
    file = picture((8, 8), (1, 128, 254), icc_profile=srgb.tobytes())
    assert kept(file).convert("RGB").getpixel((1, 1)) == (1, 128, 254)


@pytest.mark.parametrize(
    ("file", "megapixels"),
    [
        (lambda: picture((4_100, 4_000), format="WEBP", method=0), 13),
        (lambda: picture((7_000, 5_100)), 35),
        (lambda: picture((7_000, 5_800), 1, "L"), 40),
        (lambda: picture((7_000, 5_800), 1, "P", "GIF"), 40),
        (lambda: picture((13_000, 10_000), 1, "L", "JPEG", quality=1), 125),
    ],
    ids=["WebP", "PNG", "grey PNG", "GIF", "JPEG"],
)
def test_how_many_pixels_a_picture_may_have_depends_on_what_they_cost(file, megapixels):
    with pytest.raises(ValidationError, match=f"more than {megapixels} megapixels"):
        images.accept(file())


@pytest.mark.parametrize("megapixels", [48, 108])
def test_a_jpeg_of_a_phone_with_many_megapixels_is_accepted(megapixels):
    size = {48: (8064, 6048), 108: (12_032, 9024)}[megapixels]
    assert kept(picture(size, (10, 120, 200), format="JPEG")).size == (3325, 2494)


def test_a_drawing_stays_sharp_and_a_photograph_small():
    drawing = Image.new("RGB", (300, 200), "white")
    for line in range(9):
        text = f"The picture {line} of a screen"
        ImageDraw.Draw(drawing).text((8, 6 + 21 * line), text, fill=COLOURS[line % 3], font_size=17)
    content = encoded(drawing)
    assert kept(upload(content)).convert("RGB").tobytes() == drawing.tobytes()
    photograph = Image.merge("RGB", [Image.effect_noise((700, 500), 60) for _ in range(3)])
    assert kept(upload(encoded(photograph))).format == "JPEG"
    wide = drawing.resize((1500, 1000), Image.Resampling.NEAREST)
    made = images.renditions(images.accept(upload(encoded(wide))))
    assert made["image_medium"].read()[12:16] == b"VP8L"  # WebP without loss


COLOURS = [(200, 30, 40), (20, 90, 200), (10, 120, 60)]


def test_what_was_accepted_is_not_encoded_again():
    accepted = images.accept(picture())
    assert images.accept(accepted) is accepted
