"""The hook: what Python's own functions are about to do, and whether a notebook may.

A notebook writes in its own folder only, and reads there and in the `places` of Python and its
libraries. The hook is a copy that nobody can import, with builtins of its own, so that a
notebook that changes this module, or `os.path`, changes nothing.
"""

import builtins
import errno
import os
import stat
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from mlp_exercise.submission.places import readable

LONGEST_PATH = 1000
"""In characters; a longer one could not be removed afterwards."""

MOST_FILES = 100
"""So many files and folders may lie in the folder, so that the disk does not fill up."""

Hook = Callable[[str, tuple[Any, ...]], None]

# Which argument of an event is a path, and which the folder that it starts from.
Where = tuple[int, int | None]

CHANGES: Mapping[str, Where] = {
    "os.mkdir": (0, 2),
    "os.remove": (0, 1),
    "os.rmdir": (0, 1),
    "os.truncate": (0, None),
    "os.chmod": (0, 2),
    "os.chown": (0, 3),
    "os.utime": (0, 3),
    "os.removexattr": (0, None),
    "os.chflags": (0, None),
}
"""Events that change what lies at a path."""

OUR_OWN = "mlp_reference.look"
"""The event of functions that have none; see `_asking`."""

LOOKS: Mapping[str, Where] = {
    "os.listdir": (0, None),
    "os.scandir": (0, None),
    "os.chdir": (0, None),
    "os.getxattr": (0, None),
    "os.listxattr": (0, None),
    OUR_OWN: (0, 1),
}
"""Events that tell what lies at a path."""

REFUSED = frozenset(
    {
        *("os.link", "os.symlink", "_winapi.CreateJunction"),  # ways out of the folder
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"),
        *("os.system", "os.startfile", "os.startfile/2", "subprocess.Popen"),
        *("_winapi.CreateProcess", "_winapi.OpenProcess", "os.kill", "os.killpg"),
        *("ctypes.dlsym", "resource.prlimit", "resource.setrlimit"),
        *("sqlite3.connect", "fcntl.ioctl", "os.setxattr"),
        *("syslog.openlog", "syslog.syslog", "winreg.ConnectRegistry"),
        *("winreg.CreateKey", "winreg.DeleteKey", "winreg.DeleteValue"),
        *("winreg.SetValue", "winreg.LoadKey", "winreg.SaveKey"),
        "fcntl.fcntl",  # could let the system send signals to others
    }
)
"""Events that are always refused."""

HARMLESS = frozenset({"socket.__new__", "socket.gethostname"})
"""Of the events of sockets, those that reach nobody; all others are refused."""

TAKEN_AWAY: Mapping[str, tuple[str, ...]] = {
    os.name: (
        "mkfifo",
        "mknod",
        "chroot",
        "setns",
        "unshare",
        "pidfd_open",
        "setpriority",
        "sched_setaffinity",
        "sched_setparam",
        "sched_setscheduler",
    ),
    "_signal": ("pidfd_send_signal",),
    "_posixsubprocess": ("fork_exec",),
    "_posixshmem": ("shm_open", "shm_unlink"),
    # Another interpreter would be one without the hook.
    **dict.fromkeys(("_interpreters", "_xxsubinterpreters"), ("create",)),
}
"""Functions of which Python tells no hook, by their modules; `guards` takes them away."""

REFUSED_MODULES = frozenset(
    {
        *("_dbm", "_gdbm", "readline"),  # write files without telling
        *("_testcapi", "_testinternalcapi"),
        *TAKEN_AWAY,  # would come back as they were
    }
)
"""Modules that are not loaded, from now on."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""Flags of `os.open` with which a file may change."""


def hook(folder: str) -> tuple[Hook, Callable[[str], bool]]:
    """Make the hook."""
    made: tuple[Hook, Callable[[str], bool]] = _copy(globals())["_hook"](folder)
    return made


def _copy(module: dict[str, Any], **instead: object) -> dict[str, Any]:
    """Copy a module; its functions get the copy and builtins of their own."""
    copy = {**module, **instead, "__builtins__": vars(builtins).copy()}
    for name, value in module.items():
        if isinstance(value, types.FunctionType) and value.__globals__ is module:
            more = value.__defaults__, value.__closure__
            copy[name] = own = types.FunctionType(value.__code__, copy, name, *more)
            own.__kwdefaults__ = value.__kwdefaults__
    return copy


