"""The worker class: who waits for what, and until when."""

import contextlib
import errno
import resource
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from ublog.run.gunicorn_worker.incoming import IN_BODY, IN_HEAD, SILENT, Incoming, Rejected
from ublog.run.gunicorn_worker.spool import READ, ClientSocket

# Seconds until the first byte of a request: browsers open connections in advance, and open them
# again when they were closed.
FIRST_BYTE = 5.0
# Seconds from the first byte to the end of the head. A head is one or two packets; one that is
# lost three times comes after 1 + 2 + 4 s (RFC 6298).
HEAD = 10.0
# A body, or a response, may pause for so many seconds (a phone in a tunnel), and makes at least so
# many bytes a second on average. Slow mobile contracts give 64 kbit/s, which is twice that, so
# that a picture of 16 MiB may take more than an hour. A limit on the whole time would
# either end such an upload or let a client that sends a byte a minute stay as long.
PAUSE = 30.0
RATE = 4096
# Seconds for a client to close its side after ours, so that it reads the response before the
# kernel resets the connection (RFC 9112, section 9.6).
LINGER = 5.0
# Requests of one client that wait for one of its threads. Beyond: 503.
QUEUE = 200
FILES = 4096  # open ones: two for each connection
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Worker(ThreadWorker):  # type: ignore[misc]
    """See the head of this package. The main thread runs all methods but handle_error.

    A connection is in `waiting` while the main thread waits for its client: to send, to receive,
    or to close. `conn.timeout` is when that ends.
    """

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.waiting: dict[TConn, None] = {}  # who has waited longest comes first
        self.next_sweep = self.next_heartbeat = 0.0
        # Of each client, how many threads it has, and what waits until it has fewer.
        self.running: Counter[str] = Counter()
        self.queued: dict[str, deque[TConn]] = {}

    @classmethod
    def check_config(cls, cfg: Config, log: Logger) -> None:
        """Raise RuntimeError, which ends the start, for what this class does not serve."""
        if cfg.is_ssl or cfg.http2_cleartext != "off" or cfg.protocol != "http":
            raise RuntimeError(
                "ublog.run.gunicorn_worker serves HTTP/1.1 without TLS, behind a proxy"
            )

    def init_process(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS has another limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection. When there are too many, close the one that has waited longest:
        a request that is sent at once is not among them."""
        try:
            accepted, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self.close_longest()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, ClientSocket(accepted), address, listener.getsockname())
        conn.parser = Incoming(self.cfg, address)
        conn.initialized = True  # for ThreadWorker.handle()
        conn.timeout = time.monotonic() + FIRST_BYTE
        self.receive(conn)
        if self.nr_conns >= self.worker_connections:
            self.close_longest()

    def close_longest(self) -> None:
        if conn := next(iter(self.waiting), None):
            self.close(conn)

    def wait(self, conn: TConn, event: int, callback: Callable[[TConn, Any], None]) -> None:
        """Call back when the client sends, or takes, something."""
        if conn not in self.waiting:
            self.waiting[conn] = None
            self.poller.register(conn.sock, event, partial(callback, conn))

    def resume(self, conn: TConn) -> None:
        """The opposite of `wait`."""
        if conn in self.waiting:
            del self.waiting[conn]
            self.poller.unregister(conn.sock)

    def receive(self, conn: TConn, _socket: Any = None) -> None:
        """Receive what has come, and let a thread run the request when that is all of it."""
        try:
            data = conn.sock.recv(conn.parser.wanted)
        except BlockingIOError:
            self.wait(conn, selectors.EVENT_READ, self.receive)
        except OSError:
            self.close(conn)
        else:
            if data:
                self.feed(conn, data)
            elif conn.parser.phase == IN_BODY:  # the client may still read, so it gets a 400
                conn.parser.reject("400 Bad Request", "The request is incomplete.")
                self.resume(conn)
                self.enqueue_req(conn)
            else:  # the client has closed, before or within a head: nothing is run
                self.close(conn)

    def feed(self, conn: TConn, data: bytes) -> None:
        """Parse what was received, and wait for more when the request is not complete."""
        phase, size = conn.parser.phase, conn.parser.body.size
        if conn.parser.feed(data):
            self.resume(conn)
            self.enqueue_req(conn)
            return
        now = time.monotonic()
        if conn.parser.phase != phase:
            conn.timeout = now + (HEAD if conn.parser.phase == IN_HEAD else PAUSE)
        elif phase == IN_BODY:
            self.extend(conn, conn.parser.body.size - size)
        if conn.parser.expects_continue():
            with contextlib.suppress(OSError):
                conn.sock.send(CONTINUE)
        self.wait(conn, selectors.EVENT_READ, self.receive)

    def extend(self, conn: TConn, count: int) -> None:
        """Wait longer for a client that has sent, or taken, so many bytes."""
        conn.timeout = min(conn.timeout + count / RATE, time.monotonic() + PAUSE)

    def enqueue_req(self, conn: TConn) -> None:
        """Have a thread run the request. A client has half of the threads at most, and one that
        asks for costly things all the time leaves the others to everybody else."""
        conn.owner = conn.parser.owner()
        if conn.owner and self.running[conn.owner] >= max(1, self.cfg.threads // 2):
            queue = self.queued.setdefault(conn.owner, deque())
            if len(queue) < QUEUE:
                queue.append(conn)
                return
            conn.parser.reject("503 Service Unavailable", "Too much is asked at once. Try again.")
        self.running[conn.owner] += 1
        super().enqueue_req(conn)

    def run_next(self, owner: str) -> None:
        """Note that a thread of this client is free, and run its next waiting request."""
        self.running[owner] -= 1
        if not self.running[owner]:
            del self.running[owner]
        if waiting := self.queued.get(owner):
            conn = waiting.popleft()
            if not waiting:
                del self.queued[owner]
            self.enqueue_req(conn)

    def finish_request(self, conn: TConn, future: "Future[bool]") -> None:
        """A thread has run the request: send what is left of its response."""
        self.run_next(conn.owner)
        conn.parser.finish()
        conn.keep = not future.cancelled() and not future.exception() and future.result()
        conn.timeout = time.monotonic() + PAUSE
        self.send(conn)

    def send(self, conn: TConn, _socket: Any = None) -> None:
        """Send as much as the client takes, and wait for it when that is not all."""
        try:
            self.extend(conn, conn.sock.flush())
        except OSError:
            return self.close(conn)
        if conn.sock.piece:
            return self.wait(conn, selectors.EVENT_WRITE, self.send)
        self.resume(conn)
        return self.keep_alive(conn) if conn.keep else self.hang_up(conn)

    def keep_alive(self, conn: TConn) -> None:
        """Wait for the next request, which may have come already. A worker that stops waits
        shortly, and the response will say `Connection: close`."""
        patience = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
        conn.timeout = time.monotonic() + patience
        if conn.parser.phase == SILENT:
            self.wait(conn, selectors.EVENT_READ, self.receive)
        else:
            self.feed(conn, b"")

    def hang_up(self, conn: TConn) -> None:
        """Close our side, and wait for the client to close its own."""
        conn.timeout = time.monotonic() + LINGER
        conn.parser = None
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.close(conn)
        else:
            self.discard(conn)

    def discard(self, conn: TConn, _socket: Any = None) -> None:
        """Wait for the end of a connection that is over for us."""
        try:
            gone = not conn.sock.recv(READ)
        except BlockingIOError:
            gone = False
        except OSError:
            gone = True
        if gone:
            self.close(conn)
        else:
            self.wait(conn, selectors.EVENT_READ, self.discard)

    def close(self, conn: TConn) -> None:
        self.resume(conn)
        self.nr_conns -= 1
        if conn.parser:
            conn.parser.body.close()
        conn.close()

    def murder_pending(self) -> None:
        """Once a second, end those whose time is over. gunicorn's loop calls it at each turn."""
        now = time.monotonic()
        if now < self.next_sweep:
            return
        self.next_sweep = now + 1
        for conn in [conn for conn in self.waiting if conn.timeout < now]:
            if conn.sock.piece or not conn.parser or conn.parser.phase == SILENT:
                self.close(conn)
            else:
                conn.parser.reject("408 Request Timeout", "The request took too long to arrive.")
                self.resume(conn)
                self.enqueue_req(conn)

    def notify(self) -> None:
        """Once a second, tell the arbiter that this process lives. gunicorn's loop calls it at each
        turn: a system call, at which a thread that has just got a request would take the
        interpreter from this one, and this one would wait to get it back."""
        now = time.monotonic()
        if now >= self.next_heartbeat:
            self.next_heartbeat = now + 1
            super().notify()

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: wait no longer than this for requests that have not begun."""
        for conn in self.waiting:
            if not conn.parser or conn.parser.phase == SILENT:
                conn.timeout = min(conn.timeout, deadline)

    def handle_error(self, req: Any, client: ClientSocket, addr: Any, exc: Exception) -> None:
        """Send an error. gunicorn logs it and says which: its own page repeats what was sent, in
        HTML without our headers."""
        if isinstance(exc, Rejected):
            self.log.info("%s for %s", exc.status, exc.path or "a request without a head")
        else:
            page = ErrorPage()
            super().handle_error(req, page, addr, exc)
            exc = Rejected(page.status, f"{page.status[4:]}.", req.path if req else "")
        client.sendall(exc.response())


class ErrorPage:
    """Stand for the socket that gunicorn sends an error page to, and keep its status."""

    status = "500 Internal Server Error"

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, data: bytes) -> None:
        self.status = data.partition(b"\r\n")[0].decode().partition(" ")[2]
