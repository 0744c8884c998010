"""What the build tells the explorer: every number and every place."""

from __future__ import annotations

import pytest
from course.interactive.data import numbers, written
from course.interactive.experiments import LAYERS, given

from mlp_reference.worked_example import LESSON


def test_sixteen_numbers_can_be_moved_and_every_layer_has_some() -> None:
    named = given(LESSON)
    assert len(named) == 16
    fields = [field for layer in LAYERS.values() for field in layer]
    assert sorted(fields) == sorted(vars(LESSON))
    assert named["W1[1][2]"] == LESSON.W1[1][2]


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