def _hook(folder: str) -> tuple[Hook, Callable[[str], bool]]:
    """Make the hook, and what says of a path whether it may be read."""
    system = types.SimpleNamespace(**vars(os))
    kinds = types.SimpleNamespace(**vars(stat))
    paths = types.SimpleNamespace(**_copy(vars(os.path), os=system, stat=kinds))
    code, end = sys.getfilesystemencoding(), os.sep

    def refuse(what: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "not while a notebook is marked", what)

    def plain(path: Any) -> str:
        """Return the text of a path; a class of the notebook's own has no say in it."""
        if isinstance(path, bytes):
            path = bytes.decode(path, code, "surrogateescape")
        text: str = "".join((path,))
        return text

    def is_installed(path: str) -> bool:
        return path.startswith(installed) and system.pardir not in path

    def where(path: Any, base: int | None = None) -> str:
        """Resolve a path, links and all; descriptors are looked up where the system tells."""
        if path is None:
            return where(system.curdir)
        if isinstance(path, int):
            return str(paths.realpath(f"/proc/self/fd/{path}"))
        text = plain(path)
        if is_installed(text):
            return text  # what is linked there was linked by those who installed it
        if base is not None and base >= 0 and not paths.isabs(text):
            if system.pardir in text:
                refuse(path)
            text = root + end + text  # other folders are not to be had; see on_open
        return str(paths.realpath(text))

    installed: tuple[str, ...] = ()
    root = where(folder)
    places = readable()
    known = (root, *map(where, (system.devnull, *places)))
    installed = tuple(place + end for place in places if not place.startswith("/proc"))
    below = tuple(place + end for place in known)
    above: set[str] = set()
    for place in known:
        while place not in above:
            above.add(place)
            place = paths.dirname(place)

    def is_mine(place: str) -> bool:
        return (place + end).startswith(root + end)

    def is_readable(place: str) -> bool:
        return (place + end).startswith(below)

    def is_full() -> bool:
        """Count what lies in the folder; what cannot be counted is too much."""
        left, folders = MOST_FILES, [root]
        for folder in folders:
            try:
                with system.scandir(folder) as entries:
                    for entry in entries:
                        left -= 1
                        if left == 0:
                            return True
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
            except OSError:
                return True
        return False

    def kind(place: str) -> int:
        """Return the kind of what lies there: 0 for nothing."""
        try:
            return int(kinds.S_IFMT(system.lstat(place).st_mode))
        except OSError:
            return 0

    def change(path: Any, base: int | None) -> None:
        place = where(path, base)
        if place == system.devnull:
            return
        if not is_mine(place) or len(place) > LONGEST_PATH:
            refuse(path)
        if not kind(place) and is_full():
            refuse(f"more than {MOST_FILES} files and folders")

    def look(event: str, path: Any, base: int | None) -> None:
        if isinstance(path, int):
            return  # it is open already
        place = where(path, base)
        if not is_readable(place):
            if event != OUR_OWN:
                refuse(path)
            if place not in above:  # as if there were nothing
                raise FileNotFoundError(
                    errno.ENOENT, system.strerror(errno.ENOENT), path
                )

    def on_open(path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        # With a folder in hand, os.open could start from there; its event would not tell.
        by_os = mode is None
        if by_os and system.pardir in plain(path):
            refuse(path)
        if flags & WRITING or not {*"wax+"}.isdisjoint(mode or ""):
            change(path, None)
            return
        place = where(path)
        folder = by_os and not is_mine(place) and kind(place) == kinds.S_IFDIR
        if folder or not is_readable(place):
            refuse(path)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            on_open(*arguments)
        elif event in LOOKS:
            path, base = LOOKS[event]
            look(event, arguments[path], None if base is None else arguments[base])
        elif event in CHANGES:
            path, base = CHANGES[event]
            change(arguments[path], None if base is None else arguments[base])
        elif event == "os.rename":
            change(arguments[0], arguments[2])
            change(arguments[1], arguments[3])
        elif event == "import":
            name, file = arguments[:2]
            if name in REFUSED_MODULES:  # what can do without it, does
                raise ImportError(f"no {name} while a notebook is marked", name=name)
            if file and is_mine(where(file)):
                refuse(name)
        elif event == "ctypes.dlopen":
            # PyTorch loads its own so; what is in them is not to be had: see ctypes.dlsym.
            if arguments[0] is not None and not is_installed(plain(arguments[0])):
                refuse(event)
        elif event in REFUSED or (event[:7] == "socket." and event not in HARMLESS):
            refuse(event)

    return hook, lambda path: is_readable(where(path))
