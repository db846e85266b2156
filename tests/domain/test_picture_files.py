"""What becomes of each kind of file: docs/pictures.md says it, and these tests see it."""

import io
import re

import pytest
from PIL import Image

from tests import picture_files as files
from tests.faults.site import ROOT
from tests.pictures import encoded
from ublog.blog.decoder import colour, errors, jobs
from ublog.blog.decoder.errors import NotAcceptable

ROW = re.compile(r"^\| (.+?) +\| (.+?) +\|$", re.MULTILINE)
RED, TEAL, YELLOW = (230, 40, 30), (0, 128, 128), (240, 220, 60)


def kept(content: bytes) -> Image.Image:
    made = jobs.accept(content)["image"]
    image = Image.open(io.BytesIO(made.content))
    image.load()
    assert image.size == (made.width, made.height)
    return image


def outcome(content: bytes) -> str:
    """Return what becomes of a file, in the words of the table."""
    try:
        image = kept(content)
    except NotAcceptable as error:
        return f"“{error}”"
    return name_of(image)


def name_of(image: Image.Image) -> str:
    """Return the format and size of an image, in the words of the table."""
    name = {"WEBP": "WebP"}.get(image.format, image.format)
    return f"{name}, {image.width} × {image.height}"


def rows() -> dict[str, str]:
    text = (ROOT / "docs" / "pictures.md").read_text()
    table = text.split("## What is sent")[1].split("\n## ")[0]
    return dict(ROW.findall(table)[1:])


def test_the_document_names_every_kind():
    assert list(rows()) == list(files.KINDS)


@pytest.mark.parametrize("kind", files.KINDS)
def test_each_kind_becomes_what_the_document_says(kind):
    assert outcome(files.KINDS[kind]()) == rows()[kind]


def near(one, other, most=10) -> bool:
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


def is_scene(image: Image.Image) -> bool:
    """Return whether the three colours of the drawing are where they were."""
    places = ((2, 2), (40, 4), (40, 28))
    pixels = [image.convert("RGB").getpixel(place) for place in places]
    return all(map(near, pixels, (RED, TEAL, YELLOW)))


# -- Metadata never decides whether pixels are accepted ----------------------------------------


@pytest.mark.parametrize("what", files.ODD_EXIF)
def test_exif_that_cannot_be_read_does_not_matter(what):
    odd = files.ODD_EXIF[what]
    assert is_scene(kept(files.with_segment(0xE1, b"Exif\0\0" + odd)))
    assert is_scene(kept(files.scene_png(files.chunk(b"eXIf", odd))))
    webp = io.BytesIO()
    files.scene().save(webp, "WEBP", quality=95, exif=odd)
    assert is_scene(kept(webp.getvalue()))


JPEG_SEGMENTS = {
    "a profile without a number": (0xE2, b"ICC_PROFILE\0"),
    "a profile of nonsense": (0xE2, b"ICC_PROFILE\0\1\1nonsense"),
    "views that cannot be counted": (0xE2, b"MPF\0II*\0nonsense"),
    "a short JFIF": (0xE0, b"JFIF\0"),
    "a short Adobe segment": (0xEE, b"Adobe\0"),
    "Photoshop's": (0xED, b"Photoshop 3.0\x008BIM\x04\x04\xff"),
    "a comment": (0xFE, b"\0" * 60_000),
}


@pytest.mark.parametrize("what", JPEG_SEGMENTS)
def test_no_segment_of_a_jpeg_beside_its_pixels_matters(what):
    assert is_scene(kept(files.with_segment(*JPEG_SEGMENTS[what])))


PNG_CHUNKS = {
    "a large text": files.large_text(),
    "a wrong checksum of a text": files.wrong_checksum(b"tEXt", b"Comment\0nothing"),
    "a wrong checksum of a time": files.wrong_checksum(b"tIME", bytes(7)),
    "a wrong checksum of a gamma": files.wrong_checksum(b"gAMA", (100_000).to_bytes(4)),
    "a text that is not compressed as it says": files.chunk(b"zTXt", b"a\0\0nonsense"),
    "an international text cut off": files.chunk(b"iTXt", b"a\0\1\0"),
    "a profile cut off": files.chunk(b"iCCP", b"a\0\0x\x9c"),
    "a profile without a name": files.chunk(b"iCCP", b"nonsense"),
    "a large profile of zeros": files.large_profile(bytes(2_000_000)),
    "a short gamma": files.chunk(b"gAMA", b"\0"),
    "a gamma of nothing": files.gamma(0),
    "points that make no triangle": files.gamma(1) + files.chromaticities(*[(0.3, 0.3)] * 4),
    "points without height": files.gamma(1) + files.chromaticities(*[(0.3, 0.0)] * 4),
    "codes that do not exist": files.coded(77, 88),
    "a size of nothing": files.chunk(b"pHYs", b""),
    "an animation of no frames": files.chunk(b"acTL", bytes(8)),
}


