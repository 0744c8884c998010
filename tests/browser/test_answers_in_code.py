"""Answers are written into code and read out of it just as Python reads them."""

import math
import random
from typing import Any

import numpy as np

from mlp_exercise.part1.boxes import flatten
from mlp_exercise.part1.commas import with_points
from mlp_exercise.part1.steps import SHAPES, STEPS
from mlp_exercise.submission.read import summarise
from mlp_exercise.values import plain
from tests.browser.modules import Modules
from tests.browser.typed_texts import text

NEAR = 1e-12
BOXES = {step.name: step for step in STEPS}


def test_what_stands_in_a_box_is_the_same_answer_in_code(modules: Modules) -> None:
    rng = random.Random(12)  # noqa: S311 - no secret
    texts = ["", " ", "007", "0,29", "2(0.3 − 0.5)", "e^-0.3", "tanh(0,3)²", "1:3"]
    texts += [text(rng) for _ in range(10_000)]
    for typed, code in zip(
        texts, modules.run("python.inPython(each)", texts), strict=True
    ):
        summary = summarise(f"loss = {code}", frozenset({"loss"}))
        ours: Any = plain(typed)
        theirs: Any = summary.values.get("loss", ...)
        if isinstance(ours, float):
            # What is more than the reader knows, Python works out.
            value = eval(code, {"math": math}) if theirs is ... else theirs  # noqa: S307
            assert abs(ours - value) <= NEAR * max(1, abs(ours)), (typed, code)
        else:
            assert theirs == ours, (typed, code)


ROWS = (
    *("0.3", "-0.24", "1", "0", "05", "None", "0,29", "-1,5"),
    *("1/3", "'0,5'", "x", "2 3", "2^3", "math.tanh(0.3)"),
)
BETWEEN = (",", ", ", " , ", ",\n")


def code_of(rng: random.Random, name: str) -> str:
    """Write an answer in its shape, or nearly so."""

    def row(width: int) -> str:
        count = max(0, width + rng.choice((0, 0, 0, 0, -1, 1)))
        return rng.choice(BETWEEN).join(rng.choices(ROWS[:8], k=count)) or "None"

    def mixed(width: int) -> str:
        return "".join(rng.choice(ROWS) + rng.choice(BETWEEN) for _ in range(width))

    shape = SHAPES[name]
    rows = [rng.choice((row, row, mixed))((*shape, 1)[-1] if shape else 1)]
    if len(shape) == 2:
        rows = [f"[{row(shape[1])}]" for _ in range(shape[0])]
    inside = ", ".join(rows)
    line = inside.replace("\n", " ")
    return rng.choice(
        (f"[{inside}]", f"[{inside}]", f"({inside})", line, f"[{inside},]")
    )


def read_in_python(name: str, code: str) -> list[Any] | None:
    """Return the elements of an answer if it has its shape and nothing but numbers."""
    source, _ = with_points(code)
    value = summarise(source, frozenset({name})).values.get(name, ...)
    if value is ...:
        return None
    has_shape = np.shape(np.array(value, dtype=object)) == SHAPES[name]
    if not has_shape and (
        name != "loss" or len(flatten(value)) != 1
    ):  # it may have brackets
        return None
    elements = flatten(value)
    return None if any(isinstance(each, str) for each in elements) else elements


def test_code_fills_the_boxes_with_what_python_reads(modules: Modules) -> None:
    rng = random.Random(13)  # noqa: S311 - no secret
    names = rng.choices([*SHAPES], k=20_000)
    codes = [f"{name} = {code_of(rng, name)}" for name in names]
    pairs = list(zip(names, codes, strict=True))
    cases = [[code, {"name": name, "shape": SHAPES[name]}] for name, code in pairs]
    found = modules.run("python.textsIn(...each) ?? null", cases)
    for (name, code), texts in zip(pairs, found, strict=True):
        theirs = texts and [plain(each) for each in texts]
        assert theirs == read_in_python(name, code), code
    assert sum(texts is not None for texts in found) > 4_000
