"""What a notebook may not do while it runs: a fence against accidents and pranks.

The `hook` sees what Python's own functions do and says no before they do it.
Some functions tell no hook: those that change something are taken away, and those that look
at a path, as for its size, are made to ask.
Code that means harm can get round it, in C for one. What holds even then is in `kernel`.
"""

import _imp
import errno
import importlib
import os
import signal
import sys
import types
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, NoReturn

from mlp_exercise.submission.hook import (
    OUR_OWN,
    REFUSED_MODULES,
    TAKEN_AWAY,
    hook,
)

TELLING = {
    **dict.fromkeys(("stat", "lstat", "readlink", "statvfs", "pathconf"), None),
    **dict.fromkeys(("access", "exists", "lexists", "isfile", "isdir"), False),
    **dict.fromkeys(("islink", "isjunction", "isdevdrive"), False),
}
"""Functions without an event that look at a path; False is what some say where nothing lies."""


def put_up(folder: str) -> None:
    """Put up the fence: from now on this process changes nothing outside a folder."""
    for name, functions in TAKEN_AWAY.items():
        with suppress(ImportError):  # of another system, or another Python
            _take_away(importlib.import_module(name), functions)
    _take_away(os, TAKEN_AWAY[os.name])
    os.system = sys.modules[os.name].system = _no_such_command  # type: ignore[attr-defined]  # posix or nt
    _take_away(signal, TAKEN_AWAY["_signal"])
    _imp.create_builtin = _built_in(_imp.create_builtin)
    asked, may_read = hook(folder)
    for module in (os, sys.modules[os.name], os.path):
        _let_ask(module)
    sys.path[:] = filter(may_read, sys.path)
    for path in [path for path in sys.path_importer_cache if not may_read(path)]:
        del sys.path_importer_cache[path]  # it knows the names of the files there
    sys.addaudithook(asked)


def _take_away(module: types.ModuleType, functions: tuple[str, ...]) -> None:
    for function in functions:
        if hasattr(module, function):
            setattr(module, function, _refuse)


def _no_such_command(command: Any) -> int:  # noqa: ARG001 - as `os.system` names it
    """Run nothing: to clear the screen, say, is asked of a shell that has no such command."""
    return 127 << 8


def _refuse(*_args: object, **_options: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "not while a notebook is marked")


def _built_in(create: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create_builtin(spec: Any) -> Any:
        if spec.name in REFUSED_MODULES:
            raise ImportError(f"no {spec.name} while a notebook is marked")
        return create(spec)

    return create_builtin


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
