"""Builds that are killed, run out of room, meet another or are interrupted: the next is right."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import psutil
import pytest
from course.files import remove
from course.finished import Finished, wait_for_others
from filelock import FileLock
from sphinx.application import ENV_PICKLE_FILENAME

from tests.site_builds import contents, differences

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tests.docs.conftest import CleanBuild, Course

KILL = """\
import os
import signal
import sys

end, _, number = os.environ.get("KILL_AT", "/ of no file").partition(":")
left = int(number or 1)


def kill(event, args):
    global left
    writes = event == "open" and isinstance(args[2], int) and args[2] & os.O_ACCMODE
    if event == "os.rename" or writes:
        path = os.fspath(args[1] if event == "os.rename" else args[0])
        if isinstance(path, str) and path.endswith(end):
            left -= 1
            if not left:
                if writes:
                    left = -1  # this is what a process leaves behind that dies while it writes
                    with open(path, "wb") as file:
                        file.write(b"half")
                os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(kill)
"""
"""A build dies as it writes the file whose name ends so, or as its complete file is renamed."""

POINTS = (
    "tutorials/02_beta.md",  # a text is copied
    ".doctree:3",
    ENV_PICKLE_FILENAME,
    "tutorials/01_alpha.html",
    "html/.buildinfo",
    "downloads/02_beta.ipynb",
    "html.finished:2",  # everything is there but the stamp
)


@pytest.fixture
def edited(course: Course) -> Course:
    """Let every page be written again, with other words, while nothing is executed."""
    course.edit("docs/conf.py", '"Tiny course"', '"Small course"')
    course.edit("tutorials_src/02_beta.md", "## A part", "## A part\n\nNew words.")
    (course.root / "docs/kill.py").write_text(KILL)
    with (course.root / "docs/conf.py").open("a") as conf:
        conf.write("\nsys.path.insert(0, os.path.dirname(__file__))\nimport kill\n")
    return course


@pytest.fixture(scope="module")
def expected() -> dict[str, bytes]:
    return {}


def the_site(course: Course) -> dict[str, bytes]:
    return {
        name: content
        for name, content in contents(course.site).items()
        if name != ".buildinfo.bak"  # Sphinx keeps what it was
    }


def same_as_undisturbed(course: Course, expected: dict[str, bytes]) -> None:
    """Compare a site with that of the same sources from nothing, which is built once."""
    healed = the_site(course)
    if not expected:
        for folder in ("html", "doctrees", "jupyter_execute"):
            remove(course.site.parent / folder)
        course.build_well()
        expected |= the_site(course)
    assert differences(expected, healed) == {}
    assert course.executed() == []


@pytest.mark.parametrize("point", POINTS)
def test_a_build_that_was_killed_is_healed_by_the_next(
    edited: Course, expected: dict[str, bytes], point: str
) -> None:
    killed = edited.build(KILL_AT=point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    healed = edited.build()
    assert healed.returncode == 0, healed.stderr
    # What was copied is compared; the rest is made again.
    said = "every page is read and written again" in healed.stderr
    assert said == (point != POINTS[0])
    same_as_undisturbed(edited, expected)


def test_results_that_were_kept_before_a_kill_are_not_computed_again(
    course: Course, built: CleanBuild
) -> None:
    shutil.rmtree(course.site.parent / "notebook_cache")
    (course.root / "docs/kill.py").write_text(KILL)
    with (course.root / "docs/conf.py").open("a") as conf:
        conf.write("\nsys.path.insert(0, os.path.dirname(__file__))\nimport kill\n")
    assert course.build(KILL_AT=".json:3").returncode == -signal.SIGKILL
    first = course.executed()
    course.build_well()
    again = course.executed()
    assert len(first) == 3
    assert len(again) == 1
    assert differences(contents(built.course.site), the_site(course)) == {}


def test_a_full_disk_is_named_and_the_next_build_is_right(
    edited: Course, expected: dict[str, bytes]
) -> None:
    conf = edited.root / "docs/conf.py"
    text = conf.read_text()
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
    conf.write_text(text + limit)
    failed = edited.build()
    assert failed.returncode != 0
    assert "File too large" in failed.stderr, "as No space left on device would be"
    conf.write_text(text)
    edited.build_well()
    assert edited.executed() == []
    same_as_undisturbed(edited, expected)


def test_of_two_builds_the_second_says_that_it_waits(course: Course) -> None:
    environment = os.environ | {"PYTHONPATH": str(course.root)}
    with FileLock(course.site.parent / "building"):
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-d", "_build/doctrees"]
        second = subprocess.Popen(
            [*command, ".", "_build/html"],
            cwd=course.root / "docs",
            stderr=subprocess.PIPE,
            text=True,
            env=environment | {"EXECUTIONS": str(course.root / "executions")},
        )
        assert second.stderr is not None
        assert "this one waits for its end" in second.stderr.readline()
        assert second.poll() is None
    assert second.communicate()[1] == ""
    assert second.returncode == 0


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\nfrom filelock import FileLock\n"
        "lock = FileLock(sys.argv[1])\nlock.acquire()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "building")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    wait_for_others(tmp_path).release()


def test_an_interruption_ends_the_kernels_and_says_one_line(course: Course) -> None:
    course.edit(
        "tutorials_src/02_beta.md",
        'print("beta ran")',
        'open(os.environ["EXECUTIONS"] + "-now", "w").close()\nwhile True:\n    pass',
    )
    now = course.root / "executions-now"
    os.mkfifo(now)  # opened by the cell once it runs
    command = [sys.executable, "-m", "sphinx", "-q", "-d", "_build/doctrees"]
    build = subprocess.Popen(
        [*command, ".", "_build/html"],
        cwd=course.root / "docs",
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ
        | {
            "PYTHONPATH": str(course.root),
            "EXECUTIONS": str(course.root / "executions"),
        },
    )
    with now.open():
        kernels = psutil.Process(build.pid).children(recursive=True)
        build.send_signal(signal.SIGINT)
    said = build.communicate()[1]
    assert build.returncode != 0
    assert said.strip().splitlines() == ["Interrupted!"]
    assert kernels
    _, alive = psutil.wait_procs(kernels, timeout=60)
    assert not alive


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


def test_a_page_whose_source_went_between_two_disturbed_builds_is_deleted(
    course: Course,
) -> None:
    course.edit("docs/conf.py", "html_theme", "raise_later = 1\nhtml_theme")
    (course.site.parent / "doctrees" / ENV_PICKLE_FILENAME).write_bytes(b"half")
    (course.root / "docs/by_hand.md").unlink()
    course.edit("docs/index.md", "by_hand\n", "")
    course.build_well()
    assert not (course.site / "by_hand.html").exists()
    assert "by_hand" not in (course.site / "searchindex.js").read_text()
