"""Tell which exercise a notebook is, and by which numbers it was handed out.

File names get lost and metadata gets stripped, so a notebook is known by its cells as well.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mlp_exercise.submission.literals import summarise
from mlp_exercise.submission.magics import LARGEST_CELL, to_python
from mlp_exercise.submission.notebook_file import Submission, Unreadable
from mlp_exercise.submission.records import Exercise

MAKES_CHECKS = "Checks"
"""The class that a notebook's first cell calls with its seed: ``Checks(variant=17)``."""


def exercise_of(
    submission: Submission, file_name: str, exercises: Iterable[Exercise]
) -> Exercise:
    """Recognise an exercise: by metadata, by names of cells, by file name, by assignments."""
    exercises = tuple(exercises)
    course = _of_course(submission)
    named = course.get("exercise")
    names = ", ".join(exercise.name for exercise in exercises)
    for kind, pattern in (("lesson", r"\d+_\w+"), ("exercise", r"ex\d+_\d+_\w+")):
        other = course.get(kind)
        looks_like_one = isinstance(other, str) and re.fullmatch(pattern, other)
        if looks_like_one and other not in names.split(", "):
            raise Unreadable(f"the {kind} {other} came, expected {names}")
    called = {name for cell in submission.cells for name in (cell.grade_id, cell.id)}
    tests = (
        lambda exercise: exercise.name == named,
        lambda exercise: _most(exercise, called),
        lambda exercise: exercise.name in file_name,
        lambda exercise: _most(exercise, _assigned(submission, exercise)),
    )
    for test in tests:
        for exercise in exercises:
            if test(exercise):
                return exercise
    raise Unreadable(
        f"a notebook with {len(submission.cells)} code cells that is none of the exercises "
        f"came, expected {names}"
    )


class Seed(NamedTuple):
    """Of which numbers a notebook is.

    Attributes
    ----------
    value : int or None
        None for the exercise's own numbers.
    disputed : bool
        Whether its code says something else: somebody has changed one of them.
    """

    value: int | None
    disputed: bool = False


def variant_of(submission: Submission) -> Seed:
    """Find the seed that a notebook carries: in its metadata, else in its first cells."""
    in_code = [
        seed
        for cell in submission.cells
        if MAKES_CHECKS in cell.source and len(cell.source) <= LARGEST_CELL
        for seed in _seeds(cell.source)
    ]
    course = _of_course(submission)
    if "variant" not in course or not _is_seed(course["variant"]):
        return Seed(in_code[0] if in_code else None)
    seed: int | None = course["variant"]
    return Seed(seed, disputed=bool(in_code) and seed not in in_code)


def _of_course(submission: Submission) -> Mapping[str, Any]:
    course = submission.metadata.get("mlp_reference")
    return course if isinstance(course, dict) else {}


def _is_seed(value: object) -> bool:
    return value is None or type(value) is int


def _most(exercise: Exercise, names: Iterable[str | None]) -> bool:
    return 2 * len(set(exercise.defines) & set(names)) > len(exercise.defines)


def _assigned(submission: Submission, exercise: Exercise) -> set[str]:
    names = frozenset(exercise.defines)
    cells = (summarise(cell.source, names) for cell in submission.cells)
    return {name for summary in cells for name in summary.assigned}


@lru_cache(maxsize=1024)
def _seeds(source: str) -> tuple[int | None, ...]:
    """List the seeds with which a cell makes its checks."""
    python = to_python(source)
    found: list[int | None] = []
    for node in ast.walk(python.tree) if python else ():
        match node:
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called), keywords=options
            ) if called == MAKES_CHECKS:
                values = [*node.args, *(o.value for o in options if o.arg == "variant")]
                seeds = [v.value for v in values if isinstance(v, ast.Constant)]
                found += [v for v in seeds[:1] or [None] if v is None or type(v) is int]
    return tuple(found)
