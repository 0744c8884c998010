"""What a notebook may do while it runs, as far as Python itself is asked.

It writes in its own folder only, and reads there and where Python and its libraries lie. Python
asks a hook before it opens a file, say. Some functions ask none: those that change something
are taken away, and those that look at a path, as for its size, are made to ask.
Code that means harm gets round it, in C for one. What holds even then is in `kernel`.
"""

import _imp
import errno
import importlib
import os
import signal
import stat
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any, NoReturn

import mlp_exercise
import mlp_reference

PACKAGES = ("site-packages", "dist-packages")
"""What folders of installed packages are called."""

OF_PYTHON = ("bin", "lib", "lib64", "Lib", "DLLs", "Library", "Scripts", "tcl")
"""What is read in a folder in which Python is installed."""

SHARED = ("zoneinfo", "fonts", "fontconfig", "locale", "i18n", "X11")
"""What is read in a `share`."""

OF_THE_SYSTEM = (
    *("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64"),
    *("/usr/local/lib", "/usr/local/lib64", "/usr/local/cuda", "/opt/rocm"),
    *("/nix/store", "/gnu/store", "/System", "/Library"),
    *("/etc/localtime", "/etc/ld.so.cache", "/sys/devices/system"),
    *("/dev/zero", "/dev/random", "/dev/urandom"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg"),
    *("/proc/uptime", "/proc/version", "/proc/filesystems"),
    *("/proc/sys/kernel", "/proc/sys/vm"),
)
"""Where systems keep what libraries need; those that do not exist do not matter."""

LONGEST_PATH = 1000
"""In characters; a longer one could not be removed afterwards."""

MOST_FILES = 100
"""Files and folders in the folder, so that the disk does not fill up."""

OUR_OWN = "mlp_exercise.look"
"""The event of functions that have none."""

CHANGES: Mapping[str, Sequence[tuple[int, int]]] = {
    **dict.fromkeys(("os.mkdir", "os.chmod"), ((0, 2),)),
    **dict.fromkeys(("os.remove", "os.rmdir"), ((0, 1),)),
    **dict.fromkeys(("os.chown", "os.utime"), ((0, 3),)),
    **dict.fromkeys(("os.truncate", "os.removexattr", "os.chflags"), ((0, 0),)),
    "os.rename": ((0, 2), (1, 3)),
}
"""By events that change what lies at a path: where they name it, and the folder it starts from."""

LOOKS: Mapping[str, Sequence[tuple[int, int]]] = {
    **dict.fromkeys(("os.listdir", "os.scandir", "os.chdir"), ((0, 0),)),
    **dict.fromkeys(("os.getxattr", "os.listxattr"), ((0, 0),)),
    OUR_OWN: ((0, 1),),
}
"""The same, of events that see what lies at a path; 0 where there is no such folder."""

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
        *("mkfifo", "mknod", "chroot", "setns", "unshare", "pidfd_open"),
        *("setpriority", "sched_setaffinity", "sched_setparam", "sched_setscheduler"),
    ),
    "_signal": ("pidfd_send_signal",),
    "_posixsubprocess": ("fork_exec",),
    "_posixshmem": ("shm_open", "shm_unlink"),
    # Another interpreter would be one without the hook.
    **dict.fromkeys(("_interpreters", "_xxsubinterpreters"), ("create",)),
}
"""Functions that ask no hook, by their modules."""

REFUSED_MODULES = frozenset(
    {
        *("_dbm", "_gdbm", "readline"),  # write files without asking
        "dbm.sqlite3",  # from 3.13 on `shelve` would choose it
        *("_testcapi", "_testinternalcapi"),
        *TAKEN_AWAY,  # would come back as they were
    }
)
"""Modules that are not loaded, from now on."""

LOOKING = {
    **dict.fromkeys(("stat", "lstat", "readlink", "statvfs", "pathconf"), None),
    **dict.fromkeys(("access", "exists", "lexists", "isfile", "isdir"), False),
    **dict.fromkeys(("islink", "isjunction", "isdevdrive"), False),
}
"""Functions without an event that look at a path; False is what some say where nothing lies."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""Flags of `os.open` with which a file may change."""

Hook = Callable[[str, tuple[Any, ...]], None]


def readable() -> tuple[str, ...]:
    """List where a notebook may read besides its own folder.

    What learners hand in may lie beside any of these. So a folder in which Python is installed,
    a `share` and `/etc` are never read as a whole, nor is what an editable install puts on
    `sys.path`.
    """
    join, folder, name = os.path.join, os.path.dirname, os.path.basename
    pythons = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    shares = (*sorted(pythons), "/usr", "/usr/local")
    places = [
        *map(folder, (mlp_reference.__file__, mlp_exercise.__file__, os.__file__)),
        *(path for path in sys.path if name(path) in PACKAGES),
        *(join(place, part) for place in sorted(pythons) for part in OF_PYTHON),
        *(join(place, "share", part) for place in shares for part in SHARED),
        *OF_THE_SYSTEM,
        *filter(None, [os.environ.get("SYSTEMROOT")]),
    ]
    return tuple(dict.fromkeys(places))


