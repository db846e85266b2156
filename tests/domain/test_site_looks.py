"""The colour, the logo and the pinned post of a site: what is acceptable, and what is stored."""

import math
import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import Image

from tests.pictures import encoded, upload
from ublog.accounts import site
from ublog.blog import images, site_looks, tasks
from ublog.blog.decoder.errors import SVG, UNKNOWN
from ublog.blog.states import PostState
from ublog.blog.tasks import sweep_orphans
from ublog.core import colours
from ublog.core.exceptions import NotAuthenticated, RateLimited
from ublog.core.models import SiteSettings

TOKENS = django_settings.BASE_DIR / "frontend/src/styles/tokens.css"
RED = (200, 0, 0, 255)


@pytest.fixture
def change(staff):
    return lambda **changes: site_looks.change_looks(by=staff, **changes)


def logo(width: int = 300, height: int = 150):
    return upload(encoded(Image.new("RGBA", (width, height), RED)), "logo.png")


def files(media) -> set[str]:
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour as #rrggbb: https://bottosson.github.io/posts/oklab/."""
    a, b = (chroma * part(math.radians(hue)) for part in (math.cos, math.sin))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return colours.in_hex(
        tuple(12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    )


def test_colours_are_checked_against_the_themes_of_the_stylesheet():
    for name, theme in colours.THEMES.items():
        block = re.search(rf"name: '{name}';(.*?)\n}}", TOKENS.read_text(), re.S)[1]
        tokens = {
            token: from_oklch(float(light) / 100, float(chroma), float(hue))
            for token, light, chroma, hue in re.findall(
                r"--color-(base-\d00): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", block
            )
        }
        assert (tokens["base-200"], tokens["base-300"]) == (theme.page, theme.alert)
        shade = colours.shades("#3366cc")[name]
        worst = min(tokens.values(), key=lambda token: colours.contrast(shade, token))
        assert worst == theme.alert


@pytest.mark.parametrize("given", ["#36C", "3366cc", " #3366CC "])
def test_a_colour_has_one_form(change, given):
    assert change(colour=given).colour == "#3366cc"
    assert change(colour="").colour == ""


@pytest.mark.parametrize("colour", ["#000080", "#ffa500", "#00ff00", "#808080", "#e11d48"])
def test_each_theme_has_a_shade_that_can_be_read(change, colour):
    change(colour=colour)
    for name, shade in colours.shades(colour).items():
        theme = colours.THEMES[name]
        others = (theme.page, theme.alert, theme.content)
        assert min(colours.contrast(shade, other) for other in others) >= 4.5


def test_a_readable_colour_stays_as_it_is(change):
    assert colours.shades("#5a43d4")["light"] == "#5a43d4"


@pytest.mark.parametrize(
    ("colour", "sentence"),
    [
        ("#ffffff", "too light"),
        ("#ffff00", "too light"),
        ("#000000", "too dark"),
        ("#12", "Give a colour such as #3366cc."),
        ("red", "Give a colour such as #3366cc."),
        ("url(//x)", "Give a colour such as #3366cc."),
        ("#3366cc;}", "Give a colour such as #3366cc."),
        ("x" * 100_000, ""),
    ],
)
def test_a_colour_that_cannot_be_read_is_rejected(change, colour, sentence):
    change(colour="#3366cc")
    with pytest.raises(ValidationError) as caught:
        change(colour=colour)
    assert list(caught.value.message_dict) == ["colour"]
    assert sentence in caught.value.message_dict["colour"][0]
    assert SiteSettings.objects.get().colour == "#3366cc"


def test_a_logo_becomes_squares_and_replaces_the_one_before(
    change, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        before = change(logo=logo(), colour="#3366cc")
    for field, side in (("logo", 96), ("logo_icon", 192)):
        with Image.open(media / getattr(before, field).name) as image:
            assert (image.format, image.size) == ("PNG", (side, side))
            assert image.getpixel((side // 2, side // 2)) == RED
            assert image.getpixel((side // 2, 2))[3] == 0  # it is twice as wide as high
    stored = files(media)
    assert stored == {before.logo.name, before.logo_icon.name}
    with django_capture_on_commit_callbacks(execute=True):
        after = change(logo=logo(20, 20))
    assert after.colour == "#3366cc"
    assert len(files(media)) == 2
    assert not files(media) & stored
    with django_capture_on_commit_callbacks(execute=True):
        assert not change(logo=False).logo
    assert not files(media)


@pytest.mark.parametrize(("content", "sentence"), [(b"text", UNKNOWN), (b"<svg/>", SVG)])
def test_a_logo_that_is_no_picture_gets_the_sentence_of_pictures(change, media, content, sentence):
    with pytest.raises(ValidationError) as caught:
        change(logo=upload(content, "logo.png"), colour="#3366cc")
    assert caught.value.message_dict == {"logo": [sentence]}
    assert not SiteSettings.objects.exists()
    assert not files(media)


def test_a_wrong_colour_is_found_before_a_logo_is_decoded(change, monkeypatch):
    monkeypatch.setattr(images, "squares", lambda *_: pytest.fail("It was decoded."))
    with pytest.raises(ValidationError):
        change(logo=logo(), colour="#fff")


def test_each_attempt_with_a_logo_counts(change, settings):
    settings.LIMITS = settings.LIMITS | {"image": "1/minute"}
    with pytest.raises(ValidationError):
        change(logo=upload(b"text", "logo.png"))
    with pytest.raises(RateLimited):
        change(logo=logo())


def test_files_of_a_logo_that_nothing_names_are_swept(
    change, media, monkeypatch, django_capture_on_commit_callbacks
):
    used = change(logo=logo())
    (media / "site" / "abandoned.png").write_bytes(b"")
    assert sweep_orphans() == 0  # it may be one of a request that is not committed
    monkeypatch.setattr(tasks, "KEEP_ORPHANS", timedelta(seconds=-1))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_orphans() == 1
    assert files(media) == {used.logo.name, used.logo_icon.name}


def test_others_may_not_change_the_looks(alice, person):
    moderator = person("moderator_m", is_staff=True)
    for user in (alice, moderator):
        with pytest.raises(PermissionDenied):
            site_looks.change_looks(by=user, colour="#3366cc")
    with pytest.raises(NotAuthenticated):
        site_looks.change_looks(by=AnonymousUser(), colour="#3366cc")
    assert not SiteSettings.objects.exists()


@pytest.mark.parametrize(
    "given",
    ["{}", " {} ", "/posts/{}", "/fbv/posts/{}/", "/api/cbv/posts/{}/", "SITE/cbv/posts/{}/#x"],
)
def test_a_post_is_pinned_by_its_number_or_url(change, post, settings, given):
    pk = post(None).pk
    given = given.replace("SITE", settings.SITE_URL).format(pk)
    assert change(pinned_post=given).pinned_post == pk
    assert change(pinned_post="").pinned_post is None


@pytest.mark.parametrize(
    "given", ["0", "x", "-1", "9" * 18, "9" * 30, "https://evil.example/posts/{}"]
)
def test_what_is_no_post_of_the_site_cannot_be_pinned(change, post, given):
    pk = post(None).pk
    with pytest.raises(ValidationError) as caught:
        change(pinned_post=given.format(pk))
    assert caught.value.message_dict == {"pinned_post": [site_looks.NO_POST]}


@pytest.mark.parametrize("state", [PostState.HELD, PostState.HIDDEN])
def test_a_post_that_not_everybody_sees_cannot_be_pinned(change, post, alice, state):
    with pytest.raises(ValidationError):
        change(pinned_post=post(alice, state=state).pk)


def test_a_change_of_the_texts_leaves_the_looks_alone(change, staff, post):
    change(colour="#3366cc", logo=logo(), pinned_post=post(None).pk)
    before = SiteSettings.objects.get()
    site.change_settings(by=staff, name="Club")
    after = SiteSettings.objects.get()
    assert (after.name, after.looks) == ("Club", before.looks)
