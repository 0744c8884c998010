"""What a notebook may not do, tried from inside a child process."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlp_exercise.submission import process, run as guarded
from mlp_exercise.submission.run import Limits
from mlp_exercise.values import Plain
from tests.mlp_exercise.submission.landlock import needs_landlock

LINUX = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks /proc")


def outcome(attempt: str) -> Plain:
    """Run a cell; 0 means that it went through, 1 that it was refused."""
    lines = "\n".join(f"    {line}" for line in attempt.splitlines())
    cell = f"""
import os, pathlib, shutil, subprocess, sys
try:
{lines}
    answer = 0
except PermissionError:
    answer = 1
except ImportError as error:
    answer = int("while a notebook is marked" in str(error))
"""
    history = guarded.run([cell], ["answer"], Limits(seconds=20.0, memory=2**30))
    return history.changes.get(0, {}).get("answer")


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """Make a folder that has to stay as it is."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("as it was")
    before = snapshot(tmp_path)
    yield tmp_path
    assert snapshot(tmp_path) == before


def snapshot(folder: Path) -> dict[str, object]:
    paths = [folder, *sorted(folder.rglob("*"))]
    return {
        str(path): (s.st_mode, s.st_mtime_ns, s.st_uid, s.st_nlink, s.st_size)
        for path in paths
        if (s := path.stat())
    }


WRITES = [
    "open(there + '/new', 'w')",
    "open(there + '/file', 'a')",
    "open(there + '/file', 'r+')",
    "open(there + '/new', 'xb')",
    "open((there + '/new').encode(), 'wb')",
    "open(os.path.relpath(there) + '/new', 'w')",
    "os.chdir(there)\nopen('new', 'w')",
    "os.open(there + '/new', os.O_WRONLY | os.O_CREAT)",
    "os.open(there + '/file', os.O_RDWR)",
    "os.open(there + '/file', os.O_TRUNC)",
    "os.open('new', os.O_CREAT, dir_fd=os.open(there, os.O_RDONLY))",
    "os.mkdir('x')\nfd = os.open('.', os.O_RDONLY)\nos.chdir('x')\n"
    "os.open('..' + there, os.O_CREAT, dir_fd=fd)",
    "pathlib.Path(there, 'new').write_text('x')",
    "pathlib.Path(there, 'new').touch()",
    "shutil.copy(sys.executable, there + '/new')",
    "open('mine', 'w').close()\nshutil.move('mine', there + '/new')",
    "open('mine', 'w').close()\nos.replace('mine', there + '/file')",
    "os.rename(there + '/file', 'mine')",
    "os.remove(there + '/file')",
    "os.rmdir(there + '/folder')",
    "shutil.rmtree(there, onerror=print)\nos.rmdir(there + '/folder')",
    "os.mkdir(there + '/new')",
    "os.makedirs(there + '/new/newer')",
    "os.symlink(there, 'link')",
    "os.link(there + '/file', 'link')",
    "os.truncate(there + '/file', 0)",
    "os.truncate(os.open(there + '/file', os.O_RDONLY), 0)",
    "os.chmod(there + '/file', 0)",
    "os.fchmod(os.open(there + '/file', os.O_RDONLY), 0)",
    "os.chown(there + '/file', 12345, -1)",
    "os.utime(there + '/file', (0, 0))",
    "os.mkfifo(there + '/new')",
    "os.mknod(there + '/new')",
    "import sqlite3\nsqlite3.connect(there + '/new')",
    "import sqlite3\nsqlite3.connect(':memory:').execute(f\"attach '{there}/new' as x\")",
    "import numpy as np\nnp.save(there + '/new', np.zeros(3))",
    "import numpy as np\nnp.zeros(3).tofile(there + '/new')",
    "import numpy as np\nnp.memmap(there + '/new', mode='w+', shape=3)",
    "import tempfile\ntempfile.NamedTemporaryFile(dir=there)",
    "import logging\nlogging.FileHandler(there + '/new')",
    "import zipfile\nzipfile.ZipFile(there + '/new', 'w')",
    "import py_compile\nopen('m.py', 'w').close()\npy_compile.compile('m.py', there + '/new')",
]


