"""What is seen of a learner's code when it runs: numbers, or words where there are none.

A *trial* calls a learner's code and returns observations by name. They hold no judgement and no
expected value, so they may be made in another process and cross over from there as JSON.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from mlp_reference.arrays import Array

Kind = Literal["numbers", "nothing", "error", "other", "missing"]

KINDS: tuple[Kind, ...] = get_args(Kind)
LARGEST = 4000  # numbers that are read of one array; no trial asks for more
LONGEST = 200  # in characters: what is kept of the words of an error


@dataclass(frozen=True, eq=False)
class Seen:
    """What came of a call, or what stands in a variable."""

    kind: Kind  # "nothing" is None; a "missing" task has not been taken up
    detail: str = ""  # dtype of numbers, words of an error, type of all else
    array: Array = field(default_factory=lambda: np.empty(0))  # as float64

    def __str__(self) -> str:
        """Return what came where numbers were expected, as a sentence names it."""
        return f"a {self.detail}" if self.detail else "None"

    def is_close(self, expected: Array, tolerance: float) -> bool:
        """Return whether these are numbers, and those that are expected; see `close`."""
        return self.kind == "numbers" and close(self.array, expected, tolerance)

    @property
    def number(self) -> float:
        """Return the one number that this is; NaN if it is anything else."""
        one = self.kind == "numbers" and self.array.size == 1
        return float(self.array.item()) if one else float("nan")


MISSING = Seen("missing")
"""Stands for a function that is not there, or says so itself by NotImplementedError."""


class Observations(dict[str, Seen]):
    """What trials saw, by label; what none has seen is missing."""

    def __missing__(self, label: str) -> Seen:
        """Return `MISSING`, and store nothing."""
        return MISSING


Trial: TypeAlias = Callable[[dict[str, Any]], Mapping[str, Seen]]

UNREADABLE = Seen("other", "something that cannot be read")


def look(value: object) -> Seen:
    """Return what a value is, with a copy of its numbers if it is a number, array or tensor."""
    if type(value) is np.ndarray and value.dtype == float and value.size <= LARGEST:
        return Seen("numbers", "float64", value.copy())  # most values, without a detour
    if value is None:
        return Seen("nothing")
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    name = type(value).__name__[:40]
    if isinstance(value, bool) or not isinstance(
        value, int | float | np.ndarray | np.generic
    ):
        return Seen("other", name)
    if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        return Seen("other", name)  # such as np.matrix, whose * is another
    array = np.asarray(value)  # `astype` copies
    if array.dtype.kind not in "iuf":
        return Seen("other", f"{name} of {array.dtype}")
    if array.size > LARGEST:
        return Seen("other", f"{name} of shape {array.shape}")
    return Seen("numbers", str(array.dtype), array.astype(float))


@contextmanager
def names_kept(namespace: dict[str, Any]) -> Iterator[None]:
    """Have a notebook's names stand afterwards for what they stand for now, and no others."""
    before = namespace.copy()
    try:
        yield
    finally:
        for name in namespace.keys() - before.keys():
            del namespace[name]
        namespace.update(before)


def attempt(function: Callable[..., object], *arguments: object) -> Seen:
    """Return what a learner's function returns, or why it does not."""
    try:
        return look(function(*arguments))
    except (Exception, SystemExit) as error:
        return problem(error)


def problem(error: BaseException) -> Seen:
    """Return `MISSING` for NotImplementedError, else the type and words of an exception."""
    if isinstance(error, NotImplementedError):
        return MISSING
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return Seen("error", words.removesuffix(":")[:LONGEST])


def pack(seen: Seen) -> dict[str, Any]:
    """Return an observation as JSON can hold it."""
    return {
        "kind": seen.kind,
        "detail": seen.detail,
        "shape": list(seen.array.shape),
        "values": seen.array.ravel().tolist(),
    }


def unpack(message: object) -> Seen:
    """Return an observation from another process, and believe nothing but numbers."""
    if not isinstance(message, dict):
        return UNREADABLE
    kind, detail = message.get("kind"), message.get("detail")
    shape, values = message.get("shape"), message.get("values")
    if (
        kind not in KINDS
        or not (type(detail) is str and type(shape) is type(values) is list)
        or len(values) > LARGEST
        or not {int}.issuperset(map(type, shape))
        or not {int, float}.issuperset(map(type, values))
    ):
        return UNREADABLE
    try:
        return Seen(kind, detail[:LONGEST], np.array(values, float).reshape(shape))
    except (ValueError, OverflowError):
        return UNREADABLE


def close(a: Array, b: Array, tolerance: float) -> bool:
    """Return whether arrays have one shape and differ by little, in norm, relative to b.

    NaN equals NaN, as it does where a loop has diverged as it must.
    """
    if a.shape != b.shape:
        return False
    if a.tobytes() == b.tobytes() or np.array_equal(a, b, equal_nan=True):
        return True
    # The squares of huge numbers are infinite, so all are divided by the largest.
    largest = np.abs(b).max(initial=0.0) or 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        off, size = np.linalg.norm((a - b) / largest), np.linalg.norm(b / largest)
        return bool(off <= tolerance * size)
