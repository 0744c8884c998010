"""The kernel's own fence holds where Python is not asked, and only where it is told to."""

import errno
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlp_exercise.submission import kernel
from tests.mlp_exercise.submission.landlock import needs, needs_landlock

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
needs_filters = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"),
    reason="the numbers of system calls are known for two processors",
)


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    head = (
        "import ctypes, os, resource, signal, socket, sys, threading\n"
        "libc = ctypes.CDLL(None)\n"
        "from mlp_exercise.submission import kernel\n"
        "def confine(): print(*sorted(kernel.confine(inside, [])), flush=True)\n"
        "inside, outside = sys.argv[1:]\n"
    )
    command = [sys.executable, "-c", head + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, str]:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "mine").write_text("mine")
    (outside / "kept").write_text("kept")
    return str(inside), str(outside)


FILES = [
    "open(outside + '/kept').read()",
    "os.listdir(outside)",
    "os.symlink(outside, inside + '/link'); open(inside + '/link/kept')",
    "open(f'/proc/{os.getppid()}/environ')",
    "open(outside + '/a', 'w')",
    "open(outside + '/kept', 'a')",
    "os.truncate(outside + '/kept', 0)",
    "os.remove(outside + '/kept')",
    "os.mkdir(outside + '/d')",
    "os.rename(inside + '/mine', outside + '/mine')",
    "os.execv(sys.executable, ['python'])",
]
OTHERS = [
    "socket.socket()",
    "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "socket.socketpair(type=socket.SOCK_DGRAM)",
    "datagrams.connect(('127.0.0.1', 9))",
    "datagrams.bind(('127.0.0.1', 0))",
    "stream.listen()",
    "os.fork()",
    "os.posix_spawn(sys.executable, ['python'], {})",
    "os.kill(os.getppid(), 0)",
    "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0)",
    "if libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0): raise OSError",
    "if libc.prlimit(os.getppid(), 0, None, None): raise OSError",
]


@pytest.mark.parametrize(
    ("wall", "attempts"),
    [
        pytest.param("reading writing", FILES, marks=needs_landlock),
        pytest.param("the network", OTHERS, marks=needs_filters),
    ],
)
def test_what_lies_beyond_a_wall_is_out_of_reach(
    folders: tuple[str, str], wall: str, attempts: list[str]
) -> None:
    code = "stream, datagrams = socket.socket(), socket.socket(type=2)\nconfine()\n"
    for attempt in attempts:
        went_on = f"else: print({attempt!r})"
        code += f"try:\n    {attempt}\nexcept OSError: pass\n{went_on}\n"
    done = run(code, *folders)
    told, *through = done.stdout.splitlines()
    assert {*wall.split()} <= {*told.split()}
    assert (through, done.stderr) == ([], "")
    (kept,) = Path(folders[1]).iterdir()
    assert (kept.name, kept.read_text()) == ("kept", "kept")


@linux
def test_what_a_notebook_needs_goes_on(folders: tuple[str, str]) -> None:
    code = (
        "os.chdir(inside); confine(); "
        "open('a', 'w').write('x'); os.rename('a', 'b'); os.mkdir('c'); os.rmdir('c'); "
        "os.truncate('b', 0); os.remove('b'); os.remove('mine'); os.listdir('.'); "
        "open(os.devnull, 'w').write('x'); open(os.devnull).read(); "
        "t = threading.Thread(target=os.getpid); t.start(); t.join(); "
        "a, b = socket.socketpair(); a.send(b'x'); b.recv(1); os.kill(os.getpid(), 0); "
        "resource.setrlimit(2, resource.getrlimit(2)); "
        "signal.signal(signal.SIGUSR1, print); signal.raise_signal(signal.SIGUSR1)"
    )
    assert run(code, *folders).stderr == ""
    assert list(Path(folders[0]).iterdir()) == []


