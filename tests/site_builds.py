"""Whole builds of the site from a copy of its sources, and the differences of two builds."""

import difflib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

BUILT = ROOT / "docs/_build/html"
"""The folder into which `nox -s docs` builds the site."""

PACKAGES = ("mlp_reference", "mlp_exercise")

GIVEN_TO_A_BUILD = (
    "COURSE_BASE_ADDRESS",
    "COURSE_REPOSITORY",
    "COURSE_BRANCH",
    "COURSE_NOTEBOOKS",
    "READTHEDOCS",
    "SOURCE_DATE_EPOCH",
)
"""Variables that a machine may set for its own site, which builds of tests must not see."""


class BuildError(RuntimeError):
    """A build of the site failed; the message is its output."""


def build(copy: Path, **environment: str) -> Path:
    """Build the whole site from a copy of the sources, as `nox -s docs` does."""
    written = {"docs": ("_build", "tutorials", "exercises")}
    for folder in (*PACKAGES, "tutorials_src", "docs"):
        unwanted = shutil.ignore_patterns("__pycache__", *written.get(folder, ()))
        shutil.copytree(
            ROOT / folder, copy / folder, ignore=unwanted, dirs_exist_ok=True
        )
    for pattern in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE*"):
        for path in ROOT.glob(pattern):
            shutil.copy(path, copy)
    return _sphinx(copy, environment)


def build_in_place() -> Path:
    """Render this checkout's own site afresh, once for all processes that run its tests.

    Notebooks that were executed already, with this code, are not executed again.
    """
    from filelock import FileLock  # not installed for the tests of nbgrader

    folder = BUILT.parent
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        stamp = folder / "tested"
        if not stamp.exists() or stamp.read_text("utf-8") != run:
            with FileLock(folder / "building"):  # no other build loses its files
                for stale in (BUILT, folder / "doctrees"):
                    shutil.rmtree(stale, ignore_errors=True)
            _sphinx(ROOT, {})
            stamp.write_text(run, "utf-8")
    return BUILT


def _sphinx(project: Path, environment: dict[str, str]) -> Path:
    options = "-b html -j 1 -n -W --keep-going --quiet -d docs/_build/doctrees"
    places = ("docs", "docs/_build/html")
    known = {k: v for k, v in os.environ.items() if k not in GIVEN_TO_A_BUILD}
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options.split(), *places],
        cwd=project,
        env=known | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(done.stdout + done.stderr)
    return project / "docs/_build/html"


def contents(site: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a site, by its path."""
    files = sorted(path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> dict[str, str]:
    """Return the first differences of two sites by file, so that the cause can be found."""
    found = dict.fromkeys(one.keys() ^ other.keys(), "only one site has it")
    for name in one.keys() & other.keys():
        if one[name] != other[name]:
            found[name] = _first_difference(one[name], other[name])
    return dict(sorted(found.items()))


def _first_difference(one: bytes, other: bytes) -> str:
    before, after = (d.decode("utf-8", "replace").splitlines() for d in (one, other))
    lines = difflib.unified_diff(before, after, lineterm="", n=0)
    return "\n".join(line[:300] for line, _ in zip(lines, range(6), strict=False))
