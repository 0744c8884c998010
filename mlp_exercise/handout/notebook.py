"""Make notebooks of an exercise: nbformat 4.5, nbgrader's metadata, the same bytes each time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlp_exercise.handout.cells import ANSWER, CHECK, Cell, Source
from mlp_exercise.handout.installation import WHEEL, installation
from mlp_exercise.handout.numbers import fill
from mlp_exercise.handout.prose import plain
from mlp_exercise.handout.source import load, names
from mlp_exercise.handout.stubs import stub
from mlp_reference.worked_example import WorkedExample

Notebook = dict[str, Any]

SCHEMA = 3
"""Version of nbgrader's metadata."""


def student(
    name: str,
    example: WorkedExample | None = None,
    variant: int | None = None,
    *,
    base_address: str = "",
    folder: Path | None = None,
    wheel: str = WHEEL,
) -> Notebook:
    """Make the notebook that a learner gets: no solution, every cell but the answers locked.

    Parameters
    ----------
    name : str
        Name of the exercise, such as ``ex1_01_pen_and_paper``.
    example : WorkedExample, optional
        The numbers; not needed by an exercise that gives none.
    variant : int, optional
        The seed they were drawn from; without it, they are the exercise's own.
    base_address : str, optional
        Address of the site: links lead there, and the wheel is installed from there.
    folder : Path, optional
        Where the exercise's text lies, if not where it usually does.
    wheel : str, optional
        File name of the wheel that the notebook installs.

    Returns
    -------
    dict
        A notebook as `json` writes it; see `as_text`.
    """
    source = load(name, folder)
    cells = _cells(source, example, variant, base_address, wheel)
    return _notebook(source, variant, wheel, [_for_student(cell) for cell in cells])


def solved(
    name: str,
    example: WorkedExample | None = None,
    variant: int | None = None,
    *,
    base_address: str = "",
    folder: Path | None = None,
    wheel: str = WHEEL,
) -> Notebook:
    """Make the notebook that a teacher keeps: with solutions, between nbgrader's markers.

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
        A notebook that runs from top to bottom.
    """
    source = load(name, folder)
    cells = _cells(source, example, variant, base_address, wheel)
    return _notebook(source, variant, wheel, list(cells))


def as_text(notebook: Notebook) -> str:
    """Write a notebook as Jupyter does.

    Parameters
    ----------
    notebook : dict
        What `student` or `solved` returned.

    Returns
    -------
    str
        JSON that ends in a line break.
    """
    cells = [
        cell | {"source": cell["source"].splitlines(keepends=True)}
        for cell in notebook["cells"]
    ]
    text = json.dumps(
        notebook | {"cells": cells}, ensure_ascii=False, indent=1, sort_keys=True
    )
    return text + "\n"


def write_solved(folder: Path, example: WorkedExample, base_address: str = "") -> None:
    """Write the solved notebook of every exercise.

    Parameters
    ----------
    folder : Path
        Where they go; it is made if need be.
    example : WorkedExample
        The numbers of those exercises that give some.
    base_address : str, optional
        Address of the site.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in names():
        text = as_text(solved(name, example, base_address=base_address))
        (folder / f"{name}.ipynb").write_text(text, "utf-8", newline="\n")


def _cells(
    source: Source,
    example: WorkedExample | None,
    variant: int | None,
    base_address: str,
    wheel: str,
) -> Iterator[Notebook]:
    extras = source.settings.get("extras", "")
    title, _, rest = source.cells[0].text.partition("\n")
    opening = [
        Cell(title, source.cells[0].line, grade_id="title"),
        Cell(installation(wheel, base_address, extras), 0, True, (), "installation"),
    ]
    if rest.strip():
        opening.append(Cell(rest.strip("\n"), source.cells[0].line))
    rest_of_cells = [cell for cell in source.cells[1:] if not cell.page_only]
    for number, cell in enumerate([*opening, *rest_of_cells]):
        name = cell.grade_id or f"{'code' if cell.is_code else 'text'}_{number}"
        text = cell.text if name == "installation" else fill(cell, example, variant)
        kind: Notebook = {"cell_type": "markdown"}
        if cell.is_code:
            kind = {"cell_type": "code", "outputs": [], "execution_count": None}
        else:
            text = plain(text, base_address)
        metadata = {"nbgrader": _nbgrader(cell, name)}
        yield {"id": name, **kind, "metadata": metadata, "source": text}


def _nbgrader(cell: Cell, name: str) -> Notebook:
    return {
        "schema_version": SCHEMA,
        "grade_id": name,
        "grade": CHECK in cell.tags,
        "solution": ANSWER in cell.tags,
        "locked": ANSWER not in cell.tags,
        "task": False,
        **({"points": cell.points} if CHECK in cell.tags else {}),
    }


def _for_student(cell: Notebook) -> Notebook:
    """Take the solution out, and make Jupyter hold on to the cell."""
    locked = cell["metadata"]["nbgrader"]["locked"]
    metadata = cell["metadata"] | {"deletable": False}
    if locked:
        return cell | {"metadata": metadata | {"editable": False}}
    return cell | {"metadata": metadata, "source": stub(cell["source"])}


def _notebook(
    source: Source, variant: int | None, wheel: str, cells: list[Notebook]
) -> Notebook:
    language = {"name": "python", "display_name": "Python 3", "language": "python"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": language | {"name": "python3"},
            "language_info": {"name": "python"},
            "mlp_reference": {
                "exercise": source.name,
                "variant": variant,
                "version": wheel.split("-")[1],
            },
        },
        "cells": cells,
    }
