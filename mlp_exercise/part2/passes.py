"""Trials of the two passes: each alone, and the backward pass after the learner's own forward.

Arrays that came in or were handed out are looked at again after each call, and so are the
parameters; how many have changed is noted under the names of `UNTOUCHED`.
"""

from collections.abc import Callable
from typing import Any

from mlp_exercise.observations import Seen, attempt, look
from mlp_exercise.part2.batches import (
    AGAIN,
    BESIDE,
    FIRST,
    SECOND,
    Batch,
    batches,
)
from mlp_exercise.part2.subjects import Namespace, Subject

UNTOUCHED = ("came in", "handed out", "parameters")
"""What no pass may change."""


def untouchable(label: str) -> bool:
    """Tell whether a quantity counts changes of what must stay as it is.

    Parameters
    ----------
    label : str
        Its label.

    Returns
    -------
    bool
        Whether it does.
    """
    return label.rpartition("/")[2] in UNTOUCHED


class _Watch:
    """Sees whether arrays change."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.contents: list[object] = []

    def add(self, *values: object) -> None:
        """_Watch these, too."""
        self.values += values
        self.contents += map(_content, values)

    def call(self, function: Callable[..., object], *arguments: object) -> object:
        """Call a function, and watch what it returns."""
        returned = function(*arguments)
        self.add(returned)
        return returned

    def changes(self) -> int:
        """Count those that have changed since the last look."""
        before, self.contents = self.contents, list(map(_content, self.values))
        return sum(a != b for a, b in zip(before, self.contents, strict=True))


class _Tried:
    """A learner's object, and the arrays that must stay as they are when it is called."""

    def __init__(self, subject: Subject, namespace: Namespace, batch: Batch) -> None:
        self.subject, self.it = subject, subject.make(namespace, batch)
        self.came_in, self.outputs, self.gradients = _Watch(), _Watch(), _Watch()

    def forward(self, label: str, batch: Batch) -> dict[str, Seen]:
        """Run the learner's forward pass."""
        return self._call(label, "output", self.subject.forward, batch, self.outputs)

    def backward(
        self, label: str, batch: Batch, prepare: Callable[[Any, Batch], Any]
    ) -> dict[str, Seen]:
        """Run the learner's backward pass; whatever goes before it is not looked at."""
        attempt(self.outputs.call, prepare, self.it, batch)
        self.came_in.changes()
        self.outputs.changes()
        seen = self._call(label, "input", self.subject.backward, batch, self.gradients)
        return seen | self.left(label)

    def left(self, label: str) -> dict[str, Seen]:
        """Look at the gradients that stand in the object."""
        places = self.subject.gradients(self.it)
        return {
            f"{label}/{name}": attempt(getattr, *place, None)
            for name, place in places.items()
        }

    def _call(
        self,
        label: str,
        quantity: str,
        function: Callable[[Any, Batch], object],
        batch: Batch,
        returned: _Watch,
    ) -> dict[str, Seen]:
        self.came_in.add(batch.x, batch.y, batch.t, batch.G)
        parameters = self._parameters()
        seen = attempt(returned.call, function, self.it, batch)
        handed_out = self.outputs.changes() + self.gradients.changes()
        moved = self._parameters() != parameters
        counts = (self.came_in.changes(), handed_out, int(moved))
        return {f"{label}/{quantity}": seen} | {
            f"{label}/{name}": look(float(count))
            for name, count in zip(UNTOUCHED, counts, strict=True)
        }

    def _parameters(self) -> list[bytes]:
        places = self.subject.parameters(self.it)
        return [look(getattr(*place, None)).array.tobytes() for place in places]


def _content(value: object) -> object:
    seen = look(value)
    return seen.kind, seen.detail, seen.array.shape, seen.array.tobytes()


def try_forward(subject: Subject, namespace: Namespace) -> dict[str, Seen]:
    """Run a forward pass on one sample, on a batch, and then on two other batches.

    Parameters
    ----------
    subject : Subject
        What is tried out.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        Outputs, and how many arrays changed that must not.
    """
    seen: dict[str, Seen] = {}
    for name, batch in subject.batches().items():
        if name not in AGAIN:
            tried = _Tried(subject, namespace, batch)
        seen |= tried.forward(name, batch)
    return seen


def try_backward(subject: Subject, namespace: Namespace) -> dict[str, Seen]:
    """Run a backward pass after what a right forward pass would have left.

    Parameters
    ----------
    subject : Subject
        What is tried out.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        The series "remembered".
    """
    return _series("remembered", subject.remember, subject, namespace)


def try_both(subject: Subject, namespace: Namespace) -> dict[str, Seen]:
    """Run a backward pass after the learner's own forward pass.

    Parameters
    ----------
    subject : Subject
        What is tried out.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        The series "own".
    """
    return _series("own", subject.forward, subject, namespace)


def _series(
    how: str,
    prepare: Callable[[Any, Batch], Any],
    subject: Subject,
    namespace: Namespace,
) -> dict[str, Seen]:
    """Note gradients and what has changed; in the end, two objects are used side by side."""
    seen: dict[str, Seen] = {}
    for name, batch in subject.batches().items():
        if name not in AGAIN:
            tried = _Tried(subject, namespace, batch)
        seen |= tried.backward(f"{how}/{name}", batch, prepare)
    drawn = batches()
    first, second = drawn[FIRST], drawn[SECOND]
    one, other = (_Tried(subject, namespace, batch) for batch in (first, second))
    attempt(prepare, one.it, first)
    attempt(prepare, other.it, second)
    seen[f"{how}/{BESIDE}/input"] = attempt(subject.backward, one.it, first)
    attempt(subject.backward, other.it, second)
    return seen | one.left(f"{how}/{BESIDE}")
