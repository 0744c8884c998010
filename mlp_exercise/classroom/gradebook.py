"""Points go into the sheet of the course's platform; nothing else in it changes."""

from collections.abc import Sequence
from pathlib import Path

from mlp_exercise.classroom.standing import Standing


def fill(
    file: Path, classroom: Sequence[Standing], *, column: str | None = None
) -> list[str]:
    """Fill in the points of the learners that a sheet names, and return what is to be told."""
    raise NotImplementedError
