"""Run μblog by one command: prepare a data directory, then keep web, worker and beat running.

    python -m ublog.run.supervisor [--host 127.0.0.1] [--port 8000]      in a checkout: make run
    ublog run [--host 127.0.0.1] [--port 8000]                       of an installed wheel

The data directory is UBLOG_DATA_DIR; all other settings are in `.env.example`. Ctrl-C or SIGTERM
stops after the requests and the task in flight; a second one stops at once.

The processes are forked from this one, which has loaded the code that they share: ADR 15.
"""

import argparse
import contextlib
import ctypes
import gc
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from ublog import paths
from ublog.conf.logging import as_json
from ublog.conf.variables import read
from ublog.run import qr_code
from ublog.run.startup import (
    SET_UP_LINK,
    abort,
    clean_broker,
    is_loopback,
    listen,
    open_data_directory,
    read_settings,
    site_url,
)

STOP_WITHIN = 60.0  # seconds; gunicorn itself gives requests 30
STEADY_AFTER = 30.0  # seconds after which a failure counts as the first one again
LONGEST_PAUSE = 30.0  # seconds
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # linux/prctl.h
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# A module, and its arguments, as after `python -m`.
COMMANDS = {
    "web": ["gunicorn", "--config", "deploy/gunicorn.conf.py", "ublog.wsgi"],
    "worker": ["ublog.run.worker", "--beat"],
}
# What these import.
SHARED = (
    *("gunicorn.app.wsgiapp", "ublog.run.gunicorn_worker", "ublog.wsgi", "ublog.urls"),
    *("ublog.celery", "celery.apps.worker", "celery.beat"),
)


def say(line: str, process: str = "") -> None:
    """Print a line of the supervisor, or one that the named process has printed."""
    if os.environ.get("UBLOG_LOG_FORMAT") == "json":
        line = as_json(line, process or "supervisor")
    elif process:
        line = f"{process:6} | {line}"
    with contextlib.suppress(OSError):  # the terminal may be closed; the site goes on
        print(line, flush=True)


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 65535")
    return int(text)


class Forked(BaseException):
    """Raised in a new process, so that it leaves the supervisor's loop and becomes another."""

    def __init__(self, child: "Child", output: int) -> None:
        self.child, self.output = child, output


@dataclass
class Child:
    """A process, and when to restart it."""

    name: str
    command: list[str]
    listens: bool = False
    pid: int = 0  # 0 when it does not run
    started: float = 0.0
    due: float = 0.0
    pause: float = 0.5

    def start(self) -> int:
        """Fork the process. Return the file descriptor of its output. Raise Forked in itself."""
        self.started = time.monotonic()
        reading, writing = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # until it has its own handlers
        self.pid = os.fork()
        if not self.pid:
            os.close(reading)
            raise Forked(self, writing)
        os.setpgid(self.pid, self.pid)  # the terminal's Ctrl-C is for the supervisor alone
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        os.close(writing)
        return reading

    def exit_code(self) -> int | None:
        """Return None while it runs, else its status, or less than 0 for a signal."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def plan_restart(self) -> None:
        """Schedule a restart: soon when it ran well, after longer pauses when it keeps failing."""
        now = time.monotonic()
        steady = now - self.started > STEADY_AFTER
        self.pause = 1.0 if steady else min(2 * self.pause, LONGEST_PAUSE)
        self.due = now + self.pause

    def stop(self, at_once: bool) -> None:
        """Send SIGTERM, or with `at_once` kill the process and its children."""
        if self.pid and at_once:
            os.killpg(self.pid, signal.SIGKILL)
        elif self.pid:
            os.kill(self.pid, signal.SIGTERM)


@dataclass
class Lines:
    """The output of a process, which is printed line by line with its name."""

    name: str
    descriptor: int
    rest: bytes = b""

    def relay(self) -> bool:
        """Print the complete lines that have arrived. Return False at the end of the output."""
        data = os.read(self.descriptor, 65_536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            say(line.decode(errors="replace"), self.name)
        return bool(data)


@dataclass
class Supervisor:
    """Start the child processes, relay their output, and restart those that end."""

    children: list[Child]
    environment: dict[str, str]
    listener: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    ready: bool = False  # the site has responded
    signals: int = 0  # received; a start that failed counts as one
    handled: int = 0  # of these: 1 finishes what is in flight, 2 does not
    deadline: float = 0.0
    status: int = 0

    def run(self) -> int:
        """Run until a signal arrives or the start fails. Return the exit status."""
        for number in STOPPING:
            signal.signal(number, self.count_signal)
        while not self.handled or any(child.pid for child in self.children):
            # The site responds sooner when the other processes do not start at the same time.
            for child in self.children if self.ready else self.children[:1]:
                self.check(child)
            self.relay(timeout=0.5 if self.ready else 0.1)
            self.announce()
            self.handle_signals()
        self.relay(timeout=0)
        say("μblog has stopped")
        return self.status

    def count_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def check(self, child: Child) -> None:
        """Start a child that is due, or handle that it has ended."""
        if not child.pid:
            if not self.signals and time.monotonic() >= child.due:
                output = child.start()
                self.selector.register(output, selectors.EVENT_READ, Lines(child.name, output))
        elif (code := child.exit_code()) is not None:
            child.pid = 0
            if not self.signals:
                self.ended(child, signal.Signals(-code).name if code < 0 else f"status {code}")

    def ended(self, child: Child, how: str) -> None:
        """Schedule a restart, or stop when the site has not responded yet."""
        if self.ready:
            child.plan_restart()
            say(f"{child.name} ended ({how}) and will be restarted in {child.pause:.0f} s")
        else:
            self.status = self.signals = 1
            say(f"μblog cannot start: {child.name} ended ({how}); the reason is above")

    def relay(self, timeout: float) -> None:
        for key, _ in self.selector.select(timeout):
            if not key.data.relay():
                self.selector.unregister(key.fd)
                os.close(key.fd)

    def announce(self) -> None:
        """Print the site's URL when it has responded for the first time."""
        url = self.environment["UBLOG_SITE_URL"]
        if not self.ready and not self.signals and lives(self.listener.getsockname(), url):
            self.ready = True
            say(f"μblog runs at {url}")
            self.announce_to_phones(url)
            self.announce_set_up()
            say("Ctrl-C stops μblog")

    def announce_to_phones(self, url: str) -> None:
        """Print the URL as a QR code to a terminal, where others can open it."""
        json = os.environ.get("UBLOG_LOG_FORMAT") == "json"
        if sys.stdout.isatty() and not json and not is_loopback(url):
            for line in qr_code.as_lines(url):
                say(line)

    def announce_set_up(self) -> None:
        """Print the link that sets up a new site; in JSON, for a log that is kept, where it is."""
        path = Path(self.environment["UBLOG_DATA_DIR"]) / SET_UP_LINK
        if not path.exists():
            return
        if os.environ.get("UBLOG_LOG_FORMAT") == "json":
            say(f"The link that sets up this site is in {path}")
            return
        text = "Set up this site in the browser. The link works once, for a day:"
        command = paths.how_to("superuser", path.parent)
        for line in framed(text, path.read_text().strip(), f"Or in a terminal: {command}"):
            say(line)

    def handle_signals(self) -> None:
        """Stop the children: gracefully at the first signal, at once at the second or too late."""
        if self.handled and time.monotonic() > self.deadline:
            self.signals = 2
        if not self.handled and self.signals:
            self.deadline = time.monotonic() + STOP_WITHIN
            say("Stopping μblog; press Ctrl-C again to stop at once")
            self.listener.close()
        if self.signals > self.handled:
            self.handled = self.signals
            for child in self.children:
                child.stop(at_once=self.signals > 1)

    def leave(self, child: Child) -> None:
        """Close in a new process what is the supervisor's; the web process gets the listener."""
        for key in list(self.selector.get_map().values()):
            os.close(key.fd)
        self.selector.close()
        if child.listens:
            self.listener.detach()  # gunicorn opens it by its number
        else:
            self.listener.close()


