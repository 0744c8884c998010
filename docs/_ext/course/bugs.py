"""The text of a *find the bug* task, and what a gradient check says of its code.

The text is that of a checkpoint whose choices are the lines of a backward pass. A block of
Python in the question is the forward pass before them. What is shown is what is run.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from course.questions import Checkpoint, read_checkpoint
from course.words import _
from mlp_exercise.handout.source import SourceError
from mlp_reference.arrays import Array
from mlp_reference.gradient_check import bound, central_difference, relative_error

MOST = 9
"""The largest number of lines to choose from."""

WIDEST = 38
"""The largest number of characters of a line, which fit a phone."""

PASSES = 1e-7
"""A relative error below it is one of rounding, and of the difference quotient."""

FORWARD = re.compile(r"^```python\n(?P<code>.+?)\n```$", re.MULTILINE | re.DOTALL)
SHAPE = re.compile(r"(?P<name>\w+) \((?P<sizes>[\d, ]*)\)")

Shapes = Mapping[str, tuple[int, ...]]


class Bug(NamedTuple):
    """A task: the lines are the choices of `asked`, and the wrong one is the right choice."""

    asked: Checkpoint
    forward: str  # the code before the lines
    mended: str  # what stands in place of the wrong line
    shapes: Shapes  # of the arrays that the code finds

    @property
    def code(self) -> str:
        """The code with its bug."""
        return self._with(self.asked.right.text)

    @property
    def mended_code(self) -> str:
        """The code without it."""
        return self._with(self.mended)

    def _with(self, line: str) -> str:
        lines = (line if c.is_right else c.text for c in self.asked.choices)
        return "\n".join([self.forward, *lines])


class Row(NamedTuple):
    """What a gradient check says of the gradient of one parameter."""

    gradient: str  # its name in the code
    error: float  # relative; infinite where the shape is wrong
    furthest: str  # the element that is furthest off, or what is wrong with the shape

    @property
    def passes(self) -> bool:
        """Whether both agree."""
        return self.error < PASSES


def read_bug(content: Sequence[str], arrays: str, mended: str) -> Bug:
    """Return the task that the lines of a directive describe."""
    asked = read_checkpoint(content, {}, most=MOST)
    found = FORWARD.search(asked.question)
    forward = found["code"] if found else ""
    question = FORWARD.sub("", asked.question).strip()
    made = Bug(asked._replace(question=question), forward, mended, shapes_of(arrays))
    for line in [*made.code.splitlines(), *mended.splitlines()]:
        if len(line) > WIDEST:
            raise SourceError(f"expected at most {WIDEST} characters in a line: {line}")
    return made


def shapes_of(arrays: str) -> Shapes:
    """Return shapes by name from a text such as ``x (3,), W1 (2, 3)``."""
    found = {
        match["name"]: tuple(int(size) for size in re.findall(r"\d+", match["sizes"]))
        for match in SHAPE.finditer(arrays)
    }
    if not found:
        raise SourceError(f"arrays are {arrays}, expected such as x (3,), W1 (2, 3)")
    return found


def check(code: str, shapes: Shapes) -> list[Row]:
    """Run code, and compare its gradients with central differences of its loss."""
    try:
        rows = _rows(code, shapes)
    except Exception as error:  # the code of a task may raise whatever it likes
        raise SourceError(f"its code fails: {error!r}") from error
    if not rows:
        raise SourceError(
            "its code has no gradient of an array, such as G_W1 or dL_dw1"
        )
    return rows


def _rows(code: str, shapes: Shapes) -> list[Row]:
    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}
    values = run(code, arrays)
    rows = []
    for name in arrays:
        gradient = f"G_{name}" if f"G_{name}" in values else f"dL_d{name.lower()}"
        if gradient in values:
            expected = difference(code, arrays, name)
            rows.append(compare(gradient, np.asarray(values[gradient]), expected))
    return rows


def run(code: str, arrays: Mapping[str, Array]) -> dict[str, Any]:
    """Return all variables after the code has run on copies of the arrays."""
    values: dict[str, Any] = {name: array.copy() for name, array in arrays.items()}
    values["np"] = np
    exec(code, values)  # noqa: S102 - our own code
    return values


def difference(code: str, arrays: Mapping[str, Array], name: str) -> Array:
    """Return the gradient of the loss with respect to one array, without the chain rule."""
    shape = arrays[name].shape

    def loss(theta: Array) -> float:
        return float(run(code, {**arrays, name: theta.reshape(shape)})["loss"])

    return central_difference(loss, arrays[name].ravel()).reshape(shape)


def compare(gradient: str, found: Array, expected: Array) -> Row:
    """Return what a check says of one gradient."""
    if found.shape != expected.shape:
        told = _("shape {found}, not {expected}")
        told = told.format(found=found.shape, expected=expected.shape)
        return Row(gradient, np.inf, told)
    error = relative_error(found, expected)
    place = np.unravel_index(np.abs(found - expected).argmax(), found.shape)
    index = ", ".join(str(int(i)) for i in place)
    values = (f"{array[place]:z.3f}".replace("-", "−") for array in (found, expected))
    came, wanted = values
    text = _("[{index}]: {found}, not {expected}")
    return Row(gradient, error, text.format(index=index, found=came, expected=wanted))


def written(error: float) -> str:
    """Return a relative error as text, the same on every processor."""
    if error < PASSES:
        limit = f"{bound(error, PASSES):.0e}".replace("e-0", "e-")
        return _("below {limit}").format(limit=limit)
    return "" if np.isinf(error) else f"{error:.2f}"
