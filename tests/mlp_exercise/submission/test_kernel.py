"""The kernel's own fence holds where Python is not asked, and only where it is told to."""

import errno
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from mlp_exercise.submission import kernel
from tests.mlp_exercise.submission.landlock import needs, needs_landlock

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
needs_filters = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"),
    reason="the numbers of system calls are known for two processors",
)

HEAD = """
import ctypes, os, socket, sys
from mlp_exercise.submission import kernel
libc, real = ctypes.CDLL(None), kernel._version
stream, datagrams = socket.socket(), socket.socket(type=2)
inside, outside = sys.argv[1:]
"""


def refused(before: str, attempts: list[str], tmp_path: Path) -> list[bool]:
    """Say what is promised of files and the network, then what is refused behind the walls."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/kept").touch()
    code = f"{HEAD}{before}\nheld = kernel.refuses()\nprint(*map(int, held))\n"
    code += "assert kernel.confine(inside, []) == held\n"
    for attempt in attempts:
        code += f"try:\n  {attempt}\nexcept PermissionError: print(1, flush=True)\n"
        code += "except ConnectionRefusedError: print(0)\nelse: print(0)\n"
    command = [sys.executable, "-c", code, f"{tmp_path}/in", f"{tmp_path}/out"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [word == "1" for word in done.stdout.split()]


@linux
@pytest.mark.parametrize(
    "before",
    [
        *("", "kernel._machine = lambda: None"),
        *(f"kernel._version = lambda: min({n}, real())" for n in (0, 1, 2, 3, 4, 6)),
    ],
)
def test_what_is_promised_is_what_is_done(before: str, tmp_path: Path) -> None:
    """On an older kernel, and on another processor, too."""
    attempts = ["open(outside + '/kept')", "socket.socket()"]
    files, network, *done = refused(before, attempts, tmp_path)
    assert [files, network] == done
    assert files == (kernel._version() > 0 and "min(0" not in before)
    assert network == (kernel._knows_filters() and "_machine" not in before)


def in_c(call: str) -> str:
    """Call a function of the C library as Python calls one."""
    return f"if {call}: raise PermissionError"


@needs_filters
def test_a_filter_knows_what_was_opened_before_and_other_processes(
    tmp_path: Path,
) -> None:
    attempts = [
        "datagrams.connect(('127.0.0.1', 9))",
        "datagrams.bind(('127.0.0.1', 0))",
        "stream.listen()",
        "os.execv(sys.executable, ['python'])",
        in_c("libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0)"),
        in_c("libc.prlimit(os.getppid(), 0, None, None)"),
    ]
    assert all(refused("", attempts, tmp_path)[2:])


OWN_PROGRAM = "open(inside + '/own', 'w').close(); os.chmod(inside + '/own', 0o700); "
OWN_PROGRAM += "os.execv(inside + '/own', ['own'])"


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(OWN_PROGRAM, marks=needs_landlock),
        pytest.param("stream.bind(('127.0.0.1', 0))", marks=needs(4)),
        pytest.param("stream.connect(('127.0.0.1', 9))", marks=needs(4)),
        pytest.param("os.kill(os.getppid(), 0)", marks=needs(6)),
    ],
)
def test_on_another_processor_landlock_holds_programs_tcp_and_signals(
    attempt: str, tmp_path: Path
) -> None:
    before = "kernel._machine = lambda: None"
    assert refused(before, [attempt], tmp_path) == [True, False, True]


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ((True, True), ""),
        ((True, False), "keep notebooks from the network;"),
        ((False, True), "from reading and writing;"),
        ((False, False), "from reading, writing and the network;"),
    ],
)
def test_what_is_left_is_said(
    held: tuple[bool, bool], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "refuses", lambda: held)
    assert words in kernel.what_is_left()
    assert bool(kernel.what_is_left()) == bool(words)


LIMITED = """
import mmap, resource, signal, time
from mlp_exercise.submission import kernel
taken = mmap.mmap(-1, 2**30)
clock = iter([5, 6, 13, 16])  # seconds that this process has worked, when it is asked
time.process_time = lambda: next(clock)
begin = kernel.limit(2**28, 3, 10, 60)
for _ in range(2):
    begin()
    print(signal.getitimer(signal.ITIMER_PROF)[0])
