"""What a notebook may not do while it runs: a fence against accidents and pranks.

The hook sees what Python's own functions do and says no before they do it: a notebook writes
in its own folder only, and reads there and in the `places` of Python and its libraries.
Of sizes and dates no hook hears; the functions that tell them are replaced.
Code that means harm can get round it, in C for one. What holds even then is in `kernel`.
"""

import _imp
import builtins
import errno
import importlib
import os
import signal
import stat
import sys
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from typing import Any, NoReturn

from mlp_reference.exercises.submissions.places import readable

LONGEST_PATH = 1000
"""In characters; a longer one could not be removed afterwards."""

MOST_FILES = 100
"""So many files and folders may lie in the folder, so that the disk does not fill up."""

Hook = Callable[[str, tuple[Any, ...]], None]

Where = tuple[int, int | None]
"""Which argument of an event is a path, and which the folder that it starts from."""

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

TELLING = {
    **dict.fromkeys(("stat", "lstat", "readlink", "statvfs", "pathconf"), None),
    **dict.fromkeys(("access", "exists", "lexists", "isfile", "isdir"), False),
    **dict.fromkeys(("islink", "isjunction", "isdevdrive"), False),
}
"""Functions without an event that look at a path; False is what some say where nothing lies."""

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
        "cpython.PyInterpreterState_New",  # would be an interpreter without the hook
        "fcntl.fcntl",  # could let the system send signals to others
    }
)
"""Events that are always refused."""

HARMLESS = frozenset({"socket.__new__", "socket.gethostname"})
"""Of the events of sockets, those that reach nobody; all others are refused."""

WITHOUT_EVENT = (
    *("mkfifo", "mknod", "chroot", "setns", "unshare", "pidfd_open"),
    "pidfd_send_signal",
    *("setpriority", "sched_setaffinity", "sched_setparam", "sched_setscheduler"),
)
"""Functions of `os` and `signal` of which Python tells no hook; they are taken away."""

TAKEN_AWAY = {
    "_posixsubprocess": ("fork_exec",),
    "_posixshmem": ("shm_open", "shm_unlink"),
}
"""The same, of modules that others must be able to import."""

REFUSED_MODULES = frozenset(
    {"_dbm", "_gdbm", "readline", os.name, "_signal", *TAKEN_AWAY}
)
"""Modules that write files without telling, and those that would come back as they were."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""Flags of `os.open` with which a file may change."""


def put_up(folder: str) -> None:
    """Put up the fence: from now on this process changes nothing outside a folder.

    Parameters
    ----------
    folder : str
        Where it may write.
    """
    system = sys.modules[os.name]
    for module in (os, system, signal, sys.modules.get("_signal")):
        for name in WITHOUT_EVENT:
            if hasattr(module, name):
                setattr(module, name, _refuse)
    for name, functions in TAKEN_AWAY.items():
        with suppress(ImportError):  # Windows has none of them
            module = importlib.import_module(name)
            for function in functions:
                setattr(module, function, _refuse)
    _imp.create_builtin = _built_in(_imp.create_builtin)
    # A copy makes the hook, so that a notebook that changes this module changes nothing.
    hook, may_read = _copy(globals())["_fence"](folder)
    for module in (os, system, os.path):
        _let_ask(module)
    sys.path[:] = filter(may_read, sys.path)
    for path in [path for path in sys.path_importer_cache if not may_read(path)]:
        del sys.path_importer_cache[path]  # it knows the names of the files there
    sys.addaudithook(hook)


def _refuse(*_args: object, **_options: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "not while a notebook is marked")


