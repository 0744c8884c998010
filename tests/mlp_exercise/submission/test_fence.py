"""What the page for instructors says of the fence: each row of its table is tried, and more.

Notebooks are run by a clone of the package, as an editable install has it, with the work of a
neighbour beside it. Of a copy of the clone, one wall or the other is left out, which shows who
refuses what; of a copy without walls, everything must go through.
"""

import os
import shutil
import socket
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

import mlp_reference
from mlp_exercise.submission import process
from mlp_exercise.submission.fence import readable
from mlp_exercise.submission.run import Limits, run
from tests.mlp_exercise.submission.landlock import needs_landlock
from tests.site_builds import ROOT

PACKAGE = "mlp_exercise/submission"
PAGE = (ROOT / "docs/fair_and_safe.md").read_text(encoding="utf-8")

NO_PYTHON = ("fence.py", "def put_up(folder: str) -> None: pass")
NO_SYSTEM = ("kernel.py", "def confine(folder, readable): return frozenset()")
WALLS = {
    "no wall": (NO_PYTHON, NO_SYSTEM),
    "Python": (NO_SYSTEM,),
    "Linux with Landlock": (NO_PYTHON,),
    "Linux 6.2": (NO_PYTHON, ("kernel.py", "def _version(): return 3")),
    "Linux without": (NO_PYTHON, ("kernel.py", "def _version(): return 0")),
    "both": (),
}
"""By which walls are left, what is written at the end of which files."""

WENT_THROUGH, REFUSED, FAILED = 0, 1, 2

SETUP = """
import contextlib, glob, multiprocessing, os, pathlib, shutil, signal, socket
import subprocess, sys
import mlp_reference
import numpy as np
"""

ATTEMPT = """
try:
{lines}
    answer{number} = 0
except (OSError, ImportError, RuntimeError) as error:  # else it is a mistake of the attempt
    known = "while a notebook is marked" in str(error) or "Permission" in str(error)
    answer{number} = 1 if known else 2
"""

EMPTY = """\
for path in pathlib.Path().iterdir():
    shutil.rmtree(path) if path.is_dir() else path.unlink()
"""


