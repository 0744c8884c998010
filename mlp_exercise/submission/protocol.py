"""What the child process says, line by line, taken with caution: a notebook may have said it."""

import json
import math
from collections.abc import Collection
from typing import NamedTuple

from mlp_exercise.values import DEPTH, PHRASES, SIZE, Plain

LONGEST_TEXT = 100

LONGEST_ERROR = 200
"""In characters: what is kept of the words of an error."""


class Report(NamedTuple):
    """A line from the child.

    Attributes
    ----------
    cell : int
        The cell that it is about.
    changes : dict or None
        The names that the cell changed, and their values; None if it says nothing of them.
    observed : dict or None
        What a trial saw, for `observations.unpack` to read; None if it says nothing of that.
    error : str
        The exception that ended the cell; empty if none did.
    full : bool
        Whether the cell has filled the memory that it may use.
    """

    cell: int
    changes: dict[str, Plain] | None = None
    observed: dict[str, object] | None = None
    error: str = ""
    full: bool = False

    @property
    def begins(self) -> bool:
        """Whether the cell or trial begins."""
        return self.changes is None and self.observed is None and not self.full


class Start(NamedTuple):
    """The first line from the child, written before any cell has run.

    Attributes
    ----------
    seconds : float
        The processor time that it took to load everything.
    lacks : str
        The module that the trials need and this machine does not have; empty if it has all.
    """

    seconds: float
    lacks: str = ""


def started(line: bytes) -> Start | None:
    """Read the first line."""
    try:
        match json.loads(line):
            case {"seconds": float(seconds), "lacks": str(lacks)}:
                return Start(seconds, lacks)
    except ValueError:
        pass
    return None


def understand(line: bytes, names: Collection[str]) -> Report | None:
    """Read a line."""
    try:
        match json.loads(line):
            case {"cell": int(cell), "changes": dict(changes), "error": str(error)}:
                known = {name: changes[name] for name in names if name in changes}
                values = {n: _plain(value) for n, value in known.items()}
                return Report(cell, values, error=error[:LONGEST_ERROR])
            case {"cell": int(cell), "observed": dict(observed)}:
                return Report(cell, observed=observed)
            case {"cell": int(cell), "full": True}:
                return Report(cell, full=True)
            case {"cell": int(cell)}:
                return Report(cell)
    except (ValueError, RecursionError):
        pass
    return None


def _plain(value: object) -> Plain:
    """Let through what `values.plain` may have sent, and nothing else."""
    return _checked(value, DEPTH) if _size(value) <= SIZE else PHRASES["too many"]


def _size(value: object) -> int:
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def _checked(value: object, depth: int) -> Plain:
    match value:
        case None:
            return None
        case bool():
            return f"the truth value {value}"
        case int() | float():
            try:
                return value if math.isfinite(value) else "a number that is not finite"
            except OverflowError:
                return "a number that is not finite"
        case str():
            return value[:LONGEST_TEXT]
        case list() if depth:
            return [_checked(item, depth - 1) for item in value]
    return "a value that cannot be read"
