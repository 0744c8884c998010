"""Random sheets of answers for the worksheet: honest ones, named mistakes, and nonsense.

A third of them is typed: calculations, decimal commas, the minus of a page.
"""

import copy
import math
from typing import Any

import numpy as np

from mlp_exercise.part1.boxes import flatten, nest
from mlp_exercise.part1.simulation import STYLES, fill_in
from mlp_exercise.part1.steps import SHAPES
from mlp_exercise.part1.variants import variant
from mlp_exercise.values import plain
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, WorkedExample

Rng = np.random.Generator

NO_NUMBERS: tuple[Any, ...] = (
    *(
        None,
        "",
        "0,5,",
        "small",
        "1/0",
        "1.234,5",
        "0.3, 0.24",
        "2*(y - t)",
        "W1[0][0]*x[0] + b1",
        "=",
    ),
    *("it's", 'a "quoted" text', "tab\there", "0.1*", "many words of a learner 😀"),
    *(True, False, math.nan, math.inf, -math.inf, {"a": 1}, [], [[]], [[], []]),
    *([0.5] * 999, [0.5] * 1000, [[0.5] * 50] * 50, [[[]] * 600] * 2),
)
TRIVIAL = (0.0, -0.0, 0.004, 0.005, -0.0051, 1e3, 1e4, -1e4, 1e21, 1e-7, 1e155, 1e308)
FEW = 0.12
"""How often an answer of a spoilt sheet is spoilt."""


def networks(count: int) -> list[WorkedExample]:
    """Give the exercise's network and some variants."""
    return [EXERCISE, *(variant(seed) for seed in range(1, count))]


def sheet(number: int, example: WorkedExample, rng: Rng) -> dict[str, Any]:
    """Fill in one sheet; every style meets every mistake as numbers go on."""
    style = STYLES[number % len(STYLES)]
    slips = [*PEN_AND_PAPER, *[None] * (len(PEN_AND_PAPER) // 2)]
    answers = fill_in(example, style, rng, slips[number % len(slips)])
    if number % 3 == 0:
        answers = {name: typed(answer, rng) for name, answer in answers.items()}
    if number % 2:
        return answers
    spoilt = {
        name: spoil(name, copy.deepcopy(answer), rng) if rng.random() < FEW else answer
        for name, answer in answers.items()
    }
    return {name: a for name, a in spoilt.items() if rng.random() < 1 - FEW / 8}


def typed(answer: Any, rng: Rng) -> Any:
    """Write an answer as a person may type it, and leave some numbers as they are."""
    if isinstance(answer, list):
        return [typed(item, rng) for item in answer]
    written, part = repr(answer), round(float(rng.normal()), 2)
    rest = repr(answer - part)
    return choose(
        rng,
        answer,
        written,
        written.replace(".", ",").replace("-", "−"),
        f"{part} + {rest}".replace("+ -", "– "),
        f"({2 * answer!r})/2",
        f"= 2 × {answer / 2!r}",
    )


def spoil(name: str, answer: Any, rng: Rng) -> Any:
    """Make something else of an answer."""
    values: list[Any] = [plain(value) for value in flatten(answer)]
    shape = SHAPES[name]
    place = int(rng.integers(len(values)))
    nothing = NO_NUMBERS[rng.integers(len(NO_NUMBERS))]
    with_one_changed = [*values]
    with_one_changed[place] = choose(
        rng, nothing, float(rng.choice(TRIVIAL)), round(float(rng.normal()), 2)
    )
    before = getattr(EXERCISE, name.partition("_")[0], answer)
    off = rng.choice((0.004, 0.005, 0.0051, 0.01, 0.02)) * rng.choice((-1, 1))
    step = round(float(off), 4)
    return choose(
        rng,
        nothing,
        nest(with_one_changed, shape),
        nest([float(rng.choice(TRIVIAL))] * len(values), shape),
        nest([round(value + step, 4) for value in values], shape),
        nest([math.trunc(value * 100) / 100 for value in values], shape),
        before,
        nest([round(value, 1) for value in values], shape),
        nest([round(value) for value in values], shape),
        nest([round(value * 16) / 16 + 1 / 32 for value in values], shape),
        [answer],
        values,
        values[0],
        [values, values[:-1]],
        [None, *values],
        [values, values],
        np.array(answer).T.tolist(),
        np.array(answer).reshape(-1, 1).tolist(),
        [[[answer]]],
    )


def choose(rng: Rng, *candidates: Any) -> Any:
    """Choose one of some values of any kind."""
    return candidates[rng.integers(len(candidates))]
