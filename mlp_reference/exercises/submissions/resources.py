"""What a notebook may use up while it runs: memory, time, disk and processes.

The limits are those of the operating system, for the process that sets them.
"""

import os
import signal


def address_space() -> int:
    """Tell how much address space this process has taken so far, libraries and all.

    Returns
    -------
    int
        In bytes; 0 where the system does not say.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123 - no need of pathlib here
            return int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def limit_resources(
    *, memory: int, seconds: int, file_size: int = 2**20, files: int = 128
) -> None:
    """Set limits of the operating system for this process, where it has them.

    Parameters
    ----------
    memory : int
        Address space in bytes.
    seconds : int
        Processor time, and the time by which an alarm ends the process.
    file_size : int
        Of each file written, in bytes.
    files : int
        Open at the same time.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {
        "RLIMIT_AS": memory,
        "RLIMIT_CPU": seconds,
        "RLIMIT_FSIZE": file_size,
        "RLIMIT_NOFILE": files,
        "RLIMIT_CORE": 0,
    }
    try:
        with open("/proc/loadavg", encoding="ascii") as load:  # noqa: PTH123 - no need of pathlib here
            running = int(load.read().split()[3].partition("/")[2])
        wanted["RLIMIT_NPROC"] = running + 100  # counts all processes of the user
    except (OSError, ValueError, IndexError):
        pass
    for name, value in wanted.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(number, (most, most))
        except (OSError, ValueError):  # macOS knows some limits only by name
            continue
    signal.alarm(seconds)  # even if nobody is left to end it
