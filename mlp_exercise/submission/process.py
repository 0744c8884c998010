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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, NamedTuple

import mlp_reference
from mlp_exercise.handout.first_cell import GRADING
from mlp_exercise.submission.fence import PACKAGES

_HOME = Path(mlp_reference.__file__).parents[1]

START = 600.0
"""Seconds by the clock that an interpreter and its libraries may take."""

LAST_BREATH = 10.0
"""Seconds from a child's last word to its end, on a machine that is very busy."""

MOST_BYTES = 2**24
"""The most that is read of what a child says; a line counts as 100 bytes more than it has.

A loop that has a grid of points go through its network after each step says 12 MB.
"""

Lines = queue.SimpleQueue[bytes | None]
"""What a child writes as it comes; then None, or ``b""`` where it says more than is read."""

End = tuple[int, float]  # status as `Popen.returncode`, seconds of processor time
Process = subprocess.Popen[bytes]


class Gone(Exception):  # noqa: N818 - it is nobody's error
    """The warm process is no longer there, and so are its forks."""


unwanted = threading.Event()
"""Set while no child is wanted, because the command was interrupted."""

_running: set[Process] = set()
_warm: dict[str, "_Warm"] = {}  # by what they have loaded
_warming = threading.Lock()


def has_safe_fork() -> bool:
    """Return whether this system has forks that can be waited for by a descriptor."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):  # macOS, Windows, Linux before 5.3
        return False
    return True


class _Warm(NamedTuple):
    """An interpreter that has loaded what notebooks need, and forks for each."""

    process: Process
    control: socket.socket

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

    def wait(self, seconds: float | None = None) -> End | None:
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

    process: Process

    def kill(self) -> None:
        _kill(self.process)

    def wait(self, seconds: float = START) -> End | None:
        until = time.monotonic() + seconds
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


def run(
    job: Mapping[str, Any], libraries: Sequence[str], listen: Callable[[Lines], float]
) -> tuple[int | None, float]:
    """Do a job in a process, of which nothing is left afterwards.

    `listen` gets its lines, and returns how long it may take to end by itself. Return the status
    with which it did, or None, and its seconds of processor time.
    """
    warm, lines = has_safe_fork(), Lines()
    places = {"home": str(_HOME), "path": module_path()}
    loads = {"libraries": libraries, "module": job["module"], "warm": warm}
    setup = json.dumps(places | loads)
    with ExitStack() as stack:
        folder = stack.enter_context(_folder())
        orders = stack.enter_context(TemporaryFile())
        orders.write(json.dumps({**job, "folder": folder}).encode())
        orders.seek(0)
        receive, report = os.pipe()
        threading.Thread(target=_receive, args=(receive, lines), daemon=True).start()
        child: _Fork | _Fresh
        try:
            if warm:
                ours, theirs = map(stack.enter_context, socket.socketpair())
                child = _Fork(_warmed(setup), ours)
                descriptors = (orders.fileno(), report, theirs.fileno())
                with theirs, suppress(OSError):  # then its line says that it is gone
                    socket.send_fds(child.warm.control, [b"!"], descriptors)
            else:
                child = _Fresh(_interpreter(setup, orders, report, folder))
        finally:
            os.close(report)
        found = None
        try:
            patience = listen(lines)
            found = child.wait(patience) if patience else None
        finally:
            child.kill()
            last = found or child.wait()
    return found and found[0], last[1] if last else 0.0


def _warmed(setup: str) -> _Warm:
    """Return a warm process; start it, if it is not there."""
    with _warming:
        if (known := _warm.get(setup)) and known.process.returncode is None:
            return known
        control, theirs = socket.socketpair()
        control.settimeout(START)
        ready = b""
        try:
            with theirs, _folder() as folder:
                process = _interpreter(setup, theirs, subprocess.DEVNULL, folder)
                theirs.close()
                with suppress(TimeoutError):
                    ready = control.recv(1)
        except OSError:
            control.close()
            raise
        _warm[setup] = warm = _Warm(process, control)
        if not ready:
            warm.close()
            status = process.returncode
            raise Gone(f"it did not start (it ended with status {status})")
        return warm


@atexit.register
def close() -> None:
    """End all warm processes."""
    while _warm:
        _warm.popitem()[1].close()


def _interpreter(setup: str, orders: Any, report: int, folder: str) -> Process:
    script = _HOME / "mlp_exercise/submission/child.py"
    process = subprocess.Popen(  # noqa: S603 - this very interpreter, our own script
        [sys.executable, "-I", "-B", str(script), setup],
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


def _kill(process: Process) -> None:
    """End a process and whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def none_wanted() -> Iterator[None]:
    """End every child now and those that start meanwhile, for as long as this context lasts."""
    end_all()
    yield
    unwanted.clear()  # unless it was interrupted: then none is wanted any more


def end_all() -> None:
    """End every child, and those that start from now on."""
    unwanted.set()
    for process in tuple(_running):
        _kill(process)


def _receive(pipe: int, lines: Lines) -> None:
    left = MOST_BYTES
    with open(pipe, "rb") as reports:
        while left > 0 and (line := reports.readline(left)):
            left -= len(line) + 100
            lines.put(line)
    lines.put(None if left > 0 else b"")


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
    environment = {
        **{f"{name}_NUM_THREADS": "1" for name in threads},
        **dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"), folder),
        **dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "learner"),
        "TORCHDYNAMO_DISABLE": "1",  # torch.compile would start a compiler
    }
    environment |= {"PATH": os.defpath, "LANG": "C.UTF-8", "MPLBACKEND": "Agg"}
    environment[GRADING] = "mark"  # the first cell installs nothing
    # All notebooks are marked on the processor, so that marks do not depend on the machine.
    environment |= {"CUDA_VISIBLE_DEVICES": "", "HIP_VISIBLE_DEVICES": ""}
    if "SYSTEMROOT" in os.environ:  # Windows cannot start Python without
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return environment
