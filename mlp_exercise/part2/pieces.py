"""The pieces that have two passes, and the trials of these.

A backward pass is tried out after the learner's ``own`` forward pass and after what a right one
would have ``remembered``; the ``derivative`` of the learner's own forward pass stands beside it.
Each is a trial, so that a pass which comes to no end takes nothing from the other one.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

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
from mlp_exercise.part2.substitution import STAND_INS, Namespace, layers_of, linear_of
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


class Kind(NamedTuple):
    """How a piece is called."""

    written: str
    takes: tuple[str, ...]  # what of a batch its forward pass gets
    upstream: tuple[str, ...]  # what its backward pass gets
    leaves: str  # where a forward pass leaves what the backward pass needs
    batches: Mapping[str, Batch] = BATCHES


PIECES = {
    "linear": Kind("Linear", ("x",), ("G",), "self.x"),
    "tanh": Kind("Tanh", ("y",), ("G",), "self.z"),
    "mse": Kind("MSELoss", ("y", "t"), (), "self.error"),
    "network": Kind("Sequential", ("x",), ("G",), "its layers", BATCHES | OTHERS),
}
"""By the first word in the names of their steps."""


def linear_layers(kind: Kind, layers: Sequence[Any], batch: Batch) -> dict[str, Any]:
    """Return the linear ones of a piece's layers, by how labels of them begin."""
    if kind.written == "Linear":
        return {"": layers[0]}
    found = titled(layers, batch.network if layers else ())
    return {f"{title}'s ": layer for title, layer in found.items()}


class Piece:
    """A learner's object that is tried out, made with the parameters of a batch."""

    def __init__(self, kind: Kind, namespace: Namespace, batch: Batch) -> None:
        self.kind, written = kind, namespace[kind.written]
        self.layers: list[Any] = []
        if kind.written == "Sequential":
            self.layers = layers_of(namespace, batch.network)
            self.it = written(*self.layers)
        elif kind.written == "Linear":
            self.it = linear_of(written, batch.linear)
            self.layers = [self.it]
        else:
            self.it = written()
        self.linear = linear_layers(kind, self.layers, batch)
        self.came_in, self.outputs, self.gradients = Watch(), Watch(), Watch()

    def remember(self, batch: Batch) -> Any:
        """Leave what a right forward pass leaves; return what of that it hands out."""
        match self.kind.written:
            case "Linear":
                self.it.x = batch.x
            case "Tanh":
                self.it.z = np.tanh(batch.y)
                return self.it.z
            case "MSELoss":
                self.it.error = batch.y - batch.t
            case "Sequential":
                return STAND_INS["Sequential"](*self.layers).forward(batch.x)
        return None

    def call(self, which: str, batch: Batch) -> Any:
        """Run a pass of the learner's."""
        names = self.kind.takes if which == "forward" else self.kind.upstream
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
        for name in self.kind.takes + self.kind.upstream:
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


def _meet(kind: Kind, namespace: Namespace) -> Iterator[tuple[str, Piece, Batch]]:
    """Yield an object for each batch; the last ones meet that which `FIRST` has met."""
    for name, drawn in kind.batches.items():
        batch = drawn.copy()
        if name not in (SECOND, THIRD):
            piece = Piece(kind, namespace, batch)
        yield name, piece, batch


def _try_forward(kind: Kind, namespace: Namespace) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    for name, piece, batch in _meet(kind, namespace):
        seen |= piece.run("forward", name, batch)
    return seen


def _try_backward(kind: Kind, how: str, namespace: Namespace) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    for name, piece, batch in _meet(kind, namespace):
        piece.prepare(how, batch)
        seen |= piece.run("backward", f"{how}/{name}", batch)
        seen |= piece.left(f"{how}/{name}")
    first, second = BATCHES[FIRST].copy(), BATCHES[SECOND].copy()
    one, other = (Piece(kind, namespace, batch) for batch in (first, second))
    one.prepare(how, first)
    other.prepare(how, second)
    place = f"{how}/{BESIDE}"
    seen[f"{place}/input"] = attempt(one.call, "backward", first)
    attempt(other.call, "backward", second)
    return seen | one.left(place)


def _try_derivative(kind: Kind, namespace: Namespace) -> dict[str, Seen]:
    """Differentiate the learner's own forward pass by each quantity, along one direction."""
    return {
        f"derivative/{name}/{quantity}": attempt(_slope, kind, namespace, batch, array)
        for name, batch in kind.batches.items()
        if name != THIRD  # the second batch shows whether anything stays of the first
        for quantity, array in _variables(kind, batch).items()
    }


def _variables(kind: Kind, batch: Batch) -> dict[str, Array]:
    """Return what an output depends on, by the name of its gradient."""
    layers = {"Linear": (batch.linear,), "Sequential": batch.network}
    linear = linear_layers(kind, layers.get(kind.written, ()), batch)
    return {"input": getattr(batch, kind.takes[0])} | {
        f"{title}{name}_gradient": values
        for title, layer in linear.items()
        for name, values in layer._asdict().items()
    }


def _slope(kind: Kind, namespace: Namespace, batch: Batch, array: Array) -> float:
    """Return the slope of G · output, or of a loss, as an array of the batch is nudged."""
    upstream = batch.G if kind.upstream else np.ones(())
    before, values = array.copy(), []
    for step in (NUDGE, -NUDGE):
        array += step * direction(array.shape)
        fresh = batch.copy()
        try:
            output = Piece(kind, namespace, fresh).call("forward", fresh)
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
