"""Hundreds of random networks, five honest styles: the promises of the rule, measured."""

import os
from collections.abc import Callable

import numpy as np
import pytest

from mlp_exercise.part1.simulation import STYLES, Outcome, Style, fill_in, simulate
from mlp_exercise.part1.variants import variant
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.mlp_exercise.part1.sheets import solved

VARIANTS = int(os.environ.get("VARIANTS", "500"))
"""How many networks; once a week it is four times as many."""


@pytest.fixture(scope="module")
def examples() -> list[WorkedExample]:
    return [variant(seed) for seed in range(VARIANTS)]


@pytest.fixture(scope="module")
def with_a_mistake(examples: list[WorkedExample]) -> list[Outcome]:
    slips = [slip for slip in PEN_AND_PAPER for _ in STYLES]
    rng = np.random.default_rng(1)
    return simulate(examples, lambda sheet: slips[sheet % len(slips)], rng)


def test_no_honest_learner_ever_loses_a_step(examples: list[WorkedExample]) -> None:
    outcomes = simulate(examples, lambda _: None, np.random.default_rng(0))
    assert len(outcomes) == VARIANTS * len(STYLES)
    assert sum(outcome.lost for outcome in outcomes) == 0


def test_no_mistake_ever_costs_a_second_step(with_a_mistake: list[Outcome]) -> None:
    assert len(with_a_mistake) == VARIANTS * len(STYLES)
    assert sum(outcome.lost for outcome in with_a_mistake) == 0


def test_every_mistake_is_found_in_every_style(with_a_mistake: list[Outcome]) -> None:
    tried = {(outcome.mistake, outcome.style) for outcome in with_a_mistake}
    assert len(tried) == len(PEN_AND_PAPER) * len(STYLES)
    assert [outcome for outcome in with_a_mistake if not outcome.detected] == []


def style(name: str) -> Style:
    return next(style for style in STYLES if style.name.startswith(name))


@pytest.mark.parametrize(
    ("name", "written", "carried"),
    [
        ("full", lambda v: v, lambda v: v),
        ("two decimals written, full", lambda v: round(v, 2), lambda v: v),
        ("two decimals written and", lambda v: round(v, 2), lambda v: round(v, 2)),
        ("two decimals written, three", lambda v: round(v, 2), lambda v: round(v, 3)),
    ],
)
def test_a_style_writes_and_carries_what_its_name_says(
    name: str, written: Callable[[float], float], carried: Callable[[float], float]
) -> None:
    sheet = fill_in(EXERCISE, style(name), np.random.default_rng(0))
    right = solved()
    assert sheet.keys() == right.keys()
    assert sheet["a"] == [written(value) for value in right["a"]]
    z = work_out(EXERCISE, given={"a": [carried(value) for value in right["a"]]})["z"]
    y = work_out(EXERCISE, given={"z": [carried(value) for value in z]})["y"]
    assert sheet["y"] == [written(value) for value in y]


def test_the_mixed_style_mixes() -> None:
    rng = np.random.default_rng(0)
    sheets = [fill_in(EXERCISE, style("mixed"), rng) for _ in range(50)]
    assert {len(repr(sheet["y"][0])) for sheet in sheets} > {4, 5}
    assert len({sheet["b1_updated"][0] for sheet in sheets}) > 3


def test_a_mistake_is_carried_on() -> None:
    (slip,) = (
        m for m in PEN_AND_PAPER if m.name == "forgot tanh′" and m.answer == "dL_dw1"
    )
    sheet = fill_in(EXERCISE, style("full"), np.random.default_rng(0), slip)
    assert sheet == solved(slip=slip)
    assert sheet["b1_updated"] != solved()["b1_updated"]
