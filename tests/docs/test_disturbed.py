"""Builds that are killed, run out of room, meet another or are interrupted: the next is right."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from course import finished
from course.files import remove
from course.finished import Finished, wait_for_others
from filelock import FileLock
from sphinx.application import ENV_PICKLE_FILENAME

from tests.leftovers import marked, still_there
from tests.site_builds import contents, differences

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tests.docs.conftest import Course

KILL = """\
import os
import signal
import sys

end = os.environ.get("KILL_AT", "/ of no file")
dying = False


def kill(event, args):
    global dying
    writes = event == "open" and isinstance(args[2], int) and args[2] & os.O_ACCMODE
    if event == "os.rename" or writes:
        path = os.fspath(args[1] if event == "os.rename" else args[0])
        if isinstance(path, str) and path.endswith(end) and not dying:
            dying = True
            if writes:  # this is what a process leaves behind that dies while it writes
                with open(path, "wb") as file:
                    file.write(b"half")
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(kill)
"""
"""A build dies as it writes the file whose name ends so, or as its complete file is renamed."""

POINTS = (
    "tutorials/02_beta.md",  # a text is copied, and the last stamp still stands
    "downloads/02_beta.ipynb",  # every page is there
    "tutorials/01_alpha.html",  # Sphinx takes a page for whole that is newer than its text
)

FULL = "\nimport resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
"""No file may be longer, which fails as a full disk does, in the middle of writing."""


def test_whatever_stops_builds_the_next_is_right_and_executes_nothing(
    course: Course,
) -> None:
    conf = course.root / "docs/conf.py"
    course.edit("docs/conf.py", '"Tiny course"', '"Small course"')  # every page changes
    course.edit("docs/index.md", "by_hand\n", "")
    (course.root / "docs/by_hand.md").unlink()
    (course.root / "docs/kill.py").write_text(KILL)
    text = conf.read_text() + "\nsys.path.insert(0, os.path.dirname(__file__))\n"
    conf.write_text(text + FULL)
    failed = course.build()
    assert failed.returncode != 0
    assert os.strerror(errno.EFBIG) in failed.stderr
    conf.write_text(f"{text}import kill\n")
    for point in POINTS:
        course.edit("tutorials_src/02_beta.md", "## A part\n", "## A part\n\nMore.\n")
        killed = course.build(KILL_AT=point)
        assert killed.returncode == -signal.SIGKILL, (point, killed.stderr)
    healed = course.build()
    assert healed.returncode == 0, healed.stderr
    assert "every page is read and written again" in healed.stderr
    after = contents(course.site)
    for folder in ("html", "doctrees", "jupyter_execute"):
        remove(course.site.parent / folder)
    course.build_well()
    assert differences(contents(course.site), after) == {}
    assert course.executed() == []


def test_a_second_build_says_that_it_waits_and_a_lock_dies_with_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import sys\nfrom filelock import FileLock\nlock = FileLock(sys.argv[1])\n"
        "lock.acquire()\nprint('locked', flush=True)\nsys.stdin.read()\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "building")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []

    def kill_it_then(words: str) -> None:
        said.append(words)
        first.kill()

    monkeypatch.setattr(finished, "notice", kill_it_then)
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "locked\n"
        wait_for_others(tmp_path).release()
    wait_for_others(tmp_path).release()
    assert said == [
        f"Another build is writing into {tmp_path}: this one waits for its end."
    ]


def test_an_interruption_ends_the_kernels_and_says_one_line(course: Course) -> None:
    interrupt = (
        "import signal\nos.kill(os.getppid(), signal.SIGINT)\nwhile True:\n    pass"
    )
    course.edit("tutorials_src/02_beta.md", 'print("beta ran")', interrupt)
    with marked() as mark:
        stopped = course.build()
        assert stopped.returncode != 0
        assert stopped.stderr.split() == ["Interrupted!"]
        assert still_there(mark, patience=60) == []


# -- What is taken for whole


@pytest.fixture
def built_before(tmp_path: Path) -> Callable[[], Finished]:
    """Write what a build would have written, and return who looks at it next."""
    for name in (
        "html/index.html",
        "html/searchindex.js",
        "html/.buildinfo",
        "html/downloads/a.zip",
        "doctrees/index.doctree",
        f"doctrees/{ENV_PICKLE_FILENAME}",
        "jupyter_execute/figure.svg",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"this is {name}")
    events: dict[str, Any] = {}
    app = SimpleNamespace(
        outdir=tmp_path / "html",
        doctreedir=tmp_path / "doctrees",
        connect=lambda event, handler, *_: events.update({event: handler}),
        env=SimpleNamespace(found_docs={"index"}),
        _warncount=0,
    )
    lock = FileLock(tmp_path / "building")

    def look() -> Finished:
        return Finished(cast("Sphinx", app), lock)

    look().end(cast("Sphinx", app), None)
    return look


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5])


DISTURBANCES: dict[str, Callable[[Path], object]] = {
    "a page": lambda folder: half(folder / "html/index.html"),
    "no page": lambda folder: (folder / "html/index.html").unlink(),
    "the index": lambda folder: half(folder / "html/searchindex.js"),
    "Sphinx's note": lambda folder: (folder / "html/.buildinfo").write_bytes(b""),
    "a tree": lambda folder: half(folder / "doctrees/index.doctree"),
    "what Sphinx knows": lambda folder: half(folder / "doctrees" / ENV_PICKLE_FILENAME),
    "a figure": lambda folder: half(folder / "jupyter_execute/figure.svg"),
    "the stamp": lambda folder: half(folder / "doctrees/html.finished"),
    "a stamp of another kind": lambda folder: (
        folder / "doctrees/html.finished"
    ).write_text("[1]"),
    "no stamp": lambda folder: (folder / "doctrees/html.finished").unlink(),
    "no site": lambda folder: shutil.rmtree(folder / "html"),
    "nothing": lambda folder: half(folder / "html/downloads/a.zip"),  # always made
}


@pytest.mark.parametrize("disturbance", DISTURBANCES)
def test_whatever_was_changed_sphinx_forgets_what_it_knew(
    disturbance: str,
    built_before: Callable[[], Finished],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    DISTURBANCES[disturbance](tmp_path)
    built_before().start_anew_unless_whole()
    whole = disturbance == "nothing"
    assert (tmp_path / "doctrees" / ENV_PICKLE_FILENAME).exists() == whole
    assert ("read and written again" in capsys.readouterr().err) == (not whole)
