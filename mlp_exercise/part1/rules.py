"""The rule of Part 1 as data, for the worksheet of the site, which marks in the browser.

Steps and routes, known mistakes, words and constants come from here; only the arithmetic is
written a second time.
"""

import json
from typing import Any

from mlp_exercise import values
from mlp_exercise.part1 import boxes, feedback, marking, steps, variants
from mlp_reference.mistakes import PEN_AND_PAPER

CONSTANTS = {
    "DEPTH": values.DEPTH,
    "SIZE": values.SIZE,
    "TEXT_LENGTH": values.TEXT_LENGTH,
    "SEVERAL": values.SEVERAL,
    "BY_ZERO": values.BY_ZERO,
    "DOUBTFUL": values.DOUBTFUL,
    "FORMULA": values.FORMULA,
    "COMPUTED": boxes.COMPUTED,
    "TOLERANCE": boxes.TOLERANCE,
    "CENT": boxes.CENT,
    "CARRIED": boxes.CARRIED,
    "LAST_DIGITS": boxes.LAST_DIGITS,
    "AGREE": steps.AGREE,
    "POINTS": marking.POINTS,
    "TRIVIAL": marking.TRIVIAL,
    "RECOGNISED": feedback.RECOGNISED,
    "TENTH": feedback.TENTH,
    "SEPARATION": variants.SEPARATION,
    "HALF": variants.HALF,
    "LARGEST_SEED": variants.LARGEST_SEED,
}


def as_data() -> dict[str, Any]:
    """Return steps, mistakes without their formulas, words and constants as JSON has them."""
    data = {
        "steps": [
            step._asdict()
            | {"routes": [route._asdict() for route in step.routes]}
            | {"elements": steps.ELEMENTS[step.name]}
            for step in steps.STEPS
        ],
        "mistakes": [
            {"answer": slip.answer, "quantity": slip.quantity, "name": slip.name}
            for slip in PEN_AND_PAPER
        ],
        "words": values.PHRASES | feedback.PHRASES,
        "constants": CONSTANTS,
    }
    plain: dict[str, Any] = json.loads(json.dumps(data))  # tuples become lists
    return plain
