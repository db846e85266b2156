"""The embedded broker: kombu's file-system transport, with messages that are read whole.

kombu writes a message under its final name, so that a reader can find it empty (measured: 33 of
8,000 with a busy reader), and moves it through the temporary directory, where a killed process
leaves it. Here a message appears whole, by renaming, and belongs to the process that deletes it.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        for directory in (self.data_folder_in, self.control_folder):
            Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _put(self, queue: str, message: Any, **_: Any) -> None:  # type: ignore[override]
        # Names sort by time. Only names that end in `.QUEUE.msg` are messages of the queue.
        target = Path(self.data_folder_out, f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg")
        partial = target.with_suffix(".partial")
        try:
            partial.write_text(dumps(message))
            partial.rename(target)
        except OSError as problem:
            partial.unlink(missing_ok=True)
            raise ChannelError(f"The message cannot be written: {problem}") from problem

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] == f"{queue}.msg":
                file = Path(self.data_folder_in, name)
                try:
                    content = file.read_text()
                    file.unlink()
                except FileNotFoundError:
                    continue  # another worker has it
                return loads(content)
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel
