"""What learners handed in, marked: for what is made of results."""

import json
from collections.abc import Mapping
from typing import Any

from mlp_exercise.classroom.batches.batch import Result, mark_content
from mlp_exercise.classroom.collecting.collect import Handed
from mlp_exercise.classroom.for_learners.returned import Delivery, deliveries
from mlp_exercise.classroom.standing import standings
from mlp_exercise.submission.mark import Settings
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.submission.conftest import answering, right_answers

WRONG = {
    "z": "z = [0.57, 9.125]",
    "dL_dw2": "dL_dw2 = [[None, None]]",
    "dL_dw1": "dL_dw1 = 'a text'",
}
"""Answers of which one is wrong, one is missing, and one is no number."""


def as_content(notebook: Mapping[str, Any]) -> bytes:
    return json.dumps(notebook).encode()


def handed_in(
    notebook: Mapping[str, Any] | bytes | None = None,
    file: str = "class/ada/ex1_01_pen_and_paper.ipynb",
    *,
    execute: bool = False,
    **about: Any,
) -> Result:
    """Mark a notebook; without one, the first with what `WRONG` says."""
    if notebook is None:
        notebook = answering(right_answers(EXERCISE, **WRONG))
    content = notebook if isinstance(notebook, bytes) else as_content(notebook)
    result = mark_content(file, content, Settings(execute=execute))
    again = Handed(file, "class", lambda: content)
    return result._replace(path="class", handed=again, **about)


def delivery_of(*results: Result, best: bool = False) -> Delivery:
    """Return what goes back to a learner of one place."""
    (delivery,) = deliveries(standings(results, best=best))
    return delivery
