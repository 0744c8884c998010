"""What is asked of a run of a notebook, and what comes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from mlp_exercise.submission.notebook import NotMarked
from mlp_exercise.values import Plain


class Lacking(NotMarked):
    """A library that a notebook needs is not installed here."""

    def __init__(self, module: str, what: str = "it") -> None:
        name = "PyTorch" if module == "torch" else module
        slip = "" if what == "it" else ", if that is no slip,"
        super().__init__(
            f"{what} needs {name}, which is not installed where it is marked: "
            f"install it there{slip} and mark again"
        )


class StoppedByClock(NotMarked):
    """The clock or the system ended the process: alone, the notebook may get through."""


@dataclass(frozen=True)
class Limits:
    """What a notebook may use.

    Attributes
    ----------
    seconds : float
        Processor time for a cell.
    memory : int
        Address space in bytes, on top of what the libraries of its trials take.
    """

    seconds: float = 10.0
    memory: int = 2 * 2**30


class Problem(NamedTuple):
    """Why a cell or a trial came to no end.

    Attributes
    ----------
    kind : {"time limit", "memory limit", "ended"}
        Which limit it met; or it has ended the process by itself.
    words : str
        The same, to follow "it".
    """

    kind: Literal["time limit", "memory limit", "ended"]
    words: str


class History(NamedTuple):
    """What came of a run.

    Attributes
    ----------
    changes : mapping
        By the number of each cell that ran: the names it changed, and their values after it.
    left_out : mapping of int to Problem
        By number: the cells that could not be run to their end.
    raised : mapping of int to str
        By number: the errors that ended cells.
    observed : mapping of str to mapping
        What each trial saw, for `observations.unpack` to read.
    failed : mapping of str to Problem
        The trials that came to no end.
    """

    changes: Mapping[int, Mapping[str, Plain]] = {}
    left_out: Mapping[int, Problem] = {}
    raised: Mapping[int, str] = {}
    observed: Mapping[str, Mapping[str, object]] = {}
    failed: Mapping[str, Problem] = {}


@dataclass(frozen=True)
class Trials:
    """What is tried out after the cells.

    Attributes
    ----------
    module : str
        Where they are: a module with a mapping ``TRIALS`` of trials by name.
    names : tuple of str
        Which of them.
    needs : mapping of str to tuple of str
        By name: the trials without which one is not made.
    """

    module: str = ""
    names: tuple[str, ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def left(self, without: Collection[str]) -> tuple[str, ...]:
        """List the trials that are still to be made."""
        lost = set(without)
        needs = {name: {name, *self.needs.get(name, ())} for name in self.names}
        return tuple(name for name in self.names if not needs[name] & lost)


NO_TRIALS = Trials()
"""For exercises whose answers are numbers."""
