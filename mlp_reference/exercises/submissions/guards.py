"""What a notebook may not do while it runs: a fence against accidents and pranks.

The hook sees what Python's own functions do and says no before they do it: a notebook writes
in its own folder only, and reads there and where Python and its libraries lie. Code that means
harm can get round it, in C for one.
Hostile code needs isolation by the operating system: a container, another user, another machine.
"""

import _imp
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from os.path import realpath
from typing import Any, NoReturn

LONGEST_PATH = 1000
"""In characters; a longer one could not be removed afterwards."""

MOST_CHANGES = 100
"""So many files and folders may be written, so that the disk does not fill up."""

PLACES: Mapping[str, tuple[int, int | None]] = {
    "os.remove": (0, 1),
    "os.rmdir": (0, 1),
    "os.mkdir": (0, 2),
    "os.truncate": (0, None),
    "os.chown": (0, 3),
    "os.utime": (0, 3),
    "os.removexattr": (0, None),
    "os.chflags": (0, None),
}
"""Events that change what lies at a path: which argument is the path, and which the folder."""

REFUSED = frozenset(
    {
        *("os.link", "os.symlink"),  # a way out of the folder
        *(
            "os.exec",
            "os.fork",
            "os.forkpty",
            "os.posix_spawn",
            "os.spawn",
            "os.system",
        ),
        *("os.startfile", "os.startfile/2", "subprocess.Popen"),
        *("os.kill", "os.killpg"),
        *("ctypes.dlsym", "resource.prlimit", "resource.setrlimit"),
        *("sqlite3.connect", "fcntl.ioctl", "os.chmod", "os.setxattr"),
        "fcntl.fcntl",  # could let the system send signals to others
    }
)
"""Events that are always refused."""

WITHOUT_EVENT = (
    *("mkfifo", "mknod", "chroot", "setns", "unshare", "pidfd_open"),
    "pidfd_send_signal",
    *("setpriority", "sched_setaffinity", "sched_setparam", "sched_setscheduler"),
)
"""Functions of `os` and `signal` of which Python tells no hook; they are taken away."""

REFUSED_MODULES = frozenset(
    {
        *("_dbm", "_gdbm", "_posixshmem", "readline"),
        *("posix", "_posixsubprocess", "_signal"),
    }
)
"""Modules that write files without telling, and those that would come back as they were."""

READABLE = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc",
    "/sys",
    "/dev",
    "/System",
    "/Library",
    "/opt",
)
"""Where systems keep what libraries need; Python's own folders come to that."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""Flags of `os.open` with which a file may change."""


def put_up(folder: str) -> None:
    """Put up the fence: from now on this process changes nothing outside a folder.

    Parameters
    ----------
    folder : str
        Where it may write.
    """
    for module in (os, sys.modules.get("posix"), signal, sys.modules.get("_signal")):
        for name in WITHOUT_EVENT:
            if hasattr(module, name):
                setattr(module, name, _refuse)
    with suppress(
        ImportError
    ):  # Windows starts processes by another way, with an event
        import _posixsubprocess

        _posixsubprocess.fork_exec = _refuse
    _imp.create_builtin = _built_in(_imp.create_builtin)
    sys.addaudithook(_hook(folder))


def _built_in(create: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create_builtin(spec: Any) -> Any:
        if spec.name in REFUSED_MODULES:
            _refuse()
        return create(spec)

    return create_builtin


def _refuse(*_args: object, **_options: object) -> NoReturn:
    raise PermissionError("not while a notebook is marked")


def _hook(folder: str) -> Callable[[str, tuple[Any, ...]], None]:
    root = realpath(folder)
    budget = iter(range(MOST_CHANGES))
    python = (sys.prefix, sys.base_prefix, sys.exec_prefix, *filter(None, sys.path))
    system = filter(None, (*READABLE, os.environ.get("SYSTEMROOT")))
    readable = tuple(realpath(place) + os.sep for place in (root, *python, *system))
    own = ("self", str(os.getpid()))

    def inside(place: str) -> bool:
        return (place + os.sep).startswith(root + os.sep)

    def may_read(place: str) -> bool:
        if place.startswith("/proc/"):  # the folder of another process lies there, too
            process = place.split("/")[2]
            return process in own or not process.isdigit()
        return (place + os.sep).startswith(readable)

    def change(path: Any, base: int | None) -> None:
        place = _place(path, base)
        if place == os.devnull:
            return
        if not inside(place) or len(place) > LONGEST_PATH or next(budget, None) is None:
            _refuse()

    def on_open(path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        place, by_os = _place(path, None), mode is None
        if flags & WRITING:
            if by_os and os.pardir in os.fsdecode(path):
                _refuse()
            change(path, None)
            return
        # With a folder in hand, os.open could start from there; its event would not tell.
        folder = by_os and not inside(place) and os.path.isdir(place)  # noqa: PTH112 - plain text
        if folder or not may_read(place):
            _refuse()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            on_open(*arguments)
        elif event in PLACES:
            path, base = PLACES[event]
            change(arguments[path], None if base is None else arguments[base])
        elif event == "os.rename":
            change(arguments[0], arguments[2])
            change(arguments[1], arguments[3])
        elif (
            event in REFUSED
            or (event.startswith("socket.") and event != "socket.__new__")
            or (event == "ctypes.dlopen" and arguments[0] is not None)
            or (event == "import" and arguments[0] in REFUSED_MODULES)
        ):
            _refuse()

    return hook


def _place(path: Any, base: int | None) -> str:
    """Resolve a path, links and all; descriptors are looked up where the system tells."""
    if isinstance(path, int):
        return realpath(f"/proc/self/fd/{path}")
    text = os.fsdecode(path)
    if base is not None and base >= 0 and not text.startswith(os.sep):
        text = f"/proc/self/fd/{base}/{text}"
    return realpath(text)
