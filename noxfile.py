"""Sessions of this project; `nox -l` lists them."""

import hashlib
import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.10.14"
nox.options.sessions = ["lint", "tests", "docs"]
nox.options.reuse_venv = "yes"
nox.options.default_venv_backend = "virtualenv"

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml("pyproject.toml")
HTML = "docs/_build/html"
DOCTREES = ("-d", "docs/_build/doctrees")  # beside the site, not in it
STRICT = ("-b", "html", "-j", "1", "-n", "-W", "--keep-going")
SPHINX = (*STRICT, *DOCTREES, "docs", HTML)
WRITTEN = ("docs/_build", "docs/tutorials", "docs/exercises")
BENCHMARKS = (
    "training_step",
    "engine",
    "what_it_buys",
    "limits",
    "epoch",
    "growth",
    "imports",
    "build",
    "marking",
    "term",
    "regression",
    "data_parallel",
    "cluster",
)
BESIDE = ("-n", "logical", "--dist", "loadfile")  # on all cores; each file on one
PACKAGES = ("tests/mlp_reference", "tests/mlp_exercise", "tests/test_package.py")
DEPENDENCIES = ("pyproject.toml", "constraints.txt", "mlp_reference/_version.py")

if pyenv := os.environ.get("PYENV_ROOT"):  # it shows only the chosen Pythons
    there = sorted(path.name for path in Path(pyenv, "versions").glob("3.*"))
    os.environ["PYENV_VERSION"] = ":".join(
        [*filter(None, [os.environ.get("PYENV_VERSION")]), *reversed(there)]
    )
PYTHONS = nox.project.python_versions(PROJECT, max_version="3.14")


@nox.session
def docs(session: nox.Session) -> None:
    """Execute the lessons and build the site into docs/_build/html."""
    install(session, "docs")
    session.run("python", "-m", "sphinx", "--quiet", *SPHINX, *session.posargs)
    session.log(f"open {ROOT / HTML / 'index.html'}")


@nox.session
def notebooks(session: nox.Session) -> None:
    """Write all notebooks into build/notebooks, with and without solutions."""
    install(session, "docs")
    session.run("python", "-m", "sphinx", "--quiet", *SPHINX)
    target = ROOT / "build" / "notebooks"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / HTML / "downloads", target)  # lessons, and the wheel
    site = ("--site", os.environ.get("COURSE_BASE_ADDRESS", ""))
    session.run("python", "-m", "mlp_exercise", "notebooks", str(target), *site)
    for assignment in (target / "instructor" / "source").iterdir():
        for wheel in target.glob("*.whl"):  # nbgrader releases it with the notebook
            shutil.copy(wheel, assignment)
    session.log(f"written into {target}")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the test suite; arguments go to pytest, such as -k parity."""
    install(session, "tests")
    session.run("python", "-m", "pytest", *BESIDE, *session.posargs)


@nox.session(download_python="never")
@nox.parametrize(
    ("python", "bounds"),
    [(PYTHONS[0], "lowest"), *((python, "pinned") for python in PYTHONS)],
    ids=[f"{PYTHONS[0]}-lowest", *PYTHONS],
)
def compat(session: nox.Session, bounds: str) -> None:
    """Run what needs no PyTorch on every Python that is found, and at the lower bounds."""
    extras = PROJECT["project"]["optional-dependencies"].items()
    wanted = [*PROJECT["project"]["dependencies"]]
    wanted += [line for name, lines in extras if name != "torch" for line in lines]
    if bounds == "lowest":
        wanted = [line.replace(">=", "==") for line in wanted]
    install(session, "compat", *wanted, pinned=bounds == "pinned")
    plugin = ("-p", "tests.without_torch", "-m", "not site")
    chosen = session.posargs or ("--at-least", "2000", *PACKAGES)
    session.run("python", "-m", "pytest", *BESIDE, *plugin, *chosen)


@nox.session
def machines(session: nox.Session) -> None:
    """Run the numerical tests and build the site as other processors would."""
    install(session, "tests")
    session.run("python", "-m", "tests.machines", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change one line at a time and list what no test notices; arguments name rooms."""
    install(session, "mutants")
    session.run("python", "-m", "tests.mutants", *session.posargs)