def outcomes(
    attempts: Sequence[str],
    clone: Path = ROOT,
    surroundings: Mapping[str, object] = {},
    setup: str = "",
) -> dict[str, object]:
    """Run a notebook with a cell for each attempt, and say what came of each."""
    known = {**surroundings, "clone": str(clone)}
    setup += SETUP + "\n".join(f"{name} = {value!r}" for name, value in known.items())
    cells = [setup]
    for number, attempt in enumerate(attempts):
        lines = "\n".join(f"    {line}" for line in attempt.splitlines())
        cells.append(ATTEMPT.format(lines=lines, number=number))
    names = [f"answer{number}" for number, _ in enumerate(attempts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(clone))  # as an editable install does
        patch.setattr(process, "_HOME", clone)
        history = run(cells, names, Limits(seconds=60.0, memory=4 * 2**30))
    seen: dict[str, object] = {}
    for changes in history.changes.values():
        seen |= changes
    assert sorted(seen) == sorted(names), history  # each came to an end
    return {attempt: seen[name] for attempt, name in zip(attempts, names, strict=True)}


def refused(*arguments: object) -> dict[str, bool]:
    found = outcomes(*arguments)  # type: ignore[arg-type]
    return {attempt: outcome != WENT_THROUGH for attempt, outcome in found.items()}


TRIED = {
    "reading what others handed in, your own files, `/etc`": [
        "open(neighbour).read()",
        "open(neighbour.encode(), 'rb').read()",
        "os.open(neighbour, os.O_RDONLY)",
        "open(os.path.relpath(neighbour)).read()",
        "open('/proc/self/cwd/' + os.path.relpath(neighbour)).read()",
        "open('/proc/self/root' + neighbour).read()",
        "os.chdir(os.path.dirname(neighbour)); open('best.ipynb').read()",
        "np.fromfile(neighbour)",
        "with contextlib.suppress(OSError): os.symlink(neighbour, 'link')\n"
        "open('link').read()",
        "with contextlib.suppress(OSError): os.link(neighbour, 'same')\n"
        "open('same').read()",
        "class Text(str):\n    def startswith(self, *_): return True\n"
        "    def __str__(self): return os.getcwd()\n"
        "open(Text(neighbour)).read()",
        "open('/etc/passwd').read()",
    ],
    "reading what lies beside the package in a clone, installed with `--editable`": [
        "open(clone + '/submissions/best.ipynb').read()",
        "open(clone + '/pyproject.toml').read()",
        "package = os.path.dirname(mlp_reference.__file__)\n"
        "open(package + '/../submissions/best.ipynb').read()",
    ],
    "the names of other files": [
        "os.listdir(os.path.dirname(neighbour))",
        "os.listdir(clone)",
        "os.scandir(clone + '/submissions')",
        "if not glob.glob(clone + '/submissions/*'): raise OSError",
        "os.listdir('/etc')",
        "os.listdir('/')",
    ],
    "their sizes and dates": [
        "os.stat(neighbour)",
        "os.lstat(neighbour)",
        "os.path.getsize(neighbour)",
        "os.stat(os.path.basename(neighbour), dir_fd=os.open(\n"
        "    os.path.dirname(neighbour), os.O_RDONLY | os.O_PATH))",
        "if not os.path.exists(neighbour): raise OSError",
        "if not os.access(neighbour, os.R_OK): raise OSError",
        "os.stat('/etc/passwd')",
    ],
    "writing, moving and removing them, and writing beside them": [
        "open(neighbour, 'a')",
        "open(neighbour, 'r+')",
        "open(os.path.dirname(neighbour) + '/new', 'w')",
        "os.mkdir(neighbour + '.folder')",
        "os.truncate(neighbour, 1)",
        "os.mkfifo(neighbour + '.fifo')",
        "open('mine', 'w').close(); os.rename('mine', neighbour)",
        "os.rename(neighbour, 'mine')",
        "open(mlp_reference.__file__, 'a')",
        "os.remove(clone + '/pyproject.toml')",
    ],
    "their rights, owners and dates being changed": [
        "os.chmod(neighbour, 0o600)",
        "os.utime(neighbour, (0, 0))",
        "os.chown(neighbour, os.getuid(), -1)",
        "os.fchmod(os.open(mlp_reference.__file__, os.O_RDONLY), 0o600)",
    ],
    "connecting, listening and sending, on this machine too": [
        "socket.create_connection(('127.0.0.1', port))",
        "socket.create_server(('127.0.0.1', 0))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))",
        "socket.socket(socket.AF_UNIX).connect(unix)",
        "socket.socket(socket.AF_UNIX).connect(abstract)",
        "socket.socket(socket.AF_UNIX).bind('mine')",
        "socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b'x', datagrams)",
    ],
    "other programs and processes": [
        "subprocess.run([sys.executable, '-c', ''])",
        "os.posix_spawn(sys.executable, ['python', '-c', ''], {})",
        "if not os.fork(): os._exit(0)",
        "multiprocessing.get_context('fork').Process(target=int).start()",
        "if os.system('exit 3') != 3 << 8: raise OSError",
    ],
    "signals to other processes": [
        "os.kill(parent, 0)",
        "signal.pidfd_send_signal(os.pidfd_open(parent), 0)",
    ],
    "the environment of the process that marks": [
        "open(f'/proc/{parent}/environ').read()",
        "open(f'/proc/{parent}/cmdline').read()",
    ],
    "more than 100 files and folders": [
        EMPTY + "for i in range(200): open(f'file {i}', 'w').close()",
        EMPTY + "for i in range(200): os.makedirs(f'folder {i}', exist_ok=True)",
        EMPTY + "for i in range(9):\n"
        "    os.mkdir('folder')\n"
        "    for j in range(30): open(f'folder/{j}', 'w').close()\n"
        "    os.rename('folder', f'moved {i}')",
    ],
}
"""By the first column of the page's table: what would do it."""

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux", reason="forks, /proc, abstract sockets"
    ),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded"),
]


