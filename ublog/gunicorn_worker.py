"""A gunicorn worker class that gives a thread only requests that are whole.

gunicorn's gthread gives a thread to a client that has sent its first byte, until the client has
sent the last one of its body and taken the last one of its response: as many slow clients as there
are threads, and nobody else is served. Here the main thread receives and sends for all clients, as
nginx does with `proxy_request_buffering`, and a thread runs the application and waits for nobody.

gunicorn's own parser still judges everything: `Request` each head, `ChunkedReader` each chunk's
size and the trailers. Its `handle()` and `handle_request()` run the request and report errors. The
internals used are those of gunicorn 27.0, to which pyproject.toml pins it:
tests/faults/test_gunicorn_worker.py fails when they change.

A request that never becomes whole never reaches Django. The application does not rely on that,
since other servers may serve it: it rejects an incomplete body itself (C13), and one that is whole
by its framing and no whole form, such as multipart without its end. This class relies on the
application for the 413 of a body that is too large to be received.
"""

import contextlib
import errno
import io
import json
import os
import resource
import selectors
import socket
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache, partial
from typing import IO, Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import ChunkMissingTerminator, LimitRequestHeaders
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from ublog.core.client_address import address_behind, network
from ublog.interfaces.gate import MAX_REQUEST

# Seconds until the first byte of a request: browsers open connections in advance, and open them
# again when they were closed.
FIRST_BYTE = 5.0
# Seconds from the first byte to the end of the head. A head is one or two packets; one that is
# lost three times comes after 1 + 2 + 4 s (RFC 6298).
HEAD = 10.0
# A body, or a response, may pause for so many seconds (a phone in a tunnel), and makes at least so
# many bytes a second on average. Slow mobile contracts give 64 kbit/s, which is twice that, so
# that a picture of 10 MiB may take three quarters of an hour. A limit on the whole time would
# either end such an upload or let a client that sends a byte a minute stay as long.
PAUSE = 30.0
RATE = 4096
# Seconds for a client to close its side after ours, so that it reads the response before the
# kernel resets the connection (RFC 9112, section 9.6).
LINGER = 5.0

# Bytes of one head, which is 8 fields of the largest size that gunicorn takes.
MAX_HEAD = 64 * 1024
# Bytes of one body or response in memory, and of all of them; what is beyond goes to files.
MEMORY_EACH = 1024 * 1024
MEMORY = 64 * 1024 * 1024
# Bytes of all these files, of one process: 46 of the largest requests. Beyond: 503.
DISK = 512 * 1024 * 1024
RETRY_AFTER = 5  # seconds
FILES = 4096  # open ones: two for each connection

PROXIES = int(os.environ.get("UBLOG_TRUSTED_PROXIES") or 0)
# Requests of one client that wait for one of its threads. Beyond: 503.
QUEUE = 200

