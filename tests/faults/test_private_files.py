"""F6: no other user of the machine can read what a command of μblog writes."""

import os
import subprocess
import sys
from pathlib import Path
from stat import S_IMODE

ROOT = Path(__file__).resolve().parents[2]
# In the order in which they are run on a new machine, with the usual umask.
COMMANDS = {
    "prepare": ["ublog.run.command", "--alone", "prepare"],
    "superuser": ["ublog.run.command", "createsuperuser", "--noinput", "--email", "a@example.org"],
    "demo": ["ublog.run.command", "demo", "--posts", "3"],
    "backup": ["ublog.run.command", "backup"],
    "doctor": ["ublog.run.command", "doctor"],
    "manage.py": ["manage.py", "backup"],
    "celery": ["celery", "--app", "ublog", "report"],
}


def run(data, command):
    environment = {
        "PATH": os.environ["PATH"],
        "UBLOG_DATA_DIR": str(data),
        "DJANGO_SUPERUSER_PASSWORD": "correct horse battery",
    }
    script = [] if command[0].endswith(".py") else ["-m"]
    started = [sys.executable, *script, *command]
    return subprocess.run(
        started, cwd=ROOT, env=environment, umask=0o022, capture_output=True, text=True
    )


def modes(directory):
    """Return the modes of a directory and of all files and directories in it."""
    return {path: S_IMODE(path.stat().st_mode) for path in [directory, *directory.rglob("*")]}


def test_f6_what_a_command_writes_is_private(tmp_path):
    data = tmp_path / "data"
    for name, command in COMMANDS.items():
        done = run(data, command)
        assert done.returncode == 0 or name in ("doctor", "celery"), done.stderr[-2000:]
        found = modes(data)
        assert (name, {str(path): oct(mode) for path, mode in found.items() if mode & 0o077}) == (
            name,
            {},
        )
    assert len(found) > 10