def table() -> dict[str, list[str]]:
    """Read who refuses what off the page."""
    section = PAGE.partition("\n## Trust no notebook")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if "|" in line]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows[2:]}


@pytest.fixture(scope="module")
def clones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Copy the package once for each choice of walls."""
    folder = tmp_path_factory.mktemp("clones")
    for name, left_out in WALLS.items():
        unwanted = shutil.ignore_patterns("__pycache__")
        for package in ("mlp_reference", "mlp_exercise"):
            shutil.copytree(ROOT / package, folder / name / package, ignore=unwanted)
        (folder / name / "beside.py").touch()
        (folder / name / "submissions").mkdir()
        (folder / name / "submissions/best.ipynb").write_text("z = [0.29, 0.24]")
        (folder / name / "pyproject.toml").touch()
        for file, line in left_out:
            with (folder / name / PACKAGE / file).open("a") as module:
                module.write(f"\n\n{line}\n")
    yield {name: folder / name for name in WALLS}
    process.close()  # of each clone, one waits


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, object]]:
    """Make what a notebook could reach: a neighbour's work, and those who listen."""
    neighbour = tmp_path / "others" / "best.ipynb"
    neighbour.parent.mkdir()
    neighbour.write_text("z = [0.29, 0.24]")
    unix, datagrams = str(tmp_path / "stream"), str(tmp_path / "datagrams")
    abstract = f"\0mlp_reference {os.getpid()} {tmp_path}"
    with ExitStack() as listeners:
        server = listeners.enter_context(socket.create_server(("127.0.0.1", 0)))
        for path, kind in (
            (unix, socket.SOCK_STREAM),
            (abstract, socket.SOCK_STREAM),
            (datagrams, socket.SOCK_DGRAM),
        ):
            one = listeners.enter_context(socket.socket(socket.AF_UNIX, kind))
            one.bind(path)
            if kind == socket.SOCK_STREAM:
                one.listen()
        yield {
            "neighbour": str(neighbour),
            "parent": os.getpid(),
            "port": server.getsockname()[1],
            "unix": unix,
            "abstract": abstract,
            "datagrams": datagrams,
        }


def test_the_page_lists_what_is_tried() -> None:
    assert list(table()) == list(TRIED)


def is_refused(walls: str, row: list[str]) -> bool:
    """Tell what the table says of these walls; its columns are Linux, Linux, others."""
    match walls:
        case "no wall" | "both":
            return walls == "both"
        case "Python":
            return row[2] == "Python"
        case "Linux without":
            return row[1] == "system"
    return row[0] == "system"


def cases() -> Iterator[ParameterSet]:
    for walls in WALLS:
        for claim, row in table().items():
            marks = (
                needs_landlock if walls in ("Linux with Landlock", "Linux 6.2") else ()
            )
            yield pytest.param(walls, claim, is_refused(walls, row), marks=marks)


@pytest.mark.parametrize(("walls", "claim", "expected"), [*cases()])
def test_who_refuses_it_is_as_the_page_says(
    walls: str,
    claim: str,
    expected: bool,
    clones: dict[str, Path],
    surroundings: dict[str, object],
) -> None:
    attempts = TRIED[claim]
    outcomes = refused(attempts, clones[walls], surroundings)
    assert outcomes == dict.fromkeys(attempts, expected)


def test_names_that_were_listed_before_are_forgotten(
    clones: dict[str, Path], surroundings: dict[str, object]
) -> None:
    known = "getattr(finder, '_path_cache', ())"
    attempt = "finders = sys.path_importer_cache.values()\n"
    attempt += (
        f"if not any('beside.py' in {known} for finder in finders): raise OSError"
    )
    for walls, expected in (("no wall", False), ("both", True)):
        assert refused([attempt], clones[walls], surroundings)[attempt] == expected


