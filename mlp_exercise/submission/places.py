"""Where a notebook may read besides its own folder: Python, its packages, the system's libraries.

What learners hand in may lie beside any of these. So a place where Python is installed, a
`share` and `/etc` are never read as a whole, nor is the folder that an editable install puts on
`sys.path`.
"""

import os
import sys
from collections.abc import Iterator

import mlp_exercise
import mlp_reference

PACKAGES = ("site-packages", "dist-packages")
"""What folders of installed packages are called."""

OF_PYTHON = ("bin", "lib", "lib64", "Lib", "DLLs", "Library", "Scripts", "tcl")
"""What is read below a place where Python is installed."""

SHARED = ("zoneinfo", "fonts", "fontconfig", "locale", "i18n", "X11")
"""What is read below a `share`."""

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


def readable() -> tuple[str, ...]:
    """List where a notebook may read."""
    return tuple(dict.fromkeys(_readable()))


def _readable() -> Iterator[str]:
    join, name, folder = os.path.join, os.path.basename, os.path.dirname
    yield folder(mlp_reference.__file__)
    yield folder(mlp_exercise.__file__)
    yield folder(os.__file__)
    yield from (path for path in sys.path if name(path) in PACKAGES)
    installed = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    for place in sorted(installed):
        yield from (join(place, part) for part in OF_PYTHON)
    for place in (*sorted(installed), "/usr", "/usr/local"):
        yield from (join(place, "share", part) for part in SHARED)
    yield from OF_THE_SYSTEM
    if "SYSTEMROOT" in os.environ:
        yield os.environ["SYSTEMROOT"]