@nox.session
def nbgrader(session: nox.Session) -> None:
    """Release and grade the exercises with the real nbgrader; arguments go to pytest."""
    install(session, "nbgrader")
    session.run("python", "-m", "pytest", "tests/nbgrader", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Test every page in a real Chromium, Firefox and WebKit; arguments go to pytest."""
    install(session, "browser")
    session.run("python", "-m", "tests.browser.chromium")  # or explains how to get it
    session.run("python", "-m", "tests.browser.engines")  # the same for the others
    build_unless_given(session)
    session.run("python", "-m", "pytest", *BESIDE, "tests/browser", *session.posargs)


@nox.session
def jupyter(session: nox.Session) -> None:
    """Run every notebook in a real JupyterLab in Chromium, and look; arguments go to pytest."""
    install(session, "jupyter")
    session.run("python", "-m", "tests.browser.chromium")
    build_unless_given(session)
    session.run("python", "-m", "pytest", *BESIDE, "tests/jupyter", *session.posargs)


@nox.session
def pages(session: nox.Session) -> None:
    """Measure pages with Lighthouse and write build/pages.md; arguments name pages."""
    install(session, "browser")
    session.run("python", "-m", "tests.browser.chromium")
    if "--no-lighthouse" not in session.posargs:
        install_lighthouse(session)
    build_unless_given(session)
    session.run("python", "-m", "tests.browser.pages", *session.posargs)


@nox.session
def speed(session: nox.Session) -> None:
    """Measure how soon the explorer responds in a real Chromium."""
    install(session, "browser")
    session.run("python", "-m", "tests.browser.chromium")
    build_unless_given(session)
    session.run("python", "-m", "tests.browser.speed", *session.posargs)


@nox.session
def translations(session: nox.Session) -> None:
    """Write the catalogue of all words, and test that every page takes them from there."""
    install(session, "tests")
    catalogue = ("python", "-m", "course.catalogue")
    session.run(*catalogue, env={"PYTHONPATH": "docs/_ext"})
    session.run("python", "-m", "pytest", "tests/translations", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check format, style, docstrings, types, and the files that hosts read."""
    install(session, "lint")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    # Names that people import document parameters and results; others need one line.
    exercise = Path("mlp_exercise")
    public = [*exercise.glob("part?/__init__.py"), exercise / "check.py"]
    modules = sorted([*Path("mlp_reference").rglob("*.py"), *public])
    session.run("numpydoc", "lint", *map(str, modules))
    session.run("mypy")
    workflows = [str(path) for path in sorted(Path(".github/workflows").glob("*.yml"))]
    forms = [
        str(path) for path in sorted(Path(".github/ISSUE_TEMPLATE").glob("a-*.yml"))
    ]
    for schema, files in (
        ("vendor.github-workflows", workflows),
        ("vendor.readthedocs", [".readthedocs.yaml"]),
        ("vendor.citation-file-format", ["CITATION.cff"]),
        ("vendor.github-issue-forms", forms),
    ):
        session.run("check-jsonschema", "--builtin-schema", schema, *files)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed and write the tables that pages show; arguments name sections."""
    install(session, "bench")
    session.env.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    for section in session.posargs or BENCHMARKS:
        table = f"docs/_measured/{section}.md"
        session.run("python", "-m", f"benchmarks.{section}", table)


@nox.session
def live(session: nox.Session) -> None:
    """Serve the site on this machine and rebuild it whenever a file is saved."""
    install(session, "live")
    watch = (
        "--watch",
        "tutorials_src",
        "--watch",
        "mlp_reference",
        "--watch",
        "mlp_exercise",
    )
    ignored = [part for folder in WRITTEN for part in ("--ignore", folder)]
    session.run("sphinx-autobuild", *watch, *ignored, *DOCTREES, "docs", HTML)


@nox.session
def linkcheck(session: nox.Session) -> None:
    """Check every outbound link; this needs the internet and is never part of a build."""
    install(session, "docs")
    session.run(
        "python", "-m", "sphinx", "-b", "linkcheck", "docs", "docs/_build/linkcheck"
    )


@nox.session(reuse_venv=False)
def constraints(session: nox.Session) -> None:
    """Resolve every dependency group again and write constraints.txt."""
    wanted = nox.project.dependency_groups(PROJECT, *PROJECT["dependency-groups"])
    session.install(*wanted, "torch==2.13.0")
    frozen = session.run(
        "python", "-m", "pip", "freeze", "--exclude-editable", silent=True
    )
    lines = [
        line.partition("+")[0] for line in str(frozen).splitlines() if "==" in line
    ]
    head = "# Written by `nox -s constraints`: the environment of all sessions.\n"
    Path("constraints.txt").write_text(head + "\n".join(lines) + "\n", "utf-8")


@nox.session(venv_backend="none")
def clean(session: nox.Session) -> None:
    """Remove all files that builds have written."""
    for folder in (*WRITTEN, "build", "dist"):
        shutil.rmtree(folder, ignore_errors=True)
    session.log("removed")


def build_unless_given(session: nox.Session) -> None:
    """Build the site, unless the arguments name the folder of a built one."""
    if not any(argument.startswith("--site") for argument in session.posargs):
        session.run("python", "-m", "sphinx", "--quiet", *SPHINX)


def install_lighthouse(session: nox.Session) -> None:
    """Install the packages that tests/browser/node pins, unless they are installed."""
    if shutil.which("npm") is None:
        session.error(
            "Lighthouse needs Node 18.20 or newer with npm: `apt-get install nodejs npm`, "
            "or leave it out: `nox -s pages -- --no-lighthouse`."
        )
    folder = ROOT / "tests/browser" / "node"
    lock, done = folder / "package-lock.json", folder / "node_modules/installed"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return
    # One of its packages requires the "latest" third-party-web; package.json overrides
    # that, because the lock file would be out of date with every release.
    quiet = ("--no-audit", "--no-fund", "--engine-strict", "--loglevel=error")
    with session.chdir(folder):
        session.run("npm", "ci", *quiet, external=True)
    shutil.copy(lock, done)


def install(
    session: nox.Session, group: str, *others: str, pinned: bool = True
) -> None:
    """Install a dependency group and this package, unless they are installed."""
    os.environ.pop("PYTHONPATH", None)  # a session must not import anything from there
    digest = hashlib.sha256(
        b"".join((ROOT / name).read_bytes() for name in DEPENDENCIES)
    )
    stamp = Path(session.virtualenv.location) / "installed"
    if stamp.exists() and stamp.read_text("utf-8") == digest.hexdigest():
        return
    wanted = nox.project.dependency_groups(PROJECT, group)
    pins = ("--constraint", "constraints.txt") if pinned else ()
    session.install(*wanted, *others, *pins)
    session.install("--no-deps", "--editable", ".")
    stamp.write_text(digest.hexdigest(), "utf-8")
