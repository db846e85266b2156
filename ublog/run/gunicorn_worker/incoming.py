"""The requests of a connection, received piece by piece and parsed by gunicorn's parser."""

import json
import os
from functools import lru_cache
from typing import Any

from gunicorn.config import Config
from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import ChunkMissingTerminator, LimitRequestHeaders
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader

from ublog.conf.variables import read
from ublog.core.client_address import address_behind, network
from ublog.core.request_size import MAX_REQUEST
from ublog.run.gunicorn_worker.spool import READ, Spool

# Bytes of one head, which is 8 fields of the largest size that gunicorn takes.
MAX_HEAD = 64 * 1024
SMALL_READ = 8 * 1024  # bytes at once, of a head or of chunks
RETRY_AFTER = 5  # seconds
PROXIES: int = read("UBLOG_TRUSTED_PROXIES")
network_of = lru_cache(maxsize=1024)(network)
SILENT, IN_HEAD, IN_BODY = range(3)


class Rejected(Exception):
    """A request that is not run. `status` is that of the status line, `detail` a sentence."""

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
            "Content-Security-Policy: default-src 'none'",
            *([f"Retry-After: {RETRY_AFTER}"] if self.status.startswith("503") else []),
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*head, "", ""]).encode() + body


class Incomplete(Exception):
    """More bytes must be received before this can be parsed."""


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
        if request.version >= (1, 1) and "HOST" not in dict(request.headers):
            raise Rejected("400 Bad Request", "Send the header Host.", request.path)
        self.number += 1
        self.continues = request._expected_100_continue
        request._expected_100_continue = False  # `Worker.feed` sends it
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
        if PROXIES and self.request:
            headers = self.request.headers
            forwarded = ",".join(value for name, value in headers if name == "X-FORWARDED-FOR")
            peer = address_behind(PROXIES, forwarded, peer)
        return network_of(peer)

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
        return max(SMALL_READ, min(self.missing, READ))

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
