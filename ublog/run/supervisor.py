"""μblog with one command: prepares a data folder, then keeps web, worker and beat running.

    python -m ublog.run.supervisor [--host 127.0.0.1] [--port 8000]      in a checkout: make run
    ublog run [--host 127.0.0.1] [--port 8000]                       of an installed wheel

The data folder is UBLOG_DATA_DIR; every other setting is in `.env.example`. Ctrl-C or SIGTERM
ends what is in flight and stops; a second one stops at once.
"""

import argparse
import contextlib
import ctypes
import os
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from ublog import paths
from ublog.conf.logging import as_json
from ublog.run.startup import (
    listen,
    open_data_folder,
    read_settings,
    refuse,
    site_url,
    sweep_broker,
)

STOP_WITHIN = 60.0  # seconds; gunicorn itself gives requests 30
STEADY_AFTER = 30.0  # seconds that a process runs before its next end counts as the first one
LONGEST_PAUSE = 30.0  # seconds
PR_SET_PDEATHSIG = 1  # linux/prctl.h

COMMANDS = {
    "web": ["gunicorn", "--config", "deploy/gunicorn.conf.py", "ublog.wsgi"],
    "worker": ["ublog.run.worker"],
    "beat": ["ublog.run.beat"],
}


def say(line: str, process: str = "") -> None:
    """Print a line of ours, or one that this process has printed."""
    if os.environ.get("UBLOG_LOG_FORMAT") == "json":
        line = as_json(line, process or "supervisor")
    elif process:
        line = f"{process:6} | {line}"
    with contextlib.suppress(OSError):  # the terminal may be gone; the site goes on
        print(line, flush=True)


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 65535")
    return int(text)


def die_with_parent() -> None:
    """Linux stops this process when the supervisor dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A process, its output, and when to start it again."""

    name: str
    command: list[str]
    files: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = 0.5

    def start(self, environment: dict[str, str]) -> int:
        """Returns the descriptor to read what it prints from."""
        self.started = time.monotonic()
        reading, writing = os.pipe()
        with os.fdopen(writing, "wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=paths.ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=self.files,
                process_group=0,  # the terminal's Ctrl-C is for the supervisor alone
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
            )
        return reading

    def plan_restart(self) -> None:
        """Soon when it ran well, later and later when it keeps failing."""
        now = time.monotonic()
        steady = now - self.started > STEADY_AFTER
        self.pause = 1.0 if steady else min(2 * self.pause, LONGEST_PAUSE)
        self.due = now + self.pause

    def stop(self, at_once: bool) -> None:
        """Ask it to finish, or kill it and all that it has started."""
        if self.process and self.process.poll() is None:
            if at_once:
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.terminate()