signal.signal(signal.SIGPROF, lambda *_: print("too long") or exit())
more = mmap.mmap(-1, 2**27)
try:
    mmap.mmap(-1, 2**28)
except OSError:
    print("too much")
begin()
for _ in range(10**8):
    pass
"""


@linux
def test_memory_comes_on_top_and_a_cell_has_what_is_left_of_the_time() -> None:
    """A cell has 3 seconds, and all cells together 10, from the fifth on."""
    command = [sys.executable, "-c", LIMITED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, later, *words = done.stdout.splitlines()
    assert float(first) == pytest.approx(3, abs=0.5)  # a little of it is over
    assert float(later) == pytest.approx(2, abs=0.5)
    assert words == ["too much", "too long"]


def verdict(program: list[bytes], machine: int, number: int, *arguments: int) -> int:
    """Run a filter as linux/filter.h describes it."""
    known = struct.pack("=IIQ6Q", number, machine, 0, *(*arguments, *[0] * 6)[:6])
    at, value = 0, 0
    while True:
        code, if_so, if_not, constant = struct.unpack("=HBBI", program[at])
        at += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("=I", known, constant)
            case 0x54:
                value &= constant
            case 0x15 | 0x35 | 0x45:
                so = {0x15: value == constant, 0x35: value >= constant}
                at += if_so if so.get(code, value & constant) else if_not
            case 0x06:
                return int(constant)
            case _:
                raise AssertionError(f"no such instruction: {code:#x}")


ALLOWED, REFUSED, UNKNOWN = 0x7FFF0000, 0x50000 | errno.EACCES, 0x50000 | errno.ENOSYS
THREAD, CHILD = 0x3D0F00, 0x01200011  # the flags of pthread_create and of fork


@linux
@pytest.mark.parametrize(
    ("machine", "architecture", "numbers"),
    [
        ("x86_64", 0xC000003E, (0, 257, 41, 53, 56, 435, 62, 234, 302)),
        ("aarch64", 0xC00000B7, (63, 56, 198, 199, 220, 435, 129, 131, 261)),
    ],
)
def test_the_filter_knows_its_processor(
    machine: str, architecture: int, numbers: tuple[int, ...]
) -> None:
    program = kernel._program(machine)
    read, openat, socket, pair, clone, clone3, kill, to_a_thread, limits = numbers
    expected = {
        (read, 0): ALLOWED,
        (openat, 0): ALLOWED,
        (socket, 2): REFUSED,
        (pair, 1, 1): ALLOWED,
        (pair, 1, 1 | 0o2000000): ALLOWED,  # closed on exec
        (pair, 1, 2): REFUSED,
        (clone, THREAD): ALLOWED,
        (clone, CHILD): REFUSED,
        (clone3, 0): UNKNOWN,
        (kill, os.getpid()): ALLOWED,
        (kill, os.getppid()): REFUSED,
        (to_a_thread, os.getpid()): ALLOWED,
        (to_a_thread, os.getppid()): REFUSED,
        (limits, 0): ALLOWED,
        (limits, os.getppid()): REFUSED,
    }
    for asked, answer in expected.items():
        assert verdict(program, architecture, *asked) == answer, asked
    column = list(kernel._MACHINES).index(machine)
    for both in kernel._REFUSED.values():
        assert verdict(program, architecture, both[column] & 0xFFFFFFFF) == REFUSED
    assert verdict(program, 0x40000003, read) == REFUSED  # calls of 32 bits
    assert verdict(program, architecture, 0x40000000 | read) == REFUSED  # and x32


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert kernel.confine("nowhere", []) == kernel.refuses() == (False, False)
    kernel.end_with(os.getppid())
