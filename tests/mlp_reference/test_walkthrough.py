"""The walkthrough says what `manual.solve` computes: every working, every chain, every place."""

import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference import manual
from mlp_reference.network_graph import symbolic_graph
from mlp_reference.walkthrough import (
    QUANTITIES,
    chains,
    elements,
    fill,
    latex,
    places,
    symbol,
    workings,
)
from mlp_reference.worked_example import EXERCISE, Solution, WorkedExample
from tests.strategies import worked_examples

networks = worked_examples(outputs=st.just(1))


def named(example: WorkedExample) -> dict[str, float]:
    solution = manual.solve(example)
    found: dict[str, float] = {"1": 1.0}
    for name, value in (vars(example) | solution._asdict()).items():
        found |= elements(name, value)
    slopes = manual.tanh_backward([1.0 for _ in solution.z], solution.z)
    return found | elements("dz_da", slopes)


def evaluate(working: str, numbers: dict[str, float]) -> float:
    """Compute what a working says, as a calculator would."""
    line = fill(working, lambda name: f"({numbers[name]!r})")
    for sign, operator in (("·", "*"), ("−", "-"), ("²", "**2")):
        line = line.replace(sign, operator)
    value: float = eval(line, {"tanh": math.tanh})  # noqa: S307 - our own line
    return value


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-12, abs=1e-12)


def test_the_quantities_are_those_of_the_solution_in_its_order() -> None:
    assert tuple(quantity.name for quantity in QUANTITIES) == Solution._fields


@given(networks)
def test_every_working_gives_the_number_that_it_is_written_for(
    example: WorkedExample,
) -> None:
    numbers, lines = named(example), workings(example)
    solution = manual.solve(example)._asdict()
    assert [*lines] == [name for q in solution for name in elements(q, solution[q])]
    for name, working in lines.items():
        assert evaluate(working, numbers) == near(numbers[name])


@given(networks)
def test_every_chain_multiplied_out_and_added_up_is_the_gradient(
    example: WorkedExample,
) -> None:
    numbers, written = named(example), chains(example)
    assert {*written} == {name for name in numbers if name.startswith("dL_d")}
    for name, paths in written.items():
        for factor in itertools.chain(*paths):
            assert evaluate(factor.working, numbers) == near(numbers[factor.number])
        products = [math.prod(numbers[f.number] for f in path) for path in paths]
        assert math.fsum(products) == near(numbers[name])


@given(networks)
def test_the_factors_of_a_chain_link_up_from_the_loss_to_the_place(
    example: WorkedExample,
) -> None:
    for name, paths in chains(example).items():
        for path in paths:
            ends = [factor.symbol.replace("</", "<|").split("/") for factor in path]
            assert ends[0][0] == "∂L"
            for (_, below), (above, _) in itertools.pairwise(ends):
                assert below == above
            assert ends[-1][1].replace("<|", "</") == symbol(name).removeprefix("∂L/")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        *(("loss", "L"), ("learning_rate", "η"), ("t[0]", "t")),
        *(("x[2]", "x<sub>3</sub>"), ("b2[0]", "b<sub>2</sub>")),
        ("W1[1][2]", "W<sub>1,23</sub>"),
        ("W1_updated[1][2]", "W<sub>1,23</sub>"),
        ("dL_dw2[0][1]", "∂L/∂W<sub>2,12</sub>"),
        ("dL_dy[0]", "∂L/∂y"),
    ],
)
def test_a_symbol_is_the_name_as_mathematics_writes_it(name: str, written: str) -> None:
    assert symbol(name) == written


def test_a_negative_number_within_a_working_stands_in_brackets() -> None:
    signs = {"a": "−1", "b": "2"}
    assert fill("{a} · {a} − {b}", signs.__getitem__) == "−1 · (−1) − 2"


def test_the_places_are_those_of_the_picture_and_know_their_elements() -> None:
    found, numbers = places(EXERCISE), named(EXERCISE)
    drawn = re.findall(r'data-place="(\w+)"', symbolic_graph())
    assert sorted(found) == sorted(drawn)
    for place in found.values():
        assert place.value in numbers
        assert symbol(place.value) == place.symbol
        if place.value != "loss":
            assert place.gradient in numbers
            assert symbol(place.gradient) == f"∂L/∂{place.symbol}"


def test_the_way_to_a_place_is_that_of_its_chain() -> None:
    found = places(EXERCISE)
    assert found["W1_23"].path == ["L", "y", "W2_12", "z2", "a2", "W1_23"]
    assert found["b2_1"].path == ["L", "y", "b2_1"]
    assert {"W2_11", "W2_12", "W1_12", "W1_22", "x2"} <= {*found["x2"].path}
    for name, place in found.items():
        assert name == place.path[-1]
        assert len(place.path) == len({*place.path})
    assert {*re.findall(r'data-arrow="(\w+)"', symbolic_graph())} <= {*found}


@pytest.mark.parametrize(
    ("value", "spec", "written"),
    [
        (0.5, "", "0.5"),
        (3, "", "3"),
        (np.float64(0.5), "", "0.5"),
        (0.30000000000000004, "", "0.3000"),
        (-0.3689555418293695, "", "-0.3690"),
        (1e-7, "", "0.0000"),
        (-1e-7, "", "0.0000"),
        (3.2e-14, ".1e", r"3.2 \cdot 10^{-14}"),
        (0.5, ".2f", "0.50"),
        ([0.1, 0.2], "", r"\begin{bmatrix} 0.1 \\ 0.2 \end{bmatrix}"),
        ([[0.7, -0.8]], ".2f", r"\begin{bmatrix} 0.70 & -0.80 \end{bmatrix}"),
    ],
)
def test_given_numbers_stay_and_computed_ones_are_rounded(
    value: Any, spec: str, written: str
) -> None:
    assert latex(value, spec=spec) == written
