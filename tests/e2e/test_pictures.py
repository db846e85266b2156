"""Pictures in a browser: what it may send, how it shows them, and which colours it sees."""

import base64
import io
import struct

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import picture_files as files
from tests.e2e.conftest import PHONE, png
from tests.e2e.test_posting import card, write
from tests.pictures import encoded, upload
from ublog.blog import actions
from ublog.blog.decoder import colour, jobs
from ublog.blog.models import Post
from ublog.blog.tasks import render

REJECTED = {
    "video/mp4": (files.box(b"isom"), "This is a video"),
    "application/pdf": (b"%PDF-1.7", "This is a PDF document"),
    "image/svg+xml": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is an SVG drawing"),
    "image/heic": (files.box(b"heic", b"mif1"), "cannot read HEIC"),
    "image/tiff": (encoded(files.scene(), "TIFF"), "use JPEG, PNG, WebP, GIF or AVIF"),
}


PREVIEW = "document.querySelector('form img.post-picture')"


def attach(page, content: bytes, kind: str) -> None:
    chosen = {"name": f"picture.{kind.split('/')[-1]}", "mimeType": kind, "buffer": content}
    page.locator("input[type=file]").set_input_files(chosen)


@pytest.fixture
def composer(page, alice):
    """Return the app's page with its composer ready."""
    page.goto("/")
    write(page, "Look")
    page.get_by_role("button", name="Post", exact=True).wait_for()
    return page


@pytest.mark.parametrize("kind", REJECTED)
def test_a_file_that_is_no_picture_is_rejected_before_it_is_sent(composer, kind):
    content, sentence = REJECTED[kind]
    attach(composer, content, kind)
    expect(composer.get_by_role("alert")).to_contain_text(sentence)
    expect(composer.get_by_alt_text("The picture to be posted")).to_have_count(0)
    attach(composer, png(60, 40), "image/png")
    expect(composer.get_by_alt_text("The picture to be posted")).to_be_visible()
    expect(composer.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_notice_says_that_an_animation_will_not_move(composer, kind):
    notice = composer.get_by_text("Only the first picture of an animation will be posted.")
    attach(composer, encoded(files.scene(), kind), f"image/{kind.lower()}")
    expect(composer.get_by_alt_text("The picture to be posted")).to_be_visible()
    expect(notice).to_have_count(0)
    attach(composer, files.animation(kind), f"image/{kind.lower()}")
    expect(notice).to_be_visible()


def test_a_picture_with_too_many_pixels_is_scaled_down_before_it_is_sent(composer):
    large = encoded(Image.new("RGB", (7000, 5100), "teal"), compress_level=1)
    attach(composer, large, "image/png")
    # The server would reject the large one: wait for the preview of the smaller one.
    composer.wait_for_function(
        f"() => {PREVIEW}?.naturalWidth > 0 && {PREVIEW}.naturalWidth < 7000"
    )
    composer.get_by_role("button", name="Post", exact=True).click()
    expect(card(composer, "Look").locator("img.post-picture")).to_be_visible()
    post = Post.objects.get()
    assert post.image_width * post.image_height <= 8_294_400
    assert abs(post.image_width / post.image_height - 7000 / 5100) < 0.01


def test_what_the_browser_cannot_show_has_no_broken_preview(composer, complaints):
    attach(composer, b"\xff\xd8\xff" + bytes(99), "image/jpeg")
    expect(composer.get_by_text("picture.jpeg (this browser cannot show it)")).to_be_visible()
    with complaints.expecting("400"):
        composer.get_by_role("button", name="Post", exact=True).click()
        expect(composer.get_by_text("The picture is damaged")).to_be_visible()
    composer.get_by_label("Remove the picture").click()
    expect(composer.get_by_label("Describe the picture")).to_have_count(0)


def test_a_form_of_the_pages_refuses_and_scales_down_as_the_app_does(page, alice):
    page.goto("/fbv/posts/new/")
    page.get_by_label("Your post").fill("Look")
    page.get_by_text("276", exact=True).wait_for()
    chosen = "document.querySelector('[type=file]').files"
    attach(page, REJECTED["video/mp4"][0], "video/mp4")
    expect(page.get_by_role("alert")).to_contain_text("This is a video")
    assert page.evaluate(f"{chosen}.length") == 0
    large = encoded(Image.new("RGB", (7000, 5100), "teal"), compress_level=1)
    attach(page, large, "image/png")
    page.wait_for_function(f"() => {chosen}[0]?.type === 'image/webp'")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("img.post-picture")).to_be_visible()


SHAPES = {
    "tiny": ((40, 30), (40, 30)),
    "a portrait": ((1080, 1920), (288, 512)),
    "a long page": ((1000, 8000), (233, 512)),
    "a panorama": ((6000, 600), None),
}