WAYS_ROUND = [
    "os.mkfifo.__globals__['LOOKS'].clear(); os.listdir(os.path.dirname(neighbour))",
    "os.mkfifo.__globals__['CHANGES'].clear(); os.mkdir(neighbour + '.new')",
    "from mlp_exercise.submission import fence\n"
    "fence._refuse = fence._hook = fence.readable = lambda *_, **__: None\n"
    "fence.REFUSED = fence.CHANGES = fence.LOOKS = ()\n"
    "open(neighbour)",
    "with instead(builtins, isinstance=lambda *_: True): open(neighbour)",
    "with instead(os.path, realpath=lambda *_: os.getcwd()): open(neighbour)",
    "with instead(os, lstat=None, fspath=lambda _: 'x'): open(neighbour)",
    "with instead(os, sep='', pardir='', devnull=neighbour): open(neighbour, 'a')",
    "getattr(os.stat, '__wrapped__', os.stat)(neighbour)",
    "for look in os.supports_fd:\n"
    "    with contextlib.suppress(FileNotFoundError):\n"
    "        if look.__name__ == 'stat' and look(neighbour): break\n"
    "else: raise OSError",
    "importlib.import_module('_xxsubinterpreters').create()",
    "importlib.import_module('_interpreters').create()",
    "import _testcapi",
    "import _ctypes; shutil.copy(_ctypes.__file__, 'own.so'); import importlib.util as u\n"
    "u.module_from_spec(u.spec_from_file_location('_ctypes', os.getcwd() + '/own.so'))",
    "import ctypes; ctypes.CDLL('./own.so')",
    "ssl.create_default_context().keylog_filename = neighbour + '.log'",
    "ssl.create_default_context().keylog_filename = os.__file__ + '.log'",
]
"""What goes round a fence that is less careful."""

INSTEAD = """
import builtins, contextlib, importlib, os, ssl
@contextlib.contextmanager
def instead(module, **names):
    real = {name: getattr(module, name) for name in names}
    vars(module).update(names)
    try:
        yield
    finally:
        vars(module).update(real)
"""


def test_ways_round_are_refused_by_python_too(
    clones: dict[str, Path], surroundings: dict[str, object]
) -> None:
    outcomes = refused(WAYS_ROUND, clones["Python"], surroundings, INSTEAD)
    assert outcomes == dict.fromkeys(WAYS_ROUND, True)


IN_C = [
    "torch.from_file(neighbour, size=3, dtype=torch.uint8)",
    "torch.UntypedStorage.from_file(neighbour, False, 3)",
    "torch.save([1], neighbour + '.new')",
    "torch.distributed.TCPStore('127.0.0.1', store, timeout=seconds)",
    "torch.distributed.TCPStore('127.0.0.1', 0, is_master=True, wait_for_workers=False)",
]
"""What PyTorch does without asking Python."""


@needs_landlock
@pytest.mark.parametrize(("walls", "expected"), [("both", True), ("Python", False)])
def test_a_library_that_asks_the_system_itself_is_refused_by_the_system_alone(
    walls: str,
    expected: bool,
    clones: dict[str, Path],
    surroundings: dict[str, object],
) -> None:
    torch = pytest.importorskip("torch")
    store = torch.distributed.TCPStore(
        "127.0.0.1", 0, is_master=True, wait_for_workers=False
    )
    known = surroundings | {"store": store.port}
    setup = "import datetime, torch\nseconds = datetime.timedelta(seconds=9)\n"
    outcomes = refused(IN_C, clones[walls], known, setup)
    assert outcomes == dict.fromkeys(IN_C, expected)
    assert "`torch.from_file`" in PAGE
    assert "`torch.distributed.TCPStore`" in PAGE


