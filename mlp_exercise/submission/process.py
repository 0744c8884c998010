"""Processes that run notebooks: forks of one that waits with its libraries loaded.

The warm process, see `child`, waits at a socket. Each notebook is a fork of it, so nothing is
imported anew. For a fork it gets three descriptors: the job, a pipe for reports, and a *line*.
Over the line it says how the fork ended and how long it computed, in which the notebook has no
say; once our end is shut, it ends the fork and all that this has started. When the marker is
gone, so are all of them. Where a system has no safe fork, each notebook has a fresh process.
"""

import atexit
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any, NamedTuple

import mlp_reference
from mlp_exercise.submission.fence import PACKAGES

_SCRIPT = Path(__file__).with_name("child.py")
_HOME = Path(mlp_reference.__file__).parents[1]

START = 600.0
"""Seconds by the clock that an interpreter and its libraries may take."""

LAST_BREATH = 10.0
"""Seconds from a child's last word to its end, on a machine that is very busy."""

MOST_BYTES = 2**20
"""The most that is read of what a child says; a line counts as 100 bytes more than it has."""

Lines = queue.SimpleQueue[bytes | None]
End = tuple[int, float]  # status as `Popen.returncode`, seconds of processor time


class Gone(Exception):  # noqa: N818 - it is nobody's error
    """The warm process is no longer there, and so are its forks."""


unwanted = threading.Event()
"""Set while no child is wanted, because the command was interrupted."""

_running: "set[subprocess.Popen[bytes]]" = set()
_warm: dict[str, "_Warm"] = {}  # by what they have loaded
_warming = threading.Lock()


