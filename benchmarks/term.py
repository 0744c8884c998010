"""A term of 300 learners: from the archives of three platforms to gradebooks and feedback.

``nox -s bench -- term`` runs this in an environment of its own. The command is a process of its
own, as for an instructor.
"""

import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.cohort import Learner, cohort
from benchmarks.data_parallel import busy
from benchmarks.platforms import ASSIGNMENT, Kit, kits
from benchmarks.record import publish, where
from mlp_exercise.submission.mark import EXERCISES
from mlp_exercise.submission.run import usable_cores

SIZE = 300

POINTS = {exercise.name: exercise.max_points for exercise in EXERCISES}

Row = dict[str, Any]


class Run(NamedTuple):
    """How the command went."""

    status: int
    said: str  # on standard error
    seconds: float
    largest: float  # megabytes of its own process, at most
    together: float  # with all processes that it started


def command(arguments: Sequence[str], folder: Path) -> Run:
    """Run the command in a folder, and watch its memory where Linux shows it.

    Parameters
    ----------
    arguments : list of str
        What follows ``mark``.
    folder : Path
        Where it runs.

    Returns
    -------
    Run
        Its status, and what it took.
    """
    line = [sys.executable, "-m", "mlp_exercise", "mark", *arguments]
    start = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own words
        line, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        peaks = [0.0, 0.0]
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
        watch.start()
        said = process.communicate()[1]
        ended.set()
        watch.join()
    seconds = time.perf_counter() - start
    return Run(process.returncode, said, seconds, *peaks)


def mark_term(size: int, folder: Path) -> tuple[list[Learner], list[Kit], Run]:
    """Write what a class hands in, and mark it as an instructor does.

    Parameters
    ----------
    size : int
        The number of learners.
    folder : Path
        Where everything goes.

    Returns
    -------
    learners : list of Learner
        The class.
    made : list of Kit
        The files of each platform; their gradebooks are filled.
    run : Run
        How the command went.
    """
    learners = cohort(size)
    made = kits(learners, folder)
    arguments = [kit.archive.name for kit in made]
    for kit in made:
        arguments += ["--gradebook", kit.gradebook.name]
    arguments += ["--column", f"{ASSIGNMENT}=total"]
    arguments += ["--feedback", "feedback", "--annotate", "--report", "class.html"]
    arguments += ["--format", "json", "--output", "marks.json"]
    return learners, made, command(arguments, folder)


def filled(kit: Kit) -> Iterator[str]:
    """Yield the points of each row of a gradebook; empty where none were filled in.

    Parameters
    ----------
    kit : Kit
        The files of a platform.

    Yields
    ------
    str
        As they stand in the file.
    """
    column = {"moodle": 4, "canvas": 4, "brightspace": 5}[kit.platform]
    with kit.gradebook.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    people = [row for row in rows[1:] if "Points Possible" not in row[0]]
    yield from (row[column] for row in people if row[0] != "Student, Test")


def wronged(kit: Kit) -> Iterator[str]:
    """Yield honest learners whose points in a gradebook are not what they handed in.

    Parameters
    ----------
    kit : Kit
        The files of a platform, its gradebook filled.

    Yields
    ------
    str
        A name, with the points that came and those expected.
    """
    for who, cell in zip(kit.learners, filled(kit), strict=True):
        last = {paper.part: paper.work for paper in who.papers}
        if {*last.values()} <= {"honest", "blank"}:
            parts = [part for part, work in last.items() if work == "honest"]
            expected = sum(POINTS[part] for part in parts) if last else None
            if (float(cell) if cell else None) != expected:
                yield f"{who.name}, {kit.platform}: {cell} came, expected {expected}"


def untold(made: Sequence[Kit], said: Sequence[str]) -> Iterator[str]:
    """Yield whom the command wronged without a word.

    Parameters
    ----------
    made : list of Kit
        The files of each platform, their gradebooks filled.
    said : list of str
        What the command said.

    Yields
    ------
    str
        A name, with the points that came and those expected.
    """
    alone = {line.split(": ")[1] for line in said if ": left alone" in line}
    # Behind the name of namesakes stands their platform.
    names = {who.partition(" (")[0] for who in alone}
    for kit in made:
        yield from (line for line in wronged(kit) if line.split(", ")[0] not in names)


def measure(size: int, folder: Path) -> Row:
    """Mark a term, and return what it took."""
    load = os.getloadavg()[0]
    learners, made, run = mark_term(size, folder)
    if run.status not in (0, 1):
        raise RuntimeError(f"the command ended with {run.status}:\n{run.said}")
    if wrong := [*untold(made, run.said.splitlines())]:
        raise AssertionError("\n".join(wrong))
    papers = [paper for who in learners for paper in who.papers]
    pages = [path for path in (folder / "feedback").rglob("*") if path.is_file()]
    return {
        "learners": len(learners),
        "files": len(papers),
        "megabytes": sum(kit.archive.stat().st_size for kit in made) / 1e6,
        "cores": usable_cores(),
        "load": load,
        "seconds": run.seconds,
        "largest": run.largest,
        "together": run.together,
        "with points": sum(1 for kit in made for cell in filled(kit) if cell),
        "rows": sum(1 for kit in made for _ in filled(kit)),
        "told": run.said.count("\n"),
        "given back": len(pages),
        "given back, megabytes": sum(path.stat().st_size for path in pages) / 1e6,
        "report, kilobytes": (folder / "class.html").stat().st_size / 1e3,
    }


def table(row: Row) -> str:
    """Return what was measured as Markdown."""
    lines = {
        "learners": f"{row['learners']}",
        "files handed in": f"{row['files']}, {row['megabytes']:.0f} MB in three archives",
        "time in all": f"{row['seconds'] / 60:.1f} minutes on {row['cores']} cores",
        "memory of the command itself": f"{row['largest']:.0f} MB at most",
        "with all processes that it starts": f"{row['together']:.0f} MB at most",
        "gradebook rows": f"{row['rows']}, {row['with points']} of them with points",
        "feedback files": f"{row['given back']}, {row['given back, megabytes']:.0f} MB",
        "the class on one page": f"{row['report, kilobytes']:.0f} kB",
    }
    rows = [f"| {what} | {found} |" for what, found in lines.items()]
    how = (
        "Archives of Moodle, Canvas and Brightspace, with honest and wrong notebooks, blank "
        "and damaged ones, endless loops, namesakes, and learners who hand in twice, late or "
        f"nothing. {where('term')} {busy(row['load'])}"
    )
    return "\n".join(["| a term | it comes to |", "| --- | --- |", *rows, "", how, ""])


def _watch(root: int, peaks: list[float], ended: threading.Event) -> None:
    """Note the most memory that a process takes, and with all below it."""
    while not ended.wait(0.2):
        sizes = {pid: _megabytes(pid) for pid in _family(root)}
        peaks[0] = max(peaks[0], sizes.get(root, 0.0))
        peaks[1] = max(peaks[1], sum(sizes.values()))


def _family(root: int) -> list[int]:
    """Return a process and all that it has started."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            after = entry.read_text("utf-8", "replace").rpartition(")")[2].split()
            parents[int(entry.parent.name)] = int(after[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _megabytes(pid: int) -> float:
    """Return the memory of a process; what it shares with others counts by its share."""
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/{name}").read_text("utf-8").splitlines():
                if line.startswith(field):
                    return int(line.split()[1]) / 1000
    return 0.0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        measured = measure(SIZE, Path(temporary))
    publish("term", [measured], table(measured))
