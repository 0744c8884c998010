"""How long the site takes to build: from nothing, with nothing changed, and what bounds it.

``nox -s bench -- build`` runs this in an environment of its own, on a copy of the files that
git knows.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from jupyter_cache import get_cache

from benchmarks.record import publish, where

ROOT = Path(__file__).parents[1]
COLD, UNCHANGED = 1.3, 3.0
"""Goals: a cold build at most so many times its bound; an unchanged one at most so many seconds."""


def build(project: Path) -> float:
    """Build the site as `nox -s docs` does.

    Parameters
    ----------
    project : Path
        A copy of the repository.

    Returns
    -------
    float
        Seconds.
    """
    start = perf_counter()
    command = ["-m", "sphinx", "--quiet", "-b", "html", "-j", "1", "-n", "-W"]
    folders = ["-d", "docs/_build/doctrees", "docs", "docs/_build/html"]
    subprocess.run([sys.executable, *command, *folders], cwd=project, check=True)  # noqa: S603 - our own words
    return perf_counter() - start


def notebooks(project: Path) -> dict[str, float]:
    """Read how long each notebook ran.

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
    records = get_cache(folder).list_cache_records()
    seconds = {Path(r.uri).stem: r.data["execution_seconds"] for r in records}
    return dict(sorted(seconds.items(), key=lambda pair: -pair[1]))


def measure() -> list[dict[str, Any]]:
    """Build from nothing, without executing, and with nothing changed.

    Returns
    -------
    list of dict
        One row: seconds of each build, of the notebooks together, and the bound.
    """
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary) / "copy"
        git = ["git", "-C", str(ROOT), "checkout-index", "-a", f"--prefix={project}/"]
        subprocess.run(git, check=True)  # noqa: S603 - our own words
        cold = build(project)
        own = notebooks(project)
        unchanged = min(build(project) for _ in range(3))
        for folder in ("html", "doctrees"):
            shutil.rmtree(project / "docs/_build" / folder)
        sphinx = build(project)
    cores = os.cpu_count() or 1
    bound = sum(own.values()) / cores + sphinx
    return [
        {
            "cold": cold,
            "notebooks": own,
            "cores": cores,
            "sphinx": sphinx,
            "bound": bound,
            "ratio": cold / bound,
            "unchanged": unchanged,
        }
    ]


def table(row: dict[str, Any]) -> str:
    """Write the result as Markdown.

    Parameters
    ----------
    row : dict
        What `measure` returned.

    Returns
    -------
    str
        Markdown.
    """
    together = sum(row["notebooks"].values())
    lines = [
        "| build | seconds | goal |",
        "| --- | --- | --- |",
        f"| from nothing | {row['cold']:.1f} | {COLD * row['bound']:.1f} |",
        f"| nothing executed: Sphinx alone | {row['sphinx']:.1f} | |",
        f"| nothing changed | {row['unchanged']:.1f} | {UNCHANGED:.1f} |",
        f"| all notebooks one after the other | {together:.1f} | |",
    ]
    lines += [f"| `{name}` | {s:.1f} | |" for name, s in row["notebooks"].items()]
    how = (
        f"The bound is the notebooks' own time over {row['cores']} cores and Sphinx alone, "
        f"{row['bound']:.1f} seconds; the build from nothing takes {row['ratio']:.2f} times that. "
        f"{where('build')}"
    )
    return "\n".join([*lines, "", how, ""])


if __name__ == "__main__":
    measured = measure()
    publish("build", measured, table(measured[0]))
