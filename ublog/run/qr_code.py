"""The URL of the site as a QR code, for phones: in a page, and in a terminal."""

from itertools import zip_longest

import segno
from markupsafe import Markup

# Two modules above each other: 1 is dark. Most terminals are dark, so light is drawn.
BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
BORDER = 4  # modules: ISO/IEC 18004, section 5.3.8


def as_svg(url: str) -> Markup:
    """Return the code as an <svg> element, dark on white in both themes."""
    svg = segno.make(url, micro=False).svg_inline(scale=5, border=BORDER, light="#fff")
    return Markup(svg)  # noqa: S704  # nosec B704  numbers and names of segno's own


def as_lines(url: str) -> list[str]:
    """Return the code as lines for a terminal, two rows of modules in each."""
    rows = [list(row) for row in segno.make(url, micro=False).matrix_iter(border=BORDER)]
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=[0] * len(rows[0]))
    return ["".join(BLOCKS[pair] for pair in zip(*lines, strict=True)) for lines in pairs]
