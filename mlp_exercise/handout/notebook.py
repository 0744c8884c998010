"""Notebooks of an exercise: nbformat 4.5, nbgrader's metadata, the same bytes each time.

nbgrader counts the number that a check cell puts out as its points. Any other result, even
words, would count in full, and a warning on stderr would cost all the points. So the last
expression of a hidden test is a float, and what was put out before is cleared.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict, Unpack

from mlp_exercise.handout.first_cell import WHEEL, installation
from mlp_exercise.handout.plain import Place, plain
from mlp_exercise.handout.source import (
    ANSWER,
    CHECK,
    Cell,
    Source,
    SourceError,
    load,
    stub,
)
from mlp_reference.walkthrough import latex
from mlp_reference.worked_example import WorkedExample

Notebook = dict[str, Any]

GIVEN = ("W1", "b1", "W2", "b2", "x", "t", "learning_rate")
"""What an exercise may give, by the names of `WorkedExample`."""

CHECK_ID = "check_"
"""Names of check cells begin with it; the name of the step follows."""

LICENCE = """\
Text and figures: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).
Code: BSD 3-Clause. By the mlp_reference authors."""
"""What the last cell says."""

HIDDEN_TESTS = """\
### BEGIN HIDDEN TESTS
from IPython.display import clear_output

clear_output()
check.points("{step}")
### END HIDDEN TESTS"""


class Options(TypedDict, total=False):
    """Where the site, the exercise's text and the wheel are, and what lies beside."""

    base_address: str
    beside: Collection[str]
    folder: Path | None
    wheel: str


def student(
    name: str,
    example: WorkedExample | None = None,
    variant: int | None = None,
    **options: Unpack[Options],
) -> Notebook:
    """Return the notebook that a learner gets: no solution, every cell but the answers locked."""
    made = solved(name, example, variant, **options)
    for cell in made["cells"]:
        cell["metadata"]["deletable"] = False
        if cell["metadata"]["nbgrader"]["locked"]:
            cell["metadata"]["editable"] = False
        cell["source"] = stub(cell["source"])
    return made


def solved(
    name: str,
    example: WorkedExample | None = None,
    variant: int | None = None,
    *,
    base_address: str = "",
    beside: Collection[str] = (),
    folder: Path | None = None,
    wheel: str = WHEEL,
) -> Notebook:
    """Return the notebook that a teacher keeps: solutions stand between nbgrader's markers."""
    source = load(name, folder)
    place = Place(f"exercises/{name}", base_address, beside)

    def text(cell: Cell) -> str:
        filled = fill(cell, example, variant)
        return filled if cell.is_code else plain(filled, place)

    first = installation(wheel, base_address, source.extras)
    cells = []
    for number, (cell, made) in enumerate(assembled(source, first, text)):
        kind = "code" if cell.is_code else "text"
        made["id"] = cell.grade_id or f"{kind}_{number}"
        is_check, is_answer = CHECK in cell.tags, ANSWER in cell.tags
        made["metadata"]["nbgrader"] = {
            "schema_version": 3,
            "grade_id": made["id"],
            "grade": is_check,
            "solution": is_answer,
            "locked": not is_answer,
            "task": False,
            **({"points": cell.points} if is_check else {}),
        }
        cells.append(made)
    version = wheel.split("-")[1]
    return document(cells, {"exercise": name, "variant": variant, "version": version})


def instructor(
    name: str,
    example: WorkedExample | None = None,
    variant: int | None = None,
    **options: Unpack[Options],
) -> Notebook:
    """Return the notebook of which nbgrader makes an assignment: solved, with hidden tests."""
    made = solved(name, example, variant, **options)
    for cell in made["cells"]:
        if cell["metadata"]["nbgrader"]["grade"]:
            step = cell["id"].removeprefix(CHECK_ID)
            if step == cell["id"]:
                raise SourceError(
                    f"a check cell is called {step}, "
                    f"expected {CHECK_ID} and the name of its step"
                )
            cell["source"] += f"\n{HIDDEN_TESTS.format(step=step)}"
    return made


def as_text(notebook: Notebook) -> str:
    """Return the file of a notebook as Jupyter writes it."""
    cells = [
        cell | {"source": cell["source"].splitlines(keepends=True)}
        for cell in notebook["cells"]
    ]
    made = notebook | {"cells": cells}
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def fill(cell: Cell, example: WorkedExample | None, variant: int | None) -> str:
    """Return the text of a cell with numbers: ``%W1%`` is a formula, or a literal in code.

    ``%VARIANT%`` says which numbers these are: in words, or as the argument of ``Checks()``.
    """

    def value(token: re.Match[str]) -> str:
        if token[1] == "VARIANT" and cell.is_code:
            return "" if variant is None else f"variant={variant}"
        if token[1] == "VARIANT":
            own = "the exercise's own"
            return own if variant is None else f"those of variant {variant}"
        if example is None or token[1] not in GIVEN:
            expected = ", ".join(("VARIANT", *GIVEN)) if example else "VARIANT alone"
            line = cell.line + cell.text.count("\n", 0, token.start())
            raise SourceError(
                f"unknown token {token[0]} in line {line}, expected {expected}"
            )
        given = getattr(example, token[1])
        return repr(given) if cell.is_code else latex(given)

    return re.sub(r"%([A-Za-z]\w*)%", value, cell.text)


def assembled(
    source: Source, installation: str, text: Callable[[Cell], str]
) -> Iterator[tuple[Cell, Notebook]]:
    """Return the cells of a notebook: the title, the installation, what follows, the licence."""
    title, _, rest = source.cells[0].text.partition("\n")
    line = source.cells[0].line
    opening = [
        Cell(title, line, grade_id="title"),
        Cell(installation, 0, is_code=True, grade_id="installation"),
    ]
    if rest.strip():
        opening.append(Cell(rest.strip("\n"), line))
    closing = Cell(LICENCE, 0, grade_id="licence")
    for cell in (*opening, *source.cells[1:], closing):
        if cell.page_only:
            continue
        made: Notebook = {"cell_type": "markdown", "metadata": {}}
        if cell.is_code:
            made |= {"cell_type": "code", "outputs": [], "execution_count": None}
        try:
            made["source"] = text(cell)
        except SourceError as error:
            where = f"{source.name}.md, cell that begins on line {cell.line}"
            raise SourceError(f"{where}: {error}") from error
        yield cell, made


def document(cells: Iterable[Notebook], about: Mapping[str, Any]) -> Notebook:
    """Return a notebook of these cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": kernel,
            "language_info": {"name": "python"},
            "mlp_reference": about,
        },
        "cells": list(cells),
    }
