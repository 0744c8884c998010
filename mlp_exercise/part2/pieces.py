"""The pieces that have two passes, and the trials of these.

A backward pass is tried out after the learner's ``own`` forward pass and after what a right one
would have ``remembered``; the ``derivative`` of the learner's own forward pass stands beside it.
Each is a trial, so that a pass which comes to no end takes nothing from the other one.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from mlp_exercise.observations import LARGEST, Seen, Trial, attempt, look
from mlp_exercise.part2.batches import (
    BATCHES,
    BESIDE,
    FIRST,
    OTHERS,
    SECOND,
    THIRD,
    Batch,
    Layer,
    titled,
)
from mlp_exercise.part2.substitution import STAND_INS, Namespace, layers_of
from mlp_reference.arrays import Array

UNTOUCHED = "untouched"
"""The quantity that counts changes: of what came in, of what was handed out, of parameters."""

NUDGE = 1e-5
"""The step of central differences."""


class Watch(list[list[Any]]):
    """Values that must stay as they are, each with its content at the last look."""

    def add(self, value: Any) -> Any:
        """Watch this, too, and return it."""
        self.append([value, _content(value)])
        return value

    def changes(self) -> int:
        """Return how many have changed since the last look."""
        before = [content for _, content in self]
        self[:] = [[value, _content(value)] for value, _ in self]
        return sum(b != now for b, (_, now) in zip(before, self, strict=True))


def _content(value: object) -> object:
    if type(value) is np.ndarray and value.size <= LARGEST:
        return value.dtype, value.shape, value.tobytes()
    seen = look(value)
    return seen.kind, seen.detail, seen.array.tobytes()


class Piece:
    """A learner's object that is tried out, made with the parameters of a batch."""

    written = ""
    takes: tuple[str, ...] = ("x",)  # what of a batch its forward pass gets
    upstream: tuple[str, ...] = ("G",)  # what its backward pass gets
    batches: Mapping[str, Batch] = BATCHES

    def __init__(self, namespace: Namespace, batch: Batch) -> None:
        self.it, self.linear = self.make(namespace[self.written], namespace, batch)
        self.came_in, self.outputs, self.gradients = Watch(), Watch(), Watch()

    def make(
        self, kind: Any, namespace: Namespace, batch: Batch
    ) -> tuple[Any, dict[str, Any]]:
        """Return an object, and its linear layers by how their labels begin."""
        return kind(), {}

    def remember(self, batch: Batch) -> Any:
        """Leave what a right forward pass leaves; return what of that it hands out."""

    @staticmethod
    def parameters(batch: Batch) -> dict[str, Layer]:
        """Return the parameters of its linear layers by how their labels begin."""
        return {}

    def call(self, which: str, batch: Batch) -> Any:
        """Run a pass of the learner's."""
        names = self.takes if which == "forward" else self.upstream
        return call(self.it, which, *(getattr(batch, name) for name in names))

    def prepare(self, how: str, batch: Batch) -> None:
        """Run what goes before a backward pass; it is not looked at."""
        first = partial(self.call, "forward") if how == "own" else self.remember
        attempt(lambda: self.outputs.add(first(batch)))
        self.came_in.changes()
        self.outputs.changes()

    def run(self, which: str, place: str, batch: Batch) -> dict[str, Seen]:
        """Return what comes of a pass, and what it has changed."""
        forward = which == "forward"
        returned = self.outputs if forward else self.gradients
        for name in self.takes + self.upstream:
            self.came_in.add(getattr(batch, name))
        before = self._parameters()
        seen = attempt(lambda: returned.add(self.call(which, batch)))
        handed_out = self.outputs.changes() + self.gradients.changes()
        counts = (self.came_in.changes(), handed_out, self._parameters() != before)
        return {
            f"{place}/{'output' if forward else 'input'}": seen,
            f"{place}/{UNTOUCHED}": look(np.array(counts, float)),
        }

    def left(self, place: str) -> dict[str, Seen]:
        """Return the gradients that stand in the linear layers."""
        return {
            f"{place}/{title}{name}": attempt(getattr, layer, name, None)
            for title, layer in self.linear.items()
            for name in ("weight_gradient", "bias_gradient")
        }

    def _parameters(self) -> list[object]:
        layers = self.linear.values()
        return [_content(getattr(o, n, None)) for o in layers for n in Layer._fields]


class _Linear(Piece):
    written = "Linear"

    def make(
        self, kind: Any, namespace: Namespace, batch: Batch
    ) -> tuple[Any, dict[str, Any]]:
        outputs, inputs = batch.linear.weight.shape
        it = kind(inputs, outputs, np.random.default_rng(0))
        for name, values in batch.linear._asdict().items():
            own = getattr(it, name, None)
            if isinstance(own, np.ndarray) and own.shape == values.shape:
                own[...] = values  # whoever holds the same array sees them, too
            else:
                setattr(it, name, values.copy())
        return it, {"": it}

    def remember(self, batch: Batch) -> None:
        self.it.x = batch.x

    @staticmethod
    def parameters(batch: Batch) -> dict[str, Layer]:
        return {"": batch.linear}


