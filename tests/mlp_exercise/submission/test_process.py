"""Processes that run notebooks know nothing of the user nor of each other, and end with us."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from mlp_exercise.submission import process, run
from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.values import Plain

warm = pytest.mark.skipif(not process.has_safe_fork(), reason="forks on Linux alone")


@pytest.fixture(params=[pytest.param(True, marks=warm), False], ids=["fork", "fresh"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try it with a fork of the warm process, and with a fresh one."""
    monkeypatch.setattr(process, "has_safe_fork", lambda: request.param)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Watch where temporary folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def answer(source: str, *more: str, seconds: float = 1.0) -> Plain:
    history = run.run([source, *more], ["answer"], run.Limits(seconds))
    return history.changes.get(0, {}).get("answer")


def has_ended(pid: int) -> bool:
    """Wait for the end of a process that somebody else may still have to collect."""
    for _ in range(400):
        with suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


def test_the_end_of_a_process_is_seen_where_it_can_only_be_polled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on Windows."""
    monkeypatch.setattr(process, "has_safe_fork", lambda: False)
    monkeypatch.delattr(os, "wait4")
    assert answer("answer = 3") == 3


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize(
    "source",
    [
        "open('x', 'w').close()\nimport os\nos.makedirs('d/e')\nos.chmod('d', 0)",
        "import os\nos._exit(1)",
        "open('x', 'w').close()\nwhile True: pass",
    ],
)
def test_no_folder_and_no_process_is_left_behind(temporary: Path, source: str) -> None:
    answer(source)
    assert list(temporary.iterdir()) == []
    process.close()
    assert not process._running
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.usefixtures("either")
def test_a_notebook_has_an_empty_home_and_nothing_of_the_user(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    process.close()  # else it would stem from before
    source = f"""
import os, pathlib, sys, tempfile
print("x")
sys.stderr.write("x")
here, known = pathlib.Path.cwd(), [*os.environ, *sys.argv]
if sys.platform == "linux":
    known += open("/proc/self/environ").read().split()
answer = [*map(int, (
    not os.listdir() and str(here.parent) == {str(temporary)!r},
    pathlib.Path.home() == pathlib.Path(tempfile.gettempdir()) == here,
    not any("TOKEN" in one for one in known) and os.environ["OMP_NUM_THREADS"],
    os.path.samestat(os.fstat(1), os.stat(os.devnull)) and not sys.stdin.read(),
))]
"""
    assert answer(source) == [1, 1, 1, 1]


def test_modules_are_found_where_the_parent_finds_them_if_they_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / "site-packages", tmp_path / "submissions"):
        folder.mkdir()
        (folder / f"in_{folder.name[:4]}.py").write_text("answer = 3")
        monkeypatch.syspath_prepend(str(folder))
    monkeypatch.chdir(tmp_path / "submissions")
    assert answer("from in_site import answer") == 3
    assert answer("answer = 1\nfrom in_subm import answer") == 1
    assert answer("answer = 1\nimport kernel\nanswer = 2") == 1  # one of our own
    assert answer("import mlp_reference.manual\nanswer = 1") == 1


@pytest.mark.parametrize("library", ["torch", "matplotlib"])
def test_a_library_is_loaded_beforehand_where_it_is_mentioned(library: str) -> None:
    pytest.importorskip(library)
    loaded = f"import sys\nanswer = int('{library}' in sys.modules)"
    hidden = f"{library[:3]}' + '{library[3:]}"
    assert (
        answer(loaded) == answer(loaded.replace(library, hidden), f"# {library}") == 1
    )
    assert answer(loaded.replace(library, hidden)) == 0


@warm
def test_a_notebook_has_a_session_of_its_own_and_a_descriptor_for_its_reports() -> None:
    source = "import os\nopened = set(map(int, os.listdir('/proc/self/fd')))\n"
    source += "opened = sorted(fd for fd in opened if fd == 3 or fd > 4)\n"
    source += "answer = [os.getsid(0) - os.getpid(), *opened]"
    assert answer(source) == [0, 3]  # the fourth was there to list the others


CHANGES = """
import builtins, numpy, os, random, sys, mlp_exercise.part1
builtins.len = numpy.ones = mlp_exercise.part1.Checks = None
os.environ["MARK"] = sys.mark = "here"
sys.modules["prank"] = sys.path[0:0] = [os.getcwd()]
open("prank.py", "w").write("answer = 2")
random.seed(1); numpy.random.seed(1)
answer = 1
"""
SEES = """
import builtins, numpy, os, sys, mlp_exercise.part1
answer = [builtins.len(os.listdir()), int(numpy.ones(1)[0]), int("MARK" in os.environ),
    int(hasattr(sys, "mark")), int("prank" in sys.modules), int(bool(mlp_exercise.part1.Checks))]
