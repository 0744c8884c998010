"""What is told beside the report: a help, so that nothing ends where nobody can read it."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from mlp_exercise.classroom.tables import printable


def say(line: str) -> None:
    """Tell the instructor something that is not part of the report."""
    show(f"{printable(line)}\n")


def show(text: str) -> None:
    """Write on the screen, as long as that is possible."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Lead a stream to nowhere, because what it still holds would be flushed at exit."""
    with Path(os.devnull).open("wb") as nowhere, suppress(OSError):  # no descriptor
        os.dup2(nowhere.fileno(), stream.fileno())


def replace_closed() -> None:
    """Open the standard streams that are closed, or a file would be opened in their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - it stays open
