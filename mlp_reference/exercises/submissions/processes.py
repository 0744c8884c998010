"""Child processes: started in an empty folder, listened to, and cleaned up after."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import mlp_reference

_SCRIPT = Path(__file__).with_name("child.py")
_HOME = Path(mlp_reference.__file__).parents[1]

MOST_BYTES = 2**20
"""So much of what a child says is listened to; a line counts as 100 bytes more than it has."""

PRELOADED = ("numpy", "torch")
"""What a notebook mentions of these is there before the guards: they load libraries."""

Lines = queue.SimpleQueue[bytes | None]

_running: set["subprocess.Popen[bytes]"] = set()

unwanted = threading.Event()
"""Set while no child is wanted, because the command was interrupted.

:meta hide-value:
"""


@contextmanager
def child(job: Mapping[str, Any]) -> Iterator[Lines]:
    """Start a child; it is gone, and its folder with it, when this context ends.

    Parameters
    ----------
    job : mapping
        What `child` is to do: cells, names, memory and seconds.

    Yields
    ------
    SimpleQueue of bytes or None
        The lines that it writes as they come, then None.
    """
    lines: Lines = queue.SimpleQueue()
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
        _running.add(process)
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        listener = threading.Thread(
            target=_listen, args=(process.stdout, lines), daemon=True
        )
        try:
            listener.start()
            if unwanted.is_set():
                kill(process)
            yield lines
        finally:
            _running.discard(process)
            kill(process)
            process.wait()
            listener.join(timeout=5)
            if not listener.is_alive():  # else something got away and holds the pipe
                process.stdout.close()


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
    """End a child and whatever it has started.

    Parameters
    ----------
    process : Popen
        Nobody has waited for it yet, so its number still is its own.
    """
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def none_wanted() -> Iterator[None]:
    """End every child now and those that start meanwhile, for as long as this context lasts.

    Yields
    ------
    None
        While those who wait for children find out.
    """
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


def _complete(job: Mapping[str, Any]) -> dict[str, Any]:
    """Add where modules are found: as here, but for the folder that the user is in."""
    here = os.getcwd()  # noqa: PTH109 - compared with what stands in sys.path
    path = [
        entry for entry in sys.path if Path(entry).is_dir() and entry not in ("", here)
    ]
    text = "\n".join(source for _, source in job["cells"])
    preload = [name for name in PRELOADED if re.search(rf"\b{name}\b", text)]
    return {**job, "home": str(_HOME), "path": path, "preload": preload}


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
