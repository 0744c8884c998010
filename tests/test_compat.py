"""`nox -s compat` skips what needs PyTorch and nothing else, and never passes with nothing run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MISSING = "raise ModuleNotFoundError(\"No module named '{0}'\", name='{0}')"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the tests of a folder as the session does; return its exit status and what it says."""
    pytest = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.without_torch",
        "-c",
        os.devnull,
    ]
    done = subprocess.run(
        [*pytest, "--rootdir", str(folder), *arguments, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def write(folder: Path, **modules: str) -> None:
    for name, text in modules.items():
        (folder / f"test_{name}.py").write_text(text, "utf-8")


def test_what_cannot_import_torch_is_skipped_and_the_rest_runs(tmp_path: Path) -> None:
    inside = f"def test_inside():\n    {MISSING.format('torch')}\n"
    write(
        tmp_path,
        whole=f"{MISSING.format('torch')}\n{inside}",
        some=f"{inside}def test_without():\n    pass\n",
    )
    status, said = run(tmp_path, "-n", "2")
    assert status == 0
    assert "1 tests passed without PyTorch." in said
    assert "1 passed, 2 skipped" in said


def test_another_missing_library_is_an_error(tmp_path: Path) -> None:
    missing = MISSING.format("tqdm")
    write(tmp_path, whole=missing, some=f"def test_inside():\n    {missing}\n")
    status, said = run(tmp_path, "--continue-on-collection-errors")
    assert status == 1
    assert "1 failed, 1 error" in said


def test_too_few_tests_are_a_failure(tmp_path: Path) -> None:
    write(tmp_path, some="def test_without():\n    pass\n")
    assert run(tmp_path, "--at-least", "1")[0] == 0
    status, said = run(tmp_path, "--at-least", "2")
    assert status == 1
    assert "These are too few: at least 2 do not need it." in said