SMALL_READ, LARGE_READ = 8 * 1024, 256 * 1024  # bytes
network_of = lru_cache(maxsize=1024)(network)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Rejected(Exception):
    """A request that no thread runs. `status` is the status line's, `detail` a sentence."""

    def __init__(self, status: str, detail: str, path: str = "") -> None:
        super().__init__(status)
        self.status, self.detail, self.path = status, detail, path

    def response(self) -> bytes:
        """Return the whole response, as JSON when the path is an API's."""
        if self.path.startswith(("/api/", "/graphql/")):
            kind, body = "application/json", json.dumps({"detail": self.detail}).encode()
        else:
            kind, body = "text/plain; charset=utf-8", f"{self.detail}\n".encode()
        head = [
            f"HTTP/1.1 {self.status}",
            "Connection: close",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            f"Retry-After: {RETRY_AFTER}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*head, "", ""]).encode() + body


class Incomplete(Exception):
    """More bytes must be received before this can be parsed."""


class Spool:
    """Bytes that are buffered: in memory, and in a temporary file when they are many.

    All spools of the process share MEMORY and DISK.
    """

    lock = threading.Lock()
    memory = disk = 0  # bytes, of all spools

    def __init__(self) -> None:
        self.file: IO[bytes] = io.BytesIO()
        self.size = self.taken = 0
        self.on_disk = False

    def write(self, data: bytes) -> None:
        """Raise OSError when there is no room, in the budget or on the disk."""
        count = len(data)
        with Spool.lock:
            fits = self.size + count <= MEMORY_EACH and Spool.memory + count <= MEMORY
            moved = 0 if self.on_disk or fits else self.size
            if fits and not self.on_disk:
                Spool.memory += count
            elif Spool.disk + moved + count > DISK:
                raise OSError(errno.ENOSPC, "Too much is buffered")
            else:
                Spool.memory -= moved
                Spool.disk += moved + count
            self.size += count
        if not (fits or self.on_disk):
            self.move()
        self.file.write(data)

    def move(self) -> None:
        """Continue in a file, which has no name and belongs to its owner alone."""
        held, self.on_disk = self.file.getvalue(), True  # type: ignore[attr-defined]
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        self.file.write(held)

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most so many; none when all were read."""
        self.file.seek(self.taken)
        data = self.file.read(size)
        self.taken += len(data)
        return data

    def close(self) -> None:
        with Spool.lock:
            if self.on_disk:
                Spool.disk -= self.size
            else:
                Spool.memory -= self.size
            self.size = 0
        with contextlib.suppress(OSError):  # it would write what found no room
            self.file.close()


class FileRest:
    """The rest of a file that is being served; it stays open when the application closes it."""

    def __init__(self, descriptor: int, offset: int, count: int) -> None:
        self.descriptor, self.offset, self.count = os.dup(descriptor), offset, count

    def read(self, size: int) -> bytes:
        data = os.pread(self.descriptor, min(size, self.count), self.offset)
        self.offset += len(data)
        self.count -= len(data)
        return data

    def close(self) -> None:
        os.close(self.descriptor)


class ClientSocket(socket.socket):
    """A socket whose `sendall` and `sendfile` do not wait for the client.

    What the kernel does not take at once is kept, for `flush` to send as the client takes it.
    """

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        super().setblocking(False)
        self.unsent: deque[Spool | FileRest] = deque()
        self.piece = b""  # of the first of them, read and not sent

    def setblocking(self, flag: bool) -> None:
        """Ignore gunicorn, which lets its threads wait."""

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        if not self.unsent:
            sent = self.try_to(self.send, data)
            if sent == len(data):
                return
            data = data[sent:]
        if not (self.unsent and isinstance(self.unsent[-1], Spool)):
            self.unsent.append(Spool())
        try:
            self.unsent[-1].write(data)  # type: ignore[union-attr]
        except OSError:
            raise BrokenPipeError(errno.EPIPE, "The client is too slow") from None

    def sendfile(self, file: IO[bytes], offset: int = 0, count: int | None = None) -> int:  # type: ignore[override]
        """Send so many bytes of a file that has a descriptor."""
        left = count or 0
        while left and not self.unsent:
            sent = self.try_to(os.sendfile, self.fileno(), file.fileno(), offset, left)
            if not sent:
                break
            offset, left = offset + sent, left - sent
        if left:
            self.unsent.append(FileRest(file.fileno(), offset, left))
        return count or 0

    @staticmethod
    def try_to(send: Callable[..., int], *arguments: Any) -> int:
        """Return how many bytes were sent; 0 when the client takes none now."""
        try:
            return send(*arguments)
        except BlockingIOError:
            return 0

    def flush(self) -> int:
        """Send what is left as far as the client takes it. Return how many bytes it took."""
        flushed = 0
        while self.piece or self.unsent:
            self.piece = self.piece or self.unsent[0].read(LARGE_READ)
            if not self.piece:
                self.unsent.popleft().close()
                continue
            sent = self.try_to(self.send, self.piece)
            if not sent:
                break
            self.piece = self.piece[sent:]
            flushed += sent
        return flushed

    def close(self) -> None:
        super().close()
        self.piece = b""
        while self.unsent:
            self.unsent.popleft().close()


SILENT, IN_HEAD, IN_BODY = range(3)


class Received(Unreader):  # type: ignore[misc]
    """What was received and not parsed. gunicorn reads from it as it does from a socket."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        raise Incomplete

    def append(self, data: bytes) -> None:
        self.buf.seek(0, os.SEEK_END)
        self.buf.write(data)

    def put_back(self, data: bytes) -> None:
        """Let the next attempt to parse begin with these bytes, which were no whole head."""
        self.take_buffered()
        self.append(data)
        if len(data) > MAX_HEAD:
            raise LimitRequestHeaders("max buffer headers")


class Incoming:
    """The requests of a connection, one after the other.

    It stands in the place of gunicorn's parser in ThreadWorker.handle(), for which the next
    request is there at once.
    """

    def __init__(self, cfg: Config, client: Any) -> None:
        self.cfg, self.client = cfg, client
        self.unreader = Received()
        self.number = 0  # of requests on this connection
        self.begin()

    def begin(self) -> None:
        """Be ready for the next request. What was received of it already stays."""
        self.request: Any = None  # a Request, when its head has come
        self.error: Exception | None = None
        self.body = Spool()
        self.missing = 0  # bytes of the body, or of its chunk
        self.in_chunk = self.continues = self.is_cut_off = False

    def feed(self, data: bytes) -> bool:
        """Take what was received. Return True when a thread can go on: with a whole request, or
        with an error to report."""
        self.unreader.append(data)
        try:
            return self.has_head(data) and self.has_body()
        except OSError:  # of the spool
            self.reject("503 Service Unavailable", "Too much is being sent at once. Try again.")
        except Exception as error:
            self.error = error
        return True

    def has_head(self, data: bytes) -> bool:
        """Parse the head when it may have come to its end, which is after a line feed."""
        if self.request:
            return True
        held = self.unreader.take_buffered()
        if not held or (data and b"\n" not in data and len(held) <= self.cfg.limit_request_line):
            self.unreader.append(held)
            return False
        self.unreader.append(held)
        try:
            request = Request(self.cfg, self.unreader, self.client, self.number + 1)
        except Incomplete:
            self.unreader.put_back(held)
            return False
        self.number += 1
        self.continues = request._expected_100_continue
        request._expected_100_continue = False  # `receive` answers it
        self.request = request
        self.missing = getattr(request.body.reader, "length", 0)
        if self.missing > MAX_REQUEST:
            self.cut_off()
        return True

    def has_body(self) -> bool:
        """Move what has come of the body to its spool. Return True when that is all of it."""
        reader = self.request.body.reader
        chunked = isinstance(reader, ChunkedReader)
        if not (self.take_chunks(reader) if chunked else self.take()):
            return False
        self.body.file.seek(0)
        self.request.body = self.body.file
        if chunked and not self.is_cut_off:
            # As RFC 9112, section 7.1.3 says, and nginx does: applications read bodies by length.
            self.request.headers.append(("CONTENT-LENGTH", str(self.body.size)))
        return True

    def take(self) -> bool:
        """Move as much as is missing of a body or chunk. Return True when nothing is missing."""
        if self.missing:
            held = self.unreader.take_buffered()
            part = held[: self.missing]
            self.body.write(part)
            self.missing -= len(part)
            self.unreader.append(held[len(part) :])
        return not self.missing

    def take_chunks(self, reader: ChunkedReader) -> bool:
        """Move what has come of the chunks (RFC 9112, section 7.1). Return True at their end."""
        while self.take():
            held = self.unreader.take_buffered()
            try:
                self.unreader.append(self.after_chunk(held))
                size, rest = reader.parse_chunk_size(self.unreader)
            except Incomplete:
                self.unreader.put_back(held)
                return False
            if not size:
                return True
            self.unreader.append(rest)
            self.missing, self.in_chunk = size, True
            if self.body.size + size > MAX_REQUEST:
                self.request.headers.append(("CONTENT-LENGTH", str(self.body.size + size)))
                self.cut_off()
                return True
        return False

    def after_chunk(self, held: bytes) -> bytes:
        """Return what follows the line end of a chunk, if we are in one."""
        if not self.in_chunk:
            return held
        if len(held) < 2:
            raise Incomplete
        if held[:2] != b"\r\n":
            raise ChunkMissingTerminator(held[:2])
        return held[2:]

    def cut_off(self) -> None:
        """Do not receive a body that is too large: the application gets its length without the
        body, and says so in the words of the interface. The connection ends with the response."""
        self.is_cut_off, self.missing = True, 0
        self.body.close()
        self.body = Spool()
        self.request.force_close()

    def reject(self, status: str, detail: str) -> None:
        """Have a thread send this response, when it comes to the request."""
        self.error = Rejected(status, detail, self.request.path if self.request else "")

    def owner(self) -> str:
        """Return whose request it is, as for the limits: a network, or "" when it is unknown."""
        peer = self.client[0] if isinstance(self.client, tuple) else ""
        headers = self.request.headers if self.request and PROXIES else ()
        forwarded = ",".join(value for name, value in headers if name == "X-FORWARDED-FOR")
        return network_of(address_behind(PROXIES if forwarded else 0, forwarded, peer))

    def expects_continue(self) -> bool:
        """Return True once when the client waits for us to want its body (RFC 9110, 10.1.1)."""
        continues, self.continues = self.continues, False
        return continues

    @property
    def phase(self) -> int:
        """What is being received."""
        return IN_BODY if self.request else IN_HEAD if self.unreader.buf.tell() else SILENT

    @property
    def wanted(self) -> int:
        """How many bytes to receive at once: of what follows a body, no more than of a head."""
        return max(SMALL_READ, min(self.missing, LARGE_READ))

    def __next__(self) -> Request:
        """Return the whole request to ThreadWorker.handle(), or raise what is wrong with it."""
        if self.error:
            raise self.error
        return self.request

    def finish_body(self, deadline: float) -> bool:
        """Tell ThreadWorker.handle() that nothing of the body is left to be received."""
        return True

    def finish(self) -> None:
        """Forget the request that was run."""
        self.body.close()
        self.begin()


class Worker(ThreadWorker):  # type: ignore[misc]
    """See the head of this module. The main thread runs all methods but handle_error.

    A connection is in `waiting` while the main thread waits for its client: to send, to receive,
    or to close. `conn.timeout` is when that ends.
    """

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.waiting: dict[TConn, None] = {}  # who has waited longest comes first
        self.next_sweep = 0.0
        # Of each client, how many threads it has, and what waits until it has fewer.
        self.running: Counter[str] = Counter()
        self.queued: dict[str, deque[TConn]] = {}

    @classmethod
    def check_config(cls, cfg: Config, log: Logger) -> None:
        """Raise RuntimeError, which ends the start, for what this class does not serve."""
        if cfg.is_ssl or cfg.http2_cleartext != "off" or cfg.protocol != "http":
            raise RuntimeError("ublog.gunicorn_worker serves HTTP/1.1 without TLS, behind a proxy")

    def init_process(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
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
            else:  # the client has gone, perhaps half-way: nothing is run
                self.close(conn)

    def feed(self, conn: TConn, data: bytes) -> None:
        """Judge what was received, and wait for more when it is no whole request."""
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

    def give_on(self, owner: str) -> None:
        """Let a thread that this client has no longer run what it has waiting."""
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
        self.give_on(conn.owner)
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
            gone = not conn.sock.recv(LARGE_READ)
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

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: wait no longer than this for requests that have not begun."""
        for conn in self.waiting:
            if not conn.parser or conn.parser.phase == SILENT:
                conn.timeout = min(conn.timeout, deadline)

    def handle_error(self, req: Any, client: ClientSocket, addr: Any, exc: Exception) -> None:
        if isinstance(exc, Rejected):
            self.log.info("%s for %s", exc.status, exc.path or "a request without a head")
            client.sendall(exc.response())
        else:
            super().handle_error(req, client, addr, exc)
