"""What the modules of this folder pass to each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from mlp_exercise.check import StepMark
from mlp_exercise.part1.marking import Options
from mlp_exercise.submission.notebook_file import Submission


@dataclass(frozen=True)
class Settings:
    """What an instructor may choose for a batch.

    Attributes
    ----------
    options : Options
        How answers are marked.
    execute : bool
        Whether answers that are not literal are computed, in a child process.
    timeout : float
        How long a cell may compute there, in seconds of processor time.
    variant : int or None
        The seed by which to mark, whatever a notebook says of its own.
    jobs : int or None
        How many notebooks are marked side by side; None for as many as there are cores.
    """

    options: Options = field(default_factory=Options)
    execute: bool = True
    timeout: float = 10.0
    variant: int | None = None
    jobs: int | None = None


class Sheet(NamedTuple):
    """What marking makes of one submission.

    Attributes
    ----------
    variant : int or None
        The seed of its numbers; None for the exercise's own.
    marks : tuple of StepMark
        One for each step, in order.
    notes : mapping of str to str
        What reading has to add to the feedback of a step.
    remarks : tuple of str
        What a person should know of the notebook as a whole: cells that raised an error,
        and cells or trials that were given up.
    limited : bool
        Whether it might have more points: something in it has met a limit, or was not run.
    """

    variant: int | None
    marks: tuple[StepMark, ...]
    notes: Mapping[str, str] = {}
    remarks: tuple[str, ...] = ()
    limited: bool = False


class Exercise(NamedTuple):
    """An exercise that can be marked.

    Attributes
    ----------
    name : str
        Its notebook's name without the ending.
    steps : tuple of str
        The names of its steps, which are worth points.
    max_points : float
        What all of them are worth.
    defines : tuple of str
        The names that a learner defines, by which a notebook is recognised.
    mark : callable
        From a submission and the settings to a sheet; raises `Unreadable` if it cannot.
    """

    name: str
    steps: tuple[str, ...]
    max_points: float
    defines: tuple[str, ...]
    mark: Callable[[Submission, Settings], Sheet]


Status = Literal["marked", "not marked", "unreadable"]


@dataclass(frozen=True)
class Result:
    """What a batch says of one file.

    Attributes
    ----------
    file : str
        Where it lies.
    exercise : str or None
        Its name, if that is known.
    sheet : Sheet or None
        Its marks.
    reason : str or None
        Why there are none.
    path : str
        What was named to find it: the file itself, or a folder above it. May be left out.
    lacking : bool
        Whether there are no marks for want of something here, and not in the file.
    alone : bool
        Whether to mark it once more, while nothing else is marked.
    """

    file: str
    exercise: str | None = None
    sheet: Sheet | None = None
    reason: str | None = None
    path: str = ""
    lacking: bool = False
    alone: bool = False

    @property
    def status(self) -> Status:
        """Whether there are marks."""
        if self.sheet is not None:
            return "marked"
        return "not marked" if self.lacking else "unreadable"

    @property
    def needs_a_look(self) -> bool:
        """Whether its points may not be the last word."""
        return self.sheet is None or self.sheet.limited

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of the notebook as a whole."""
        return () if self.sheet is None else self.sheet.remarks

    @property
    def marks(self) -> tuple[StepMark, ...]:
        """The marks of the steps."""
        return () if self.sheet is None else self.sheet.marks

    @property
    def points(self) -> float:
        """The sum of the points."""
        return sum(mark.points for mark in self.marks)

    @property
    def max_points(self) -> float:
        """What could have been reached."""
        return float(sum(mark.max_points for mark in self.marks))

    def feedback(self, mark: StepMark) -> str:
        """Put together what marking and reading have to say about a step."""
        note = self.sheet.notes.get(mark.name, "") if self.sheet else ""
        return f"{mark.feedback} {note}".strip()