BEYOND = [
    "open('../new', 'w')",
    "open((there + '/new').encode(), 'xb')",
    "os.open(there + '/new', os.O_WRONLY | os.O_CREAT)",
    "os.open(there + '/file', os.O_RDWR)",
    "os.open(there + '/file', os.O_TRUNC)",
    "os.open('new', os.O_CREAT, dir_fd=os.open(there, os.O_RDONLY))",
    "os.mkdir('x')\nfd = os.open('.', os.O_RDONLY)\nos.chdir('x')\n"
    "os.open('..' + there, os.O_CREAT, dir_fd=fd)",
    "os.rmdir(there + '/folder')",
    "os.symlink(there, 'link')",
    "os.link(there + '/file', 'link')",
    "os.truncate(os.open(there + '/file', os.O_RDONLY), 0)",
    "os.mknod(there + '/new')",
    "import sqlite3\nsqlite3.connect(there + '/new')",
    "import sqlite3\nsqlite3.connect(':memory:').execute(f\"attach '{there}/new' as x\")",
    "np.zeros(3).tofile(there + '/new')",
    "np.memmap(there + '/new', mode='w+', shape=3)",
    "from multiprocessing import shared_memory\n"
    "shared_memory.SharedMemory('new', create=True, size=9)",
    "import _posixsubprocess as p\np.fork_exec()",
    "os.forkpty()",
    "os.execv(sys.executable, ['python'])",
    "os.spawnv(os.P_NOWAIT, sys.executable, ['python'])",
    "os.killpg(0, 9)",
    "os.pidfd_open(os.getppid())",
    "signal.pidfd_send_signal(3, 15)",
    "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "socket.getaddrinfo('localhost', 80)",
    "import ctypes\nctypes.CDLL('libc.so.6')",
    "import ctypes\nctypes.CDLL(None).system",
    "import dbm.gnu",
    "import dbm.ndbm",
    "import resource as r\nr.prlimit(os.getppid(), r.RLIMIT_CPU)",
    "import resource as r\nr.setrlimit(r.RLIMIT_FSIZE, (-1, -1))",
    "import fcntl\nfcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
    *(
        f"del sys.modules['{name}']\nimport {name}"
        for name in ("posix", "_signal", "_posixsubprocess")
    ),
    "import _imp, importlib.machinery as m\n"
    "_imp.create_builtin(m.ModuleSpec('posix', m.BuiltinImporter))",
    "while True:\n    os.mkdir('x')\n    os.chdir('x')",
]
"""What else would reach beyond the folder."""


def snapshot(folder: Path) -> dict[str, object]:
    seen = {path: path.stat() for path in (folder, *sorted(folder.rglob("*")))}
    return {
        str(path): (s.st_mode, s.st_mtime_ns, s.st_uid, s.st_nlink, s.st_size)
        for path, s in seen.items()
    }


