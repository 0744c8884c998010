"""Files that appear when they are complete: nothing that was there is lost half-way."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

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
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")
        yield sys.stdout
        return
    file = Path(output)
    if file.is_file():
        file = file.resolve()  # a link stays, and what it leads to is written
    if file.is_dir():
        raise IsADirectoryError(f"{output} is a folder")
    if is_device(file):
        with file.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    unfinished = file.with_name(f".{os.getpid()}.part")  # any name has room for it
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        if file.exists():
            shutil.copymode(file, unfinished)
        unfinished.replace(file)
    except OSError as error:
        if error.filename == str(unfinished):  # a name that nobody knows
            raise OSError(error.errno, error.strerror, output) from error
        raise
    finally:
        with suppress(OSError):
            unfinished.unlink()


def is_device(file: Path) -> bool:
    """Return whether a file takes what is written at once, such as ``/dev/stdout``."""
    return file.exists() and not file.is_file() and not file.is_dir()
