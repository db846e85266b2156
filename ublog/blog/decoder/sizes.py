"""How large a picture is kept, and its renditions. No Pillow here: the web process reads it."""

import math

# What is kept of a large picture: as Mastodon does, in the pixels of a screen of 3840 by 2160. By
# area, so that a screenshot of a long page stays legible.
MAX_AREA = 8_294_400  # pixels
MAX_SIDE = 16_383  # pixels: the most that WebP can store
# The width of each rendition, from large to small: for the column of posts on a screen of high
# density, and for a small screen.
RENDITIONS = {"image_medium": 1280, "thumbnail": 640}
# Of a picture with transparent pixels, a JPEG for programs that show previews, and its width.
PREVIEW, PREVIEW_WIDTH = "image_preview", 1280
# The fields of all that is made of the picture of a post.
DERIVED = (*RENDITIONS, PREVIEW)
# The sides of the squares of a profile picture, from large to small.
AVATARS = {"avatar_large": 400, "avatar": 96}
# The side of each square of a site's logo: for the header, and for icons of browsers and phones.
LOGO = {"logo": 96, "logo_icon": 192}


def kept_size(width: int, height: int, area: int = MAX_AREA) -> tuple[int, int]:
    """Return the size in pixels in which a picture of this size is kept."""
    factor = min(1, math.sqrt(area / (width * height)), MAX_SIDE / max(width, height))
    if factor == 1:
        return width, height
    return max(1, int(width * factor)), max(1, int(height * factor))


def fit_shorter_side(width: int, height: int, most: int) -> tuple[int, int]:
    """Return the size in pixels of a picture whose shorter side is scaled down to at most that."""
    factor = min(1, most / min(width, height))
    return kept_size(max(1, round(width * factor)), max(1, round(height * factor)))


def fit_width(width: int, height: int, most: int) -> tuple[int, int]:
    """Return the size in pixels of a picture that is scaled down to at most that width."""
    if width <= most:
        return width, height
    return most, max(1, round(height * most / width))


def fit_square(width: int, height: int, side: int) -> tuple[int, int]:
    """Return the size in pixels in which a picture of this size fills a square."""
    factor = side / max(width, height)
    return max(1, round(width * factor)), max(1, round(height * factor))


MAX_PIXELS = 40_000_000  # of an image that is decoded whole
