"""Run notebooks in kernels that leave nothing behind, and say which cell failed and of what."""

import asyncio
import os
import re
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

SECONDS_PER_CELL = 900
"""Seconds by the clock, far more than any cell takes, even on a busy machine."""

CHARACTERS_PER_CELL = 10_000_000
"""Far more than a page can show; a cell that prints for ever would take all memory."""

LIMITS = "docs/_ext/course/kernels.py"


class NotebookError(Exception):
    """What ended a notebook, and the number of the cell that did, unless none had begun."""

    def __init__(self, words: str, cell: int | None) -> None:
        super().__init__(words)
        self.cell = cell


class Kernels:
    """The kernels of a build, each for one notebook, which can be stopped together."""

    def __init__(self) -> None:
        self.stopped = False
        self.running: set[_Client] = set()

    def run(self, notebook: NotebookNode) -> float:
        """Run a notebook in place, in an empty folder of its own, and return the seconds."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            client = _Client(self, notebook, Path(folder))
            start = time.monotonic()
            try:
                asyncio.run(client.async_execute())  # closes its event loop too
            except Exception as error:  # whatever ends a kernel, the others go on
                raise NotebookError(client.reason(error), client.at) from error
            finally:
                client.kill()
                self.running.discard(client)
            return time.monotonic() - start

    def stop(self) -> None:
        """Kill every kernel, and those that begin later."""
        self.stopped = True
        for client in list(self.running):
            client.kill()


class _Client(NotebookClient):
    """A client that knows its kernel's processes, the cell it is at, and how much that printed."""

    def __init__(self, kernels: Kernels, notebook: NotebookNode, folder: Path) -> None:
        super().__init__(
            notebook,
            resources={"metadata": {"path": str(folder)}},
            timeout=SECONDS_PER_CELL,
            coalesce_streams=True,  # output arrives in pieces of random length
            # An output that is late on a busy machine must not be left out.
            iopub_timeout=60,
            raise_on_iopub_timeout=True,
            # Kernels announce their connections; only their errors matter here.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            on_notebook_start=self._started,
            on_cell_execute=self._begun,
        )
        self.kernels = kernels
        self.at: int | None = None
        self.room = CHARACTERS_PER_CELL
        self.process: Popen[bytes] | None = None

    def _started(self, **_: object) -> None:
        provisioner = self.km.provisioner if self.km else None
        self.process = getattr(provisioner, "process", None)
        self.kernels.running.add(self)
        if self.kernels.stopped:
            self.kill()

    def _begun(self, cell_index: int, **_: object) -> None:
        self.at = cell_index
        self.room = CHARACTERS_PER_CELL

    def process_message(self, msg: dict[str, Any], *args: Any) -> NotebookNode | None:
        """Take what a cell puts out, and end the kernel where it is too much."""
        self.room -= len(str(msg["content"]))
        if self.room < 0:
            self.kill()
            msg["content"] = {**msg["content"], "text": ""}
        return super().process_message(msg, *args)

    def kill(self) -> None:
        """End the kernel and the processes that its cells have started."""
        if self.process is None:
            return
        with suppress(OSError):  # they have ended
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:  # Windows has no groups of processes
                self.process.kill()

    def reason(self, error: Exception) -> str:
        """Say in words what ended the notebook, and what to do."""
        if isinstance(error, CellExecutionError):
            return f"failed:\n{_plain(error.traceback)}"
        if self.at is None:
            return (
                f"no kernel could be started: {_plain(str(error))}. It is named by "
                "kernelspec at the top of the page; `jupyter kernelspec list` shows which exist"
            )
        if self.room < 0:
            return (
                f"put out more than {CHARACTERS_PER_CELL:,} characters and was stopped: "
                f"let it put out less (CHARACTERS_PER_CELL in {LIMITS})"
            )
        if isinstance(error, CellTimeoutError):
            return (
                f"did not end, or its outputs did not arrive, and it was stopped: it may take "
                f"{self.timeout} seconds (SECONDS_PER_CELL in {LIMITS})"
            )
        if isinstance(error, DeadKernelError):
            return f"ended its kernel: {self._ending()}"
        return f"failed: {type(error).__name__}: {error}"

    def _ending(self) -> str:
        status = self.process.returncode if self.process else None
        if status is None or status >= 0:
            return (
                f"exit status {status}. A cell must not end Python; look for exit calls"
            )
        name = signal.Signals(-status).name
        memory = ", as by a system that has no memory left" * (name == "SIGKILL")
        return f"it was killed by {name}{memory}. Run the notebook by hand to see why"


def _plain(text: str) -> str:
    """Return text without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
