"""The time of a build of the site: from nothing, with nothing changed, and its lower bound.

``nox -s bench -- build`` runs this in an environment of its own, on a copy of the project.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.record import publish, where
from mlp_exercise.submission.run import usable_cores

ROOT = Path(__file__).parents[1]
COLD, UNCHANGED = 1.3, 3.0
"""Goals: a cold build as a multiple of its bound, and an unchanged one in seconds."""


UNCHANGED_BUILDS = 5


def copy(target: Path) -> None:
    """Copy the project with its uncommitted changes, but without the results of builds.

    Parameters
    ----------
    target : Path
        The folder that becomes the copy.
    """
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.check_output(git, cwd=ROOT, text=True)  # noqa: S603 - our own words
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():  # git also lists deleted files
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def build(project: Path) -> dict[str, float]:
    """Build the site as `nox -s docs` does.

    Parameters
    ----------
    project : Path
        A copy of the repository.

    Returns
    -------
    dict of str to float
        Seconds by phase, in their order.
    """
    start = time.time()
    command = [sys.executable, "-m", "benchmarks.phases", str(start)]
    done = subprocess.run(  # noqa: S603 - our own words
        command, cwd=project, check=True, stdout=subprocess.PIPE, text=True
    )
    end = time.time()
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds | {"let go of it all": end - start - _total(seconds)}


def notebooks(project: Path) -> dict[str, float]:
    """Return the time that each notebook ran.

    Parameters
    ----------
    project : Path
        A copy of the repository whose site is built.

    Returns
    -------
    dict of str to float
        Seconds by name, the longest first.
    """
    (folder,) = (project / "docs/_build/notebook_cache").iterdir()
    results = (json.loads(p.read_bytes().partition(b"\n")[2]) for p in folder.iterdir())
    seconds = {Path(result["page"]).name: result["seconds"] for result in results}
    return dict(sorted(seconds.items(), key=lambda pair: -pair[1]))


def measure() -> Iterator[dict[str, Any]]:
    """Build from nothing, without executing, and with nothing changed.

    Yields
    ------
    dict
        A row for each build, with seconds in all, by phase and by notebook, and its goal.
    """
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary) / "copy"
        copy(project)
        cold = build(project)
        own = notebooks(project)
        unchanged = sorted(
            (build(project) for _ in range(UNCHANGED_BUILDS)), key=_total
        )
        for folder in ("html", "doctrees"):
            shutil.rmtree(project / "docs/_build" / folder)
        sphinx = build(project)
    cores = usable_cores()
    bound = sum(own.values()) / cores + _total(sphinx)
    yield {
        **_row("from nothing", cold, COLD * bound),
        "notebooks": own,
        "cores": cores,
        "bound": bound,
        "ratio": _total(cold) / bound,
    }
    yield _row("nothing executed", sphinx, None)
    yield {
        **_row("nothing changed", unchanged[len(unchanged) // 2], UNCHANGED),
        "fastest": _total(unchanged[0]),
        "slowest": _total(unchanged[-1]),
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Return the result as Markdown: the times of each build's phases and of the notebooks.

    Parameters
    ----------
    rows : list of dict
        What `measure` yielded.

    Returns
    -------
    str
        Markdown.
    """
    cold = rows[0]
    lines = [
        f"| seconds | {' | '.join(row['build'] for row in rows)} |",
        f"| --- | {' | '.join('---' for _ in rows)} |",
    ]
    for phase in cold["phases"]:
        cells = [f"{row['phases'][phase]:.1f}" for row in rows]
        lines.append(f"| {phase} | {' | '.join(cells)} |")
    totals = [f"**{row['seconds']:.1f}**" for row in rows]
    goals = [f"{row['goal']:.1f}" if row["goal"] else "" for row in rows]
    lines += [f"| in all | {' | '.join(totals)} |", f"| goal | {' | '.join(goals)} |"]
    own = cold["notebooks"]
    names = ", ".join(f"`{name}` {seconds:.1f}" for name, seconds in own.items())
    same = rows[-1]
    how = (
        f"With nothing changed, {UNCHANGED_BUILDS} builds took {same['fastest']:.1f} to "
        f"{same['slowest']:.1f} seconds; the table has the one in the middle. "
        f"The notebooks took {sum(own.values()):.1f} seconds, each on its own: {names}. "
        f"The bound is that time over {cold['cores']} cores and a build in which nothing is "
        f"executed, {cold['bound']:.1f} seconds; the build from nothing takes "
        f"{cold['ratio']:.2f} times that, and at most {COLD} is its goal. {where('build')}"
    )
    return "\n".join([*lines, "", how, ""])


def _row(name: str, phases: dict[str, float], goal: float | None) -> dict[str, Any]:
    return {"build": name, "seconds": _total(phases), "goal": goal, "phases": phases}


def _total(phases: dict[str, float]) -> float:
    return sum(phases.values())


if __name__ == "__main__":
    measured = list(measure())
    publish("build", measured, table(measured))
