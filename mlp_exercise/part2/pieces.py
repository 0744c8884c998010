"""The pieces that have two passes, and the trials of these.

A backward pass is tried out after the learner's ``own`` forward pass and after what a right one
would have ``remembered``; the ``derivative`` of the learner's own forward pass stands beside it.
Each is a trial, so that a pass which comes to no end takes nothing from the other one.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from mlp_exercise.observations import LARGEST, Seen, attempt, look
from mlp_exercise.part2.batches import (
    AGAIN,
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
"""The quantity that counts changes: of what came in, was handed out, and of parameters."""

NUDGE = 1e-5
"""The step of central differences."""


def construct(namespace: Namespace, name: str, *arguments: object) -> Any:
    """Return an object of a learner's class."""
    if name not in namespace:
        raise NotImplementedError(f"{name} is not defined")
    return namespace[name](*arguments)


def call(it: object, method: str, *arguments: object) -> Any:
    """Return what a method of a learner's object returns."""
    if not hasattr(it, method):
        raise NotImplementedError(f"{type(it).__name__} has no {method}")
    return getattr(it, method)(*arguments)


class Watch(list[list[Any]]):
    """Values that must stay as they are, each with its content at the last look."""

    def add(self, *values: object) -> None:
        """Watch these, too."""
        self += [[value, _content(value)] for value in values]

    def changes(self) -> int:
        """Return how many have changed since the last look."""
        count = 0
        for pair in self:
            value, before = pair
            pair[1] = _content(value)
            count += pair[1] != before
        return count


def _content(value: object) -> object:
    if type(value) is np.ndarray and value.size <= LARGEST:
        return value.dtype, value.shape, value.tobytes()
    seen = look(value)
    return seen.kind, seen.detail, seen.array.tobytes()


class Piece:
    """A learner's object that is tried out on a batch."""

    written = ""
    takes: tuple[str, ...] = ("x",)  # what of a batch its forward pass gets
    upstream: tuple[str, ...] = ("G",)  # what its backward pass gets
    batches: Mapping[str, Batch] = BATCHES

    def __init__(self, namespace: Namespace, batch: Batch) -> None:
        self.linear: dict[str, Any] = {}  # its linear layers, by how labels begin
        self.it = self.make(namespace, batch)
        self.came_in, self.outputs, self.gradients = Watch(), Watch(), Watch()

    def make(self, namespace: Namespace, batch: Batch) -> Any:
        """Return the object, and note its linear layers."""
        return construct(namespace, self.written)

    def remember(self, batch: Batch) -> Any:
        """Leave what a right forward pass leaves; return what of that it hands out."""

    @staticmethod
    def parameters(batch: Batch) -> dict[str, Layer]:
        """Return the parameters of its linear layers, by how labels begin."""
        return {}

    def forward(self, batch: Batch) -> Any:
        """Run the learner's forward pass."""
        return call(self.it, "forward", *(getattr(batch, n) for n in self.takes))

    def backward(self, batch: Batch) -> Any:
        """Run the learner's backward pass."""
        return call(self.it, "backward", *(getattr(batch, n) for n in self.upstream))

    def try_forward(self, label: str, batch: Batch) -> dict[str, Seen]:
        """Return what comes of a forward pass."""
        return self._try(f"{label}/output", self.forward, batch, self.outputs)

    def try_backward(self, label: str, batch: Batch, how: str) -> dict[str, Seen]:
        """Return what comes of a backward pass; what goes before it is not looked at."""
        self.prepare(batch, how)
        self.came_in.changes()
        self.outputs.changes()
        seen = self._try(f"{label}/input", self.backward, batch, self.gradients)
        return seen | self.left(label)

    def prepare(self, batch: Batch, how: str) -> None:
        """Run what goes before a backward pass."""
        function = self.forward if how == "own" else self.remember
        attempt(_handed_out, self.outputs, function, batch)

    def left(self, label: str) -> dict[str, Seen]:
        """Return the gradients that stand in the linear layers."""
        return {
            f"{label}/{title}{name}_gradient": attempt(
                getattr, layer, f"{name}_gradient", None
            )
            for title, layer in self.linear.items()
            for name in Layer._fields
        }

    def _try(
        self,
        label: str,
        function: Callable[[Batch], Any],
        batch: Batch,
        returned: Watch,
    ) -> dict[str, Seen]:
        self.came_in.add(*(getattr(batch, n) for n in self.takes + self.upstream))
        parameters = self._weights()
        seen = attempt(_handed_out, returned, function, batch)
        handed_out = self.outputs.changes() + self.gradients.changes()
        moved = self._weights() != parameters
        counts = np.array([self.came_in.changes(), handed_out, moved], float)
        place = label.rpartition("/")[0]
        return {label: seen, f"{place}/{UNTOUCHED}": look(counts)}

    def _weights(self) -> list[object]:
        layers = self.linear.values()
        return [_content(getattr(l, n, None)) for l in layers for n in Layer._fields]