@pytest.mark.parametrize("what", PNG_CHUNKS)
def test_no_chunk_of_a_png_beside_its_pixels_matters(what):
    assert kept(files.scene_png(PNG_CHUNKS[what])).tobytes() == files.scene().tobytes()
    assert kept(files.scene_png(after=PNG_CHUNKS[what])).tobytes() == files.scene().tobytes()


def test_a_profile_of_more_than_a_mebibyte_is_used():
    profile = colour.coded_profile(12, 13) + bytes(2_000_000)
    assert near(
        kept(files.scene_png(files.large_profile(profile))).getpixel((40, 4)), (0, 130, 130)
    )


@pytest.mark.parametrize("value", range(1, 9))
def test_a_picture_is_turned_upright_by_its_orientation_alone(value):
    tags = [(files.ORIENTATION, 3, 1, value.to_bytes(4, "little"))]
    turned = kept(files.jpeg(exif=files.exif(tags)))
    undo = {5: 5, 6: 8, 7: 7, 8: 6}.get(value, value)
    back = kept(encoded(turned, "JPEG", quality=95))
    assert turned.size == ((32, 48) if value > 4 else (48, 32))
    content = files.with_segment(
        0xE1,
        b"Exif\0\0" + files.exif([(files.ORIENTATION, 3, 1, undo.to_bytes(4, "little"))]),
        encoded(back, "JPEG", quality=95),
    )
    assert is_scene(kept(content))


