"""Convert pixels to sRGB, and say without a profile what their colours are.

PNG says it by gamma and chromaticities or by the codes of ITU-T H.273, which AVIF has, too. Both
become an ICC profile here, so that one library, LittleCMS, converts them all.
"""

import math
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms

Curve = Callable[[float], float]  # from a level to light, both 0 to 1
Point = tuple[float, float]  # CIE x and y
Vector = Sequence[float]
Matrix = Sequence[Vector]

SRGB = ImageCms.createProfile("sRGB")
D65 = (0.3127, 0.3290)
ICC_WHITE = (0.9642, 1.0, 0.8249)  # ICC.1, the profile connection space
SRGB_POINTS = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
# Of ITU-T H.273, table 2: red, green, blue, white.
PRIMARIES: dict[int, tuple[Point, ...]] = {
    1: (*SRGB_POINTS, D65),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), D65),
    6: ((0.63, 0.34), (0.31, 0.595), (0.155, 0.07), D65),
    9: ((0.708, 0.292), (0.17, 0.797), (0.131, 0.046), D65),
    11: ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06), (0.314, 0.351)),
    12: ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06), D65),
}
USUAL_GAMMA = 45_455  # of PNG's gAMA chunk: 1 / 2.2
BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
# Levels at which two profiles are compared.
PROBES = bytes((0, 40, 90, 140, 200, 255))


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image converted from its colour profile to sRGB; ignore a broken profile, and one
    of other channels than the image has."""
    if image.mode == "LA":
        image = image.convert("RGBA")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            image = convert(image, ImageCms.ImageCmsProfile(BytesIO(profile)))
    return image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")


def convert(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    space = profile.profile.xcolor_space.strip()
    if space == "RGB" and image.mode in ("L", "RGB", "RGBA"):
        image = image.convert("RGB") if image.mode == "L" else image
        transform = ImageCms.buildTransform(profile, SRGB, image.mode, image.mode)
        if changes_colours(transform, image.mode):
            ImageCms.applyTransform(image, transform, inPlace=True)
        return image
    if (space, image.mode) not in (("GRAY", "L"), ("CMYK", "CMYK")):
        return image
    transform = ImageCms.buildTransform(profile, SRGB, image.mode, "RGB")
    return ImageCms.applyTransform(image, transform) or image


def changes_colours(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Return whether any colour of a few changes by more than one level."""
    levels = [bytes((r, g, b)) for r in PROBES for g in PROBES for b in PROBES]
    probe = Image.frombytes("RGB", (len(levels), 1), b"".join(levels)).convert(mode)
    converted = ImageCms.applyTransform(probe, transform) or probe
    pairs = zip(probe.tobytes(), converted.tobytes(), strict=True)
    return any(abs(old - new) > 1 for old, new in pairs)


# -- Profiles ----------------------------------------------------------------------------------


def png_profile(gama: bytes | None, chrm: bytes | None) -> bytes | None:
    """Return the profile of PNG's gAMA and cHRM chunks; None without one that says anything.

    As Chromium 156 does: chromaticities alone say nothing, nor does the gamma of most screens.
    """
    gamma = int.from_bytes(gama) if gama and len(gama) == 4 else 0
    if not 1_000 <= gamma <= 1_000_000 or (gamma == USUAL_GAMMA and not chrm):
        return None
    points = PRIMARIES[1]
    if chrm and len(chrm) == 32:
        white, *rgb = ((x / 100_000, y / 100_000) for x, y in struct.iter_unpack(">2I", chrm))
        points = (*rgb, white)
    with suppress(ArithmeticError, struct.error):  # no triangle
        return icc_profile(points, lambda level: float(level ** (100_000 / gamma)))
    return None


def coded_profile(primaries: int, transfer: int) -> bytes | None:
    """Return the profile of two codes of ITU-T H.273; None for sRGB and what is not known."""
    if (primaries, transfer) in ((1, 13), (2, 2)) or transfer not in CURVES:
        return None
    points = PRIMARIES.get(primaries)
    return icc_profile(points, CURVES[transfer]) if points else None


