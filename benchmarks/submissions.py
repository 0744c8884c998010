"""Notebooks as learners hand them in, for benchmarks."""

import json
from pathlib import Path

import numpy as np

from mlp_exercise.handout.notebook import solved, student
from mlp_exercise.part1.simulation import STYLES, fill_in
from mlp_exercise.part1.variants import variant
from mlp_reference.worked_example import EXERCISE

PEN_AND_PAPER = "ex1_01_pen_and_paper"


def of_part_one(
    folder: Path, number: int, *, own: bool = False, computed: bool = False
) -> list[str]:
    """Write notebooks as learners hand them in, no two of them equal.

    Parameters
    ----------
    folder : Path
        Where they go.
    number : int
        How many.
    own : bool, optional
        Whether each has numbers of its own, or all have those of the exercise.
    computed : bool, optional
        Whether one answer of each has to be executed, or all are written as numbers.

    Returns
    -------
    list of str
        Their paths.
    """
    rng = np.random.default_rng(0)
    paths = []
    for seed in range(number):
        example = variant(seed) if own else EXERCISE
        answers = fill_in(example, STYLES[seed % len(STYLES)], rng)
        notebook = student(PEN_AND_PAPER, example, seed if own else None)
        for cell in notebook["cells"]:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            if name in answers:
                cell["source"] = f"# learner {seed}\n{name} = {answers[name]!r}"
            if name == "z" and computed:
                cell["source"] = f"z = list({answers[name]!r})"
        path = folder / f"{seed:04}" / f"{PEN_AND_PAPER}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), "utf-8")
        paths.append(str(path))
    return paths


def of_code(name: str, folder: Path, number: int) -> list[str]:
    """Write solved notebooks of an exercise whose answers are code.

    Parameters
    ----------
    name : str
        Name of the exercise.
    folder : Path
        Where they go.
    number : int
        How many.

    Returns
    -------
    list of str
        Their paths.
    """
    text = json.dumps(solved(name))
    paths = [folder / f"{copy:04}" / f"{name}.ipynb" for copy in range(number)]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    return [str(path) for path in paths]