# -- The end of a file -------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}], ids=str)
def test_a_jpeg_needs_no_end_mark_but_all_of_its_pixels(options):
    whole = encoded(files.photograph((320, 240)), "JPEG", quality=80, **options)
    without = kept(whole[:-2])
    assert without.tobytes() == kept(whole).tobytes()
    for less in (40, 400, len(whole) // 2):
        with pytest.raises(NotAcceptable, match="damaged"):
            kept(whole[:-less])


def test_rubbish_behind_a_picture_does_not_matter():
    for content in (files.jpeg(), files.scene_png(), encoded(files.scene(), "GIF")):
        assert is_scene(kept(content + b"rubbish" * 99))


VIDEOS = [
    files.box(b"isom", b"mp42"),
    files.box(b"qt  "),
    b"\x00\x00\x00\x08wide" + bytes(99),
    b"\x1a\x45\xdf\xa3" + bytes(99),
    b"RIFF\0\0\0\0AVI LIST",
]


@pytest.mark.parametrize(
    "content", VIDEOS, ids=["MP4", "QuickTime", "old QuickTime", "WebM", "AVI"]
)
def test_a_video_is_called_a_video(content):
    assert outcome(content) == f"“{errors.VIDEO}”"


def test_an_avif_in_a_general_container_is_read():
    content = encoded(files.scene(), "AVIF", quality=95)
    assert is_scene(kept(content.replace(b"ftypavif", b"ftypmif1", 1)))


# -- Transparency ------------------------------------------------------------------------------


@pytest.mark.parametrize(("depth", "clear"), [(1, 0), (1, 1), (2, 2), (4, 9), (8, 77)])
def test_a_transparent_grey_is_alpha_in_every_depth(depth, clear):
    most = 2**depth - 1
    levels = [0, clear, most - clear]
    image = kept(files.of_grey(0, depth, levels, clear)).convert("RGBA")
    found = [image.getpixel((x, 0)) for x in range(3)]
    assert [pixel[3] for pixel in found] == [0 if level == clear else 255 for level in levels]
    assert [p[0] for p, level in zip(found, levels, strict=True) if level != clear] == [
        level * 255 // most for level in levels if level != clear
    ]


def test_a_transparent_grey_of_16_bits_is_one_of_65536():
    image = kept(files.of_grey(0, 16, [0x1234, 0x1235, 0xFF00], 0x1234)).convert("RGBA")
    assert [image.getpixel((x, 0)) for x in range(3)] == [
        (18, 18, 18, 0),
        (18, 18, 18, 255),
        (255, 255, 255, 255),
    ]


@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_colour_is_alpha(depth):
    unit = 1 if depth == 8 else 257
    colours = [(9, 8, 7), (9, 8, 6), (200, 0, 0)]
    scaled = [tuple(unit * level for level in one) for one in colours]
    image = kept(files.of_rgb(depth, scaled, scaled[0]))
    assert [image.getpixel((x, 0)) for x in range(3)] == [
        (9, 8, 7, 0),
        (9, 8, 6, 255),
        (200, 0, 0, 255),
    ]


def test_a_transparent_colour_is_alpha_before_a_picture_is_scaled_or_converted():
    """Scaled first, the edges would have another colour, which is not transparent."""
    width, row = 3000, b""
    for x in range(width):
        row += bytes((255, 0, 255)) if x % 2 else bytes((10, 120, 20))
    key = files.chunk(b"tRNS", bytes((0, 255, 0, 0, 0, 255)))
    profile = files.coded(12, 13)
    image = kept(files.png([row] * 3000, width, before=key + profile)).convert("RGBA")
    red, green, blue, alpha = image.getpixel((700, 700))
    assert alpha in range(60, 200)
    assert near((red, green, blue), (0, 120, 0), 60)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("before", [b"", files.coded(12, 13), files.gamma(0.5)])
def test_grey_with_alpha_keeps_its_alpha(depth, before):
    content = files.grey_with_alpha(depth)
    at = content.index(b"IDAT") - 4
    image = kept(content[:at] + before + content[at:])
    assert [image.getpixel((x, 0))[3] for x in (0, 1)] == [0, 255]


def test_what_is_outside_of_the_frame_of_a_gif_is_transparent():
    image = kept(files.small_frame())
    assert image.getpixel((2, 2))[3] == 0
    assert image.getpixel((10, 10)) == (250, 0, 0, 255)
    assert image.getpixel((14, 14))[3] == 0


def test_a_picture_of_opaque_pixels_has_no_alpha():
    assert kept(encoded(files.scene().convert("RGBA"))).mode == "RGB"


# -- Colour ------------------------------------------------------------------------------------


def test_grey_with_a_profile_of_rgb_is_converted():
    """One that is linear: a level of 50 is as bright as one of 122 in sRGB."""
    profile = colour.icc_profile(colour.PRIMARIES[1], lambda level: level)
    row = bytes((0, 50, 255))
    image = kept(files.png([row], 3, 8, 0, files.large_profile(profile))).convert("RGB")
    assert [image.getpixel((x, 0)) for x in range(3)] == [(0,) * 3, (122,) * 3, (255,) * 3]


def test_a_profile_for_other_channels_is_ignored():
    grey = colour.icc_profile(colour.PRIMARIES[1], lambda level: level)
    grey = grey[:16] + b"GRAY" + grey[20:]
    assert kept(files.scene_png(files.large_profile(grey))).tobytes() == files.scene().tobytes()
    rgb = colour.coded_profile(9, 1)
    cmyk = encoded(files.scene().convert("CMYK"), "JPEG", quality=95, icc_profile=rgb)
    assert is_scene(kept(cmyk))


def test_the_profile_that_the_standard_prefers_is_used():
    """Codes before a profile, a profile before sRGB, sRGB before gamma."""
    wide = files.large_profile(colour.coded_profile(12, 13))
    linear, srgb = files.gamma(1.0), files.chunk(b"sRGB", b"\0")
    green = (40, 4)
    assert near(kept(files.scene_png(srgb + linear)).getpixel(green), TEAL, 0)
    assert near(kept(files.scene_png(wide + srgb)).getpixel(green), (0, 130, 130), 2)
    assert near(kept(files.scene_png(files.coded(1, 13) + wide)).getpixel(green), TEAL, 0)
    assert near(kept(files.scene_png(linear)).getpixel(green), (0, 188, 188), 1)


def test_the_codes_of_an_avif_are_used():
    content = encoded(files.scene(), "AVIF", quality=100, subsampling="4:4:4")
    assert b"colrnclx" in content
    at = content.index(b"colrnclx") + 8
    wide = content[:at] + bytes((0, 12, 0, 13)) + content[at + 4 :]
    assert near(kept(wide).getpixel((40, 4)), (0, 130, 130), 4)