def _handed_out(watch: Watch, function: Callable[[Batch], Any], batch: Batch) -> Any:
    returned = function(batch)
    watch.add(returned)
    return returned


class _Linear(Piece):
    written = "Linear"

    def make(self, namespace: Namespace, batch: Batch) -> Any:
        outputs, inputs = batch.linear.weight.shape
        it = construct(namespace, "Linear", inputs, outputs, np.random.default_rng(0))
        for name, values in batch.linear._asdict().items():
            own = getattr(it, name, None)
            if isinstance(own, np.ndarray) and own.shape == values.shape:
                own[...] = values  # whoever holds the same array sees them, too
            else:
                setattr(it, name, values.copy())
        self.linear = {"": it}
        return it

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

    def make(self, namespace: Namespace, batch: Batch) -> Any:
        self.layers = layers_of(namespace, batch.network)
        parts = zip(self.layers, batch.network, strict=True)
        linear = titled(layer if like else None for layer, like in parts)
        self.linear = {f"{title}'s ": layer for title, layer in linear.items()}
        return construct(namespace, "Sequential", *self.layers)

    def remember(self, batch: Batch) -> Any:
        return STAND_INS["Sequential"](*self.layers).forward(batch.x)

    @staticmethod
    def parameters(batch: Batch) -> dict[str, Layer]:
        return {f"{title}'s ": like for title, like in titled(batch.network).items()}


PIECES = {"linear": _Linear, "tanh": _Tanh, "mse": _MSELoss, "network": _Sequential}
"""By the first word in the names of their steps."""


def try_forward(kind: type[Piece], namespace: Namespace) -> dict[str, Seen]:
    """Run a forward pass on one sample, on a batch, and then on two other batches."""
    seen: dict[str, Seen] = {}
    for name, drawn in kind.batches.items():
        batch = drawn.copy()
        if name not in AGAIN:
            piece = kind(namespace, batch)
        seen |= piece.try_forward(name, batch)
    return seen


def try_backward(kind: type[Piece], how: str, namespace: Namespace) -> dict[str, Seen]:
    """Run a backward pass on each batch, and in the end with another object beside it."""
    seen: dict[str, Seen] = {}
    for name, drawn in kind.batches.items():
        batch = drawn.copy()
        if name not in AGAIN:
            piece = kind(namespace, batch)
        seen |= piece.try_backward(f"{how}/{name}", batch, how)
    first, second = BATCHES[FIRST].copy(), BATCHES[SECOND].copy()
    one, other = kind(namespace, first), kind(namespace, second)
    one.prepare(first, how)
    other.prepare(second, how)
    seen[f"{how}/{BESIDE}/input"] = attempt(one.backward, first)
    attempt(other.backward, second)
    return seen | one.left(f"{how}/{BESIDE}")


def try_derivative(kind: type[Piece], namespace: Namespace) -> dict[str, Seen]:
    """Differentiate the learner's own forward pass along one direction for each quantity."""
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
            output = kind(namespace, fresh).forward(fresh)
        finally:
            array[...] = before
        if np.shape(output) != upstream.shape:
            raise ValueError("the output has another shape than its gradient")
        values.append(float(np.sum(upstream * output)))
    return (values[0] - values[1]) / (2 * NUDGE)


@lru_cache(maxsize=16)
def direction(shape: tuple[int, ...]) -> Array:
    """Return a direction of length 1; a gradient that is wrong anywhere shows along it."""
    drawn = np.random.default_rng(1).standard_normal(shape)
    return drawn / np.linalg.norm(drawn)
