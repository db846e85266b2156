"""C12: decoding in a process of its own cannot harm the one that serves.

Nothing here is a costly image: what costs is a stand-in for the decoder, or a small bound.
"""

import errno
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.core.exceptions import ValidationError

from tests.faults.site import ROOT
from tests.pictures import invalid_image, picture
from ublog.blog import images
from ublog.core.exceptions import Unavailable

# The decoder, with a job that costs or writes something and then succeeds, if it can.
COSTLY = f"""
import sys, time
sys.path[0] = {str(ROOT)!r}
from ublog.blog.decoder import __main__ as decoder

def job(file):
    JOB
    return {{}}

decoder.MAX_CPU = 1
decoder.JOBS["accept"] = job
decoder.main("accept")
"""


@pytest.fixture
def stand_in(monkeypatch):
    """A function that puts this code in the place of the decoder."""

    def replace(code: str):
        monkeypatch.setattr(images, "DECODER", [sys.executable, "-c", code])

    return replace


HARM = {
    "SIGSEGV": "import os; os.kill(os.getpid(), 11)",
    "SIGKILL": "import os; os.kill(os.getpid(), 9)",
    "raises": "raise RuntimeError('broken')",
    "silent": "",
    "rubbish": "print('[]' * 9)",
    "a page": 'print(\'[["image", "html", 1, 1, 1]]\')',
    "too little": 'print(\'[["image", "png"]]\')',
    "no image": 'print(\'{"error": ""}\')',
    "memory": COSTLY.replace("JOB", "bytearray(decoder.MAX_MEMORY)", 1),
    "CPU": COSTLY.replace("JOB", "any(iter(lambda: time.process_time() > 3, True))", 1),
    "a file": COSTLY.replace("JOB", "decoder.Path('of-a-decoder').write_text('x')", 1),
}


@pytest.mark.parametrize("code", HARM.values(), ids=HARM)
def test_a_decoder_that_dies_or_costs_too_much_is_an_image_that_cannot_be_shown(
    stand_in, code, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    stand_in(code)
    with pytest.raises(ValidationError, match="not a picture that can be shown"):
        images.accept(picture())
    assert [path for path in tmp_path.iterdir() if path.is_file() and path.stat().st_size] == []


def test_a_decoder_that_takes_too_long_is_ended(stand_in, monkeypatch):
    monkeypatch.setattr(images, "TIMEOUT", 0.3)
    stand_in("import time; time.sleep(600)")
    with pytest.raises(ValidationError, match="not a picture that can be shown"):
        images.accept(picture())


def test_a_decoder_that_is_ended_with_the_machine_says_nothing_about_the_image(stand_in):
    stand_in("import os; os.kill(os.getpid(), 15)")
    with pytest.raises(Unavailable):
        images.accept(picture())


def test_no_process_left_to_start_says_nothing_about_the_image(monkeypatch):
    def fail(*_, **__):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(Unavailable):
        images.accept(picture())


def test_a_decoder_knows_no_secret(stand_in, monkeypatch):
    monkeypatch.setenv("UBLOG_SECRET_KEY", "a secret")
    stand_in("import os, json; print(json.dumps({'error': ' '.join(os.environ)}))")
    with pytest.raises(ValidationError) as error:
        images.accept(picture())
    assert "PATH" in error.value.messages[0]
    assert "UBLOG" not in error.value.messages[0]


@pytest.mark.parametrize("make", [picture, invalid_image])
def test_a_turn_that_is_over_is_given_back(make, monkeypatch):
    monkeypatch.setattr(images, "places", BoundedSemaphore(1))
    for _ in range(2):
        try:
            images.accept(make())
        except ValidationError:
            assert make is invalid_image
    with images.place(), images.turn(0):
        pass


def hold(path: Path) -> int:
    """Have somebody else take that turn."""
    lock = os.open(path, os.O_WRONLY | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


def test_who_gets_no_turn_in_time_is_asked_to_try_again(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setitem(images.MAX_WAIT, "accept", 0.1)
    lock = hold(tmp_path / "decoding.lock")
    with pytest.raises(Unavailable):
        images.accept(picture())
    os.close(lock)
    assert images.accept(picture()).dimensions == (40, 30)


def test_as_many_are_decoded_at_once_as_the_settings_say(settings, tmp_path):
    settings.DATA_DIR, settings.IMAGE_DECODERS = tmp_path, 2
    with images.turn(0), images.turn(0), pytest.raises(Unavailable), images.turn(0):
        pass


def test_a_request_waits_five_seconds_at_most():
    source = Path(images.__file__).read_text()
    assert 'MAX_WAIT = {"accept": 5.0,' in source  # the fixture `patience` has it wait longer


def test_when_threads_enough_wait_the_next_is_asked_to_try_again_at_once(monkeypatch):
    monkeypatch.setattr(images, "places", BoundedSemaphore(1))
    began = time.monotonic()
    with images.place(), pytest.raises(Unavailable):
        images.accept(picture())
    assert time.monotonic() - began < images.MAX_WAIT["accept"]


def test_a_turn_lasts_as_long_as_the_decoder_of_a_process_that_was_killed(settings, tmp_path):
    """The lock is inherited, so that two never decode at once."""
    settings.DATA_DIR = tmp_path
    with images.turn(0) as lock:
        command = [sys.executable, "-c", "input()"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[lock])
    with pytest.raises(Unavailable), images.turn(0):
        pass
    child.communicate(b"\n")
    with images.turn(0):
        pass


def test_the_web_process_does_not_load_a_decoder():
    code = "import django, sys; django.setup(); import ublog.urls; sys.exit('PIL' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
    )
    assert ran.returncode == 0


def test_an_image_that_was_not_accepted_is_never_stored(db, alice, media):
    from ublog.blog import files
    from ublog.blog.models import Post

    post = Post(created_by=alice, body="Look", image=picture())
    with pytest.raises(TypeError):
        post.save()
    with pytest.raises(TypeError), files.storing_images(post):
        pass
    assert not media.exists()
