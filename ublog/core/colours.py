"""The accent colour of a site: its shade for each theme, as dark or light as text needs.

A text and its background have a contrast of at least 4.5:1, as WCAG 2.2 requires (1.4.3).
"""

import colorsys
import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from ublog.core.text import PlainTextField

HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
READABLE = 4.5  # https://www.w3.org/TR/WCAG22/#contrast-minimum
# A colour that differs less from the page would be another one when it is made readable: white
# would become grey.
VISIBLE = 1.1
STEP = 0.01  # of the lightness, from 0 to 1
INVALID = "Give a colour such as #3366cc."


class Theme(NamedTuple):
    """The colours of a theme that a shade must go with: see frontend/src/styles/tokens.css."""

    page: str  # base-200
    alert: str  # base-300: of all that links are on, it has the least contrast
    content: str  # the text on the shade
    step: float
    error: str


THEMES = {
    "light": Theme(
        *("#f6f6f9", "#e4e5ea", "#ffffff", -STEP),
        "This colour is too light: nobody could read it in the light theme. Choose a darker one.",
    ),
    "dark": Theme(
        *("#0f0e16", "#2f2f3b", "#0f0e16", STEP),
        "This colour is too dark: nobody could read it in the dark theme. Choose a lighter one.",
    ),
}


class ColourField(PlainTextField):
    """A colour as `#rrggbb` that has readable shades in both themes, or empty."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 7, "blank": True, "default": "", **options})

    def to_python(self, value: Any) -> Any:
        """Return the colour with six digits, in lower case. Raise ValidationError."""
        text = (super().to_python(value) or "").strip().lower()
        if not text:
            return ""
        found = HEX.fullmatch(text)
        if not found:
            raise ValidationError(INVALID)
        digits = found[1]
        colour = f"#{digits if len(digits) == 6 else ''.join(2 * digit for digit in digits)}"
        shades(colour)
        return colour


@lru_cache(maxsize=16)
def shades(colour: str) -> dict[str, str]:
    """Return the shade of the colour `#rrggbb` for each of THEMES, as `#rrggbb`.

    Raise ValidationError for a colour that is hardly visible on the page of a theme.
    """
    return {name: shade(colour, theme) for name, theme in THEMES.items()}


def shade(colour: str, theme: Theme) -> str:
    """Return the colour itself if it is readable, else with as much less or more light as it needs.

    Raise ValidationError.
    """
    difference = (luminance(colour) + 0.05) / (luminance(theme.page) + 0.05)
    if (difference if theme.step > 0 else 1 / difference) < VISIBLE:
        raise ValidationError(theme.error)
    hue, light, saturation = colorsys.rgb_to_hls(*channels(colour))
    while contrast(colour, theme.alert) < READABLE:
        light += theme.step
        colour = in_hex(colorsys.hls_to_rgb(hue, min(1.0, max(0.0, light)), saturation))
    return colour


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of `#rrggbb`, each from 0 to 1."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def in_hex(rgb: tuple[float, float, float]) -> str:
    return "#" + bytes(round(255 * channel) for channel in rgb).hex()
