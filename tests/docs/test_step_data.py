"""The home page's step: strands and bowl stand where the numbers put them."""

import json
import re
from dataclasses import replace

import pytest
from course.interactive import step
from course.interactive.step import BOWL_HEIGHT, BOWL_WIDTH, SLIDER, on_bowl, strands

from mlp_reference import manual
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import LESSON


def test_every_weight_has_a_strand_with_its_own_gradient() -> None:
    solution = manual.solve(LESSON)
    weights = elements("W1", LESSON.W1) | elements("W2", LESSON.W2)
    slopes = elements("dL_dw1", solution.dL_dw1) | elements("dL_dw2", solution.dL_dw2)
    drawn = [*strands()]
    assert [each.name for each in drawn] == list(weights)
    assert [each.gradient for each in drawn] == list(slopes)
    assert len({each.label for each in drawn}) == len(drawn)


def test_the_bowl_is_the_loss() -> None:
    t = LESSON.t[0]
    (left, top), (middle, floor) = on_bowl(t - 0.5, t), on_bowl(t, t)
    for share in (0.2, 0.6):
        x, y = on_bowl(t - 0.5 * share, t)
        assert (middle - x) / (middle - left) == pytest.approx(share)
        assert (floor - y) / (floor - top) == pytest.approx(share**2)
    # The middle of a curve of the second degree lies halfway between its ends and its control.
    x1, y1, x2, y2, x3, y3 = map(float, re.findall(r"[\d.]+", step.bowl()))
    assert (y1 + 2 * y2 + y3) / 4 == pytest.approx(floor)
    assert (x1 + 2 * x2 + x3) / 4 == pytest.approx(middle)
    assert (x1, y1) == pytest.approx(on_bowl(t - step.REACH, t))


def test_wherever_the_slider_puts_the_ball_it_is_in_the_picture() -> None:
    for rate in SLIDER.values():
        example = replace(LESSON, learning_rate=rate)
        moved = example.after_update(manual.solve(example))
        x, y = on_bowl(manual.solve(moved).y[0], LESSON.t[0])
        assert 9 < x < BOWL_WIDTH - 9
        assert 9 < y < BOWL_HEIGHT - 9


def test_the_program_knows_every_word_and_number() -> None:
    data = json.loads(json.dumps(step.context()["data"]))
    assert data["example"]["W1"] == LESSON.W1
    assert data["numbers"][-1] == LESSON.learning_rate
