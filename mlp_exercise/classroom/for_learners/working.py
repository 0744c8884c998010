"""The working of Part 1 with a learner's own numbers: the way to an answer, not the answer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from mlp_exercise.part1.marking import read
from mlp_exercise.part1.steps import ELEMENTS, STEPS
from mlp_exercise.part1.variants import variant
from mlp_exercise.values import Plain
from mlp_reference.walkthrough import (
    QUANTITIES,
    chains,
    elements,
    fill,
    with_minus,
    workings,
)
from mlp_reference.worked_example import EXERCISE, WorkedExample

RULES = {quantity.name: quantity.rule for quantity in QUANTITIES}
"""The formula of each answer, for all its elements at once."""

GIVEN = ("W1", "b1", "W2", "b2", "x", "t", "learning_rate")
"""What the exercise gives, by the names of `WorkedExample`."""

BARE = re.compile(r"\{[^}]+\}")
"""A working that is one number alone: with that number it would be the answer itself."""


@lru_cache(maxsize=64)
def example_of(seed: int | None) -> WorkedExample:
    """Return the numbers that a notebook was marked by."""
    return EXERCISE if seed is None else variant(seed)


@lru_cache(maxsize=1)
def asked_for() -> Mapping[str, str]:
    """Return the working of each element by what is given and by answers alone.

    What lies between, such as ``dL_da``, no learner writes down: its chain stands for it.
    """
    products = {
        name: " · ".join(f.working for f in path if f.working != "1")
        for name, (path, *_) in chains(EXERCISE).items()
    }
    lines = workings(EXERCISE) | {n: p for n, p in products.items() if "dL_dw" in n}
    between = {f"{{{n}}}": p for n, p in products.items() if "dL_db1" in n}
    for name, line in lines.items():
        for inner, product in between.items():
            line = line.replace(inner, product)
        lines[name] = line.removesuffix(" · 1")
    return {n: lines[n] for names in ELEMENTS.values() for n in names}


def lines(
    step: str,
    places: Iterable[str],
    own: Mapping[str, Plain] | None,
    example: WorkedExample,
    expected: Any = None,
) -> Iterator[str]:
    """Yield a line for each place: by names, by the learner's numbers, and if given the result."""
    numbers = {} if own is None else _numbers(own, example)
    results = {} if expected is None else elements(step, expected)
    for place in places:
        working = asked_for()[place]
        named = working.replace("{", "").replace("}", "")
        parts = [place, named]
        if not BARE.fullmatch(working):
            filled = fill(working, lambda name: numbers.get(name, name))
            parts += [filled] if filled != named else []
        line = " = ".join(parts)
        # More digits than were written may have been carried, so it need not be equal.
        yield f"{line} ≈ {rounded(results[place])}" if place in results else line


def rounded(value: float) -> str:
    """Return a number with two decimals, as the exercise asks for."""
    return with_minus(f"{value:.2f}")


def number(value: float) -> str:
    """Return a number as a page shows it: as it was written, unless it has many digits."""
    short = f"{value!r}"
    return with_minus(short if len(short) <= 8 else f"{value:.6g}")


def _numbers(own: Mapping[str, Plain], example: WorkedExample) -> dict[str, str]:
    """Return what is given and what was answered, as far as it holds numbers, by element."""
    found = {
        name: number(value)
        for given in GIVEN
        for name, value in elements(given, getattr(example, given)).items()
    }
    for step in STEPS:
        values = read(own.get(step.name), step).values
        if values:
            pairs = zip(ELEMENTS[step.name], values, strict=True)
            found |= {name: number(value) for name, value in pairs}
    return found