@needs_landlock
def test_what_is_named_can_be_read_and_not_written(folders: tuple[str, str]) -> None:
    code = "kernel.confine(inside, [outside, '/not/there']); "
    code += "print(open(outside + '/kept').read(), os.listdir(outside)); "
    done = run(code + "open(outside + '/kept', 'a')", *folders)
    assert done.stdout == "kept ['kept']\n"
    assert "PermissionError" in done.stderr


@linux
def test_what_is_promised_is_what_is_done(folders: tuple[str, str]) -> None:
    done = run("confine()", *folders)
    assert done.stdout.split() == " ".join(sorted(kernel.refuses())).split()


@linux
@pytest.mark.parametrize("known", [0, 1, 2, 3, 4, 6])
def test_an_older_landlock_is_not_asked_for_more(
    folders: tuple[str, str], known: int
) -> None:
    code = f"kernel._version = lambda: min({known}, real()); confine(); "
    done = run("real = kernel._version; " + code + "open(outside + '/kept')", *folders)
    held = kernel.refuses() - ({"reading", "writing"} if known < 1 else set())
    assert done.stdout.split() == " ".join(sorted(held)).split()
    assert ("PermissionError" in done.stderr) == ("reading" in held)


@needs_landlock
def test_on_another_processor_the_network_is_left(
    folders: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "kernel._machine = lambda: None; confine(); socket.socket()"
    done = run(code, *folders)
    assert (done.stdout, done.stderr) == ("reading writing\n", "")
    monkeypatch.setattr(kernel, "_machine", lambda: None)
    assert kernel.refuses() == {"reading", "writing"}
    assert "keep notebooks from the network;" in kernel.what_is_left()


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param("socket.create_server(('127.0.0.1', 0))", marks=needs(4)),
        pytest.param("socket.create_connection(('127.0.0.1', 9))", marks=needs(4)),
        pytest.param("os.kill(os.getppid(), 0)", marks=needs(6)),
    ],
)
def test_on_another_processor_landlock_holds_tcp_and_signals(
    folders: tuple[str, str], attempt: str
) -> None:
    done = run(f"kernel._machine = lambda: None; confine(); {attempt}", *folders)
    assert done.stdout == "reading writing\n"
    assert "PermissionError" in done.stderr


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (set(kernel.WALLS), ""),
        ({"the network"}, "from reading and writing;"),
        (set(), "from reading, writing and the network;"),
    ],
)
def test_what_is_left_is_told(
    held: set[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "refuses", lambda: frozenset(held))
    left = kernel.what_is_left()
    assert told in left
    assert bool(left) == bool(told)


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
        # read 0, openat 257, socket 41, socketpair 53, clone 56, clone3 435, kill 62
        ("x86_64", 0xC000003E, (0, 257, 41, 53, 56, 435, 62, 234)),
        ("aarch64", 0xC00000B7, (63, 56, 198, 199, 220, 435, 129, 131)),
    ],
)
def test_the_filter_knows_its_processor(
    machine: str, architecture: int, numbers: tuple[int, ...]
) -> None:
    program = kernel._program(machine)
    read, openat, socket, pair, clone, clone3, kill, to_a_thread = numbers
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
    assert kernel.confine("nowhere", []) == kernel.refuses() == frozenset()
    kernel.end_with(os.getppid())


@linux
def test_a_child_ends_with_its_parent() -> None:
    grandchild = (
        "import time; from mlp_exercise.submission import kernel; "
        "kernel.end_with(os.getppid()); print('ready', flush=True); time.sleep(60)"
    )
    parent = (
        "import os, subprocess, sys; "
        f"child = subprocess.Popen([sys.executable, '-c', {grandchild!r}], "
        "stdout=subprocess.PIPE); child.stdout.readline(); "
        "print(child.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", parent], capture_output=True, text=True
    )
    status = Path(f"/proc/{int(done.stdout)}/stat")
    for _ in range(100):
        # Nobody may be left to collect it; then it stays as a zombie, Z.
        if not status.exists() or status.read_text().split(") ")[1][0] == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("the child outlived its parent")
