"""G7: the disk is full. Reading works, writing is a 507, no partial file remains, and all works
again without a restart once there is room.

    python -m tests.faults.g7

The data directory is a small file system in memory, which only root may mount.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

from PIL import Image

from tests.faults.site import NO_LIMITS, Site, eventually, is_up


def main() -> int:
    disk = Path(tempfile.mkdtemp(prefix="ublog-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", disk]
    if os.getuid() or subprocess.run(mount).returncode:
        print("G7 skipped: a small disk cannot be mounted here")
        return 0
    made = Site(disk / "data", **NO_LIMITS)
    made.data.mkdir()
    try:
        made.run("manage.py", "migrate", "-v0")
        made.start("web")
        eventually(lambda: is_up(made.port))
        return scenario(made)
    finally:
        made.stop()
        subprocess.run(["umount", disk])
        disk.rmdir()


def scenario(made: Site) -> int:
    first = made.publish(picture())
    before = stored(made)
    with open(made.data / "filling", "wb", buffering=0) as filling, suppress(OSError):
        while True:
            filling.write(bytes(4096))
    writes = Counter(made.publish(content) for content in [picture(), None] * 20)
    read = Counter(made.fetch("/api/fbv/posts/")[0] for _ in range(20))
    halves = stored(made) - before
    (made.data / "filling").unlink()
    after = made.publish(picture())
    print(
        f"G7 disk full: before {first}; writing {dict(writes)}; reading {dict(read)}; "
        f"{len(halves)} files left behind; with room again {after}"
    )
    whole = set(writes) <= {201, 507} and 507 in writes and not files_without_post(made)
    return int(not (whole and set(read) == {200} and after == 201))


def stored(made: Site) -> set[Path]:
    return {path for path in (made.data / "media").rglob("*") if path.is_file()}


def files_without_post(made: Site) -> set[str]:
    """Return the stored files that no post names."""
    shown = json.loads(made.fetch("/api/fbv/posts/?page_size=100")[1])["results"]
    named = {post["image"]["url"].removeprefix("/media/") for post in shown if post["image"]}
    return {str(path.relative_to(made.data / "media")) for path in stored(made)} - named


def picture() -> bytes:
    """Return an image that does not fit into what is left of a page."""
    file = io.BytesIO()
    Image.effect_noise((400, 300), 80).save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
