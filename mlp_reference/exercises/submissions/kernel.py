"""What Linux itself enforces on a child: it ends with its parent, and writes in one folder only.

Unlike the hook of `guards`, this also holds for libraries that write without telling Python.
Where a system has none of it, nothing happens.
"""

import ctypes
import os
import sys
from contextlib import suppress

# From linux/landlock.h; these numbers are the same on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_WRITE_FILE, _REMOVE_AND_MAKE = 1 << 1, sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14

# From linux/prctl.h
_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38
_KILL = 9


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def end_with_parent() -> None:
    """Let the kernel end this process as soon as the thread that started it is gone."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, _KILL, 0, 0, 0)


def write_only_below(folder: str) -> bool:
    """Let the kernel refuse every change to files outside a folder, from now on and for ever.

    Parameters
    ----------
    folder : str
        Where files may be written.

    Returns
    -------
    bool
        Whether this kernel does so (Landlock, Linux 5.13 or newer).
    """
    if sys.platform != "linux":
        return False
    try:
        libc = ctypes.CDLL(None)
        version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    except (OSError, AttributeError):
        return False
    if version < 1:
        return False
    rights = _WRITE_FILE | _REMOVE_AND_MAKE
    rights |= _REFER * (version >= 2) | _TRUNCATE * (version >= 3)
    attributes = _Ruleset(rights)
    ruleset = libc.syscall(
        _CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0
    )
    if ruleset < 0:
        return False
    try:
        of_files = rights & (_WRITE_FILE | _TRUNCATE)
        for path, allowed in ((folder, rights), (os.devnull, of_files)):
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rule = _PathBeneath(allowed, descriptor)
            libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
            os.close(descriptor)
        libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)
