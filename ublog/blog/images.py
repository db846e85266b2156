"""Which uploaded image is acceptable, and what is kept of it.

Decoding costs: up to 2 s of CPU and 250 MB. So nothing here decodes in this process: `decoder/`
does, in a process of its own with bounds, one at a time on this machine. Whether a user may have
an image decoded is checked before by the actions.
"""

import fcntl
import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from ublog.blog.decoder.errors import UNKNOWN as NOT_AN_IMAGE
from ublog.core.exceptions import Unavailable
from ublog.core.request_size import MAX_IMAGE
from ublog.core.storage import disk

log = logging.getLogger(__name__)

COLOR = re.compile("#[0-9a-f]{6}")
EXTENSIONS = ("jpg", "png", "webp")  # of what is stored
# What a browser offers to send. Not HEIC, even where it can be read: a phone that knows what is
# wanted sends its pictures as JPEG.
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")
DECODER = [sys.executable, "-I", str(Path(__file__).with_name("decoder"))]
# The decoder needs no secret, so it gets none.
VARIABLES = ("PATH", "LD_LIBRARY_PATH")
TIMEOUT = 20  # seconds of a decoder, however busy the machine is; its CPU time is bounded, too
# Seconds to wait for a turn: longer in a task, since no user waits for it.
MAX_WAIT = {"accept": 5.0, "avatars": 5.0, "logo": 5.0, "renditions": 30.0}
PAUSE = 0.02  # seconds between two attempts to take a turn
# The threads of this process that may decode or wait for it: others keep serving requests.
places = BoundedSemaphore(settings.IMAGE_QUEUE)
BUSY = "Other pictures are being read. Please try again in a moment."


class DecoderBusy(Unavailable):
    """Other images are decoded for too long.

    A client that waits as `retry_after` says makes 12 attempts a minute, which is within the limit
    of attempts: `UBLOG_LIMIT_IMAGE`.
    """

    retry_after = 5

    def __init__(self, message: str = BUSY) -> None:
        super().__init__(message)


class AcceptedImage(ContentFile):  # type: ignore[type-arg]
    """A re-encoded image: upright, without metadata, its size bounded."""

    def __init__(
        self, content: bytes, extension: str, width: int, height: int, color: str | None = None
    ) -> None:
        super().__init__(content, name=f"picture.{extension}")
        self.suffix, self.dimensions = f".{extension}", (width, height)
        self.color = color


def reads_heic() -> bool:
    """Return whether the extra `heic` is installed, with which HEIC images are read."""
    return find_spec("pillow_heif") is not None


def check_size(file: Any) -> None:
    """Raise ValidationError for a file that is too large to be looked at."""
    if file.size > MAX_IMAGE:
        raise ValidationError(f"The picture is larger than {MAX_IMAGE // 2**20} MiB.")


def accept(file: Any) -> AcceptedImage:
    """Return the re-encoded image of an uploaded file.

    Raise ValidationError when it is not acceptable, Unavailable when other images are decoded
    for too long, StorageFull when the disk has no room for images.
    """
    if isinstance(file, AcceptedImage):
        return file
    check_size(file)
    disk.check_room(file.size)
    return decode("accept", file)["image"]


def accept_field(file: Any) -> AcceptedImage:
    """Return what `accept` does, and raise ValidationError for the field `image`."""
    try:
        return accept(file)
    except ValidationError as error:
        raise ValidationError({"image": error.messages}) from None


def squares(job: str, file: Any) -> dict[str, AcceptedImage]:
    """Return the squares of an uploaded profile picture (the job `avatars`) or logo (`logo`).

    Their names are those of `sizes.AVATARS` and `sizes.LOGO`. Raise what `accept` raises.
    """
    check_size(file)
    disk.check_room(file.size)
    return decode(job, file)


def renditions(file: IO[bytes]) -> dict[str, AcceptedImage]:
    """Return the renditions of an accepted image, by name: see `decoder.jobs.renditions`.

    Raise what `accept` raises.
    """
    return decode("renditions", file)


def decode(job: str, file: IO[bytes]) -> dict[str, AcceptedImage]:
    """Return the images that a decoder makes of the file: see `decoder.jobs`.

    Raise ValidationError, also when the decoder exceeded its bounds or died, and Unavailable.
    """
    with place(), turn(MAX_WAIT[job]) as lock:
        file.seek(0)
        return parse(run_decoder([*DECODER, job], file.read(), lock))


@contextmanager
def place() -> Iterator[None]:
    """Take one of the `places` of this process. Raise Unavailable when all are taken."""
    if not places.acquire(blocking=False):
        raise DecoderBusy
    try:
        yield
    finally:
        places.release()


@contextmanager
def turn(seconds: float) -> Iterator[int]:
    """Wait for one of the IMAGE_DECODERS turns of this machine: a decoder may take 250 MB.

    Yield the descriptor of the lock. Raise Unavailable after so many seconds.
    """
    names = [f"decoding{number or ''}.lock" for number in range(settings.IMAGE_DECODERS)]
    end = time.monotonic() + seconds
    with ExitStack() as stack:
        locks = [stack.enter_context(open(settings.DATA_DIR / name, "a")) for name in names]
        while not (taken := next(filter(take, locks), None)):
            if time.monotonic() >= end:
                raise DecoderBusy
            time.sleep(PAUSE)
        yield taken.fileno()


def take(lock: IO[str]) -> bool:
    """Take the lock if it is free, and return whether it was."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def run_decoder(command: list[str], content: bytes, lock: int) -> bytes:
    """Run the decoder and return what it writes; see `decode` for what is raised.

    It inherits the lock, and so keeps it when this process is killed. It has a process group of
    its own, since Ctrl-C must not end it.
    """
    try:
        ran = subprocess.run(  # noqa: S603
            command,
            input=content,
            capture_output=True,
            timeout=TIMEOUT,
            pass_fds=[lock],
            process_group=0,
            env={name: os.environ[name] for name in VARIABLES if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        log.warning("A decoder was ended after %d s", TIMEOUT)
        raise ValidationError(NOT_AN_IMAGE) from None
    except BlockingIOError as failure:  # too many processes: fork(2)
        raise DecoderBusy("The machine is busy. Please try again in a moment.") from failure
    if ran.returncode == -signal.SIGTERM:  # the machine stops
        raise Unavailable("The site stops. Please try again in a moment.")
    if ran.returncode:
        log.warning("A decoder ended with %d: %s", ran.returncode, ran.stderr[-500:].decode())
        raise ValidationError(NOT_AN_IMAGE)
    return ran.stdout


def parse(result: bytes) -> dict[str, AcceptedImage]:
    """Return the images of a decoder's result: see `decoder.__main__.write`. Raise ValidationError.

    The decoder has read hostile bytes, so its result is not trusted.
    """
    line, _, contents = result.partition(b"\n")
    try:
        head = json.loads(line)
        if "error" in head:
            raise ValidationError(str(head["error"]) or NOT_AN_IMAGE)
        made, start = {}, 0
        for name, extension, width, height, size, color in head:
            if extension not in EXTENSIONS or not (color is None or COLOR.fullmatch(color)):
                raise ValueError(extension, color)
            content = contents[start : start + int(size)]
            made[name] = AcceptedImage(content, extension, int(width), int(height), color)
            start += int(size)
        return made
    except (ValueError, TypeError):
        log.warning("A decoder wrote what it should not: %r", line[:200])
        raise ValidationError(NOT_AN_IMAGE) from None
