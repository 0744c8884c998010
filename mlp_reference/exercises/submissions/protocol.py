"""What the child process says, line by line, taken with caution: a notebook may have said it."""

import json
import math
from collections.abc import Collection
from typing import NamedTuple

from mlp_reference.exercises.values import DEPTH, SIZE, Plain

LONGEST_TEXT = 100


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
    """

    cell: int
    changes: dict[str, Plain] | None = None
    observed: dict[str, object] | None = None

    @property
    def begins(self) -> bool:
        """Whether the cell or trial begins.

        Returns
        -------
        bool
            Else it has ended.
        """
        return self.changes is None and self.observed is None


def understand(line: bytes, names: Collection[str]) -> Report | None:
    """Read a line.

    Parameters
    ----------
    line : bytes
        Whatever came.
    names : collection of str
        The variables that were asked for; others are left out.

    Returns
    -------
    Report or None
        None if it makes no sense.
    """
    try:
        match json.loads(line):
            case {"cell": int(cell), "changes": dict(changes)}:
                known = {name: changes[name] for name in names if name in changes}
                return Report(cell, {n: _plain(value) for n, value in known.items()})
            case {"cell": int(cell), "observed": dict(observed)}:
                return Report(cell, observed=observed)
            case {"cell": int(cell)}:
                return Report(cell)
    except (ValueError, RecursionError):
        pass
    return None


def _plain(value: object) -> Plain:
    """Let through what `values.plain` may have sent, and nothing else."""
    return _checked(value, DEPTH) if _size(value) <= SIZE else "too many values"


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