@LINUX
@pytest.mark.parametrize("attempt", WRITES)
def test_nothing_is_written_outside_the_folder(outside: Path, attempt: str) -> None:
    assert outcome(f"there = {str(outside)!r}\n{attempt}") == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/root/new', 'w')",
        "open('/new', 'w')",
        "open('../new', 'w')",
        "os.mkdir('/new')",
        "from multiprocessing import shared_memory\n"
        "shared_memory.SharedMemory('new', create=True, size=9)",
    ],
)
def test_no_other_place_is_written_to(attempt: str) -> None:
    assert outcome(attempt) == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "subprocess.run(['true'])",
        "os.popen('true')",
        "os.fork()",
        "import _posixsubprocess as p\np.fork_exec()",
        "os.forkpty()",
        "os.execv(sys.executable, ['python'])",
        "os.posix_spawn(sys.executable, ['python'], {})",
        "os.spawnv(os.P_NOWAIT, sys.executable, ['python'])",
        "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()",
        "import multiprocessing as m\nm.get_context('spawn').Process(target=print).start()",
        "os.kill(os.getppid(), 0)",
        "os.killpg(0, 9)",
        "os.pidfd_open(os.getppid())",
        "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        "import socket\nsocket.socket().bind(('127.0.0.1', 0))",
        "import socket\nsocket.getaddrinfo('localhost', 80)",
        "import ctypes\nctypes.CDLL('libc.so.6')",
        "import ctypes\nctypes.CDLL(None).system",
        "import dbm.gnu",
        "import dbm.ndbm",
        "import resource as r\nr.prlimit(os.getppid(), r.RLIMIT_CPU)",
        "import resource as r\nr.setrlimit(r.RLIMIT_FSIZE, (-1, -1))",
    ],
)
def test_no_process_connection_or_library_is_to_be_had(attempt: str) -> None:
    assert outcome(attempt) == 1


def test_no_terminal_is_to_be_had() -> None:
    assert outcome("import pty\npty.spawn('true')") != 0


def test_the_network_is_out_of_reach_even_where_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        attempt = f"import socket\nsocket.socket().connect({address})"
        assert outcome(attempt) == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "open('mine', 'w').write('x')\nopen(os.devnull, 'w').write('x')",
        "os.mkdir('d')\npathlib.Path('d/mine').touch()\nshutil.rmtree('d')",
        "import tempfile\nwith tempfile.TemporaryDirectory() as d: open(d + '/x', 'w').close()",
        "pathlib.Path.home().joinpath('mine').touch()",
        "os.listdir(os.path.dirname(os.__file__))\nopen(sys.executable, 'rb').close()",
        "open('mine', 'w').close()\nos.chmod('mine', 0o600)",
        "import numpy as np\nnp.save('mine', np.zeros(3))\nnp.load('mine.npy')",
        "import asyncio\nasync def f(): pass\nasyncio.run(f())",
        "import ctypes, threading\nt = threading.Thread(target=print)\nt.start(); t.join()",
    ],
)
def test_what_stays_inside_is_allowed(attempt: str) -> None:
    assert outcome(attempt) == 0


def test_plotting_is_allowed() -> None:
    pytest.importorskip("matplotlib")
    plot = "import matplotlib.pyplot as p\np.plot([1, 2])\np.savefig('x.png')\np.show()"
    assert outcome(plot) == 0


def test_the_disk_does_not_fill_up() -> None:
    assert outcome("for i in range(100): open(str(i), 'w').close()") == 0
    assert outcome("for i in range(101): open(str(i), 'w').close()") == 1
    assert outcome("while True:\n    os.mkdir('x')\n    os.chdir('x')") == 1
    long = "try: open('x', 'wb').write(bytes(10**8))\nexcept OSError: pass\n"
    assert outcome(long + "assert os.path.getsize('x') <= 10 * 2**20") == 0


