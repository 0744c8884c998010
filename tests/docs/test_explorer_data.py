"""What the build tells the explorer: every number, every place, and experiments that open."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

import numpy as np
import pytest
from course.explorer_data import BOUNDS, LAYERS, experiments, fragment, given
from course.interactive_data import context_of, numbers, written

from mlp_reference import manual
from mlp_reference.worked_example import LESSON, WorkedExample


def test_sixteen_numbers_can_be_moved_and_every_layer_has_some() -> None:
    named = given(LESSON)
    assert len(named) == 16
    fields = [field for layer in LAYERS.values() for field in layer]
    assert sorted(fields) == sorted(vars(LESSON))
    assert named["W1[1][2]"] == LESSON.W1[1][2]


def test_an_address_holds_the_numbers_to_the_last_digit() -> None:
    exact = replace(LESSON, learning_rate=1 / 3)
    parts = parse_qs(fragment(exact, at="W1_23").removeprefix("#"))
    values = [float(text) for text in parts["numbers"][0].split(",")]
    assert values == [*given(exact).values()]
    assert parts["at"] == ["W1_23"]


def test_every_experiment_asks_something_and_opens_in_a_state_of_its_own() -> None:
    found = experiments(LESSON)
    assert len({each.address for each in found}) == len(found) == 5
    assert all("?" in each.question for each in found)
    places = context_of("explorer")["data"]["places"]
    for each in found:
        parts = parse_qs(each.address.removeprefix("#"))
        assert len(parts["numbers"][0].split(",")) == 16
        assert parts.get("at", ["y"])[0] in places


def test_the_experiments_show_what_they_ask_about() -> None:
    sign, size, dead, far, _ = (
        manual.solve(network_of(each.address)) for each in experiments(LESSON)
    )
    tenth = np.divide([row[2] for row in size.dL_dw1], [row[2] for row in sign.dL_dw1])
    assert ((tenth > 0.05) & (tenth < 0.5) & (abs(tenth - 0.1) > 0.01)).all()
    assert dead.dL_dw1[0][0] == dead.dL_dw1[1][0] == 0
    assert 1 - far.z[0] ** 2 < BOUNDS["slope"]
    assert manual.solve(LESSON.after_update(sign)).loss > sign.loss


def network_of(address: str) -> WorkedExample:
    """Read a network from an address."""
    values = [float(v) for v in address.split("=")[1].split("&")[0].split(",")]
    x, t, w1, b1, w2, b2 = (
        values[a:b] for a, b in ((0, 3), (3, 4), (4, 10), (10, 12), (12, 14), (14, 15))
    )
    return replace(LESSON, x=x, t=t, W1=[w1[:3], w1[3:]], b1=b1, W2=[w2], b2=b2)


def test_differences_stand_beside_the_gradients() -> None:
    found = numbers(LESSON)
    names = [name for name in found if name.startswith("numeric_")]
    assert len(names) == 14
    for name in names:
        assert found[name] == pytest.approx(found[name[8:]], rel=1e-6)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.5"), (-0.25, "−0.25"), (1.0, "1"), (1 / 3, "0.3333"), (-1e-7, "0.0000")],
)
def test_a_number_is_written_with_four_decimals_or_fewer(
    value: float, text: str
) -> None:
    assert written(value) == text
