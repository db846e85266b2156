"""A load that runs in a process of its own, so that it does not take time from the one measured."""

import json
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from tests.faults.site import ROOT


class ClientProcess:
    """`with ClientProcess(module, …) as load:` runs a module until the block ends.

    The module prints `ready`, works until its standard input ends, and then prints JSON, which is
    `load.result` afterwards.
    """

    def __init__(self, module: str, *options: str) -> None:
        self.command = [sys.executable, "-m", module, *options]
        self.result: Any = {}

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(BrokenPipeError):
            output, _ = self.process.communicate()
            self.result = json.loads(output)
