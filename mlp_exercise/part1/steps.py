"""The twelve answers of Part 1, and the routes by which each follows from earlier ones."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from mlp_exercise.part1.boxes import (
    Box,
    Interval,
    Shape,
    flatten,
    image,
    image_each,
    is_finite,
    nest,
)
from mlp_reference.manual import FORMULAS
from mlp_reference.worked_example import WorkedExample

AGREE = 5e-5
"""Rows of ∂L/∂W1 whose quotients differ by less than this agree; numerical slack."""


class Route(NamedTuple):
    """One way to compute an answer from earlier ones.

    Attributes
    ----------
    needs : tuple of str
        The earlier answers that it starts from.
    through : tuple of str
        The quantities worked out on the way, the answer last. Empty for the way back
        from ∂L/∂W1 to ∂L/∂b1, which solves for a quantity that was not asked for.
    each : bool
        Whether each element of the result depends on one element of each answer needed.
    """

    needs: tuple[str, ...]
    through: tuple[str, ...]
    each: bool = True

    def leads_to(self, example: WorkedExample, boxes: Mapping[str, Box]) -> Box | None:
        """Carry what the earlier answers may stand for through the formulas.

        Parameters
        ----------
        example : WorkedExample
            The network.
        boxes : mapping of str to Box
            What each earlier answer may stand for.

        Returns
        -------
        Box or None
            What this answer may then be, or None where the route does not exist.
        """
        inputs = [boxes[name] for name in self.needs]
        if not self.through:
            return _bias_from_weights(example, inputs[0])
        compute = partial(self._compute, example)
        image_of = image_each if self.each else image
        result = image_of(compute, inputs, turns=(0.0, *example.t))
        return result if is_finite(result) else None

    def _compute(
        self, example: WorkedExample, inputs: Sequence[tuple[float, ...]]
    ) -> tuple[float, ...]:
        pairs = zip(self.needs, inputs, strict=True)
        values = {name: nest(elements, SHAPES[name]) for name, elements in pairs}
        for name in self.through:
            values[name] = FORMULAS[name](example, values)
        return flatten(values[self.through[-1]])


class Step(NamedTuple):
    """One answer that the exercise asks for.

    Attributes
    ----------
    name : str
        The variable that a learner assigns.
    title : str
        What it is, in words.
    routes : tuple of Route
        The ways to it; none for the first, which follows from the given numbers.
    """

    name: str
    title: str
    routes: tuple[Route, ...] = ()

    @property
    def shape(self) -> Shape:
        """The shape in which it is asked for.

        Returns
        -------
        tuple of int
        """
        return SHAPES[self.name]


def _bias_from_weights(example: WorkedExample, dL_dw1: Box) -> Box | None:
    """Update b1 with the ∂L/∂a that all of ∂L/∂W1 = ∂L/∂a xᵀ agree on, row by row."""
    result = []
    width = len(example.x)
    for row, bias in enumerate(example.b1):
        low, high = float("-inf"), float("inf")
        for interval, x in zip(
            dL_dw1[row * width : (row + 1) * width], example.x, strict=True
        ):
            if x:
                ends = sorted((interval.low / x, interval.high / x))
                low, high = max(low, ends[0]), min(high, ends[1])
        if not low <= high + AGREE:
            return None
        ends = sorted((low, high))
        step = [bias - example.learning_rate * end for end in reversed(ends)]
        result.append(Interval(min(step), max(step)))
    return tuple(result) if is_finite(tuple(result)) else None


SHAPES: dict[str, Shape] = {
    "a": (2,),
    "z": (2,),
    "y": (1,),
    "loss": (),
    "dL_dy": (1,),
    "dL_dw2": (1, 2),
    "dL_db2": (1,),
    "dL_dw1": (2, 3),
    "W2_updated": (1, 2),
    "b2_updated": (1,),
    "W1_updated": (2, 3),
    "b1_updated": (2,),
}
"""The shape of each answer; a gradient has the shape of what it belongs to."""

_BACK_TO_A = ("dL_dz", "dL_da")
_WEIGHTS = (*_BACK_TO_A, "dL_dw1")
_BIASES = (*_BACK_TO_A, "dL_db1", "b1_updated")

STEPS = (
    Step("a", "hidden layer pre-activation"),
    Step("z", "hidden layer activation", (Route(("a",), ("z",)),)),
    Step("y", "output", (Route(("z",), ("y",), each=False),)),
    Step("loss", "loss", (Route(("y",), ("loss",)),)),
    Step(
        "dL_dy",
        "gradient at the output",
        (Route(("y",), ("dL_dy",)),),
    ),
    Step(
        "dL_dw2",
        "gradient of the output weights",
        (Route(("dL_dy", "z"), ("dL_dw2",)),),
    ),
    Step(
        "dL_db2",
        "gradient of the output bias",
        (Route(("dL_dy",), ("dL_db2",)),),
    ),
    Step(
        "dL_dw1",
        "gradient of the hidden weights",
        (Route(("dL_dy", "z"), _WEIGHTS), Route(("dL_dy", "a"), ("z", *_WEIGHTS))),
    ),
    Step(
        "W2_updated",
        "updated output weights",
        (Route(("dL_dw2",), ("W2_updated",)),),
    ),
    Step(
        "b2_updated",
        "updated output bias",
        (Route(("dL_db2",), ("b2_updated",)),),
    ),
    Step(
        "W1_updated",
        "updated hidden weights",
        (Route(("dL_dw1",), ("W1_updated",)),),
    ),
    Step(
        "b1_updated",
        "updated hidden biases",
        (
            Route(("dL_dy", "z"), _BIASES),
            Route(("dL_dy", "a"), ("z", *_BIASES)),
            Route(("dL_dw1",), ()),
        ),
    ),
)
"""The twelve answers, in the order in which they are asked for; W2 is always the given one."""