def put_up(folder: str) -> None:
    """Put up the fence: from now on this process changes nothing outside a folder."""
    for name, functions in TAKEN_AWAY.items():
        with suppress(ImportError):  # of another system, or another Python
            for module in (importlib.import_module(name), os, signal):
                for function in {*functions} & {*vars(module)}:
                    setattr(module, function, _refuse)
    os.system = sys.modules[os.name].system = _no_such_command  # type: ignore[attr-defined]  # posix or nt
    _imp.create_builtin = _built_in(_imp.create_builtin)
    # A copy that nobody can import, with builtins of its own: a notebook that changes this
    # module, or `os.path`, changes nothing.
    asked, may_read = _copy(globals())["_hook"](folder)
    for module in (os, sys.modules[os.name], os.path):
        _let_ask(module)
    sys.path[:] = filter(may_read, sys.path)
    for path in [path for path in sys.path_importer_cache if not may_read(path)]:
        del sys.path_importer_cache[path]  # it knows the names of the files there
    sys.addaudithook(asked)


def _refuse(what: object = None, *_: object, **__: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "not while a notebook is marked", what)


def _no_such_command(command: Any) -> int:  # noqa: ARG001 - as `os.system` names it
    """Run nothing: to clear the screen, say, is asked of a shell that has no such command."""
    return 127 << 8


def _built_in(create: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create_builtin(spec: Any) -> Any:
        if spec.name in REFUSED_MODULES:
            raise ImportError(f"no {spec.name} while a notebook is marked")
        return create(spec)

    return create_builtin


def _let_ask(module: Any) -> None:
    """Let those functions of a module ask the hook that would look without."""
    able = [os.supports_dir_fd, os.supports_fd]
    able += [os.supports_follow_symlinks, os.supports_effective_ids]
    for name, otherwise in LOOKING.items():
        look = getattr(module, name, None)
        if isinstance(look, types.BuiltinFunctionType):  # else it asks another of these
            asking = _asking(look, otherwise)
            setattr(module, name, asking)
            for functions in able:
                if look in functions:
                    functions.remove(look)
                    functions.add(asking)


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


def _copy(module: dict[str, Any], **instead: object) -> dict[str, Any]:
    """Copy a module and its tables; its functions get the copy and builtins of their own."""
    copy = {**module, **instead}
    for name, value in module.items():
        if isinstance(value, dict):
            copy[name] = value.copy()
        elif isinstance(value, types.FunctionType) and value.__globals__ is module:
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
                _refuse(path)
            text = root + end + text  # other folders are not to be had; see on_open
        return str(paths.realpath(text))

    installed: tuple[str, ...] = ()
    root, places = where(folder), readable()
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

    def change(path: Any, base: int | None = None) -> None:
        place = where(path, base)
        if place == system.devnull:
            return
        if not is_mine(place) or len(place) > LONGEST_PATH:
            _refuse(path)
        if not kind(place) and is_full():
            _refuse(f"more than {MOST_FILES} files and folders")

    def look(path: Any, base: int | None, event: str) -> None:
        place = "" if isinstance(path, int) else where(path, base)  # it is open already
        if not place or is_readable(place):
            return
        if event != OUR_OWN:
            _refuse(path)
        if place not in above:  # as if there were nothing
            number = errno.ENOENT
            raise FileNotFoundError(number, system.strerror(number), path)

    def on_open(path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        # With a folder in hand, os.open could start from there; its event would not tell.
        by_os = mode is None
        if by_os and system.pardir in plain(path):
            _refuse(path)
        if flags & WRITING or not {*"wax+"}.isdisjoint(mode or ""):
            change(path)
            return
        place = where(path)
        folder = by_os and not is_mine(place) and kind(place) == kinds.S_IFDIR
        if folder or not is_readable(place):
            _refuse(path)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            on_open(*arguments)
        elif event in CHANGES:
            for path, base in CHANGES[event]:
                change(arguments[path], arguments[base] if base else None)
        elif event in LOOKS:
            for path, base in LOOKS[event]:
                look(arguments[path], arguments[base] if base else None, event)
        elif event == "import":
            name, file = arguments[:2]
            if name in REFUSED_MODULES:  # what can do without it, does
                raise ImportError(f"no {name} while a notebook is marked", name=name)
            if file and is_mine(where(file)):
                _refuse(name)
        elif event == "ctypes.dlopen":
            # PyTorch loads its own so; what is in them is not to be had: see ctypes.dlsym.
            if arguments[0] is not None and not is_installed(plain(arguments[0])):
                _refuse(event)
        elif event in REFUSED or (event[:7] == "socket." and event not in HARMLESS):
            _refuse(event)

    return hook, lambda path: is_readable(where(path))