@pytest.mark.skipif(os.name != "posix", reason="asks for POSIX limits")
@pytest.mark.parametrize(
    ("name", "limit"),
    [("FSIZE", 2**23), ("NOFILE", 128), ("CORE", 0)],
)
def test_the_system_limits_what_a_notebook_uses(name: str, limit: int) -> None:
    limits = f"r.getrlimit(r.RLIMIT_{name})"
    assert outcome(f"import resource as r\nassert {limits} == ({limit},) * 2") == 0


@LINUX
def test_the_system_limits_what_memory_a_notebook_takes_on_top_of_its_libraries() -> (
    None
):
    limits = "r.getrlimit(r.RLIMIT_AS)[0]"
    assert outcome(f"import resource as r\nassert 2**30 < {limits} < 1.3 * 2**30") == 0


@LINUX
@pytest.mark.parametrize(
    "attempt",
    [
        "import fcntl\nfcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
        "del sys.modules['posix']\nimport posix",
        "import signal\nsignal.pidfd_send_signal(3, 15)",
        "del sys.modules['_signal']\nimport _signal",
        "del sys.modules['_posixsubprocess']\nimport _posixsubprocess",
        "import _imp, importlib.machinery as m\n"
        "_imp.create_builtin(m.ModuleSpec('posix', m.BuiltinImporter))",
    ],
)
def test_what_was_taken_away_does_not_come_back(attempt: str) -> None:
    assert outcome(attempt) == 1


@LINUX
def test_the_system_limits_time_and_processes() -> None:
    limits = "import resource as r\nassert 0 < r.getrlimit(r.RLIMIT_CPU)[1] < 200\n"
    limits += "running = int(open('/proc/loadavg').read().split('/')[1].split()[0])\n"
    assert (
        outcome(limits + "assert abs(r.getrlimit(r.RLIMIT_NPROC)[1] - running) < 500")
        == 0
    )


def test_what_was_loaded_before_opens_no_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = {"subprocess": "subprocess"}  # as PyTorch does
    monkeypatch.setattr(process, "PRELOADED", names)
    attempt = "assert subprocess._fork_exec.__name__ == 'fork_exec'\n"
    assert outcome(attempt + "subprocess.run(['true'])") == 1


def test_a_shell_runs_nothing_and_says_so(outside: Path) -> None:
    there = f"{outside}/new"
    attempt = f"assert os.system('echo x > {there}') == os.system(command='clear') != 0"
    assert outcome(attempt) == 0


def test_what_can_do_without_a_refused_module_does() -> None:
    attempt = "import doctest, shelve\ndoctest.testmod()\n"
    attempt += "with shelve.open('kept') as kept: kept['a'] = 1\n"
    attempt += "assert shelve.open('kept')['a'] == 1\n"
    attempt += "try: import readline\nexcept ImportError: pass\nelse: raise ValueError"
    assert outcome(attempt) == 0


@needs_landlock
def test_a_library_that_writes_without_telling_python_is_held_too(
    tmp_path: Path,
) -> None:
    file = tmp_path / "class.csv"
    file.write_text("points")
    code = f"import torch\ntorch.save([1], {str(file)!r})\nanswer = 0"
    limits = Limits(seconds=60.0, memory=4 * 2**30)
    history = guarded.run([code], ["answer"], limits)
    assert file.read_text() == "points"
    assert history.changes == {0: {}}


def test_the_work_of_others_cannot_be_read(tmp_path: Path) -> None:
    other = tmp_path / "best.ipynb"
    other.write_text("z = [0.29, 0.24]")
    assert outcome(f"open({str(other)!r}).read()") == 1
    assert outcome(f"os.open({str(other)!r}, os.O_RDONLY)") == 1
    assert outcome("open(f'/proc/{os.getppid()}/environ').read()") == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "open(os.__file__).read()",
        "open('mine', 'w').write('x'); open('mine').read()",
        "open('/proc/self/status').read()",
        "open('/proc/meminfo').read()",
        "import json.tool, decimal, statistics, numpy.polynomial",
        "import importlib.metadata as m; m.version('numpy')",
        "import tempfile; tempfile.TemporaryFile().write(b'x')",
    ],
)
def test_what_python_and_its_libraries_need_can_be_read(attempt: str) -> None:
    assert outcome(attempt) == 0