def test_python_refuses_what_would_reach_beyond_the_folder(
    tmp_path: Path, clones: dict[str, Path]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("as it was")
    before = snapshot(tmp_path)
    attempts = [f"os.chdir(home)\n{EMPTY}{attempt}" for attempt in BEYOND]
    known = {"there": str(tmp_path)}
    setup = "import os\nhome = os.getcwd()\n"
    found = outcomes(attempts, clones["Python"], known, setup)
    assert found == dict.fromkeys(attempts, REFUSED)
    assert snapshot(tmp_path) == before


HONEST = [
    "for epoch in range(300):\n    with open('log.csv', 'a') as log: log.write('1\\n')",
    "import tempfile\nfor epoch in range(200):\n"
    "    with tempfile.NamedTemporaryFile(dir='.', delete=False) as new: pass\n"
    "    os.replace(new.name, 'best')",
    "import logging\nlogging.basicConfig(filename='all.log', level='INFO')\n"
    "for i in range(300): logging.info(i)",
    "os.makedirs('a/b', exist_ok=True); os.makedirs(os.path.abspath('a/b'), exist_ok=True)\n"
    "pathlib.Path.cwd().joinpath('c/d').mkdir(parents=True, exist_ok=True)\n"
    "shutil.copy2(mlp_reference.__file__, 'a'); shutil.copytree('a', 'e'); shutil.rmtree('e')",
    "shutil.make_archive('all', 'zip', 'a'); shutil.unpack_archive('all.zip', 'again')",
    "import urllib.error, urllib.request\n"
    "try: urllib.request.urlopen('http://127.0.0.1/numbers.csv')\n"
    "except urllib.error.URLError: pass\n"
    "else: raise OSError",
    "assert not os.path.exists('/content/drive') and not os.path.isfile('/etc/passwd')",
    "assert not pathlib.Path('/content/drive').exists() and not glob.glob('/etc/*')",
    "assert os.path.realpath('a') == os.path.join(os.getcwd(), 'a')",
    "import getpass, platform\nplatform.platform(), platform.processor(), platform.node()\n"
    "getpass.getuser(), os.cpu_count(), multiprocessing.cpu_count(), socket.gethostname()",
    "import inspect, json, traceback\nassert inspect.getsource(json.dumps)\n"
    "try: json.loads('{')\n"
    "except ValueError: assert 'raw_decode(' in traceback.format_exc()",
    "import asyncio, concurrent.futures, threading\nasync def nothing(): pass\n"
    "asyncio.run(nothing())\n"
    "with concurrent.futures.ThreadPoolExecutor() as pool: list(pool.map(abs, [1]))",
    "import datetime, locale, time, uuid, zoneinfo\n"
    "datetime.datetime.now().astimezone(); time.localtime(); uuid.uuid1()",
    "import importlib.metadata, importlib.util\n"
    "importlib.metadata.version('numpy'); importlib.util.find_spec('not_there')",
    "np.savetxt('x.csv', np.ones((2, 2))); np.loadtxt('x.csv'); np.savez('x', a=1)\n"
    "np.load('x.npz')['a']; np.memmap('m', mode='w+', shape=9); import numpy.testing",
    "import mlp_reference.manual, mlp_reference.numpy_mlp",
    "open('a.txt', 'w').write('x'); os.rename('a.txt', 'b.txt'); os.truncate('b.txt', 0)\n"
    "os.remove('b.txt'); os.mkdir('c.txt'); os.rmdir('c.txt')\n"
    "signal.signal(signal.SIGUSR1, print); signal.raise_signal(signal.SIGUSR1)",
    "open('mine', 'w').write('x'); assert open('mine').read() == 'x'; os.chmod('mine', 0o600)\n"
    "open(os.devnull, 'w').write('x'); os.mkdir('d'); pathlib.Path('d/x').touch()\n"
    "shutil.rmtree('d'); pathlib.Path.home().joinpath('mine').touch()",
    "import tempfile\nwith tempfile.TemporaryDirectory() as d: open(d + '/x', 'w').close()\n"
    "tempfile.TemporaryFile().write(b'x')",
    "os.listdir(os.path.dirname(os.__file__)); open(os.__file__).read()\n"
    "open(sys.executable, 'rb').close(); open('/proc/self/status').read()\n"
    "open('/proc/meminfo').read(); import json.tool, decimal, numpy.polynomial",
    "import ctypes, threading\nt = threading.Thread(target=print)\nt.start(); t.join()",
    "import doctest, shelve; doctest.testmod()\n"
    "with shelve.open('all') as all: all['a'] = 1\n"
    "assert shelve.open('all')['a'] == 1\n"
    "try: import readline\nexcept ImportError: pass\nelse: raise OSError",
    "try: open('x', 'wb').write(bytes(10**8))\nexcept OSError: pass\n"
    "assert os.path.getsize('x') <= 10 * 2**20",
    "assert os.system('echo x > new') == os.system(command='clear') == 127 << 8",
    "import resource as r\n"
    "for name, limit in dict(FSIZE=2**23, NOFILE=128, CORE=0).items():\n"
    "    assert r.getrlimit(getattr(r, f'RLIMIT_{name}')) == (limit,) * 2\n"
    "assert 4 * 2**30 < r.getrlimit(r.RLIMIT_AS)[0] < 4.3 * 2**30\n"
    "assert 0 < r.getrlimit(r.RLIMIT_CPU)[1] < 400\n"
    "running = int(open('/proc/loadavg').read().split('/')[1].split()[0])\n"
    "assert abs(r.getrlimit(r.RLIMIT_NPROC)[1] - running) < 500",
]


def test_honest_code_goes_through() -> None:
    assert outcomes(HONEST) == dict.fromkeys(HONEST, WENT_THROUGH)


HONEST_WITH_PYTORCH = [
    # The kernel holds the thread that put up the fence, and those that it starts.
    "assert sys.platform != 'linux' or len(os.listdir('/proc/self/task')) == 1",
    "model = torch.nn.Linear(2, 3); torch.save(model.state_dict(), 'model.pt')\n"
    "model.load_state_dict(torch.load('model.pt')); torch.get_num_threads()",
    "from torch.utils.data import DataLoader\n"
    "loader = DataLoader(range(9), 4, num_workers=2, persistent_workers=True,\n"
    "    prefetch_factor=2)\n"
    "assert [len(batch) for batch in loader] == [4, 4, 1]",
    "model = torch.compile(torch.nn.Linear(2, 3)); model(torch.ones(2)).sum().backward()",
    "try: torch.hub.load_state_dict_from_url('http://127.0.0.1/model.pt')\n"
    "except OSError: pass\n"
    "else: raise OSError",
    "import mlp_reference.torch_mlp",
]


def test_honest_code_with_pytorch_goes_through() -> None:
    pytest.importorskip("torch")
    found = outcomes(HONEST_WITH_PYTORCH, setup="import torch\n")
    assert found == dict.fromkeys(HONEST_WITH_PYTORCH, WENT_THROUGH)


def test_a_library_may_be_loaded_late() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("matplotlib")
    late = [
        "import mlp_reference.torch_mlp",
        "import matplotlib.pyplot as p; p.plot([1, 2]); p.savefig('x.png'); p.show()",
    ]
    assert not any(refused(late).values())


@needs_landlock
def test_what_was_loaded_before_opens_no_way_out() -> None:
    pytest.importorskip("torch")
    attempt = "subprocess.run(['true'])"
    setup = "import torch\n"  # which loads it
    assert outcomes([attempt], setup=setup) == {attempt: REFUSED}


def is_read(path: str | Path) -> bool:
    return any(Path(path).is_relative_to(place) for place in readable())


def test_what_python_needs_is_read_and_not_what_others_have() -> None:
    paths = sysconfig.get_paths()
    needed = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    needed += [sys.executable, os.path.realpath(sys.executable), mlp_reference.__file__]
    assert [path for path in needed if not is_read(path)] == []
    others = [
        *("/", "/etc/passwd", "/etc/shadow", "/home/ada/ex1.ipynb", "/var/spool/x"),
        *("/root/.ssh/id_rsa", "/srv/nbgrader/exchange", "/usr/share/nbgrader"),
        *("/usr/local/share/nbgrader/exchange", "/proc/1/environ"),
    ]
    assert [path for path in others if is_read(path)] == []


def test_what_lies_beside_an_environment_or_a_package_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("prefix", "base_prefix", "exec_prefix", "base_exec_prefix"):
        monkeypatch.setattr(sys, name, str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "dist-packages")])
    assert is_read(tmp_path / "lib/python3/site-packages/numpy")
    assert is_read(tmp_path / "bin/python")
    assert is_read(tmp_path / "dist-packages/numpy")
    assert is_read(tmp_path / "share/zoneinfo/UTC")
    assert not is_read(tmp_path)
    assert not is_read(tmp_path / "submissions/best.ipynb")
    assert not is_read(tmp_path / "share/nbgrader")
    assert not is_read(Path(mlp_reference.__file__).parents[1] / "submissions")