"""


@pytest.mark.usefixtures("either")
def test_a_notebook_sees_nothing_of_the_one_before() -> None:
    assert answer(CHANGES) == 1
    assert answer(SEES) == [0, 1, 0, 0, 0, 1]


def test_a_notebook_does_not_find_what_holds_it() -> None:
    names = ("editors", "fence", "kernel")
    held = f"'mlp_exercise.submission.' + name in sys.modules for name in {names}"
    source = f"import sys\nanswer = [*map(int, ({held}))]"
    assert answer(source) == [0, 0, 0]


@pytest.mark.parametrize(("said", "end"), [(2**15, b""), (2**9, None)])
def test_of_all_that_a_child_says_no_more_is_kept_than_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int, end: bytes | None
) -> None:
    monkeypatch.setattr(process, "MOST_BYTES", 2**20)
    (tmp_path / "said").write_bytes(b"\n" * said)
    lines = process.Lines()
    process._receive(os.open(tmp_path / "said", os.O_RDONLY), lines)
    *kept, last = (lines.get_nowait() for _ in range(lines.qsize()))
    assert kept == [b"\n"] * min(said, -(-(2**20) // 101))
    assert last == end


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("module", ["random", "numpy.random", "torch"])
def test_no_two_notebooks_throw_the_same_dice(module: str) -> None:
    pytest.importorskip(module)
    dice = f"import {module}\nanswer = float({module}.{{}})"
    thrown = dice.format("rand(1)" if module == "torch" else "random()")
    assert answer(thrown) != answer(thrown)


WHO = "import os\nanswer = os.getppid()"


@warm
def test_one_process_is_forked_for_all_until_it_ends() -> None:
    first = answer(WHO)
    assert isinstance(first, int)
    assert answer(WHO) == first != answer(f"# torch\n{WHO}")
    os.kill(first, 9)
    assert has_ended(first)
    assert answer(WHO) not in (first, None)


@warm
def test_a_notebook_begins_again_where_the_warm_process_was_lost() -> None:
    """And a second time, it is not marked."""
    sleeps = "import os, time\nanswer = os.getppid()\n"
    with ThreadPoolExecutor() as pool:
        history = pool.submit(
            run.run, [f"{sleeps}time.sleep(3)"], ["answer"], run.Limits()
        )
        first = lost = kill_the_warm_process()
        assert history.result().changes[0]["answer"] != first
        history = pool.submit(
            run.run, ["import time\ntime.sleep(99)"], [], run.Limits()
        )
        for _ in range(2):
            lost = kill_the_warm_process(lost)
        with pytest.raises(NotMarked, match="the warm process came to an end"):
            history.result()


def kill_the_warm_process(other_than: int = 0) -> int:
    """Wait until it has a fork, and end it."""
    while True:
        for found in tuple(process._warm.values()):
            pid = found.process.pid
            with suppress(OSError):
                forks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                if forks and pid != other_than:
                    os.kill(pid, 9)
                    assert all(has_ended(int(fork)) for fork in forks)
                    return pid
        time.sleep(0.01)


@warm
@pytest.mark.parametrize(
    "attempt",
    [
        "os.kill(os.getppid(), 9)",
        "os.killpg(os.getpgid(os.getppid()), 9)",
        "os.listdir(f'/proc/{os.getppid()}/fd')",
        "while True: os.fork()",
        "os.setpgid(0, os.getpgid(os.getppid()))\nos.kill(os.getppid(), 9)",
    ],
)
def test_a_notebook_has_no_hold_on_the_process_that_it_is_a_fork_of(
    attempt: str,
) -> None:
    before = answer(WHO)
    tried = f"import os, signal\nanswer = 1\n{attempt}\nanswer = 2"
    assert answer(tried) == 1
    assert answer(WHO) == before


@warm
def test_notebooks_run_side_by_side() -> None:
    source = "import os, time\ntime.sleep(1)\nanswer = "
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda n: answer(f"{source}{n}"), range(24)))
    assert answers == [*range(24)]


MARKER = """
import sys
from mlp_exercise.submission import process, run
process.has_safe_fork = lambda fork=process.has_safe_fork: "fresh" not in sys.argv and fork()
cell = "import os\\nanswer = [os.getpid(), os.getppid()]"
run.run([cell], ["answer"], run.Limits())
class Told(run._Attempt):
    def note(self, line):
        super().note(line)
        print(*self.reports[0]["answer"], flush=True)
run._Attempt = Told
run.run([cell, "while True: pass"], ["answer"], run.Limits(500.0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
@pytest.mark.parametrize("how", ["is killed", "leaves"])
@pytest.mark.parametrize("child", ["fork", "fresh"])
def test_when_the_marker_ends_all_that_it_has_started_ends(
    how: str, child: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", MARKER, child], stdout=subprocess.PIPE, text=True
    ) as marker:
        assert marker.stdout is not None
        pids = [int(pid) for pid in marker.stdout.readline().split()]
        marker.send_signal(9 if how == "is killed" else 2)
    assert all(map(has_ended, pids))
