"""What becomes of the notebooks of one learner: the row of a class table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlp_exercise.submission.learners import Learner


class Entry(NamedTuple):
    """What a class table keeps of one notebook.

    Attributes
    ----------
    learner : Learner
        Whose work it is.
    exercise : str or None
        Its name, if anything tells it.
    points : float or None
        None if it could not be read.
    variant : int or None
        The seed of its numbers.
    flags : tuple of str
        The steps that a person may want to look at, each with the reason.
    remarks : tuple of str
        What a person should know of the notebook as a whole; why it has no marks, if the
        reason lies with the marker.
    """

    learner: Learner
    exercise: str | None
    points: float | None
    variant: int | None = None
    flags: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Row(NamedTuple):
    """What one learner has reached.

    Attributes
    ----------
    learner : str
        No two rows have the same.
    points : tuple of float or None
        Those of the best notebook of each exercise; None if none could be marked.
    unmarked : tuple of bool
        Whether a notebook of each exercise came that has no marks.
    remarks : tuple of str
        What a person should know who sees the points only.
    """

    learner: str
    points: tuple[float | None, ...]
    unmarked: tuple[bool, ...]
    remarks: tuple[str, ...]

    @property
    def total(self) -> float:
        """Add the points up."""
        return float(sum(points for points in self.points if points is not None))


def row_of(learner: str, entries: Sequence[Entry], labels: Mapping[str, str]) -> Row:
    """Put the notebooks of a learner together."""
    of_each = [[e for e in entries if e.exercise == name] for name in labels]
    best = [_best(of_one) for of_one in of_each]
    remarks: list[str] = []
    look_at: list[str] = []
    for label, of_one, counts in zip(labels.values(), of_each, best, strict=True):
        remarks += (f"{label}: {remark}" for remark in _remarks(of_one))
        remarks += (
            f"{label}: {r.rstrip('.')}" for r in (counts.remarks if counts else ())
        )
        look_at += (f"{label} {flag}" for flag in (counts.flags if counts else ()))
    remarks += _remarks([e for e in entries if e.exercise is None])
    if look_at:
        remarks.append(f"look at {', '.join(look_at)}")
    return Row(
        learner,
        tuple(entry.points if entry else None for entry in best),
        tuple(any(e.points is None for e in of_one) for of_one in of_each),
        tuple(remarks),
    )


def _best(entries: Iterable[Entry]) -> Entry | None:
    """Give the one with most points, and of equal ones that with least to look at."""
    marked = [entry for entry in entries if entry.points is not None]
    return max(marked, key=lambda e: (e.points or 0.0, -len(e.flags)), default=None)


def _remarks(entries: Sequence[Entry]) -> Iterator[str]:
    marked = [entry for entry in entries if entry.points is not None]
    if len(marked) > 1:
        differ = len({entry.variant for entry in marked}) > 1
        yield f"best of {len(marked)}{', of different numbers' if differ else ''}"
    without = [entry for entry in entries if entry.points is None]
    yield from (f"not marked: {why}" for entry in without for why in entry.remarks)
    unreadable = sum(not entry.remarks for entry in without)
    if unreadable:
        yield f"{unreadable} unreadable"
