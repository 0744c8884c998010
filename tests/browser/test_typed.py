"""What is typed into a box is the same number in the browser and in Python."""

import random

from mlp_exercise.typed import DEEPEST, LONGEST, number_of
from tests.browser.modules import Modules
from tests.browser.typed_texts import text

TEXTS = 60_000
LAST_DIGITS = 1e-13
"""Two libraries differ there in powers and functions, relative to the numbers on the way."""


def test_texts_are_the_same_numbers(modules: Modules) -> None:
    rng = random.Random(2_026)  # noqa: S311 - no secret
    cases = [text(rng) for _ in range(TEXTS)]
    for depth in (DEEPEST - 1, DEEPEST, LONGEST // 2, LONGEST):
        cases += ["(" * depth + "1" + ")" * depth, "-" * depth + "1", "2^" * depth]
        cases += [
            "1" * depth,
            "1" * (depth + 1),
            "0." + "0" * depth + "1",
            "1+" * depth,
        ]
    found = modules.run("typed.numberOf(each)", cases)
    numbers = 0
    for case, theirs in zip(cases, found, strict=True):
        ours = number_of(case)
        if ours is None or theirs is None:
            assert ours is theirs, case
            continue
        numbers += 1
        of_a_library = "^" in case or "(" in case or "e" in case.lower()
        assert ours == theirs or (of_a_library and is_near(ours, theirs)), case
    assert TEXTS / 4 < numbers < TEXTS * 3 / 4


def is_near(one: float, other: float) -> bool:
    return abs(one - other) <= LAST_DIGITS * max(1.0, abs(one))


def test_what_is_no_text_is_no_number(modules: Modules) -> None:
    assert modules.run("typed.numberOf(each)", [7, None, True, ["1"], {}]) == [None] * 5
