"""Compare renditions with those of libvips: bytes and seconds of CPU at equal SSIM.

    python -m bench.renditions [PHOTOGRAPH …]

Needs the program `vips` (Debian: libvips-tools) and numpy. Without photographs two are drawn. Both
programs scale a JPEG to the widths of the renditions, in turns; of vips the quality is chosen at
which its picture is as similar to the original as ours. The original is reduced by Lanczos.
"""

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.costly_pictures import photograph
from tests.pictures import encoded
from ublog.blog.decoder import sizes

DECODER = [sys.executable, "-I", str(Path(sizes.__file__).parent)]
QUALITIES = range(50, 96)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photographs", nargs="*", type=Path)
    options = parser.parse_args()
    originals = {path.name: path.read_bytes() for path in options.photographs} or {
        f"drawn, grain {grain}": encoded(photograph((4000, 3000), grain), "JPEG", quality=92)
        for grain in (2, 12)
    }
    larger = False
    for name, original in originals.items():
        kept, _ = run([*DECODER, "accept"], original)
        image = parts(kept)["image"]
        made, seconds = run([*DECODER, "renditions"], image)
        for rendition, content in parts(made).items():
            ours = (len(content), similarity(original, content))
            theirs, time = of_vips(image, original, sizes.RENDITIONS[rendition], ours[1])
            larger = larger or ours[0] > 1.02 * theirs[0]
            print(
                f"{name}, {rendition}: {ours[0]:,} bytes, SSIM {ours[1]:.4f}; vips {theirs[0]:,} "
                f"bytes, SSIM {theirs[1]:.4f}: {ours[0] / theirs[0]:.2f} × its size; "
                f"{seconds:.2f} s of CPU for both renditions, vips {time:.2f} s for this one",
                flush=True,
            )
    return int(larger)


def of_vips(
    image: bytes, original: bytes, width: int, wanted: float
) -> tuple[tuple[int, float], float]:
    """Return bytes and SSIM at the lowest quality that is as similar, and the seconds it took."""
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "source.jpg"), Path(place, "made.webp")
        source.write_bytes(image)
        low, high = QUALITIES[0], QUALITIES[-1]
        while low < high:
            middle = (low + high) // 2
            vips(source, target, width, middle)
            if similarity(original, target.read_bytes()) >= wanted:
                high = middle
            else:
                low = middle + 1
        seconds = vips(source, target, width, low)
        content = target.read_bytes()
        return (len(content), similarity(original, content)), seconds


def vips(source: Path, target: Path, width: int, quality: int) -> float:
    size = f"{width}x100000"
    options = f"{target}[Q={quality},strip]"
    return run(["vipsthumbnail", str(source), "--size", size, "-o", options], b"")[1]


def run(command: list[str], content: bytes) -> tuple[bytes, float]:
    """Return what a program writes, and its seconds of CPU."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"VIPS_CONCURRENCY": "1"}
    ran = subprocess.run(command, input=content, capture_output=True, check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ran.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parts(result: bytes) -> dict[str, bytes]:
    """Return the images of a decoder's result, by name."""
    line, _, contents = result.partition(b"\n")
    found = {}
    for name, *_, size in json.loads(line):
        found[name], contents = contents[:size], contents[size:]
    return found


def similarity(original: bytes, content: bytes) -> float:
    """Return the mean SSIM of the grey levels, in windows of 8 by 8."""
    made = Image.open(io.BytesIO(content)).convert("L")
    whole = Image.open(io.BytesIO(original)).convert("L")
    return ssim(levels(whole.resize(made.size, Image.Resampling.LANCZOS)), levels(made))


def levels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, dtype=float)


def ssim(one: np.ndarray, other: np.ndarray) -> float:
    """Wang and others, Image quality assessment, 2004, with windows that are all equal."""
    first, second = 6.5025, 58.5225  # squares of 0.01 and 0.03 of 255
    mean, mean2 = window(one), window(other)
    variance, variance2 = window(one**2) - mean**2, window(other**2) - mean2**2
    both = window(one * other) - mean * mean2
    above = (2 * mean * mean2 + first) * (2 * both + second)
    below = (mean**2 + mean2**2 + first) * (variance + variance2 + second)
    return float((above / below).mean())


def window(values: np.ndarray, size: int = 8) -> np.ndarray:
    """Return the means of all windows of that size."""
    sums = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return (
        sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    ) / size**2


if __name__ == "__main__":
    sys.exit(main())
