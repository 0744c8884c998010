"""The data of all interactive parts: numbers, names and words, from the package."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np
from markupsafe import Markup

from course.interactive import finder, record, step, valley, worksheet
from course.interactive.explorer import explorer_context
from mlp_reference import manual
from mlp_reference.arrays import Array
from mlp_reference.gradient_check import central_difference
from mlp_reference.walkthrough import (
    QUANTITIES,
    elements,
    fill,
    symbol,
    with_minus,
    workings,
)
from mlp_reference.worked_example import EXERCISE, LESSON, WorkedExample

EPSILON = 1e-5
"""The step of the central differences beside the gradients."""

GIVEN = ("W1", "b1", "W2", "b2", "x")
"""The quantities that get a finite difference."""


def numbers(example: WorkedExample) -> dict[str, float]:
    """Return every number of one iteration, by name."""
    solution = manual.solve(example)
    named: dict[str, float] = {}
    for name, value in (asdict(example) | solution._asdict()).items():
        named |= elements(name, value)
    after = manual.solve(example.after_update(solution))
    return named | _differences(example) | {"loss_updated": after.loss}


def _differences(example: WorkedExample) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in GIVEN:
        value = np.array(getattr(example, name))

        def loss(theta: Array, name: str = name, like: Array = value) -> float:
            nudged = replace(example, **{name: theta.reshape(like.shape).tolist()})
            return manual.solve(nudged).loss

        slopes = central_difference(loss, value.ravel(), EPSILON)
        nested = slopes.reshape(value.shape).tolist()
        found |= elements(f"numeric_{gradient_of(name)}", nested)
    return found


def gradient_of(name: str) -> str:
    """Return the name of an element's gradient."""
    return "dL_d" + name.replace("W", "w")


def written(value: float) -> str:
    """Return a number as text with at most four decimals."""
    exact = repr(float(value)).removesuffix(".0")
    few = "e" not in exact and len(exact.partition(".")[2]) < 4
    return with_minus(exact if few else f"{value:z.4f}")


def context_of(part: str) -> dict[str, Any]:
    """Return the data for the template of a part."""
    if part == "step":
        return step.context()
    if part == "valley":
        return valley.context()
    if part == "record":
        return record.context()
    if part == "finder":
        return finder.context()
    of_sheet = part in worksheet.PARTS
    example = EXERCISE if of_sheet else LESSON
    named = numbers(example)
    common = {
        "number": named,
        "quantities": QUANTITIES,
        "workings": workings(example),
        "symbol": lambda name: Markup(symbol(name)),  # noqa: S704 - our own HTML
        "written": written,
        "worked": lambda name: fill(
            workings(example)[name], lambda inner: written(named[inner])
        ),
        "gradient_of": gradient_of,
    }
    if of_sheet:
        return common | worksheet.context(part)
    extra = explorer_context(common)
    extra["data"]["epsilon"] = EPSILON
    return common | extra