@pytest.mark.parametrize("address", ["/", "/fbv/posts/"])
@pytest.mark.parametrize("size", [(1200, 750), (300, 400)], ids=["wide", "tall"])
def test_a_picture_has_its_place_before_it_is_loaded(page, alice, address, size):
    render(actions.publish(by=alice, body="Lake", image=upload(png(*size))).pk)
    page.set_viewport_size(PHONE)
    held = []
    page.route("**/media/**", lambda route: held.append(route))
    page.goto(address, wait_until="commit")
    image = card(page, "Lake").locator("img.post-picture")
    expect(image).to_be_visible()
    before = image.bounding_box()
    for route in held:
        route.continue_()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth", arg=image.element_handle()
    )
    assert image.bounding_box() == pytest.approx(before, abs=1)  # pixel


@pytest.mark.parametrize("address", ["/", "/fbv/posts/", "/cbv/posts/"])
def test_nothing_is_shown_larger_than_it_is_or_cut_without_need(page, alice, address):
    for name, (size, _) in SHAPES.items():
        image = upload(encoded(Image.new("RGB", size, "teal"), "JPEG"), "a.jpeg")
        render(actions.publish(by=alice, body=name, image=image).pk)
    page.goto(address)
    for name, (size, shown) in SHAPES.items():
        image = card(page, name).locator("img.post-picture")
        image.scroll_into_view_if_needed()
        page.wait_for_function(
            "image => image.complete && image.naturalWidth", arg=image.element_handle()
        )
        box = image.bounding_box()
        corner = "([x, y]) => document.elementFromPoint(x, y).closest('.post-image') !== null"
        assert name != "tiny" or page.evaluate(corner, [box["x"] + 2, box["y"] + 2])
        if shown:
            assert (box["width"], box["height"]) == shown
        else:
            assert abs(box["width"] / box["height"] - size[0] / size[1]) < 0.1
        assert "thumbnail" in image.evaluate("image => image.currentSrc") or name == "tiny"


# -- Colours -----------------------------------------------------------------------------------

LEVELS = (0, 20, 60, 128, 200, 255)
COLOURS = [(r, g, b) for r in LEVELS for g in LEVELS for b in LEVELS]
WHITE = (0.3127, 0.329)
SRGB, P3 = ((0.64, 0.33), (0.3, 0.6), (0.15, 0.06)), ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
ADOBE = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
WIDE = files.large_profile(colour.icc_profile((*P3, WHITE), colour.srgb_light))
KINDS = {
    "nothing": b"",
    "sRGB": files.chunk(b"sRGB", b"\0") + files.gamma(1.0),
    **{f"a gamma of {gamma}": files.gamma(gamma) for gamma in (0.3, 0.45455, 0.55556, 1.0)},
    "chromaticities": files.chromaticities(WHITE, *P3),
    "both of sRGB": files.gamma(0.45455) + files.chromaticities(WHITE, *SRGB),
    "both of Adobe RGB": files.gamma(0.4547) + files.chromaticities(WHITE, *ADOBE),
    "both, linear": files.gamma(1.0) + files.chromaticities(WHITE, *P3),
    **{f"the codes {codes}": files.coded(*codes) for codes in ((1, 1), (9, 1), (9, 13), (12, 13))},
    "a profile": WIDE,
    "a profile and sRGB": WIDE + files.chunk(b"sRGB", b"\0"),
    "codes and a profile": files.coded(1, 13) + WIDE,
}
READ = """async (url) => {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    return [...context.getImageData(0, 0, image.width, image.height).data]
}"""


def seen_by(page, content: bytes) -> list[tuple[int, ...]]:
    """Return the colours that the browser sees in a PNG."""
    url = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    return [tuple(pixel[:3]) for pixel in struct.iter_unpack("4B", bytes(page.evaluate(READ, url)))]


def lab(levels: tuple[int, ...]) -> tuple[float, float, float]:
    """Return CIELAB of a colour in sRGB."""
    r, g, b = (colour.srgb_light(level / 255) for level in levels)
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b
    z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def mean_difference(ours, theirs) -> float:
    """Return the mean ΔE of 1976."""
    pairs = zip(map(lab, ours), map(lab, theirs), strict=True)
    return sum(
        sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5 for pair in pairs
    ) / len(ours)


@pytest.mark.parametrize("colours", [COLOURS, range(256)], ids=["RGB", "grey"])
def test_kept_colours_are_those_that_the_browser_sees(page, colours):
    grey = isinstance(colours, range)
    row = bytes(colours) if grey else b"".join(map(bytes, colours))
    for kind, before in KINDS.items():
        content = files.png([row], len(colours), 8, 0 if grey else 2, before)
        made = jobs.accept(content)["image"]
        assert made.extension == "png"
        ours = list(Image.open(io.BytesIO(made.content)).convert("RGB").get_flattened_data())
        assert mean_difference(ours, seen_by(page, content)) < 0.1, kind
        assert mean_difference(ours, seen_by(page, made.content)) == 0
