"""Files that the marking of a class writes, and what those of feedback are known by."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from mlp_exercise.whole_files import whole

FEEDBACK_NOTE = "about this feedback.txt"
"""File in a folder of feedback; feedback that lies in or below that folder was not handed in."""

FEEDBACK_HEAD = (
    "Feedback of mlp_exercise. Feedback beside and below this file is not marked.\n"
)
"""The first line of that file."""


@contextmanager
def opened(output: str | None) -> Iterator[TextIO]:
    """Open what is written: standard output, or a file that appears when it is complete."""
    if output is None:
        yield sys.stdout
        return
    file = Path(output)
    if file.is_dir():
        raise IsADirectoryError(f"{output} is a folder")
    with (
        whole(file) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as stream,
    ):
        yield stream
