"""The rule of Part 1 as data, for a program that is not written in Python.

The worksheet of the site marks in the browser. Steps and routes, known mistakes, words and
constants come from here; only the arithmetic is written a second time.
"""

from typing import Any

from mlp_exercise import signs, values
from mlp_exercise.part1 import (
    answer,
    feedback,
    marking,
    phrases,
    steps,
    tolerance,
    variants,
)
from mlp_reference.mistakes import PEN_AND_PAPER

CONSTANTS = {
    "MINUS": signs.MINUS,
    "DEPTH": values.DEPTH,
    "SIZE": values.SIZE,
    "TEXT_LENGTH": values.TEXT_LENGTH,
    "COMPUTED": answer.COMPUTED,
    "TOLERANCE": tolerance.TOLERANCE,
    "CENT": tolerance.CENT,
    "CARRIED": tolerance.CARRIED,
    "LAST_DIGITS": tolerance.LAST_DIGITS,
    "AGREE": steps.AGREE,
    "POINTS": marking.POINTS,
    "TRIVIAL": marking.TRIVIAL,
    "RECOGNISED": feedback.RECOGNISED,
    "SEPARATION": variants.SEPARATION,
    "HALF": variants.HALF,
    "LARGEST_SEED": variants.LARGEST_SEED,
}
"""Every constant of the rule by its name."""


def as_data() -> dict[str, Any]:
    """Write the rule down in dicts, lists, texts and numbers alone.

    Returns
    -------
    dict
        ``steps`` with their shapes and routes, ``mistakes`` without their formulas, both in
        the order of the package; ``words``, templates by key; ``constants`` by name.
    """
    return {
        "steps": [_step(step) for step in steps.STEPS],
        "mistakes": [
            {"answer": slip.answer, "quantity": slip.quantity, "name": slip.name}
            for slip in PEN_AND_PAPER
        ],
        "words": values.PHRASES | phrases.PHRASES,
        "constants": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in CONSTANTS.items()
        },
    }


def _step(step: steps.Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "title": step.title,
        "shape": list(step.shape),
        "routes": [
            {
                "needs": list(route.needs),
                "through": list(route.through),
                "each": route.each,
            }
            for route in step.routes
        ],
    }
