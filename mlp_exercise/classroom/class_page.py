"""The class on one page: how points are distributed, what went wrong, whom to look at."""

from collections.abc import Sequence

from mlp_exercise.classroom.batch import Result
from mlp_exercise.classroom.standing import Standing


def class_page(classroom: Sequence[Standing], results: Sequence[Result]) -> str:
    """Return the page."""
    raise NotImplementedError
