"""What the system itself enforces on a process that runs a notebook, whatever Python is told.

Limits hold its time, memory, disk and processes. On Linux two walls stand beside them: Landlock
knows files; a filter of system calls knows that a call asks for a socket, a process or a program,
and nothing of files. Sizes, rights and times of files are beyond both. Where a system has none
of it, nothing happens.
"""

import ctypes
import errno
import math
import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from struct import pack

OPEN = {
    (False, False): "reading, writing and the network",
    (False, True): "reading and writing",
    (True, False): "the network",
}
"""What a kernel leaves to Python, by whether it holds files and whether the network."""

FILE_SIZE, FILES = 2**23, 128
"""In bytes, and how many are open."""

# From linux/landlock.h; these numbers are the same on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH, _WITHOUT_LOG = 1, 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = (1 << bit for bit in range(4))
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_BIND_AND_CONNECT_TCP, _SOCKETS_AND_SIGNALS = 0b11, 0b11

# From linux/prctl.h and linux/seccomp.h
_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES, _SET_FILTER, _BY_PROGRAM = 1, 38, 22, 2
_ALLOW, _ERROR = 0x7FFF0000, 0x50000

# From linux/filter.h, and where linux/seccomp.h puts what a call was asked with
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT = 0x15, 0x35, 0x45
_NUMBER, _PROCESSOR, _FIRST, _SECOND = 0, 4, 16, 24
_X32, _THREAD, _KIND, _STREAM = 1 << 30, 1 << 16, 0xF, 1

_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""By the name of a processor, its AUDIT_ARCH in linux/audit.h."""

_REFUSED = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "fork": (57, -1),
    "vfork": (58, -1),
    "execve": (59, 221),
    "execveat": (322, 281),
    "tkill": (200, 130),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),  # asks for all of these in another way
}
"""System calls, and their numbers on these processors in asm/unistd.h."""

_CLONE, _CLONE3, _SOCKETPAIR, _PRLIMIT = (56, 220), (435, 435), (53, 199), (302, 261)
_TO_A_PROCESS = ((62, 129), (234, 131), (129, 138), (297, 240))  # signals of four kinds


def limit(
    memory: int, each: float, together: float, patience: float
) -> Callable[[], object]:
    """Set the system's limits for this process; return what begins the time of a cell.

    Time is that of the processor. Memory comes on top of what is taken so far, since a library
    for GPUs alone has gigabytes; `patience`, in seconds by the clock, is the last resort.
    """
    try:
        import resource
    except ImportError:  # Windows, where only the clock ends a cell
        return lambda: None
    used = time.process_time()  # which the system counts as well, in whole seconds
    seconds = math.ceil(used + together)
    wanted = {"CPU": seconds, "FSIZE": FILE_SIZE, "NOFILE": FILES, "CORE": 0}
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        memory += pages * os.sysconf("SC_PAGE_SIZE")
        running = Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")[2]
        wanted["NPROC"] = int(running) + 100  # it counts all processes of the user
    for name, soft in (wanted | {"AS": memory}).items():
        number = getattr(resource, f"RLIMIT_{name}")
        hard = soft + 5 * (name == "CPU")  # at the second, SIGKILL
        most = resource.getrlimit(number)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        with suppress(OSError, ValueError):  # macOS knows some only by name
            resource.setrlimit(number, (soft, hard))
    signal.alarm(math.ceil(patience))
    set_timer, which, now = signal.setitimer, signal.ITIMER_PROF, time.process_time
    return lambda: set_timer(which, max(0.001, min(each, used + together - now())))


def end_with(parent: int) -> None:
    """Let the kernel end this process as soon as the thread that started it is gone."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            _libc().prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # gone already
            os._exit(1)


def refuses() -> tuple[bool, bool]:
    """Return whether this machine's kernel can hold files, and the network, by itself."""
    return _version() >= 1, _knows_filters()


def what_is_left() -> str:
    """Say what this machine's kernel does not refuse."""
    if (left := OPEN.get(refuses())) is None:
        return ""
    return (
        f"This system does not keep notebooks from {left}; Python alone does, and "
        "libraries can get round it: mark work of people you do not know in a container."
    )


def confine(folder: str, readable: Iterable[str]) -> tuple[bool, bool]:
    """Let the kernel hold this thread, and those it starts, from now on and for ever."""
    return _restrict_files(folder, readable), _filter_calls()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _version() -> int:
    """Return the version of Landlock; below 1 there is none, or it is switched off."""
    if sys.platform != "linux":
        return 0
    with suppress(OSError, AttributeError):
        return int(_libc().syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG))
    return 0