def icc_profile(points: tuple[Point, ...], curve: Curve) -> bytes:
    """Return a profile of red, green, blue and white, and of one curve for all three.

    ICC.1:2001, with the tags that a display profile needs and no more. Raise ArithmeticError for
    points that make no triangle.
    """
    columns = adapted_columns(points)
    tags = {
        name: xyz_tag(column)
        for name, column in zip(("rXYZ", "gXYZ", "bXYZ"), columns, strict=True)
    }
    table = [round(65535 * min(1, max(0, curve(i / 4095)))) for i in range(4096)]
    tags["rTRC"] = struct.pack(">4sII4096H", b"curv", 0, 4096, *table)
    tags["wtpt"] = xyz_tag(ICC_WHITE)
    names = [*tags, "gTRC", "bTRC"]
    start = 128 + 4 + 12 * len(names)
    index, body = b"", b""
    places = {}
    for name in names:
        source = "rTRC" if name.endswith("TRC") else name
        if source not in places:
            places[source] = start + len(body)
            body += tags[source]
        index += struct.pack(">4sII", name.encode(), places[source], len(tags[source]))
    head = struct.pack(
        ">I4sI4s4s4s12s4s28s3i48s",
        *(start + len(body), b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"", b"acsp", b""),
        *(fixed(value) for value in ICC_WHITE),
        b"",
    )
    return head + struct.pack(">I", len(names)) + index + body


def xyz_tag(values: Vector) -> bytes:
    return struct.pack(">4sI3i", b"XYZ ", 0, *map(fixed, values))


def fixed(value: float) -> int:
    """Return ICC's s15Fixed16Number."""
    return round(value * 65536)


def adapted_columns(points: tuple[Point, ...]) -> Matrix:
    """Return the XYZ of red, green and blue for the white of ICC profiles, by Bradford."""
    *rgb, white = (xyz(point) for point in points)
    scales = times(inverse(transposed(rgb)), white)
    columns = [
        tuple(scale * value for value in one) for scale, one in zip(scales, rgb, strict=True)
    ]
    gains = [
        to / by for to, by in zip(times(BRADFORD, ICC_WHITE), times(BRADFORD, white), strict=True)
    ]

    def adapt(column: Vector) -> Vector:
        cones = times(BRADFORD, column)
        return times(
            inverse(BRADFORD), [gain * cone for gain, cone in zip(gains, cones, strict=True)]
        )

    return tuple(map(adapt, columns))


def xyz(point: Point) -> Vector:
    x, y = point
    return x / y, 1.0, (1 - x - y) / y


def transposed(matrix: Matrix) -> Matrix:
    return tuple(zip(*matrix, strict=True))


def times(matrix: Matrix, vector: Vector) -> Vector:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a matrix of three rows, by its cross products."""
    a, b, c = matrix
    rows = (cross(b, c), cross(c, a), cross(a, b))
    determinant = sum(x * y for x, y in zip(a, rows[0], strict=True))
    return transposed([[value / determinant for value in row] for row in rows])


def cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


# -- Curves, from a level to light -------------------------------------------------------------


def srgb_light(level: float) -> float:
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4


def pq_light(level: float) -> float:
    """SMPTE ST 2084, with 203 cd/m², the white of ITU-R BT.2408, as 1; what is brighter is cut."""
    power = level ** (1 / 78.84375)
    light = max(0.0, power - 0.8359375) / (18.8515625 - 18.6875 * power)
    return float(10_000 / 203 * light ** (1 / 0.1593017578125))


def hlg_light(level: float) -> float:
    """ARIB STD-B67, with a level of 0.75, the white of ITU-R BT.2408, as 1."""
    if level <= 0.5:
        return level**2 / 3 / HLG_WHITE
    return (math.exp((level - 0.55991073) / 0.17883277) + 0.28466892) / 12 / HLG_WHITE


HLG_WHITE = 0.26496256

# By the codes of ITU-T H.273, table 3. Those of television as screens show them: ITU-R BT.1886.
CURVES: dict[int, Curve] = {
    **dict.fromkeys((1, 6, 14, 15), lambda level: level**2.4),
    4: lambda level: level**2.2,
    5: lambda level: level**2.8,
    8: lambda level: level,
    13: srgb_light,
    16: pq_light,
    18: hlg_light,
}