class _Tanh(Piece):
    written, takes = "Tanh", ("y",)

    def remember(self, batch: Batch) -> Any:
        self.it.z = np.tanh(batch.y)
        return self.it.z


class _MSELoss(Piece):
    written, takes, upstream = "MSELoss", ("y", "t"), ()

    def remember(self, batch: Batch) -> None:
        self.it.error = batch.y - batch.t


class _Sequential(Piece):
    written, batches = "Sequential", BATCHES | OTHERS

    def make(
        self, kind: Any, namespace: Namespace, batch: Batch
    ) -> tuple[Any, dict[str, Any]]:
        self.layers = layers_of(namespace, batch.network)
        linear = titled(self.layers, batch.network)
        return kind(*self.layers), {f"{n}'s ": layer for n, layer in linear.items()}

    def remember(self, batch: Batch) -> Any:
        return STAND_INS["Sequential"](*self.layers).forward(batch.x)

    @staticmethod
    def parameters(batch: Batch) -> dict[str, Layer]:
        linear = titled(batch.network, batch.network)
        return {f"{name}'s ": layer for name, layer in linear.items()}


PIECES = {"linear": _Linear, "tanh": _Tanh, "mse": _MSELoss, "network": _Sequential}
"""By the first word in the names of their steps."""


def call(it: object, method: str, *arguments: object) -> Any:
    """Return what a method of a learner's object returns."""
    if not hasattr(it, method):
        raise NotImplementedError
    return getattr(it, method)(*arguments)


def trials_of(piece: str) -> dict[str, Trial]:
    """Return the trials of a piece, in an order in which one comes before those that need it."""
    kind = PIECES[piece]
    return {
        f"{piece}_forward": partial(_try_forward, kind),
        f"{piece}_backward": partial(_try_backward, kind, "remembered"),
        f"{piece}_both": partial(_try_backward, kind, "own"),
        f"{piece}_derivative": partial(_try_derivative, kind),
    }


def _meet(
    kind: type[Piece], namespace: Namespace
) -> Iterator[tuple[str, Piece, Batch]]:
    """Yield an object for each batch; the last ones meet that which `FIRST` has met."""
    for name, drawn in kind.batches.items():
        batch = drawn.copy()
        if name not in (SECOND, THIRD):
            piece = kind(namespace, batch)
        yield name, piece, batch


def _try_forward(kind: type[Piece], namespace: Namespace) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    for name, piece, batch in _meet(kind, namespace):
        seen |= piece.run("forward", name, batch)
    return seen


def _try_backward(kind: type[Piece], how: str, namespace: Namespace) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    for name, piece, batch in _meet(kind, namespace):
        piece.prepare(how, batch)
        seen |= piece.run("backward", f"{how}/{name}", batch)
        seen |= piece.left(f"{how}/{name}")
    first, second = BATCHES[FIRST].copy(), BATCHES[SECOND].copy()
    one, other = kind(namespace, first), kind(namespace, second)
    one.prepare(how, first)
    other.prepare(how, second)
    place = f"{how}/{BESIDE}"
    seen[f"{place}/input"] = attempt(one.call, "backward", first)
    attempt(other.call, "backward", second)
    return seen | one.left(place)


def _try_derivative(kind: type[Piece], namespace: Namespace) -> dict[str, Seen]:
    """Differentiate the learner's own forward pass by each quantity, along one direction."""
    return {
        f"derivative/{name}/{quantity}": attempt(_slope, kind, namespace, batch, array)
        for name, batch in kind.batches.items()
        if name != THIRD  # the second batch shows whether anything stays of the first
        for quantity, array in _variables(kind, batch).items()
    }


def _variables(kind: type[Piece], batch: Batch) -> dict[str, Array]:
    """Return what an output depends on, by the name of its gradient."""
    return {"input": getattr(batch, kind.takes[0])} | {
        f"{title}{name}_gradient": values
        for title, layer in kind.parameters(batch).items()
        for name, values in layer._asdict().items()
    }


def _slope(
    kind: type[Piece], namespace: Namespace, batch: Batch, array: Array
) -> float:
    """Return the slope of G · output, or of a loss, as an array of the batch is nudged."""
    upstream = batch.G if kind.upstream else np.ones(())
    before, values = array.copy(), []
    for step in (NUDGE, -NUDGE):
        array += step * direction(array.shape)
        fresh = batch.copy()
        try:
            output = kind(namespace, fresh).call("forward", fresh)
        finally:
            array[...] = before
        if np.shape(output) != upstream.shape:
            raise ValueError("the output has another shape than its gradient")
        values.append(float(np.vdot(upstream, output)))
    return (values[0] - values[1]) / (2 * NUDGE)


@lru_cache(maxsize=16)
def direction(shape: tuple[int, ...]) -> Array:
    """Return a direction of length 1; a gradient that is wrong anywhere shows along it."""
    drawn = np.random.default_rng(1).standard_normal(shape)
    return np.asarray(drawn / np.linalg.norm(drawn))
