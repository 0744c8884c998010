"""The walkthrough says what `manual.solve` computes: every working, every chain, every place."""

import itertools
import math
import re

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
    places,
    symbol,
    workings,
)
from mlp_reference.worked_example import EXERCISE, Solution, WorkedExample

number = st.floats(-2.0, 2.0)


@st.composite
def networks(draw: st.DrawFn) -> WorkedExample:
    """Draw a network with one output, as the walkthrough tells of."""
    d_in, d_hidden = draw(st.integers(1, 4)), draw(st.integers(1, 4))

    def vector(size: int) -> list[float]:
        return draw(st.lists(number, min_size=size, max_size=size))

    return WorkedExample(
        W1=[vector(d_in) for _ in range(d_hidden)],
        b1=vector(d_hidden),
        W2=[vector(d_hidden)],
        b2=vector(1),
        x=vector(d_in),
        t=vector(1),
        learning_rate=draw(st.floats(0.01, 1.0)),
    )


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


def test_the_quantities_are_those_of_the_solution_in_its_order() -> None:
    assert tuple(quantity.name for quantity in QUANTITIES) == Solution._fields


@given(networks())
def test_every_working_gives_the_number_that_it_is_written_for(
    example: WorkedExample,
) -> None:
    numbers = named(example)
    computed = [
        name
        for field, value in manual.solve(example)._asdict().items()
        for name in elements(field, value)
    ]
    lines = workings(example)
    assert list(lines) == computed
    for name, working in lines.items():
        assert evaluate(working, numbers) == pytest.approx(
            numbers[name], rel=1e-12, abs=1e-12
        )


@given(networks())
def test_every_chain_multiplied_out_and_added_up_is_the_gradient(
    example: WorkedExample,
) -> None:
    numbers = named(example)
    written = chains(example)
    assert {*written} == {name for name in numbers if name.startswith("dL_d")}
    for name, paths in written.items():
        total = 0.0
        for path in paths:
            product = 1.0
            for factor in path:
                product *= numbers[factor.number]
                said = evaluate(factor.working, numbers)
                assert said == pytest.approx(
                    numbers[factor.number], rel=1e-12, abs=1e-12
                )
            total += product
        assert total == pytest.approx(numbers[name], rel=1e-12, abs=1e-12)


@given(networks())
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
        ("loss", "L"),
        ("learning_rate", "η"),
        ("t[0]", "t"),
        ("x[2]", "x<sub>3</sub>"),
        ("W1[1][2]", "W<sub>1,23</sub>"),
        ("W1_updated[1][2]", "W<sub>1,23</sub>"),
        ("b2[0]", "b<sub>2</sub>"),
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
    found = places(EXERCISE)
    drawn = re.findall(r'data-place="(\w+)"', symbolic_graph())
    assert sorted(found) == sorted(drawn)
    numbers = named(EXERCISE)
    for place in found.values():
        assert place.value in numbers
        assert place.gradient in numbers or place.value == "loss"
        assert symbol(place.value) == place.symbol
        if place.gradient:
            assert symbol(place.gradient) == f"∂L/∂{place.symbol}"


def test_the_way_to_a_place_is_that_of_its_chain() -> None:
    found = places(EXERCISE)
    assert found["W1_23"].path == ["L", "y", "W2_12", "z2", "a2", "W1_23"]
    assert found["b2_1"].path == ["L", "y", "b2_1"]
    assert {"W2_11", "W2_12", "W1_12", "W1_22", "x2"} <= {*found["x2"].path}
    arrows = re.findall(r'data-arrow="(\w+)"', symbolic_graph())
    for name, place in found.items():
        assert name == place.path[-1]
        assert len(place.path) == len({*place.path})
    assert {*arrows} <= {*found}
