"""What an upload may be is said in several languages: here it is compared."""

import re

import pytest

from tests.faults.site import ROOT
from ublog.blog import images
from ublog.blog.decoder import formats
from ublog.core.request_size import MAX_IMAGE, MAX_REQUEST

MIB = MAX_IMAGE // 2**20
SENTENCES = (
    "deploy/nginx/errors/too-large.html",
    "ublog/interfaces/pages/jinja2/413.html",
    "frontend/src/i18n/enDeferred.ts",
    "frontend/src/i18n/de.ts",
)


def read(path: str) -> str:
    return (ROOT / path).read_text()


@pytest.mark.parametrize("path", SENTENCES)
def test_every_sentence_names_the_same_limit(path):
    assert set(re.findall(r"(\d+) MiB", read(path))) == {str(MIB)}


def test_the_document_names_it_too():
    assert f"A file may have {MIB} MiB" in read("docs/pictures.md")


def test_nginx_lets_through_what_the_site_reads():
    assert f"client_max_body_size {MAX_REQUEST // 2**20}m;" in read("deploy/nginx/ublog.conf")
    assert MAX_REQUEST % 2**20 == 0


def test_the_app_offers_and_accepts_what_the_site_reads():
    source = read("frontend/src/lib/imageFile.ts")
    assert f"LARGEST = {MIB} * 1024 * 1024" in source
    limits = dict(re.findall(r"'(image/\w+)': (\d+),", source))
    assert tuple(limits) == images.CONTENT_TYPES
    assert {kind: int(limit) * 10**6 for kind, limit in limits.items()} == {
        "image/jpeg": formats.MAX_JPEG,
        "image/png": formats.MAX_BYTES // 4,
        "image/webp": formats.MAX_WEBP,
        "image/gif": formats.MAX_PIXELS,
        "image/avif": formats.MAX_AVIF,
    }
