"""The first code cell installs what is missing, and what it runs tells a learner how far it is."""

import ast
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.error import UsageError
from IPython.core.inputtransformer2 import TransformerManager

from mlp_exercise.handout import installing
from mlp_exercise.handout.first_cell import GRADING, WHEEL, installation
from mlp_exercise.submission.python import Python, parse
from mlp_reference import __version__

ABSENT = "no_such_package-0.1+d1-py3-none-any.whl"
OTHER = WHEEL.replace(__version__, "0.1.0")
SITE = "https://example.org/c/"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(GRADING, raising=False)


def run(cell: str, given: list[str] | None = None, said: str = "") -> list[str]:
    """Run the cell, and return the lines that it gives to the shell, which says something."""
    given = [] if given is None else given

    def getoutput(line: str) -> list[str]:
        given.append(line)
        return said.splitlines()

    ipython = SimpleNamespace(getoutput=getoutput)
    plain = TransformerManager().transform_cell(cell)
    exec(plain, {"get_ipython": lambda: ipython})  # noqa: S102 - our own words
    return given


def test_without_the_wheel_a_learner_is_told_where_it_has_to_be(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        run(installation(ABSENT, ""))
    assert str(told.value) == (
        f"{ABSENT}\nis not in {tmp_path}, or not whole:\n"
        "save it there from the page “Run it yourself” and run this cell again."
    )


def test_the_wheel_of_a_site_is_fetched_from_there_with_its_plus_sign_escaped() -> None:
    given: list[str] = []
    with pytest.raises(UsageError, match="connect this computer to the network"):
        run(installation(ABSENT, SITE, "plot,torch"), given)
    (line,) = given
    assert "-m pip download" in line
    assert (
        "--ignore-requires-python" in line
    )  # else an old Python is told of the network
    address = (
        "https://example.org/c/downloads/no_such_package-0.1%2Bd1-py3-none-any.whl"
    )
    assert line.endswith(f'"{address}"')


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            "ERROR: HTTP error 404 while getting it\nERROR: 404 Client Error",
            "the course has been renewed: download this notebook again from "
            "https://example.org/c/",
        ),
        (
            "ERROR: [Errno 111] Connection refused",
            "connect this computer to the network and run this cell again: "
            "…['ERROR: [Errno 111] Connection refused']",
        ),
    ],
)
def test_a_site_that_has_no_such_wheel_any_more_has_another_notebook(
    said: str, advice: str
) -> None:
    with pytest.raises(UsageError) as told:
        run(installation(ABSENT, SITE), said=said)
    assert str(told.value).splitlines()[2:] == [advice]


@pytest.mark.parametrize("site", ["", SITE])
def test_only_the_very_version_with_all_that_is_needed_is_not_installed_again(
    monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    assert run(installation(WHEEL, site)) == []
    assert run(installation(WHEEL, site, "plot")) == []
    with pytest.raises(UsageError):
        run(installation(OTHER, site))
    monkeypatch.setenv(GRADING, "autograde")
    assert run(installation(OTHER, site)) == []
    monkeypatch.delenv(GRADING)
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n: None if n == "matplotlib" else found(n)
    )
    assert run(installation(WHEEL, site)) == []
    with pytest.raises(UsageError):
        run(installation(WHEEL, site, "plot"))


@pytest.mark.parametrize("site", ["", SITE])
def test_a_learner_reads_a_short_cell_that_can_be_marked(site: str) -> None:
    cell = installation(WHEEL, site, "plot,torch,data")
    assert len(cell.splitlines()) <= 26
    assert isinstance(parse(cell), Python)
    assert ("pytorch =" in cell) > ("pytorch" in installation(WHEEL, site, "plot"))


def test_an_older_python_can_read_what_tells_it_that_it_is_too_old() -> None:
    text = Path(installing.__file__).read_text("utf-8")
    ast.parse(text, feature_version=(3, 8))
    ast.parse(installation(WHEEL, "", "plot,torch"), feature_version=(3, 8))


PIP = """\
Processing ./x.whl
Collecting torch
  Downloading torch-2.13.0-cp311-cp311-linux_x86_64.whl.metadata (30 kB)
Downloading torch-2.13.0-cp311-cp311-linux_x86_64.whl (191.8 MB)
Progress 0 of 191794682
Progress 1000000 of 191794682
Progress 95000000 of 191794682
Progress 99000000 of 191794682
Progress 191794682 of 191794682
Downloading small-1.0-py3-none-any.whl (1 kB)
Progress 0 of 1000
Progress 1000 of 1000

Installing collected packages: torch
  Attempting uninstall: torch
Successfully installed torch-2.13.0
"""


def test_of_what_pip_says_a_learner_reads_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    others = list(installing._steps(PIP.splitlines()))
    assert capsys.readouterr().out.splitlines() == [
        "Downloading torch-2.13.0-cp311-cp311-linux_x86_64.whl (191.8 MB)",
        *("  0 %", "  40 %", "  50 %", "  100 %"),
        "Downloading small-1.0-py3-none-any.whl (1 kB)",
        "Installing collected packages: torch",
        "Successfully installed torch-2.13.0",
    ]
    assert [line.split()[0] for line in others] == [
        *("Processing", "Collecting", "Downloading", "Attempting")
    ]


@pytest.mark.parametrize(
    ("version", "option"), [("23.2.1", False), ("24.1", True), ("26.3", True)]
)
def test_bytes_are_counted_where_pip_can(
    monkeypatch: pytest.MonkeyPatch, version: str, option: bool
) -> None:
    monkeypatch.setattr(installing, "version", lambda _name: version)
    assert bool(installing._progress()) == option


@pytest.mark.parametrize(
    ("said", "shown", "advice"),
    [
        (
            "Processing x\nERROR: Package 'mlp-reference' requires a different Python: 3.9",
            "  ERROR: Package 'mlp-reference' requires a different Python: 3.9",
            "Start Jupyter with a newer Python",
        ),
        ("/usr/bin/python3: No module named pip", "  /usr/bin/python3", "Put pip into"),
        ("a\nb\nc\nd", ":\n  b\n  c\n  d\n", "Show these lines to your instructor"),
        (
            "error: externally-managed-environment\n\n×",
            "environment",
            "“Run it yoursel",
        ),
        ("error: connection-failed\n\n× Failed", "failed", "Connect this computer to"),
        ("ERROR: [Errno 28] No space left on device", "Errno 28", "Make space on"),
        (
            "ERROR: [Errno 13] Permission denied: 'lib'",
            "Errno 13",
            "Make an environment of your own",
        ),
    ],
)
def test_a_failure_is_told_in_pips_words_and_with_what_to_do(
    said: str, shown: str, advice: str
) -> None:
    told = installing._advice(WHEEL, said.splitlines())
    assert told.startswith(f"{WHEEL} could not be installed:\n  ")
    assert shown in told
    assert advice in told.splitlines()[-1]
    assert told.endswith(", and run this cell again.")
