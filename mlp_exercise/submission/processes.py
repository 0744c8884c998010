"""Child processes: started in an empty folder, listened to, and cleaned up after."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import mlp_reference
from mlp_exercise.submission.places import PACKAGES

_SCRIPT = Path(__file__).with_name("child.py")
_HOME = Path(mlp_reference.__file__).parents[1]

MOST_BYTES = 2**20
"""So much of what a child says is listened to; a line counts as 100 bytes more than it has."""

LAST_BREATH = 10.0
"""Seconds from a child's last word to its end, on a machine that is very busy."""

PRELOADED = {"numpy": "numpy", "torch": "torch", "matplotlib": "matplotlib.pyplot"}
"""What a notebook mentions of these is loaded before the guards and before time is taken."""

Lines = queue.SimpleQueue[bytes | None]

_running: set["subprocess.Popen[bytes]"] = set()


@dataclass
class Child:
    """A child process.

    Attributes
    ----------
    number : int
        The number of the process.
    lines : SimpleQueue of bytes or None
        What it writes, line by line as it comes, then None.
    status : int or None
        How it ended, as `Popen.returncode` tells it; None as long as it runs.
    seconds : float
        The processor time that it took, all in all; as long as it runs, 0.
    """

    number: int = 0
    lines: Lines = field(default_factory=Lines)
    status: int | None = None
    seconds: float = 0.0

    def ends(self) -> bool:
        """Wait a little for it to end by itself, once it writes no more."""
        if not hasattr(os, "waitid"):  # macOS, Windows
            return False
        end = time.monotonic() + LAST_BREATH
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while os.waitid(os.P_PID, self.number, flags) is None:
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True


unwanted = threading.Event()
"""Set while no child is wanted, because the command was interrupted.

:meta hide-value:
"""


@contextmanager
def child(job: Mapping[str, Any]) -> Iterator[Child]:
    """Start a child; it is gone, and its folder with it, when this context ends."""
    with _folder() as folder, TemporaryFile() as orders:
        orders.write(json.dumps(_complete(job)).encode())
        orders.seek(0)
        process = subprocess.Popen(  # noqa: S603 - this very interpreter, our own script
            [sys.executable, "-I", "-B", str(_SCRIPT)],
            stdin=orders,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        started = Child(process.pid)
        _running.add(process)
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        listener = threading.Thread(
            target=_listen, args=(process.stdout, started.lines), daemon=True
        )
        try:
            listener.start()
            if unwanted.is_set():
                kill(process)
            yield started
        finally:
            _running.discard(process)
            kill(process)
            started.status, started.seconds = _wait(process)
            listener.join(timeout=5)
            if not listener.is_alive():  # else something got away and holds the pipe
                process.stdout.close()


def _wait(process: "subprocess.Popen[bytes]") -> tuple[int, float]:
    """Wait for the end of a child; say how it ended, and how long it computed."""
    if not hasattr(os, "wait4"):  # Windows
        return process.wait(), 0.0
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_utime + used.ru_stime


@contextmanager
def _folder() -> Iterator[str]:
    """Make an empty folder and remove it, as far as its owner lets us."""
    temporary = TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True)
    try:
        yield temporary.name
    finally:
        with suppress(OSError):
            temporary.cleanup()


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a child and whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def none_wanted() -> Iterator[None]:
    """End every child now and those that start meanwhile, for as long as this context lasts."""
    unwanted.set()
    try:
        for process in tuple(_running):
            kill(process)
        yield
    finally:
        unwanted.clear()


def _listen(pipe: IO[bytes], lines: Lines) -> None:
    left = MOST_BYTES
    while left > 0 and (line := pipe.readline(left)):
        left -= len(line) + 100
        lines.put(line)
    lines.put(None)


def module_path() -> list[str]:
    """List where a child finds modules."""
    python = Path(os.__file__).parent
    return [
        entry
        for entry in sys.path
        if Path(entry).name in PACKAGES or python in (Path(entry), *Path(entry).parents)
    ]


def _complete(job: Mapping[str, Any]) -> dict[str, Any]:
    """Add where modules are found, and which are loaded at once."""
    text = "\n".join(source for _, source in job["cells"])
    preload = [m for name, m in PRELOADED.items() if re.search(rf"\b{name}\b", text)]
    return {**job, "home": str(_HOME), "path": module_path(), "preload": preload}


def _environment(folder: str) -> dict[str, str]:
    """Make an environment that knows nothing of the user's."""
    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    environment = {f"{name}_NUM_THREADS": "1" for name in threads}
    environment |= dict.fromkeys(
        ("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"), folder
    )
    environment |= dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "learner")
    environment["TORCHDYNAMO_DISABLE"] = "1"  # torch.compile would start a compiler
    environment |= {"PATH": os.defpath, "LANG": "C.UTF-8", "MPLBACKEND": "Agg"}
    if "SYSTEMROOT" in os.environ:  # Windows cannot start Python without
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return environment
