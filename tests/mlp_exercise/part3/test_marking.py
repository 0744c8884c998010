"""Whole notebooks: what each mistake costs, and what follows from it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.check import BLANK, CORRECT, NOT_TRIED
from mlp_exercise.loop import Event
from mlp_exercise.observations import LARGEST, Seen
from mlp_exercise.part3 import STEPS
from mlp_exercise.part3.fit import DATA
from mlp_exercise.part3.material import FRESH, THRESHOLD
from mlp_exercise.part3.validation import FOLLOWS
from tests.mlp_exercise.part3.solutions import (
    NOTEBOOK,
    by_step,
    executed,
    marked,
    observed,
    table,
)
from tests.mlp_exercise.solutions import Change, judged_whatever_comes, lost

NAMES = tuple(step.name for step in STEPS)
WRONG = [
    pytest.param(step, slip, id=f"{step}: {name}")
    for step, slips in table("wrong_solutions").items()
    for name, slip in slips.items()
]
HONEST = table("honest_solutions")

LINE = ("torch.tanh(self.hidden(x))", "self.hidden(x)")
NO_STEP = ("            optimizer.step()\n", "")
NO_RESET = ("            optimizer.zero_grad()\n", "")
ABSOLUTE = ("nn.MSELoss()", "nn.L1Loss()")
FLAT = ("torch.tanh(self.hidden(x)))", "torch.tanh(self.hidden(x))).squeeze(-1)")
ROOT = ("T_val).item()", "T_val).item() ** 0.5")
OTHER_ERROR = ("loss_function(model(X_val), T_val)", "nn.L1Loss()(model(X_val), T_val)")
OPTIMIZER = "torch.optim.SGD(model.parameters(), lr=0.05)"
LAST = "return self.output(torch.tanh(self.hidden(x)))"
IN_A_LIST = [
    ("self.hidden = nn.Linear(1, 32)", "self.layers = [nn.Linear(1, 32)]"),
    ("self.output = nn.Linear(32, 1)", "self.layers += [nn.Linear(32, 1)]"),
    ("self.output(torch", "self.layers[1](torch"),
    ("self.hidden(x)", "self.layers[0](x)"),
]
OF_THE_LIST = "[p for layer in model.layers for p in layer.parameters()]"
NO_LAYERS = [
    ("self.hidden = nn.Linear(1, 32)", "pass"),
    ("self.output = nn.Linear(32, 1)", "pass"),
    (LAST, "return x"),
]
WITHOUT_FIT = """for _ in range(150):
    optimizer.zero_grad()
    loss_function(model(X), T).backward()
    optimizer.step()"""


@pytest.mark.parametrize(
    ("blank", "expected"),
    [
        ((), {("correct", 1.0, CORRECT)}),
        (
            ("Regressor", "loss_and_optimizer", "fit", "epochs", "validation_error"),
            {("missing", 0.0, BLANK)},
        ),
    ],
    ids=["solved", "blank"],
)
def test_a_notebook_gets_all_points_or_none(blank: Any, expected: Any) -> None:
    found = marked(blank=blank)
    assert tuple(found) == NAMES
    assert {(m.verdict, m.points, m.feedback) for m in found.values()} == expected
    if blank:
        assert by_step(observed({})) == found


@pytest.mark.parametrize(("step", "slip"), WRONG)
def test_a_mistake_costs_its_own_point_and_is_named(
    step: str, slip: dict[str, Any]
) -> None:
    found = marked(slip["changes"])
    assert set(lost(found)) == {step, *slip.get("also", ())}
    assert slip["said"] in found[step].feedback


def test_typical_mistakes_of_every_step_are_known() -> None:
    assert {slip.values[0] for slip in WRONG} == set(NAMES)
    assert len(WRONG) > 80


@pytest.mark.parametrize("way", HONEST)
def test_other_ways_to_write_it_are_as_right(way: str) -> None:
    assert {m.verdict for m in marked(HONEST[way]).values()} == {"correct"}


@pytest.mark.parametrize("change", [NO_STEP, NO_RESET, FLAT, ABSOLUTE])
def test_a_validation_error_follows_from_a_mistake_before(change: Change) -> None:
    found = marked([change])
    last = found["validation_error"]
    assert (last.verdict, last.feedback) == ("follow-through", FOLLOWS)
    assert len(lost(found)) == 1


@pytest.mark.parametrize(
    ("changes", "costs", "said"),
    [
        ([NO_STEP, ROOT], "fit, validation_error", "the root of"),
        ([OTHER_ERROR], "validation_error", "absolute errors"),
        ([LINE, NO_STEP], "model, fit, validation_error", "what is said of `model`"),
        ([("epochs = 300", "epochs = 2")], "validation_error", "train it longer"),
        ([("lr=0.05", "lr=1e6")], "validation_error", "learning rate too large?"),
        ([*IN_A_LIST, ABSOLUTE], "model, loss_and_optimizer", FOLLOWS),
        ([*IN_A_LIST, ("model.parameters()", OF_THE_LIST)], "model", FOLLOWS),
        (
            [("return self.output(", "self.output(")],
            "model, validation_error",
            "look at the steps before",
        ),
    ],
)
def test_what_comes_of_two_mistakes_or_of_one_that_goes_on(
    changes: list[Change], costs: str, said: str
) -> None:
    found = marked(changes)
    assert ", ".join(lost(found)) == costs
    assert said in found["validation_error"].feedback


def test_a_wrong_loss_is_named_where_the_model_prevents_the_optimizer() -> None:
    assert "absolute errors" in marked([*IN_A_LIST, ABSOLUTE])[NAMES[1]].feedback


def test_a_model_that_got_there_in_another_way_needs_no_loop() -> None:
    trained = (
        "losses = fit(model, loss_function, optimizer, loader, epochs)",
        WITHOUT_FIT,
    )
    assert lost(marked([trained], blank=("fit",))) == ["fit"]


@pytest.mark.parametrize(
    ("blank", "changes", "verdicts"),
    [
        ("Regressor", [], "missing, blocked, correct, missing"),
        ("fit", [], "correct, correct, missing, blocked"),
        ("epochs", [], "correct, correct, correct, blocked"),
        ("validation_error", [], "correct, correct, correct, missing"),
        ("", IN_A_LIST, "wrong, follow-through, correct, follow-through"),
        ("", NO_LAYERS, "wrong, blocked, correct, wrong"),
    ],
)
def test_what_is_missing_affects_the_steps_that_need_it(
    blank: str, changes: list[Change], verdicts: str
) -> None:
    found = marked(changes, blank=(blank,))
    assert ", ".join(m.verdict for m in found.values()) == verdicts
    follows = found["loss_and_optimizer"].verdict == "follow-through"
    assert found["loss_and_optimizer"].flags == ("no optimizer",) * follows


@pytest.mark.parametrize(
    ("old", "new", "step", "said"),
    [
        (f"optimizer = {OPTIMIZER}", "", NAMES[1], "There is no `optimizer` yet."),
        ("loss_function = nn.MSELoss()", "", NAMES[1], "no `loss_function` yet."),
        (LAST, "raise NotImplementedError()", "model", "`forward` has no answer yet."),
        ("model = Regressor()", "", "model", "There is no `model` of it yet."),
    ],
)
def test_half_of_an_answer_is_missing_and_says_what_is_left(
    old: str, new: str, step: str, said: str
) -> None:
    found = marked([(old, new)])[step]
    assert found.verdict == "missing"
    assert said in found.feedback


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({}, NOT_TRIED),
        (
            {"": Seen("error", "ValueError: so")},
            "It could not be tried out: ValueError: so.",
        ),
    ],
)
def test_what_could_not_be_tried_is_wrong(seen: Mapping[str, Seen], said: str) -> None:
    found = by_step(dict.fromkeys(NAMES, seen))
    assert {(m.verdict, m.feedback) for m in found.values()} == {("wrong", said)}


def test_marking_needs_no_pytorch() -> None:
    code = (
        "import sys, mlp_exercise.part3 as m\n"
        "m.Checks({}); m.mark({'fit': {}}); print('torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@lru_cache(maxsize=1)
def right() -> dict[str, dict[str, Seen]]:
    return observed(executed())


def test_no_observation_is_larger_than_what_crosses_over() -> None:
    for seen in right().values():
        assert all(found.array.size <= LARGEST for found in seen.values())


SHAPES = [(3,), (9,), (13,), (57,), *((n, 1) for n in (1, 3, 5, 6, 101, 200, 500))]


@settings(max_examples=150)
@given(data=st.data())
def test_any_observation_gets_marks(data: st.DataObject) -> None:
    judged_whatever_comes(data, NOTEBOOK, right(), *SHAPES)


def test_a_forged_diary_with_empty_batches_is_wrong() -> None:
    seen = dict(right()["fit"])
    taken = np.flatnonzero(seen["events"].array == Event.BATCH)
    for n, event in enumerate(taken):
        for place, array in enumerate(DATA):
            rows = array.astype(float)[: 0 if n % 3 else len(array)]
            seen[f"event {event}, {place}"] = Seen("numbers", "", rows)
    found = by_step({"fit": seen})["fit"]
    assert found.verdict == "wrong"
    assert found.feedback == "An epoch has other samples than those of `loader`."


@pytest.mark.parametrize(("error", "verdict"), [(1.4, "correct"), (1.6, "wrong")])
def test_a_model_may_be_half_as_bad_again_on_data_that_it_cannot_know(
    error: float, verdict: str
) -> None:
    """Because its writer has looked at the validation data, so they are known a little."""
    outputs = FRESH.T + np.sqrt(error * THRESHOLD)
    forged = {"fresh": Seen("numbers", "", outputs)}
    seen = {**right()["validation_error"], **forged}
    assert by_step({**right(), "validation_error": seen})[NAMES[-1]].verdict == verdict
