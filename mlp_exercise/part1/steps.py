"""The twelve answers of Part 1, and the routes by which each follows from earlier ones."""

from collections.abc import Iterable, Mapping
from itertools import chain, product, repeat
from math import inf, isfinite
from typing import Any, NamedTuple

from mlp_exercise.part1.boxes import Box, Interval, Shape, corners, flatten, hull, nest
from mlp_reference.manual import FORMULAS
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import WorkedExample

AGREE = 5e-5  # quotients of a row of ∂L/∂W1 that differ by less are the same


class Route(NamedTuple):
    """One way to compute an answer from earlier ones."""

    needs: tuple[str, ...]
    # What is worked out on the way, the answer last. Empty for the way back from ∂L/∂W1
    # to the update of b1, which solves for ∂L/∂a.
    through: tuple[str, ...]
    each: bool = True  # each element needs one element of each answer before

    def image(self, example: WorkedExample, boxes: Mapping[str, Box]) -> Box | None:
        """Return what the answer may be, by what earlier ones may stand for; None if nothing."""
        if not self.through:
            box = _b1_from_weights(example, boxes["dL_dw1"])
        else:
            turns = (0.0, *example.t)
            inputs = [
                [
                    nest(point, SHAPES[name])
                    for point in corners(boxes[name], turns, together=self.each)
                ]
                for name in self.needs
            ]
            box = hull([self._compute(example, values) for values in product(*inputs)])
        return box if box and all(map(isfinite, chain.from_iterable(box))) else None

    def _compute(self, example: WorkedExample, inputs: Iterable[Any]) -> list[float]:
        values = dict(zip(self.needs, inputs, strict=True))
        for name in self.through:
            values[name] = FORMULAS[name](example, values)
        return flatten(values[self.through[-1]])


def _b1_from_weights(example: WorkedExample, dL_dw1: Box) -> Box | None:
    """Update b1 by the ∂L/∂a that all of ∂L/∂W1 = ∂L/∂a xᵀ agree on, row by row."""
    result = []
    for row, bias in zip(nest(dL_dw1, SHAPES["dL_dw1"]), example.b1, strict=True):
        low, high = -inf, inf
        for interval, x in zip(row, example.x, strict=True):
            if x:
                ends = sorted(end / x for end in interval)
                low, high = max(low, ends[0]), min(high, ends[1])
        if not low <= high + AGREE:
            return None
        updated = [bias - example.learning_rate * end for end in (low, high)]
        result.append(Interval(min(updated), max(updated)))
    return tuple(result)


class Step(NamedTuple):
    """One answer that the exercise asks for."""

    name: str  # the variable that a learner assigns
    title: str
    shape: Shape
    routes: tuple[Route, ...] = ()  # any one will do; the first has none but the data


def _step(name: str, title: str, shape: Shape, *routes: Route) -> Step:
    return Step(name, title, shape, routes)


def _from(needs: str, through: str, *, each: bool = True) -> Route:
    return Route(tuple(needs.split()), tuple(through.split()), each)


_W1 = "dL_dz dL_da dL_dw1"
_B1 = "dL_dz dL_da dL_db1 b1_updated"

STEPS = (
    _step("a", "hidden layer pre-activation", (2,)),
    _step("z", "hidden layer activation", (2,), _from("a", "z")),
    _step("y", "output", (1,), _from("z", "y", each=False)),
    _step("loss", "loss", (), _from("y", "loss")),
    _step("dL_dy", "gradient at the output", (1,), _from("y", "dL_dy")),
    _step(
        "dL_dw2", "gradient of the output weights", (1, 2), _from("dL_dy z", "dL_dw2")
    ),
    _step("dL_db2", "gradient of the output bias", (1,), _from("dL_dy", "dL_db2")),
    _step(
        "dL_dw1",
        "gradient of the hidden weights",
        (2, 3),
        _from("dL_dy z", _W1),
        _from("dL_dy a", f"z {_W1}"),
    ),
    _step(
        "W2_updated", "updated output weights", (1, 2), _from("dL_dw2", "W2_updated")
    ),
    _step("b2_updated", "updated output bias", (1,), _from("dL_db2", "b2_updated")),
    _step(
        "W1_updated", "updated hidden weights", (2, 3), _from("dL_dw1", "W1_updated")
    ),
    _step(
        "b1_updated",
        "updated hidden biases",
        (2,),
        _from("dL_dy z", _B1),
        _from("dL_dy a", f"z {_B1}"),
        _from("dL_dw1", ""),
    ),
)
"""In the order in which they are asked for; W2 is always the given one."""

SHAPES = {step.name: step.shape for step in STEPS}
"""The shape of each answer; a gradient has the shape of what it belongs to."""

ELEMENTS = {
    name: tuple(elements(name, nest(repeat(0.0), shape)))
    for name, shape in SHAPES.items()
}
"""The elements of each answer, row by row, as code reaches them: ``dL_dw2[0][1]``."""
