"""What decides how a post looks: emoji alone, the colour of its image, what a search has found."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures import encoded, upload
from ublog.blog.decoder import jobs
from ublog.blog.images import accept
from ublog.core.emoji import is_emoji
from ublog.core.matches import split_at_matches

# The tests of the app read the same cases.
CASES = json.loads((Path(__file__).parents[2] / "frontend/tests/looks.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "searched", "pieces"), CASES["matches"])
def test_what_matches_is_marked(text, searched, pieces):
    assert split_at_matches(text, searched) == pieces
    assert "".join(pieces) == text


@pytest.mark.parametrize(("text", "is_alone"), CASES["emoji"])
def test_up_to_three_emoji_are_emoji(text, is_alone):
    assert is_emoji(text) is is_alone


def picture(mode, color, other=None):
    image = Image.new(mode, (60, 40), color)
    if other:
        image.paste(other, (0, 0, 20, 40))
    return encoded(image)


def test_the_colour_is_that_of_most_of_the_image():
    made = jobs.accept(picture("RGB", (10, 120, 200), other=(255, 255, 0)))["image"]
    levels = bytes.fromhex(made.color.removeprefix("#"))
    assert all(abs(a - b) < 12 for a, b in zip(levels, (10, 120, 200), strict=True))


def test_grey_has_a_colour_and_what_is_transparent_has_none():
    assert jobs.accept(picture("L", 128))["image"].color == "#808080"
    assert jobs.accept(picture("RGBA", (10, 120, 200, 90)))["image"].color is None


def test_the_colour_leaves_the_decoder():
    assert accept(upload(picture("RGB", (10, 120, 200)), "a.png")).color == "#0a78c8"
