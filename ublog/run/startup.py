"""What μblog needs before it runs: a data directory, secrets, a port.

Each failure ends the start with one line that says why.
"""

import errno
import fcntl
import os
import secrets
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from dotenv import dotenv_values

from ublog.paths import DEFAULT_DATA_DIR, how_to, option

SET_UP_LINK = "set-up-link"  # a file of the data directory
SECRETS = ("UBLOG_SECRET_KEY", "UBLOG_TOKEN_KEY")


def abort(reason: str) -> NoReturn:
    """Exit with status 1 and one line on standard error."""
    sys.exit(f"μblog cannot start: {reason}")


def data_directory() -> Path:
    """Return the path of the data directory, whether it exists or not."""
    return Path(os.environ.get("UBLOG_DATA_DIR") or DEFAULT_DATA_DIR).expanduser().resolve()


def open_data_directory() -> Path:
    """Create the data directory, readable by its owner alone, and lock it for this process.

    Return its path.
    """
    data = data_directory()
    check_writable(data, *(data / name for name in ("broker/queue", "broker/control", "media")))
    try:
        lock = os.open(data / "running.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # until this process ends
    except BlockingIOError:
        abort(f"another μblog runs on the data directory {data}")
    except OSError as problem:
        abort(f"the file {data / 'running.lock'} cannot be written: {problem.strerror}")
    return data


def check_writable(*directories: Path) -> None:
    """Create the missing ones of these directories. Exit unless each of them can be written."""
    for directory in directories:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=directory):
                pass
        except OSError as problem:
            abort(f"the directory {directory} cannot be written: {problem.strerror}")


def check_directories(settings: Any) -> None:
    """Check the directories that every process of a site with these settings writes to."""
    queue = settings.BROKER_DIR / "queue", settings.BROKER_DIR / "control"
    check_writable(
        *([] if settings.REDIS_URL else [settings.DATA_DIR]),
        *([] if settings.S3_BUCKET else [settings.MEDIA_ROOT]),
        *(queue if settings.CELERY_BROKER_TRANSPORT else []),
    )


def memory_directory(memory: str = "/dev/shm") -> str:  # noqa: S108  # nosec B108
    """Return the directory for the heartbeat files of gunicorn's workers.

    It is `memory` when that can be written, else the system's temporary directory. Exit when
    neither can.
    """
    for directory in (memory, None):
        try:
            with tempfile.TemporaryFile(dir=directory):
                return directory or tempfile.gettempdir()
        except OSError:
            continue
    abort("no temporary file can be created; make room, or set TMPDIR to a directory")


def read_settings(data: Path) -> dict[str, str]:
    """Return the environment for the processes of a site, completed from `secrets.env`.

    Secrets that are missing in both are created and written there.
    """
    path = data / "secrets.env"
    text = path.read_text() if path.exists() else ""
    given = {**dotenv_values(path), **{name: value for name, value in os.environ.items() if value}}
    if missing := [name for name in SECRETS if not given.get(name)]:
        made = {name: secrets.token_urlsafe(48) for name in missing}
        lines = [line for line in text.splitlines() if line.partition("=")[0] not in made]
        write_atomically(path, "\n".join([*lines, *(f"{name}={made[name]}" for name in made), ""]))
        given |= made
    complete = {name: value for name, value in given.items() if value is not None}
    return {**complete, "UBLOG_DATA_DIR": str(data), "MALLOC_ARENA_MAX": "2"}


def write_atomically(path: Path, text: str) -> None:
    """Write a file that only its owner can read, completely or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


def clean_broker(broker: Path) -> None:
    """Delete what a killed process has left: control messages to workers that have ended, and
    empty files. Tasks that wait are kept."""
    messages = [*(broker / "queue").glob("*.msg")]
    control = [file for file in messages if ".pidbox" in file.name or not file.stat().st_size]
    for file in [*control, *(broker / "control").iterdir()]:
        file.unlink()


def listen(host: str, port: int) -> socket.socket:
    """Return the socket that the web process serves.

    It outlives that process, so that requests wait while the process is restarted, instead of
    failing.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # `::` is every address of this machine, those of IPv4 included.
        both = host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            address[:2], family=family, backlog=2048, dualstack_ipv6=both
        )
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            abort(f"port {port} on {host} is taken; use another: {option('port', port + 1)}")
        abort(f"cannot listen on {host}, port {port}: {problem.strerror}")
    return listener


def network_address() -> str:
    """Return the IP address of this machine in its network, "" without one.

    Nothing is sent: connecting a datagram socket only chooses the route (connect(2)). The address
    is one for documentation (RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def is_loopback(url: str) -> bool:
    """Return whether only this machine opens that URL."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def network_command(url: str, data: Path) -> str:
    """Return how to start the site so that others in the network reach it.

    "" where they do already, and without a network.
    """
    site, address = urlsplit(url), network_address()
    if not is_loopback(url) or not address:
        return ""
    port = "" if site.port in (None, 8000) else f" {option('port', site.port)}"
    return f"{how_to('run', data)} {option('host', address)}{port}"


def site_url(host: str, port: int) -> str:
    """Return the site's URL for when UBLOG_SITE_URL is not set."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104  # nosec B104
        name = socket.gethostname()
        abort(
            f"{option('host', host)} serves the network, so set the URL that people type, "
            f"such as UBLOG_SITE_URL=http://{name}:{port}"
        )
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}" if port == 80 else f"http://{name}:{port}"
