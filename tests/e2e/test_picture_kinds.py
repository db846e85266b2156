"""The table of docs/pictures.md through the app: each kind of file is chosen in its composer."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests import picture_files as files
from tests.contract.test_picture_kinds import SMALL
from tests.domain.test_picture_files import name_of, rows
from tests.e2e.test_posting import card, write
from ublog.blog.models import Post

TYPES = {
    "JPEG": "jpeg", "PNG": "png", "GIF": "gif", "WebP": "webp", "AVIF": "avif", "HEIC": "heic",
    "SVG": "svg+xml",
}  # fmt: skip
OTHERS = {"PDF": "application/pdf", "video": "video/mp4", "any": "text/plain"}
# Scaled down before it is sent, which `test_pictures.py` sees; the others of LARGE take seconds.
LARGE = ["JPEG of a long page, 1000 × 10000", "JPEG of a camera, 4000 × 3000"]


def media_type(kind: str) -> str:
    name = kind.split()[0].strip(",")
    return OTHERS.get(name) or f"image/{TYPES[name]}"


def kept(post: Post) -> str:
    with post.image.open() as file:
        return name_of(Image.open(io.BytesIO(file.read())))


def test_each_kind_is_published_or_gets_its_sentence(page, alice, complaints, no_limits):
    page.goto("/")
    outcomes = {}
    with complaints.expecting("400"):  # what only the server finds
        for number, kind in enumerate([*SMALL, *LARGE]):
            text = f"Picture {number}."
            write(page, text)
            chosen = {"name": f"{number}.bin", "mimeType": media_type(kind)}
            page.locator("input[type=file]").set_input_files(
                chosen | {"buffer": files.KINDS[kind]()}
            )
            expected = rows()[kind]
            # What helps, after it, the app says in fewer words.
            sentence = re.split("[.:]", expected.strip("“”"))[0]
            alert = page.get_by_role("alert").filter(has_text=sentence)
            if expected.startswith("“"):
                preview = page.get_by_label("Describe the picture")
                expect(alert.or_(preview).first).to_be_visible()
                if preview.count():
                    page.get_by_role("button", name="Post", exact=True).click()
                expect(alert).to_be_visible()
                outcomes[kind] = expected
                if preview.count():
                    page.get_by_label("Remove the picture").click()
                expect(card(page, text)).to_have_count(0)
            else:
                page.get_by_label("Describe the picture").fill(kind)
                page.get_by_role("button", name="Post", exact=True).click()
                shown = card(page, text).get_by_role("img", name=kind)
                expect(shown).to_be_visible()
                shown.scroll_into_view_if_needed()
                page.wait_for_function(
                    "image => image.complete && image.naturalWidth", arg=shown.element_handle()
                )
                outcomes[kind] = kept(Post.objects.latest("pk"))
    assert outcomes == {kind: rows()[kind] for kind in [*SMALL, *LARGE]}
