"""The tests of a module, run in a copy of this project where one line is changed."""

import contextlib
import ctypes
import importlib
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Loaded once; each trial is a fork, which has them already.
LIBRARIES = ("numpy", "matplotlib.pyplot", "torch", "sklearn.datasets")
LEFT_OUT = (".*", "_build", "build", "dist", "node_modules", "__pycache__", "*.pyc")
MEMORY = 6 * 2**30
PATIENCE = 30
SET_CHILD_SUBREAPER = 36  # in linux/prctl.h


def load_libraries() -> None:
    """Load what the tests import anyway."""
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MPLBACKEND="agg")
    for library in LIBRARIES:
        importlib.import_module(library)


@dataclass
class Copy:
    """A copy of the project; its files get times of their own, so Python compiles them."""

    folder: Path
    time: int = 2_000_000_000

    def write(self, file: str, text: str) -> None:
        """Write a file that is newer than each one before."""
        self.time += 1
        (self.folder / file).write_text(text, "utf-8")
        os.utime(self.folder / file, (self.time, self.time))

    def run(self, tests: tuple[str, ...], limit: int) -> int:
        """Return pytest's exit status, or a negative one after so many seconds."""
        process = os.fork()
        if process == 0:
            status = 1
            with contextlib.suppress(BaseException):
                signal.alarm(limit)
                status = run_here(self.folder, tests)
            os._exit(status)
        try:
            _, status = os.waitpid(process, 0)
        finally:
            end_what_is_left(process)
        return os.waitstatus_to_exitcode(status)


def clean_up_at_the_end() -> None:
    """Let a signal end this process in an orderly way, and no orphan of a trial escape."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, leave)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_what_is_left(group: int) -> None:
    """End a trial's processes: its group, and what has a group of its own by now."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.exists() and (left := children.read_text("ascii").split()):
        for child in map(int, left):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)  # its own children are this process's now


def leave(*_: object) -> None:
    """End, but clean up before; a second signal does not disturb that."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    sys.exit("interrupted")


def run_here(folder: Path, tests: tuple[str, ...]) -> int:
    """Run tests in this process, which has nothing else to do."""
    os.setsid()
    # In the background of a shell an interrupt is ignored, and tests send some.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    for name in list(sys.modules):
        if name.partition(".")[0] in ("tests", "mlp_reference", "mlp_exercise"):
            del sys.modules[name]
    sys.path[:] = [str(folder), *(p for p in sys.path if Path(p) != ROOT)]
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))


@contextlib.contextmanager
def copied() -> Iterator[Copy]:
    """Copy the project into a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        target = Path(folder) / "project"
        shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
        yield Copy(target)