def _restrict_files(folder: str, readable: Iterable[str]) -> bool:
    """Put up Landlock: on a newer kernel, also against TCP, and signals to others."""
    version = _version()
    if version < 1:
        return False
    libc = _libc()
    reading = _READ_FILE | _READ_FOLDER
    writing = _WRITE_FILE | _REMOVE_AND_MAKE
    writing |= _REFER * (version >= 2) | _TRUNCATE * (version >= 3)
    # What is handled is refused unless a rule grants it; no rule grants programs.
    files = reading | writing | _EXECUTE
    network = _BIND_AND_CONNECT_TCP * (version >= 4)
    handled = pack("=QQQ", files, network, _SOCKETS_AND_SIGNALS * (version >= 6))
    ruleset = libc.syscall(_CREATE_RULESET, handled, len(handled), 0)
    if ruleset < 0:
        return False
    rules = dict.fromkeys(readable, reading)
    rules |= dict.fromkeys((folder, os.devnull), reading | writing)
    try:
        for path, rights in rules.items():
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                place = os.open(path, os.O_PATH | os.O_CLOEXEC)
                if not stat.S_ISDIR(os.fstat(place).st_mode):
                    rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
                rule = pack("=Qi", rights, place)
                libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
                os.close(place)
        libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        flags = _WITHOUT_LOG * (version >= 7)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, flags) == 0)
    finally:
        os.close(ruleset)


def _machine() -> str | None:
    """Name the processor if its calls are known, and if this program is as wide as it is."""
    name = os.uname().machine if sys.platform == "linux" else ""
    return name if name in _MACHINES and sys.maxsize > 2**32 else None


def _knows_filters() -> bool:
    """Ask for filters of system calls; a kernel that has them looks for the program."""
    if _machine() is None:
        return False
    _libc().prctl(_SET_FILTER, _BY_PROGRAM, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


def _filter_calls() -> bool:
    """Put up the filter of system calls."""
    machine = _machine()
    if machine is None:
        return False
    program = ctypes.create_string_buffer(b"".join(_program(machine)))
    length = (len(program) - 1) // 8
    filtering = pack("@HP", length, ctypes.addressof(program))
    libc = _libc()
    libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.prctl(_SET_FILTER, _BY_PROGRAM, filtering, 0, 0) == 0)


def _program(machine: str) -> list[bytes]:
    """Write the filter: most calls go through; of threads and pairs, only harmless ones."""
    column = list(_MACHINES).index(machine)
    allow, refuse = _do(_RETURN, _ALLOW), _do(_RETURN, _ERROR | errno.EACCES)
    program = [_do(_LOAD, _PROCESSOR), _do(_IF_EQUAL, _MACHINES[machine], 1, 0), refuse]
    program += [_do(_LOAD, _NUMBER), _do(_IF_AT_LEAST, _X32, 0, 1), refuse]
    to_itself = (_do(_LOAD, _FIRST), _do(_IF_EQUAL, os.getpid(), 0, 1))
    # Of these calls, those that pass a test: it skips the next instruction if they do not.
    tests: dict[tuple[int, int], tuple[bytes, ...]]
    tests = dict.fromkeys(_TO_A_PROCESS, to_itself)
    tests[_CLONE] = (_do(_LOAD, _FIRST), _do(_IF_ANY_BIT, _THREAD, 0, 1))
    # A pair of another kind could send to whom it likes.
    stream = (_do(_AND, _KIND), _do(_IF_EQUAL, _STREAM, 0, 1))
    tests[_SOCKETPAIR] = (_do(_LOAD, _SECOND), *stream)
    # Limits of its own; the parent's would end the parent.
    tests[_PRLIMIT] = (_do(_LOAD, _FIRST), _do(_IF_EQUAL, 0, 0, 1))
    # The C library then takes the older call, whose flags a filter can see.
    calls: dict[tuple[int, int], tuple[bytes, ...]]
    calls = {_CLONE3: (_do(_RETURN, _ERROR | errno.ENOSYS),)}
    calls |= dict.fromkeys(_REFUSED.values(), (refuse,))
    calls |= {numbers: (*test, allow, refuse) for numbers, test in tests.items()}
    for numbers, then in calls.items():
        number = numbers[column] & 0xFFFFFFFF
        program += [_do(_IF_EQUAL, number, 0, len(then)), *then]
    return [*program, allow]


def _do(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """Write one instruction; a test says how many of the next are skipped."""
    return pack("=HBBI", code, if_so, if_not, value)
