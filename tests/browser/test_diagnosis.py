"""The finder's modules name the slip that makes an answer, and reach as far as Python's."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from mlp_exercise.part1.boxes import TOLERANCE, flatten
from mlp_exercise.part1.feedback import PHRASES
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_reference import manual
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER, Slip
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE, Solution, WorkedExample
from tests.browser.modules import Modules

NEAR = 1e-9
EXAMPLES = [EXERCISE, variant(1), variant(2)]
DIAGNOSE = (
    "diagnosis.diagnose(course.steps.find(({ name }) => name === each[0]), each[1], "
    "given[each[2]])"
)
REACH = """(() => {
    const slip = mistakes.SLIPS[each[0]];
    const found = diagnosis.reachOf(slip, given[each[1]]);
    return {...found, changed: [...found.changed]};
})()"""


def values_of(example: WorkedExample, slip: Slip) -> dict[str, Any]:
    return work_out(example, {slip.quantity: slip.formula})


def named(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(slip["answer"], slip["name"]) for slip in found["slips"]}


def cases() -> list[tuple[Slip, str, int]]:
    """List each slip with each answer that it changes, in each network."""
    return [
        (slip, step.name, number)
        for number, example in enumerate(EXAMPLES)
        for slip in PEN_AND_PAPER
        for step in STEPS
        if largest_change(example, slip, step.name) > NEAR
    ]


def largest_change(example: WorkedExample, slip: Slip, name: str) -> float:
    wrong, right = values_of(example, slip)[name], work_out(example)[name]
    return float(np.abs(np.subtract(wrong, right)).max())


@pytest.mark.parametrize("digits", [None, 2])
def test_a_wrong_answer_leads_to_its_slip(modules: Modules, digits: int | None) -> None:
    chosen, asked = [], []
    for slip, name, number in cases():
        values = list(flatten(values_of(EXAMPLES[number], slip)[name]))
        if digits is not None:
            right = list(flatten(work_out(EXAMPLES[number])[name]))
            values = [round(value, digits) for value in values]
            off = [abs(v - r) for v, r in zip(values, right, strict=True)]
            if max(off) <= TOLERANCE:
                continue  # two decimals do not show it
        chosen.append((slip, name))
        asked.append([name, values, number])
    found = modules.run(DIAGNOSE, asked, [asdict(example) for example in EXAMPLES])
    assert len(chosen) > 400
    for (slip, name), diagnosis in zip(chosen, found, strict=True):
        where = (name, slip.answer, slip.name, diagnosis)
        assert diagnosis["kind"] in ("slip", "unseen", "cut"), where
        assert (slip.answer, slip.name) in named(diagnosis), where
        # Of several, those of this very answer come first.
        order = [[s.name for s in STEPS].index(s["answer"]) for s in diagnosis["slips"]]
        assert order == sorted(order, reverse=True)


def test_right_answers_have_no_slip(modules: Modules) -> None:
    asked = [
        [step.name, [round(v, d) for v in flatten(work_out(example)[step.name])], n]
        for n, example in enumerate(EXAMPLES)
        for step in STEPS
        for d in (2, 3, 17)
    ]
    found = modules.run(DIAGNOSE, asked, [asdict(example) for example in EXAMPLES])
    assert {diagnosis["kind"] for diagnosis in found} == {"right"}


def test_where_no_slip_fits_it_says_which_elements_are_off(modules: Modules) -> None:
    right = list(flatten(work_out(EXERCISE)["dL_dw1"]))
    one_off = [round(value, 2) for value in right]
    one_off[4] = 0.87
    nonsense = [9.0] * 6
    found = modules.run(
        DIAGNOSE,
        [["dL_dw1", one_off, 0], ["dL_dw1", nonsense, 0]],
        [asdict(EXERCISE)],
    )
    assert [diagnosis["kind"] for diagnosis in found] == ["none", "none"]
    assert [diagnosis["off"] for diagnosis in found] == [[4], [0, 1, 2, 3, 4, 5]]
    assert found[0]["said"] == "Partly right. Look again at dL_dw1[1][1]."


def test_digits_that_are_cut_off_are_no_slip(modules: Modules) -> None:
    right = flatten(work_out(EXERCISE)["dL_dw1"])
    cut = [int(value * 100) / 100 for value in right]
    (found,) = modules.run(DIAGNOSE, [["dL_dw1", cut, 0]], [asdict(EXERCISE)])
    assert found["kind"] == "cut"
    assert found["said"] == PHRASES["truncated"]


def test_a_slip_reaches_as_far_as_in_python(modules: Modules) -> None:
    asked = [[s, n] for s in range(len(PEN_AND_PAPER)) for n in range(len(EXAMPLES))]
    found = modules.run(REACH, asked, [asdict(example) for example in EXAMPLES])
    for (place, number), theirs in zip(asked, found, strict=True):
        example, slip = EXAMPLES[number], PEN_AND_PAPER[place]
        right, wrong = work_out(example), values_of(example, slip)
        changed = {
            name
            for quantity, value in right.items()
            for name, number in elements(quantity, value).items()
            if abs(number - elements(quantity, wrong[quantity])[name]) > NEAR
        }
        assert set(theirs["changed"]) == changed, slip.name
        for step, answer in zip(STEPS, theirs["answers"], strict=True):
            most = largest_change(example, slip, step.name)
            assert answer["most"] == pytest.approx(most, rel=1e-9, abs=1e-12)
            assert answer["isSeen"] == (most > TOLERANCE)
            broken = answer["state"] == "broken"
            assert broken == (step.name == slip.answer)
        after = loss_after_update(example, wrong)
        assert theirs["lossWrong"] == pytest.approx(after, rel=1e-9)


def loss_after_update(example: WorkedExample, values: dict[str, Any]) -> float:
    solution = Solution(**values)
    return manual.solve(example.after_update(solution)).loss