@dataclass
class Lines:
    """What a process prints, shown line by line with its name before."""

    name: str
    descriptor: int
    rest: bytes = b""

    def relay(self) -> bool:
        """Print what has come. False when nothing more will."""
        data = os.read(self.descriptor, 65_536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            say(line.decode(errors="replace"), self.name)
        return bool(data)


@dataclass
class Supervisor:
    """Starts the children, relays what they print, and starts again those that end."""

    children: list[Child]
    environment: dict[str, str]
    door: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    answered: bool = False
    signals: int = 0  # received; a start that failed counts as one
    obeyed: int = 0  # of these: 1 finishes what is in flight, 2 does not
    deadline: float = 0.0
    status: int = 0

    def run(self) -> int:
        """Until a signal comes or the start fails. Returns the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.count_signal)
        while not self.obeyed or any(child.process for child in self.children):
            # The first answer comes sooner when the others do not start beside it.
            for child in self.children if self.answered else self.children[:1]:
                self.tend(child)
            self.relay(timeout=0.5 if self.answered else 0.1)
            self.greet()
            self.obey()
        self.relay(timeout=0)
        say("μblog has stopped")
        return self.status

    def count_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def tend(self, child: Child) -> None:
        """Start it when that is due; notice that it has ended."""
        if child.process is None:
            if not self.signals and time.monotonic() >= child.due:
                output = child.start(self.environment)
                self.selector.register(output, selectors.EVENT_READ, Lines(child.name, output))
        elif (code := child.process.poll()) is not None:
            child.process = None
            if not self.signals:
                self.ended(child, signal.Signals(-code).name if code < 0 else f"status {code}")

    def ended(self, child: Child, how: str) -> None:
        if self.answered:
            child.plan_restart()
            say(f"{child.name} ended ({how}) and starts again in {child.pause:.0f} s")
        else:
            self.status = self.signals = 1
            say(f"μblog cannot start: {child.name} ended ({how}), as it says above")

    def relay(self, timeout: float) -> None:
        for key, _ in self.selector.select(timeout):
            if not key.data.relay():
                self.selector.unregister(key.fd)
                os.close(key.fd)

    def greet(self) -> None:
        """Say where the site is, once it answers."""
        url = self.environment["UBLOG_SITE_URL"]
        if not self.answered and not self.signals and lives(self.door.getsockname(), url):
            self.answered = True
            say(f"μblog answers at {url}")
            data = self.environment["UBLOG_DATA_DIR"]
            command = how_to("superuser", data)
            say(f"The first administrator: {command} · Ctrl-C stops μblog")

    def obey(self) -> None:
        """First signal: finish what is in flight. Second, or too late: stop at once."""
        if self.obeyed and time.monotonic() > self.deadline:
            self.signals = 2
        if not self.obeyed and self.signals:
            self.deadline = time.monotonic() + STOP_WITHIN
            say("Stopping μblog; once more stops it at once")
            self.door.close()
        if self.signals > self.obeyed:
            self.obeyed = self.signals
            for child in self.children:
                child.stop(at_once=self.signals > 1)


def how_to(command: str, data: str) -> str:
    """Return what to type for a command on this data directory."""
    elsewhere = data != str(Path(paths.DEFAULT_DATA_DIR).resolve())
    if paths.INSTALLED:
        return (
            f"UBLOG_DATA_DIR={shlex.quote(data)} ublog {command}"
            if elsewhere
            else f"ublog {command}"
        )
    return f"make {command} DATA={shlex.quote(data)}" if elsewhere else f"make {command}"


def lives(address: tuple[str, int], url: str) -> bool:
    """Whether the site at the address answers at all."""
    request = f"GET /health/live/ HTTP/1.0\r\nHost: {urlsplit(url).netloc}\r\n\r\n"
    try:
        with socket.create_connection(address[:2], timeout=0.3) as visitor:
            visitor.sendall(request.encode())
            return visitor.recv(5) == b"HTTP/"
    except OSError:
        return False


def main() -> int:
    """Prepare, then run until told to stop. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="ublog.run.supervisor", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=port_number, default=8000)
    options = parser.parse_args()
    data = open_data_folder()
    environment = read_settings(data)
    # `make run` speaks to a person, unless it is told otherwise.
    os.environ["UBLOG_LOG_FORMAT"] = environment.setdefault("UBLOG_LOG_FORMAT", "text")
    if not environment.get("UBLOG_SITE_URL"):
        environment["UBLOG_SITE_URL"] = site_url(options.host, options.port)
    door = listen(options.host, options.port)
    sweep_broker(data / "broker")
    prepare = [sys.executable, "-m", "ublog.manage", "prepare"]
    if subprocess.run(prepare, cwd=paths.ROOT, env=environment).returncode:
        return 1
    children = [Child(name, command) for name, command in COMMANDS.items()]
    children[0].command += ["--bind", f"fd://{door.fileno()}"]
    children[0].files = (door.fileno(),)
    if port := environment.get("UBLOG_VITE_PORT"):
        children.append(Child("vite", ["tools.frontend", "vite", options.host, port]))
    return Supervisor(children, environment, door).run()


def start() -> int:
    """Run `main`; end with one line where it cannot go on. Return the exit status."""
    try:
        return main()
    except KeyboardInterrupt:
        sys.exit("μblog has stopped")
    except OSError as problem:
        refuse(str(problem))


if __name__ == "__main__":
    sys.exit(start())
