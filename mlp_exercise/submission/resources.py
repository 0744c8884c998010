"""What a notebook may use up while it runs: time, memory, disk and processes.

The limits are those of the operating system, for the process that sets them. Time is the
processor time of that process: a busy machine makes no cell take longer.
"""

import math
import os
import signal
import time
from collections.abc import Callable


def address_space() -> int:
    """Tell how much address space this process has taken so far, libraries and all."""
    try:
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123 - no need of pathlib here
            return int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def limit_resources(
    *,
    memory: int,
    seconds: float,
    patience: float,
    file_size: int = 2**23,
    files: int = 128,
) -> None:
    """Set limits of the operating system for this process, where it has them."""
    try:
        import resource
    except ImportError:  # Windows
        return
    # Counted since the process began, and in whole seconds.
    most_seconds = math.ceil(time.process_time() + seconds)
    wanted = {
        "RLIMIT_AS": (memory, memory),
        "RLIMIT_CPU": (most_seconds, most_seconds + 5),  # at the second, SIGKILL
        "RLIMIT_FSIZE": (file_size, file_size),
        "RLIMIT_NOFILE": (files, files),
        "RLIMIT_CORE": (0, 0),
    }
    try:
        with open("/proc/loadavg", encoding="ascii") as load:  # noqa: PTH123 - no need of pathlib here
            running = int(load.read().split()[3].partition("/")[2])
        # It counts all processes of the user.
        wanted["RLIMIT_NPROC"] = (running + 100, running + 100)
    except (OSError, ValueError, IndexError):
        pass
    for name, limits in wanted.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        if hard != resource.RLIM_INFINITY:
            limits = (min(limits[0], hard), min(limits[1], hard))
        try:
            resource.setrlimit(number, limits)
        except (OSError, ValueError):  # macOS knows some limits only by name
            continue
    signal.alarm(math.ceil(patience))


def timer(each: float, together: float) -> Callable[[], object]:
    """Make what is called before each cell, and lets the cell compute no longer than it may."""
    if not hasattr(signal, "setitimer"):  # Windows, where only the clock ends a cell
        return lambda: None
    set_timer, which, now = signal.setitimer, signal.ITIMER_PROF, time.process_time
    end = now() + together
    return lambda: set_timer(which, max(0.001, min(each, end - now())))