def _built_in(create: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create_builtin(spec: Any) -> Any:
        if spec.name in REFUSED_MODULES:
            _refuse()
        return create(spec)

    return create_builtin


def _copy(module: dict[str, Any], **instead: object) -> dict[str, Any]:
    """Copy a module; its functions get the copy and builtins of their own."""
    copy = {**module, **instead, "__builtins__": vars(builtins).copy()}
    for name, value in module.items():
        if isinstance(value, types.FunctionType) and value.__globals__ is module:
            more = value.__defaults__, value.__closure__
            copy[name] = own = types.FunctionType(value.__code__, copy, name, *more)
            own.__kwdefaults__ = value.__kwdefaults__
    return copy


def _let_ask(module: Any) -> None:
    """Let those functions of a module ask the hook that would look without."""
    for name, otherwise in TELLING.items():
        look = getattr(module, name, None)
        if not isinstance(look, types.BuiltinFunctionType):
            continue  # is not there, or asks another of these
        asking = _asking(look, otherwise)
        setattr(module, name, asking)
        for able in (
            *(os.supports_dir_fd, os.supports_fd),
            *(os.supports_follow_symlinks, os.supports_effective_ids),
        ):
            if look in able:
                able.remove(look)
                able.add(asking)


def _asking(look: Callable[..., Any], otherwise: object) -> Callable[..., Any]:
    audit, text = sys.audit, os.fspath

    @wraps(look)
    def asking(path: Any, *more: Any, **options: Any) -> Any:
        path = path if isinstance(path, int) else text(path)
        try:
            audit(OUR_OWN, path, options.get("dir_fd"))
        except FileNotFoundError:
            if otherwise is None:
                raise
            return otherwise
        return look(path, *more, **options)

    del asking.__dict__["__wrapped__"]
    return asking


def _fence(folder: str) -> tuple[Hook, Callable[[str], bool]]:
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
        return str("".join((path,)))

    def is_installed(path: str) -> bool:
        return path.startswith(installed) and os.pardir not in path

    def where(path: Any, base: int | None = None) -> str:
        """Resolve a path, links and all; descriptors are looked up where the system tells."""
        if path is None:
            return where(os.curdir)
        if isinstance(path, int):
            return str(paths.realpath(f"/proc/self/fd/{path}"))
        text = plain(path)
        if is_installed(text):
            return text  # what is linked there was linked by those who installed it
        if base is not None and base >= 0 and not paths.isabs(text):
            if os.pardir in text:
                refuse(path)
            text = root + end + text  # other folders are not to be had; see on_open
        return str(paths.realpath(text))

    installed: tuple[str, ...] = ()
    root = where(folder)
    places = readable()
    known = (root, *map(where, (os.devnull, *places)))
    installed = tuple(place + end for place in places if not place.startswith("/proc"))
    below = tuple(place + end for place in known)
    above: set[str] = set()
    for place in known:
        while place not in above:
            above.add(place)
            place = paths.dirname(place)

    def may_read(path: str) -> bool:
        return (where(path) + end).startswith(below)

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
        if place == os.devnull:
            return
        if not (place + end).startswith(root + end) or len(place) > LONGEST_PATH:
            refuse(path)
        if not kind(place) and is_full():
            refuse(f"more than {MOST_FILES} files and folders")

    def look(event: str, path: Any, base: int | None) -> None:
        if isinstance(path, int):
            return  # it is open already
        place = where(path, base)
        if not (place + end).startswith(below):
            if event != OUR_OWN:
                refuse(path)
            if place not in above:  # as if there were nothing
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)

    def on_open(path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        # With a folder in hand, os.open could start from there; its event would not tell.
        by_os = mode is None
        if by_os and os.pardir in plain(path):
            refuse(path)
        if flags & WRITING or not {*"wax+"}.isdisjoint(mode or ""):
            change(path, None)
            return
        place = where(path)
        inside = (place + end).startswith(root + end)
        if not (place + end).startswith(below) or (
            by_os and not inside and kind(place) == kinds.S_IFDIR
        ):
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
            if name in REFUSED_MODULES or (file and where(file).startswith(root + end)):
                refuse(name)
        elif event == "ctypes.dlopen":
            # PyTorch loads its own so; what is in them is not to be had: see ctypes.dlsym.
            if arguments[0] is not None and not is_installed(plain(arguments[0])):
                refuse(event)
        elif event in REFUSED or (event[:7] == "socket." and event not in HARMLESS):
            refuse(event)

    return hook, may_read
