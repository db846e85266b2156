"""Draw the images of demo posts; each drawing returns an image and its description."""

import io
import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

from ublog.blog import images
from ublog.blog.decoder import jobs

Colour = tuple[int, int, int]
Drawing = tuple[Image.Image, str]
SIZES = [(1200, 800), (1000, 1000), (900, 1200), (1280, 720)]
SKIES: list[tuple[str, Colour, Colour]] = [
    ("at dawn", (58, 66, 120), (252, 190, 150)),
    ("at noon", (74, 144, 217), (208, 232, 250)),
    ("at sunset", (84, 40, 96), (255, 138, 76)),
    ("by night", (8, 12, 32), (36, 52, 96)),
    ("on a grey day", (120, 132, 144), (214, 220, 224)),
]
PALETTES: list[tuple[str, list[Colour]]] = [
    ("red and ochre", [(178, 34, 52), (222, 142, 38), (244, 214, 140), (92, 40, 30)]),
    ("blue and green", [(16, 84, 128), (38, 150, 136), (160, 214, 180), (12, 40, 72)]),
    ("pink and violet", [(226, 92, 140), (130, 70, 170), (250, 190, 210), (60, 24, 90)]),
    ("grey and yellow", [(70, 74, 80), (150, 156, 160), (248, 204, 48), (30, 32, 36)]),
]


def draw(rng: Random) -> tuple[images.AcceptedImage, str]:
    """Return an accepted image, drawn at random, and its description.

    It is decoded in this process: it is not hostile, and many are drawn.
    """
    image, description = rng.choice(DRAWINGS)(rng, rng.choice(SIZES))
    upload = io.BytesIO()
    image.save(upload, "JPEG", quality=90)
    accepted = jobs.accept(upload.getvalue())["image"]
    size = accepted.width, accepted.height
    return images.AcceptedImage(accepted.content, accepted.extension, *size), description


def gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), top)
    column.putpixel((0, 1), bottom)
    return column.resize(size, Image.Resampling.BICUBIC)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a mixture of two colours; `share` is that of the second one, from 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def hills(rng: Random, size: tuple[int, int]) -> Drawing:
    (width, height), (when, top, bottom) = size, rng.choice(SKIES)
    image = gradient(size, top, bottom)
    pen = ImageDraw.Draw(image)
    sun(pen, rng, size, bottom)
    rows = rng.randint(3, 6)
    for row in range(rows):
        phase, wave = rng.random() * 7, rng.uniform(0.6, 1.6) * 6 / width
        base = height * (0.5 + 0.45 * row / rows)
        line = [
            (x, base - height * 0.09 * math.sin(wave * x + phase) - 14 * math.sin(5 * wave * x))
            for x in range(0, width + 9, 8)
        ]
        shade = mixed(mixed(bottom, (40, 90, 60), 0.6), (10, 24, 20), row / rows)
        pen.polygon([(0, height), *line, (width, height)], fill=shade)
    return image, f"{rows} rows of hills, one behind the other, {when}."


def sun(pen: ImageDraw.ImageDraw, rng: Random, size: tuple[int, int], sky: Colour) -> None:
    width, height = size
    x, y = width * rng.uniform(0.2, 0.8), height * rng.uniform(0.15, 0.4)
    for step in range(6, 0, -1):
        radius = height * 0.05 * (1 + step / 3)
        pen.circle((x, y), radius, fill=mixed((255, 248, 220), sky, step / 7))


def sea(rng: Random, size: tuple[int, int]) -> Drawing:
    (width, height), (when, top, bottom) = size, rng.choice(SKIES)
    image = gradient(size, top, bottom)
    pen = ImageDraw.Draw(image)
    sun(pen, rng, size, bottom)
    horizon = height * 6 // 10
    image.paste(gradient((width, height - horizon), mixed(bottom, (20, 70, 110), 0.6), (8, 30, 60)),
                (0, horizon))  # fmt: skip
    x, y, side = width * rng.uniform(0.25, 0.75), horizon + height * 0.06, height * 0.16
    pen.polygon([(x, y), (x, y - 1.5 * side), (x + side, y)], fill=(250, 248, 240))
    pen.polygon([(x - 6, y), (x - 6, y - side), (x - side * 0.6, y)], fill=(228, 222, 210))
    pen.polygon([(x - side, y + 8), (x + side, y + 8), (x + side / 2, y + side / 3),
                 (x - side / 2, y + side / 3)], fill=(110, 44, 36))  # fmt: skip
    return image, f"A small sailing boat alone on a calm sea {when}."


def town(rng: Random, size: tuple[int, int]) -> Drawing:
    width, height = size
    image = gradient(size, (10, 14, 40), (70, 60, 110))
    pen = ImageDraw.Draw(image)
    left = houses = 0
    while left < width:
        wide, high = rng.randint(80, 170), height * rng.uniform(0.25, 0.7)
        pen.rectangle((left, height - high, left + wide - 6, height), fill=(18, 20, 34))
        for y in range(int(height - high) + 20, height - 30, 44):
            for x in range(left + 14, left + wide - 30, 34):
                if rng.random() < 0.45:
                    pen.rectangle((x, y, x + 16, y + 24), fill=(252, 214, 120))
        left, houses = left + wide, houses + 1
    return image, f"A row of {houses} dark houses by night, with light in some of the windows."


def circles(rng: Random, size: tuple[int, int]) -> Drawing:
    (width, height), (colours, palette) = size, rng.choice(PALETTES)
    image = Image.new("RGB", size, (246, 242, 232))
    pen = ImageDraw.Draw(image)
    count = rng.randint(9, 30)
    for _ in range(count):
        centre = (rng.random() * width, rng.random() * height)
        radius = rng.uniform(0.04, 0.2) * height
        pen.circle(centre, radius, fill=rng.choice(palette), outline=(246, 242, 232), width=6)
    return image, f"A painting of {count} circles in {colours} on cream paper."


def weave(rng: Random, size: tuple[int, int]) -> Drawing:
    (width, height), (colours, palette) = size, rng.choice(PALETTES)
    image = Image.new("RGB", size, palette[-1])
    pen = ImageDraw.Draw(image)
    step = rng.choice([40, 50, 80])
    for x in range(0, width, step):
        for y in range(0, height, step):
            corner = rng.choice([(x, y), (x + step, y), (x, y + step), (x + step, y + step)])
            pen.polygon([(x, y + step), corner, (x + step, y)], fill=rng.choice(palette))
            pen.rectangle((x + step / 4, y + step / 4, x + step / 2, y + step / 2),
                          fill=rng.choice(palette))  # fmt: skip
    return image, f"A woven pattern of small triangles and squares in {colours}."


def flower(rng: Random, size: tuple[int, int]) -> Drawing:
    (width, height), (colours, palette) = size, rng.choice(PALETTES)
    image = gradient(size, (232, 240, 222), (176, 204, 158))
    pen = ImageDraw.Draw(image)
    x, y, reach, petals = width / 2, height * 0.42, height * 0.2, rng.randint(5, 13)
    pen.line([(x, y), (x - 20, height)], fill=(52, 110, 60), width=18)
    for petal in range(petals):
        angle = 2 * math.pi * petal / petals
        centre = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        pen.circle(centre, reach * 0.62, fill=palette[petal % 2], outline=palette[3], width=3)
    pen.circle((x, y), reach * 0.55, fill=(248, 204, 48), outline=palette[3], width=3)
    return image, f"A single flower with {petals} petals in {colours}, its stem a little crooked."


DRAWINGS: list[Callable[[Random, tuple[int, int]], Drawing]] = [
    *(hills, hills, sea, town, circles, weave, flower)
]
