"""Every experiment opens in a state of its own, and its answer says what is so there."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from course.interactive.data import context_of
from course.interactive.experiments import experiments, fragment, given, strength_of
from course.interactive.explorer import BOUNDS

from mlp_reference import manual
from mlp_reference.worked_example import LESSON, Solution, WorkedExample

FOUND = {each.name: each for each in experiments(LESSON)}


def network_of(address: str) -> WorkedExample:
    """Read a network from an address, as far as it has been updated there."""
    parts = parse_qs(address.removeprefix("#"))
    values = [float(v) for v in parts["numbers"][0].split(",")]
    x, t, w1, b1, w2, b2 = (
        values[a:b] for a, b in ((0, 3), (3, 4), (4, 10), (10, 12), (12, 14), (14, 15))
    )
    network = WorkedExample([w1[:3], w1[3:]], b1, [w2], b2, x, t, values[15])
    for _ in range(int(parts.get("updates", ["0"])[0])):
        network = network.after_update(manual.solve(network))
    return network


def test_an_address_holds_the_numbers_to_the_last_digit() -> None:
    exact = replace(LESSON, learning_rate=1 / 3)
    parts = parse_qs(fragment(exact, at="W1_23").removeprefix("#"))
    values = [float(text) for text in parts["numbers"][0].split(",")]
    assert values == [*given(exact).values()]
    assert parts["at"] == ["W1_23"]


def test_every_experiment_asks_answers_and_opens_in_a_state_of_its_own() -> None:
    data = context_of("explorer")["data"]
    assert list(data["experiments"]) == list(FOUND)
    assert len({each.address for each in FOUND.values()}) == len(FOUND) == 6
    for name, each in FOUND.items():
        assert "?" in each.question
        assert each.rows
        parts = parse_qs(each.address.removeprefix("#"))
        assert len(parts["numbers"][0].split(",")) == 16
        assert parts["experiment"] == [name]
        assert parts.get("at", ["y"])[0] in data["places"]


@pytest.mark.parametrize("name", FOUND)
def test_an_answer_names_numbers_of_its_state(name: str) -> None:
    # What is computed for another network, or for none, would stand out here.
    other = replace(LESSON, b2=[0.1], W2=[[0.9, -0.3]])
    changed = {each.name: each.answer for each in experiments(other)}
    numbers = re.compile(r"\d\.\d+")
    found, others = (
        numbers.findall(text) for text in (FOUND[name].answer, changed[name])
    )
    assert len(found) == len(others)
    if name != "equal":
        assert found
        assert found != others


def test_what_the_answers_say_is_so() -> None:
    lesson = manual.solve(LESSON)
    states = {name: network_of(each.address) for name, each in FOUND.items()}
    solved = {name: manual.solve(state) for name, state in states.items()}

    sign = solved["sign"]
    for old, new in zip(_slopes(lesson), _slopes(sign), strict=True):
        assert new / old == pytest.approx(sign.dL_dy[0] / lesson.dL_dy[0], rel=1e-12)
        assert -1.1 < new / old < -0.9

    size = solved["size"]
    for j in (0, 1):
        upstream = size.dL_da[j] / lesson.dL_da[j]
        ratio = size.dL_dw1[j][2] / lesson.dL_dw1[j][2]
        assert ratio == pytest.approx(upstream / 10, rel=1e-12)
        assert f"{upstream:.2f}" in FOUND["size"].answer
        assert f"{ratio:.2f}" in FOUND["size"].answer

    dead = solved["dead"]
    assert dead.dL_dw1[0][0] == dead.dL_dw1[1][0] == 0
    assert [row[0] for row in dead.W1_updated] == [row[0] for row in LESSON.W1]
    assert dead.dL_dx[0] != 0

    far = solved["saturation"]
    assert 1 - far.z[0] ** 2 < BOUNDS["slope"]
    assert far.dL_dz[0] > lesson.dL_dz[0]  # more arrives than before
    assert far.loss > lesson.loss

    equal = solved["equal"]
    assert equal.dL_dw1[0] == equal.dL_dw1[1]
    assert equal.dL_dw1[0][2] != 0
    assert states["equal"].W1[0] == states["equal"].W1[1]


def test_the_step_that_is_too_long_has_the_limit_that_its_answer_names() -> None:
    answer = FOUND["step"].answer
    named = [float(each) for each in re.findall(r"\d\.\d+", answer)]
    limit, best, first_order = named
    K = strength_of(manual.solve(LESSON))
    assert best == pytest.approx(1 / (2 * K), abs=5e-5)
    assert first_order == pytest.approx(1 / K, abs=5e-5)
    now = manual.solve(LESSON).loss
    for rate, rises in ((limit - 0.001, False), (limit + 0.001, True)):
        stepped = replace(LESSON, learning_rate=rate)
        after = manual.solve(stepped.after_update(manual.solve(stepped)))
        assert (after.loss > now) == rises
    assert LESSON.learning_rate > limit


def _slopes(solution: Solution) -> list[float]:
    rows = [*solution.dL_dw1, *solution.dL_dw2, solution.dL_db1, solution.dL_db2]
    return [slope for row in [*rows, solution.dL_dx] for slope in row]
