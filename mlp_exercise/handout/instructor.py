"""Make notebooks for a course that runs nbgrader: solved, with hidden tests that give points.

nbgrader takes the number that a check cell puts out as its points: partial credit. Other
results, words too, would count in full, and a warning on stderr would cost all the points.
So the last expression of a hidden test is a float, and what was put out before is cleared.
"""

from pathlib import Path

from mlp_exercise.handout.cells import SourceError
from mlp_exercise.handout.installation import WHEEL
from mlp_exercise.handout.notebook import Notebook, as_text, solved
from mlp_exercise.handout.source import names
from mlp_reference.worked_example import WorkedExample

CHECK_ID = "check_"
"""Names of check cells begin with it; the name of the step follows."""

HIDDEN_TESTS = """\
### BEGIN HIDDEN TESTS
from IPython.display import clear_output

clear_output()
check.points("{step}")
### END HIDDEN TESTS"""
"""What comes below a check, between nbgrader's markers.

:meta hide-value:
"""


def instructor(
    name: str,
    example: WorkedExample | None = None,
    variant: int | None = None,
    *,
    base_address: str = "",
    folder: Path | None = None,
    wheel: str = WHEEL,
) -> Notebook:
    """Make the notebook of which nbgrader makes an assignment.

    Parameters
    ----------
    name : str
        Name of the exercise.
    example : WorkedExample, optional
        The numbers.
    variant : int, optional
        The seed they were drawn from.
    base_address : str, optional
        Address of the site.
    folder : Path, optional
        Where the exercise's text lies.
    wheel : str, optional
        File name of the wheel.

    Returns
    -------
    dict
        The solved notebook, with a hidden test in each check cell.

    Raises
    ------
    SourceError
        If the name of a check cell does not tell its step.
    """
    made = solved(
        name, example, variant, base_address=base_address, folder=folder, wheel=wheel
    )
    return made | {"cells": [_tested(cell) for cell in made["cells"]]}


def write_instructor(
    folder: Path, example: WorkedExample, base_address: str = ""
) -> None:
    """Write the instructor's notebook of every exercise, as nbgrader wants them to lie.

    Parameters
    ----------
    folder : Path
        The course, made if need be; an assignment is ``source/<name>/<name>.ipynb`` in it.
    example : WorkedExample
        The numbers of those exercises that give some.
    base_address : str, optional
        Address of the site.
    """
    for name in names():
        assignment = folder / "source" / name
        assignment.mkdir(parents=True, exist_ok=True)
        text = as_text(instructor(name, example, base_address=base_address))
        (assignment / f"{name}.ipynb").write_text(text, "utf-8", newline="\n")


def _tested(cell: Notebook) -> Notebook:
    about = cell["metadata"]["nbgrader"]
    if not about["grade"]:
        return cell
    step = about["grade_id"].removeprefix(CHECK_ID)
    if step == about["grade_id"]:
        raise SourceError(
            f"a check cell is called {step}, expected {CHECK_ID} and the name of its step"
        )
    return cell | {"source": f"{cell['source']}\n{HIDDEN_TESTS.format(step=step)}"}
