"""What the interactive parts know: numbers, names and words, all from the package."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from markupsafe import Markup

from course import worksheet_data
from course.explorer_data import explorer_context
from mlp_reference import manual
from mlp_reference.arrays import Array
from mlp_reference.gradient_check import central_difference
from mlp_reference.walkthrough import QUANTITIES, elements, fill, symbol, workings
from mlp_reference.worked_example import EXERCISE, WorkedExample

EPSILON = 1e-5
"""Step of the central differences beside the gradients."""

GIVEN = ("W1", "b1", "W2", "b2", "x")
"""What a finite difference is taken for."""


def numbers(example: WorkedExample) -> dict[str, float]:
    """Work out every number of one iteration.

    Parameters
    ----------
    example : WorkedExample
        The network.

    Returns
    -------
    dict of str to float
        Given, computed and updated elements by name; ``numeric_dL_dw1[0][1]`` is the central
        difference beside ``dL_dw1[0][1]``, ``loss_updated`` the loss after the update.
    """
    solution = manual.solve(example)
    named: dict[str, float] = {}
    for name, value in (asdict(example) | solution._asdict()).items():
        named |= elements(name, value)
    after = manual.solve(example.after_update(solution))
    return named | _differences(example) | {"loss_updated": after.loss}


def _differences(example: WorkedExample) -> dict[str, float]:
    given = {name: getattr(example, name) for name in GIVEN}
    flat = {
        k: v for name, value in given.items() for k, v in elements(name, value).items()
    }

    def loss(theta: Array) -> float:
        numbers = iter(theta.tolist())
        moved = {name: _refilled(value, numbers) for name, value in given.items()}
        return manual.solve(replace(example, **moved)).loss

    slopes = central_difference(loss, np.array([*flat.values()]), EPSILON)
    return {
        f"numeric_{gradient_of(name)}": slope
        for name, slope in zip(flat, slopes.tolist(), strict=True)
    }


def _refilled(value: Any, numbers: Iterator[float]) -> Any:
    """Return the next numbers in the shape of a value."""
    if isinstance(value, list):
        return [_refilled(item, numbers) for item in value]
    return next(numbers)


def gradient_of(name: str) -> str:
    """Name the gradient of a given or computed element.

    Parameters
    ----------
    name : str
        Such as ``"W1[0][1]"``.

    Returns
    -------
    str
        Such as ``"dL_dw1[0][1]"``.
    """
    return "dL_d" + name.replace("W", "w")


def written(value: float) -> str:
    """Write a number for reading: four decimals, or fewer where fewer are all there are.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
        With a real minus.
    """
    exact = repr(float(value)).removesuffix(".0")
    few = "e" not in exact and len(exact.partition(".")[2]) < 4
    return (exact if few else f"{value:.4f}").replace("-", "−")


def context_of(part: str) -> dict[str, Any]:
    """Gather what the template of a part needs.

    Parameters
    ----------
    part : {"explorer", "worksheet"}
        The part.

    Returns
    -------
    dict
        For Jinja. ``data`` is what the program gets as JSON.
    """
    named = numbers(EXERCISE)
    common = {
        "number": named,
        "quantities": QUANTITIES,
        "workings": workings(EXERCISE),
        "symbol": lambda name: Markup(symbol(name)),  # noqa: S704 - our own HTML
        "written": written,
        "worked": lambda name: fill(
            workings(EXERCISE)[name], lambda inner: written(named[inner])
        ),
        "gradient_of": gradient_of,
    }
    if part == "worksheet":
        return common | worksheet_data.context()
    extra = explorer_context(common)
    extra["data"]["epsilon"] = EPSILON
    return common | extra
