"""Hosts on one machine: network namespaces, each with an IP address, on one bridge.

Needs root and iproute2. All is removed at the end of the block, after an error, too.
"""

import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM

CLONE_NEWNET = 0x40000000  # linux/sched.h
STOPS_WITHIN = 40  # seconds


class Network:
    """A bridge, on which this process is `….1`, and its hosts."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.name = f"ub{os.getpid()}"
        self.prefix = f"10.231.{os.getpid() % 250}"
        self.made = ExitStack()

    def __enter__(self) -> "Network":
        ip("link", "add", self.name, "type", "bridge")
        self.made.callback(ip, "link", "del", self.name)
        ip("addr", "add", f"{self.prefix}.1/24", "dev", self.name)
        ip("link", "set", self.name, "up")
        return self

    def __exit__(self, *_: object) -> None:
        self.made.close()  # in reverse order, so that no host waits for one that is gone

    def host(self, name: str, number: int) -> "Host":
        made = Host(self, name, number)
        self.made.callback(made.remove)
        return made


class Host:
    """A network namespace, a directory, and the processes in it by name."""

    def __init__(self, network: Network, name: str, number: int) -> None:
        self.name, self.address = name, f"{network.prefix}.{number}"
        self.namespace = f"{network.name}-{name}"
        self.cable = f"{network.name}-{number}"
        self.directory = network.directory / name
        self.directory.mkdir()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        ip("netns", "add", self.namespace)
        peer = ["peer", "name", "eth0", "netns", self.namespace]
        ip("link", "add", self.cable, "type", "veth", *peer)
        ip("link", "set", self.cable, "master", network.name, "up")
        ip("-n", self.namespace, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            ip("-n", self.namespace, "link", "set", device, "up")

    @property
    def prefix(self) -> list[str]:
        """Return a prefix for a command: it runs on this host, and ends with this process."""
        return ["ip", "netns", "exec", self.namespace, "setpriv", "--pdeathsig", "KILL"]

    def launch(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *files: int
    ) -> None:
        with open(self.directory / "log", "ab") as log:
            self.running[name] = subprocess.Popen(
                [*self.prefix, *command],
                cwd=self.directory,
                env={"PATH": os.environ["PATH"], **environment},
                stdout=log,
                stderr=log,
                pass_fds=files,
                process_group=0,
            )

    def listen(self, port: int) -> socket.socket:
        """Return a listening socket on this host that outlives its servers, as systemd's do."""

        def create() -> socket.socket:
            with open(f"/run/netns/{self.namespace}") as there:
                if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            return socket.create_server((self.address, port), backlog=2048)

        with ThreadPoolExecutor(1) as pool:  # a namespace belongs to a thread
            return pool.submit(create).result()

    def stop(self, name: str, signal: int = SIGTERM) -> None:
        """End a process and those that it started, and wait for the end."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            if signal == SIGKILL:
                os.killpg(process.pid, SIGKILL)
            else:
                process.send_signal(signal)
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, SIGKILL)
            process.wait()

    def plug(self, state: str) -> None:
        """Set the network link to "up" or "down"."""
        ip("link", "set", self.cable, state)

    def remove(self) -> None:
        for name in list(self.running):
            self.stop(name, SIGKILL)
        ip("netns", "del", self.namespace)

    def log_tail(self, characters: int = 2_000) -> str:
        log = self.directory / "log"
        return log.read_text(errors="replace")[-characters:] if log.exists() else ""


def ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM end this process as Ctrl-C does, so that all is removed."""
    import signal

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    previous = {number: signal.signal(number, end) for number in (SIGINT, SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
