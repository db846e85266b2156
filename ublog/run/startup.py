"""What must be there before μblog runs: a data folder, secrets, a port. Whatever cannot be is said
in one line, and ends the start."""

import errno
import fcntl
import os
import secrets
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from dotenv import dotenv_values

from ublog.paths import DEFAULT_DATA_DIR

SECRETS = ("UBLOG_SECRET_KEY", "UBLOG_TOKEN_KEY")


def refuse(reason: str) -> NoReturn:
    """End with one line, and a status that says failure."""
    sys.exit(f"μblog cannot start: {reason}")


def data_folder() -> Path:
    """Where it is, or will be."""
    return Path(os.environ.get("UBLOG_DATA_DIR") or DEFAULT_DATA_DIR).expanduser().resolve()


def open_data_folder() -> Path:
    """The data folder, made and taken for this process; no file in it is for other people."""
    data = data_folder()
    check_writable(data, *(data / name for name in ("broker/queue", "broker/control", "media")))
    try:
        lock = os.open(data / "running.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # until this process ends
    except BlockingIOError:
        refuse(f"another μblog runs on the data folder {data}")
    except OSError as problem:
        refuse(f"the file {data / 'running.lock'} cannot be written: {problem.strerror}")
    return data


def check_writable(*directories: Path) -> None:
    """Make these directories where they are missing, and end with one line unless files can be
    made in each of them."""
    for directory in directories:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=directory):
                pass
        except OSError as problem:
            refuse(f"the directory {directory} cannot be written: {problem.strerror}")


def check_directories(settings: Any) -> None:
    """The same for those that no process of a site with these settings can do without."""
    queue = settings.BROKER_DIR / "queue", settings.BROKER_DIR / "control"
    check_writable(
        *([] if settings.REDIS_URL else [settings.DATA_DIR]),
        *([] if settings.S3_BUCKET else [settings.MEDIA_ROOT]),
        *(queue if settings.CELERY_BROKER_TRANSPORT else []),
    )


def memory_directory(memory: str = "/dev/shm") -> str:  # noqa: S108  # nosec B108
    """Return where gunicorn's workers show that they live: in memory, where files can be made
    there, else the system's temporary directory. End with one line when there is neither."""
    for directory in (memory, None):
        try:
            with tempfile.TemporaryFile(dir=directory):
                return directory or tempfile.gettempdir()
        except OSError:
            continue
    refuse("no temporary file can be made; make room, or name a directory in TMPDIR")


def read_settings(data: Path) -> dict[str, str]:
    """The environment, completed by `secrets.env`, where secrets that nobody gave are made."""
    path = data / "secrets.env"
    text = path.read_text() if path.exists() else ""
    given = {**dotenv_values(path), **{name: value for name, value in os.environ.items() if value}}
    if missing := [name for name in SECRETS if not given.get(name)]:
        made = {name: secrets.token_urlsafe(48) for name in missing}
        lines = [line for line in text.splitlines() if line.partition("=")[0] not in made]
        replace(path, "\n".join([*lines, *(f"{name}={made[name]}" for name in made), ""]))
        given |= made
    complete = {name: value for name, value in given.items() if value is not None}
    return {**complete, "UBLOG_DATA_DIR": str(data), "MALLOC_ARENA_MAX": "2"}


def replace(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


def sweep_broker(broker: Path) -> None:
    """Remove what a killed run left behind: control messages to processes that are gone, and
    half-written files. Tasks that wait are kept."""
    messages = [*(broker / "queue").glob("*.msg")]
    control = [file for file in messages if ".pidbox" in file.name or not file.stat().st_size]
    for file in [*control, *(broker / "control").iterdir()]:
        file.unlink()


def listen(host: str, port: int) -> socket.socket:
    """The socket that the web process serves. It outlives that process, so that people who
    come while it is started again wait instead of being refused."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # `::` is every address of this machine, those of IPv4 included.
        both = host == "::" and socket.has_dualstack_ipv6()
        door = socket.create_server(address[:2], family=family, backlog=2048, dualstack_ipv6=both)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            refuse(f"port {port} on {host} is taken; choose another, such as PORT={port + 1}")
        refuse(f"cannot listen on {host}, port {port}: {problem.strerror}")
    return door


def site_url(host: str, port: int) -> str:
    """The address that people type, when UBLOG_SITE_URL does not say."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104  # nosec B104
        name = socket.gethostname()
        refuse(
            f"HOST={host} serves the network, so say which address people type, "
            f"such as UBLOG_SITE_URL=http://{name}:{port}"
        )
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}" if port == 80 else f"http://{name}:{port}"
