"""What the instructor's page says of the fence: each row of its table is tried.

Notebooks are run by a clone of the package, as an editable install has it, with the work of a
neighbour beside it. Of a copy of the clone, one wall or the other is left out, which shows who
refuses what; of a copy without walls, everything must go through.
"""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.mlp_exercise.submission.attempts import PACKAGE, refused
from tests.mlp_exercise.submission.landlock import needs_landlock
from tests.site_builds import ROOT

PAGE = (ROOT / "docs/instructors.md").read_text(encoding="utf-8")

NO_PYTHON = ("guards.py", "def put_up(folder: str) -> None: pass")
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

EMPTY = """\
for path in pathlib.Path().iterdir():
    shutil.rmtree(path) if path.is_dir() else path.unlink()
"""

TRIED = {
    "reading what others handed in, your own files, `/etc`": [
        "open(neighbour).read()",
        "open(neighbour.encode(), 'rb').read()",
        "os.open(neighbour, os.O_RDONLY)",
        "pathlib.Path(neighbour).read_text()",
        "open(os.path.relpath(neighbour)).read()",
        "open('/proc/self/cwd/' + os.path.relpath(neighbour)).read()",
        "open('/proc/self/root' + neighbour).read()",
        "os.chdir(os.path.dirname(neighbour)); open('best.ipynb').read()",
        "np.fromfile(neighbour)",
        "np.memmap(neighbour, 'uint8', 'r')",
        "shutil.copy(neighbour, 'mine')",
        "with contextlib.suppress(OSError): os.symlink(neighbour, 'link')\n"
        "open('link').read()",
        "with contextlib.suppress(OSError): os.link(neighbour, 'same')\n"
        "open('same').read()",
        "class Text(str):\n    def startswith(self, *_): return True\n"
        "    def __str__(self): return os.getcwd()\n"
        "open(Text(neighbour)).read()",
        "open('/etc/passwd').read()",
        "open('/etc/hosts').read()",
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
        "list(pathlib.Path(clone).iterdir())",
        "if not glob.glob(clone + '/submissions/*'): raise OSError",
        "os.listdir('/etc')",
        "os.listdir('/')",
    ],
    "their sizes and dates": [
        "os.stat(neighbour)",
        "os.lstat(neighbour)",
        "os.path.getsize(neighbour)",
        "os.path.getmtime(neighbour)",
        "pathlib.Path(neighbour).stat()",
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
def clones(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
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
    return {name: folder / name for name in WALLS}


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
        outcome = refused([attempt], clones[walls], surroundings)
        assert outcome[attempt] == expected


WAYS_ROUND = [
    "from mlp_exercise.submission import guards, hook\n"
    "guards._refuse = hook._hook = hook.readable = lambda *_, **__: None\n"
    "hook.REFUSED = hook.CHANGES = hook.LOOKS = ()\n"
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
    "del sys.modules['posix']; import posix",
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
    assert all(
        name in PAGE for name in ("`torch.from_file`", "`torch.distributed.TCPStore`")
    )
