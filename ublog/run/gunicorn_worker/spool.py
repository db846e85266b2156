"""What is buffered for slow clients: of requests until they are whole, of responses until they are
taken."""

import contextlib
import errno
import io
import os
import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from typing import IO, Any

# Bytes of one body or response in memory, and of all of them; what is beyond goes to files.
MEMORY_EACH = 1024 * 1024
MEMORY = 64 * 1024 * 1024
# Bytes of all these files, of one process: 46 of the largest requests. Beyond: 503.
DISK = 512 * 1024 * 1024
READ = 256 * 1024  # bytes at once


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
            self.piece = self.piece or self.unsent[0].read(READ)
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