def framed(*lines: str) -> list[str]:
    """Return the lines in a frame, with spaces around what a terminal makes a link of."""
    width = max(map(len, lines))
    edge = "─" * (width + 4)
    middle = [f"│  {line.ljust(width)}  │" for line in lines]
    return [f"┌{edge}┐", *middle, f"└{edge}┘"]


def lives(address: tuple[str, int], url: str) -> bool:
    """Return whether the site at that socket address responds at all."""
    request = f"GET /health/live/ HTTP/1.0\r\nHost: {urlsplit(url).netloc}\r\n\r\n"
    try:
        with socket.create_connection(address[:2], timeout=0.3) as client:
            client.sendall(request.encode())
            return client.recv(5) == b"HTTP/"
    except OSError:
        return False


def main() -> int:
    """Prepare a site, then run it until a signal. Return the exit status."""
    parser = argparse.ArgumentParser(prog="ublog.run.supervisor", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="the IP address or host name to listen on"
    )
    parser.add_argument("--port", type=port_number, default=8000)
    options = parser.parse_args()
    data = open_data_directory()
    environment = read_settings(data)
    # `make run` prints to a person, unless the environment says JSON.
    os.environ["UBLOG_LOG_FORMAT"] = environment.setdefault("UBLOG_LOG_FORMAT", "text")
    if not environment.get("UBLOG_SITE_URL"):
        environment["UBLOG_SITE_URL"] = site_url(options.host, options.port)
    listener = listen(options.host, options.port)
    clean_broker(data / "broker")
    prepare = [sys.executable, "-m", "ublog.manage", "prepare"]
    if subprocess.run(prepare, cwd=paths.ROOT, env=environment).returncode:
        return 1
    children = [Child(name, command) for name, command in COMMANDS.items()]
    children[0].command += ["--bind", f"fd://{listener.fileno()}"]
    children[0].listens = True
    if port := environment.get("UBLOG_VITE_PORT"):
        children.append(Child("vite", ["tools.frontend", "vite", options.host, port]))
    os.environ.update(environment)
    os.chdir(paths.ROOT)  # before gunicorn is imported, which stays where it was imported
    if not read("UBLOG_DEBUG"):  # else each process loads the code again when it has changed
        load()
    supervisor = Supervisor(children, environment, listener)
    try:
        return supervisor.run()
    except Forked as forked:
        supervisor.leave(forked.child)
        raise


def load() -> None:
    """Import what the processes have in common, so that its memory is theirs together.

    Nothing may be open or run beside this thread afterwards. Frozen objects are not visited by the
    garbage collector, which would write to them.
    """
    for name in SHARED:
        import_module(name)
    gc.collect()
    gc.freeze()


def become(child: Child, output: int) -> None:
    """Run in a new process what `python -m` would, with its output going there."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # when the supervisor ends, even when it is killed
        prctl(PR_SET_NAME, f"ublog-{child.name}".encode())  # what `ps -o comm` and `top` show
    sys.argv = child.command
    runpy.run_module(child.command[0], run_name="__main__", alter_sys=True)


def start() -> int:
    """Run `main`; end with one line where it cannot go on. Return the exit status."""
    try:
        return main()
    except KeyboardInterrupt:
        sys.exit("μblog has stopped")
    except OSError as problem:
        abort(str(problem))
    except Forked as forked:
        child, output = forked.child, forked.output
    become(child, output)
    return 0


if __name__ == "__main__":
    sys.exit(start())
