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

WALLS = ("reading", "writing", "the network")
"""What a kernel may refuse a notebook, in the words in which it is told."""

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
    wanted = {
        "RLIMIT_CPU": (seconds, seconds + 5),  # at the second, SIGKILL
        "RLIMIT_FSIZE": (FILE_SIZE, FILE_SIZE),
        "RLIMIT_NOFILE": (FILES, FILES),
        "RLIMIT_CORE": (0, 0),
    }
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        memory += pages * os.sysconf("SC_PAGE_SIZE")
        running = Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")[2]
        # It counts all processes of the user.
        wanted["RLIMIT_NPROC"] = (int(running) + 100, int(running) + 100)
    wanted["RLIMIT_AS"] = (memory, memory)
    for name, (soft, hard) in wanted.items():
        if (number := getattr(resource, name, None)) is not None:
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


def refuses() -> frozenset[str]:
    """Return what the kernel of this machine can refuse a notebook by itself."""
    files = WALLS[:2] if _version() >= 1 else ()
    return frozenset((*files, *(WALLS[2:] if _knows_filters() else ())))


def what_is_left() -> str:
    """Say what this machine's kernel does not refuse."""
    held = refuses()
    left = [wall for wall in WALLS if wall not in held]
    if not left:
        return ""
    named = " and ".join(filter(None, (", ".join(left[:-1]), left[-1])))
    return (
        f"This system does not keep notebooks from {named}; Python alone does, and "
        "libraries can get round it: mark work of people you do not know in a container."
    )


def confine(folder: str, readable: Iterable[str]) -> frozenset[str]:
    """Let the kernel hold this thread, and those it starts, from now on and for ever."""
    if sys.platform != "linux":
        return frozenset()
    files = WALLS[:2] if _restrict_files(folder, readable) else ()
    return frozenset((*files, *(WALLS[2:] if _filter_calls() else ())))


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
    rules = [(folder, reading | writing), (os.devnull, reading | writing)]
    rules += [(path, reading) for path in readable]
    try:
        for path, rights in rules:
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                _grant(libc, ruleset, path, rights)
        libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        flags = _WITHOUT_LOG * (version >= 7)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, flags) == 0)
    finally:
        os.close(ruleset)


def _grant(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Add one rule; of a file, only what files have rights for."""
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        rule = pack("=Qi", rights, descriptor)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def _knows_filters() -> bool:
    """Ask for filters of system calls; a kernel that has them looks for the program."""
    if sys.platform != "linux" or _machine() is None:
        return False
    _libc().prctl(_SET_FILTER, _BY_PROGRAM, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


def _machine() -> str | None:
    """Name the processor if its calls are known, and if this program is as wide as it is."""
    name = os.uname().machine
    return name if name in _MACHINES and sys.maxsize > 2**32 else None


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

    def of(numbers: tuple[int, int], *then: bytes) -> list[bytes]:
        """Leave all other calls to what follows."""
        return [_do(_IF_EQUAL, numbers[column] & 0xFFFFFFFF, 0, len(then)), *then]

    def only_if(*tests: bytes) -> tuple[bytes, ...]:
        return (*tests, allow, refuse)

    program = [_do(_LOAD, _PROCESSOR), _do(_IF_EQUAL, _MACHINES[machine], 1, 0), refuse]
    program += [_do(_LOAD, _NUMBER), _do(_IF_AT_LEAST, _X32, 0, 1), refuse]
    for numbers in _REFUSED.values():
        program += of(numbers, refuse)
    # The C library then takes the older call, whose flags a filter can see.
    program += of(_CLONE3, _do(_RETURN, _ERROR | errno.ENOSYS))
    a_thread = _do(_IF_ANY_BIT, _THREAD, 0, 1)
    program += of(_CLONE, *only_if(_do(_LOAD, _FIRST), a_thread))
    # A pair of another kind could send to whom it likes.
    a_stream = (_do(_LOAD, _SECOND), _do(_AND, _KIND), _do(_IF_EQUAL, _STREAM, 0, 1))
    program += of(_SOCKETPAIR, *only_if(*a_stream))
    # Limits of its own; the parent's would end the parent.
    program += of(_PRLIMIT, *only_if(_do(_LOAD, _FIRST), _do(_IF_EQUAL, 0, 0, 1)))
    to_itself = (_do(_LOAD, _FIRST), _do(_IF_EQUAL, os.getpid(), 0, 1))
    for numbers in _TO_A_PROCESS:
        program += of(numbers, *only_if(*to_itself))
    return [*program, allow]


def _do(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """Write one instruction; a test says how many of the next are skipped."""
    return pack("=HBBI", code, if_so, if_not, value)