def has_safe_fork() -> bool:
    """Return whether this system has forks that can be waited for by a descriptor."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):  # macOS, Windows, Linux before 5.3
        return False
    return True


class _Warm:
    """An interpreter that has loaded what notebooks need, and forks for each."""

    def __init__(self, setup: str) -> None:
        self.control, theirs = socket.socketpair()
        self.control.settimeout(START)
        ready = b""
        try:
            with _folder() as folder:
                with theirs:
                    nowhere = subprocess.DEVNULL
                    self.process = _interpreter(setup, theirs, nowhere, folder)
                with suppress(TimeoutError):
                    ready = self.control.recv(1)
        except OSError:
            self.control.close()
            raise
        if not ready:
            self.close()
            status = self.process.returncode
            raise Gone(f"it did not start (it ended with status {status})")

    def fork(self, orders: IO[bytes], report: int) -> "_Fork":
        """Have a notebook run."""
        ours, theirs = socket.socketpair()
        with theirs, suppress(OSError):  # then its line says that it is gone
            descriptors = (orders.fileno(), report, theirs.fileno())
            socket.send_fds(self.control, [b"!"], descriptors)
        return _Fork(self, ours)

    def close(self) -> None:
        """End it, and with it all its forks."""
        self.control.close()
        if self.process.returncode is None:
            _kill(self.process)
        self.process.wait()
        _running.discard(self.process)


class _Fork(NamedTuple):
    """A fork of the warm process, at the other end of its line."""

    warm: _Warm
    line: socket.socket

    def kill(self) -> None:
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_WR)

    def wait(self, seconds: float | None) -> End | None:
        self.line.settimeout(seconds)
        try:
            said = self.line.recv(999)
        except TimeoutError:
            return None
        except OSError:
            said = b""
        if not said:
            self.warm.close()
            raise Gone("the warm process came to an end")
        status, used = json.loads(said)
        if status is None:
            raise OSError(used)
        return status, used


class _Fresh(NamedTuple):
    """A process of its own, for systems without a safe fork."""

    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        _kill(self.process)

    def wait(self, seconds: float | None) -> End | None:
        until = time.monotonic() + (START if seconds is None else seconds)
        while (found := self._poll()) is None and time.monotonic() < until:
            time.sleep(0.01)
        if found:
            _running.discard(self.process)
        return found

    def _poll(self) -> End | None:
        if not hasattr(os, "wait4"):  # Windows
            status = self.process.poll()
            return None if status is None else (status, 0.0)
        number, status, used = os.wait4(self.process.pid, os.WNOHANG)
        if not number:
            return None
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.returncode, used.ru_utime + used.ru_stime


@dataclass
class Child:
    """A process that runs a notebook."""

    process: _Fork | _Fresh
    lines: Lines  # what it writes as it comes, then None
    seconds: float = 0.0  # of processor time, once it has ended
    has_ended: bool = False

    def end(self, patience: float = 0.0) -> int | None:
        """Return how it ends by itself within some seconds; else end it, and return None."""
        self.has_ended = True
        found = self.process.wait(patience) if patience else None
        self.process.kill()
        _, self.seconds = found or self.process.wait(None) or (0, 0.0)
        return found and found[0]


@contextmanager
def child(job: Mapping[str, Any], libraries: Sequence[str]) -> Iterator[Child]:
    """Start a child; it is gone, and its folder with it, when this context ends."""
    warm = has_safe_fork()
    places = {"home": str(_HOME), "path": module_path(), "script": str(_SCRIPT)}
    loads = {"libraries": libraries, "module": job["module"], "warm": warm}
    setup, lines = json.dumps(places | loads), Lines()
    with _folder() as folder, TemporaryFile() as orders:
        orders.write(json.dumps({**job, "folder": folder}).encode())
        orders.seek(0)
        receive, report = os.pipe()
        threading.Thread(target=_listen, args=(receive, lines), daemon=True).start()
        process: _Fork | _Fresh
        try:
            if warm:
                process = _warmed(setup).fork(orders, report)
            else:
                process = _Fresh(_interpreter(setup, orders, report, folder))
        finally:
            os.close(report)
        started = Child(process, lines)
        try:
            yield started
        finally:
            if not started.has_ended:
                started.end()
            if isinstance(process, _Fork):
                process.line.close()


def _warmed(setup: str) -> _Warm:
    """Return a warm process; start it, if it is not there."""
    with _warming:
        if setup not in _warm or _warm[setup].process.returncode is not None:
            _warm[setup] = _Warm(setup)
        return _warm[setup]


@atexit.register
def close() -> None:
    """End all warm processes."""
    while _warm:
        _warm.popitem()[1].close()


def _interpreter(
    setup: str, orders: Any, report: int, folder: str
) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(  # noqa: S603 - this very interpreter, our own script
        [sys.executable, "-I", "-B", str(_SCRIPT), setup],
        stdin=orders,
        stdout=report,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    _running.add(process)
    if unwanted.is_set():
        _kill(process)
    return process


@contextmanager
def _folder() -> Iterator[str]:
    """Make an empty folder and remove it, as far as its owner lets us."""
    temporary = TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True)
    try:
        yield temporary.name
    finally:
        with suppress(OSError):
            temporary.cleanup()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and whatever it has started."""
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
            _kill(process)
        yield
    finally:
        unwanted.clear()


def _listen(pipe: int, lines: Lines) -> None:
    left = MOST_BYTES
    with open(pipe, "rb") as reports:
        while left > 0 and (line := reports.readline(left)):
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


def _environment(folder: str) -> dict[str, str]:
    """Make an environment that knows nothing of the user's."""
    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    environment = {f"{name}_NUM_THREADS": "1" for name in threads}
    environment |= dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR"), folder)
    environment |= dict.fromkeys(("TEMP", "TMP"), folder)
    environment |= dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "learner")
    environment["TORCHDYNAMO_DISABLE"] = "1"  # torch.compile would start a compiler
    environment |= {"PATH": os.defpath, "LANG": "C.UTF-8", "MPLBACKEND": "Agg"}
    if "SYSTEMROOT" in os.environ:  # Windows cannot start Python without
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return environment
