from __future__ import annotations

import subprocess
import sys
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlp_exercise.check import BLANK, CORRECT, NOT_TRIED
from mlp_exercise.observations import LARGEST, Observations, Seen
from mlp_exercise.part3 import STEPS, TRIALS, mark
from mlp_exercise.part3.validation import FOLLOWS
from tests.mlp_exercise.part3.solutions import (
    Honest,
    Wrong,
    executed,
    honest_solutions,
    lost,
    marked,
    marks,
    sources,
    wrong_solutions,
)

NAMES = tuple(step.name for step in STEPS)
WRONG, HONEST = wrong_solutions(), honest_solutions()
ANSWERS = ("Regressor", "loss_and_optimizer", "fit", "epochs", "validation_error")

LINE = ("torch.tanh(self.hidden(x))", "self.hidden(x)")
NO_STEP = ("            optimizer.step()\n", "")
NO_RESET = ("            optimizer.zero_grad()\n", "")
ABSOLUTE = ("nn.MSELoss()", "nn.L1Loss()")
FLAT = ("torch.tanh(self.hidden(x)))", "torch.tanh(self.hidden(x))).squeeze(-1)")


def test_the_solution_gets_all_four_points() -> None:
    found = marked()
    assert tuple(found) == NAMES
    assert {(m.verdict, m.points, m.feedback) for m in found.values()} == {
        ("correct", 1.0, CORRECT)
    }


def test_a_blank_notebook_gets_none() -> None:
    found = marked(blank=ANSWERS)
    assert {(m.verdict, m.points, m.feedback) for m in found.values()} == {
        ("missing", 0.0, BLANK)
    }
    assert marks({}) == found


@pytest.mark.parametrize("wrong", WRONG, ids=[wrong.slip for wrong in WRONG])
def test_a_mistake_costs_its_own_point_and_is_named(wrong: Wrong) -> None:
    found = marked(wrong.changes)
    assert set(lost(found)) == set(wrong.lost)
    assert wrong.said in found[wrong.lost[0]].feedback


def test_typical_mistakes_of_every_step_are_known() -> None:
    assert {wrong.lost[0] for wrong in WRONG} == set(NAMES)
    assert len(WRONG) > 80


@pytest.mark.parametrize("honest", HONEST, ids=[honest.way for honest in HONEST])
def test_other_ways_to_write_it_are_as_right(honest: Honest) -> None:
    found = marked(honest.changes)
    assert {m.verdict for m in found.values()} == {"correct"}


@pytest.mark.parametrize(
    "change",
    [NO_STEP, NO_RESET, FLAT, ABSOLUTE],
    ids=["no step", "no reset", "flat", "L1"],
)
def test_a_validation_error_follows_from_a_mistake_before(
    change: tuple[str, str],
) -> None:
    found = marked([change])
    last = found["validation_error"]
    assert (last.verdict, last.points, last.feedback) == (
        "follow-through",
        1.0,
        FOLLOWS,
    )
    assert len(lost(found)) == 1


def test_a_mistake_of_its_own_is_no_follow_through() -> None:
    found = marked([NO_STEP, ("T_val).item()", "T_val).item() ** 0.5")])
    assert lost(found) == ("fit", "validation_error")
    assert "the root of" in found["validation_error"].feedback


def test_an_own_loss_that_is_right_explains_no_other_number() -> None:
    other = ("loss_function(model(X_val), T_val)", "nn.L1Loss()(model(X_val), T_val)")
    assert lost(marked([other])) == ("validation_error",)


def test_a_straight_line_stays_above_however_the_loop_is() -> None:
    found = marked([LINE, NO_STEP])
    assert lost(found) == ("model", "fit", "validation_error")
    assert "see what is said of `model`" in found["validation_error"].feedback


def test_wrong_settings_are_no_follow_through_of_a_right_loop() -> None:
    found = marked([("epochs = 300", "epochs = 2")])
    assert lost(found) == ("validation_error",)


@pytest.mark.parametrize(
    ("blank", "verdicts"),
    [
        ("Regressor", ("missing", "blocked", "correct", "missing")),
        ("fit", ("correct", "correct", "missing", "blocked")),
        ("epochs", ("correct", "correct", "correct", "blocked")),
        ("validation_error", ("correct", "correct", "correct", "missing")),
    ],
)
def test_what_is_missing_affects_the_steps_that_need_it(
    blank: str, verdicts: tuple[str, ...]
) -> None:
    found = marked(blank=(blank,))
    assert tuple(m.verdict for m in found.values()) == verdicts


IN_A_LIST = (
    ("self.hidden = nn.Linear(1, 32)", "self.layers = [nn.Linear(1, 32)]"),
    ("self.output = nn.Linear(32, 1)", "self.layers += [nn.Linear(32, 1)]"),
    ("self.output(torch", "self.layers[1](torch"),
    ("self.hidden(x)", "self.layers[0](x)"),
)


def test_an_optimizer_that_the_model_prevents_follows_from_it() -> None:
    found = marked(IN_A_LIST)
    verdicts = tuple(m.verdict for m in found.values())
    assert verdicts == ("wrong", "follow-through", "correct", "follow-through")
    prevented = found["loss_and_optimizer"]
    assert prevented.flags == ("no optimizer",)
    assert "no optimizer can be made of it" in prevented.feedback


def test_a_wrong_loss_costs_its_point_where_the_model_prevents_the_optimizer() -> None:
    found = marked([*IN_A_LIST, ABSOLUTE])
    assert lost(found) == ("model", "loss_and_optimizer")
    assert "absolute errors" in found["loss_and_optimizer"].feedback


def test_an_optimizer_of_what_no_list_hides_holds_no_other_model() -> None:
    every = "[p for layer in model.layers for p in layer.parameters()]"
    assert lost(marked([*IN_A_LIST, ("model.parameters()", every)])) == ("model",)


def test_an_optimizer_is_blocked_where_there_is_nothing_to_learn() -> None:
    found = marked(
        [
            ("self.hidden = nn.Linear(1, 32)", "pass"),
            ("self.output = nn.Linear(32, 1)", "pass"),
            ("return self.output(torch.tanh(self.hidden(x)))", "return x"),
        ]
    )
    assert found["loss_and_optimizer"].verdict == "blocked"


def test_half_of_an_answer_is_missing_and_says_what_is_left() -> None:
    found = marked([("optimizer = torch.optim.SGD(model.parameters(), lr=0.05)", "")])
    assert found["loss_and_optimizer"].verdict == "missing"
    assert "no `optimizer`" in found["loss_and_optimizer"].feedback
    found = marked([("loss_function = nn.MSELoss()", "")])
    assert "no `loss_function`" in found["loss_and_optimizer"].feedback


def test_a_class_without_forward_is_missing_not_wrong() -> None:
    stub = (
        "return self.output(torch.tanh(self.hidden(x)))",
        "raise NotImplementedError()",
    )
    found = marked([stub])["model"]
    assert (found.verdict, found.feedback) == (
        "missing",
        "`forward` has no answer yet.",
    )


def test_a_class_of_which_no_model_was_made_is_missing() -> None:
    found = marked([("model = Regressor()", "")])["model"]
    assert (found.verdict, found.feedback) == (
        "missing",
        "There is no `model` of it yet.",
    )


def test_a_number_that_a_mistake_before_has_prevented_says_so() -> None:
    found = marked([("return self.output(", "self.output(")])["validation_error"]
    assert found.verdict == "missing"
    assert "look at the steps before" in found.feedback


def test_a_model_that_diverged_keeps_its_own_point() -> None:
    assert lost(marked([("lr=0.05", "lr=1e6")])) == ("validation_error",)


def test_a_model_that_got_there_in_another_way_needs_no_loop() -> None:
    trained = (
        "losses = fit(model, loss_function, optimizer, loader, epochs)",
        "for _ in range(150):\n"
        "    optimizer.zero_grad()\n"
        "    loss_function(model(X), T).backward()\n"
        "    optimizer.step()",
    )
    found = marked([trained], blank=("fit",))
    assert lost(found) == ("fit",)


def test_marking_twice_gives_the_same() -> None:
    namespace = executed(sources([NO_RESET]))
    assert marks(namespace) == marks(namespace)


def test_a_trial_that_came_to_no_end_is_wrong() -> None:
    found = mark({step.name: {} for step in STEPS})
    assert {(m.verdict, m.feedback) for m in found} == {("wrong", NOT_TRIED)}


def test_a_trial_that_broke_off_says_why() -> None:
    found = mark({name: {"": Seen("error", "ValueError: so")} for name in NAMES})
    assert {m.verdict for m in found} == {"wrong"}
    assert all("ValueError: so" in m.feedback for m in found)


def test_marking_needs_no_pytorch() -> None:
    code = (
        "import sys, mlp_exercise.part3 as m\n"
        "m.mark({'fit': {}}); print('torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def seen() -> st.SearchStrategy[Seen]:
    kinds = st.sampled_from(["numbers"] * 4 + ["nothing", "error", "other", "missing"])
    shapes = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
    known = st.sampled_from(
        [(), (1, 1), (5, 1), (6, 1), (3,), (9,), (13,), (101, 1), (200, 1), (500, 1)]
    )
    numbers = st.floats(width=64) | st.integers(-3, 8).map(float)
    arrays = (known | shapes).flatmap(
        lambda shape: npst.arrays(float, shape, elements=numbers, fill=numbers)
    )
    return st.builds(Seen, kinds, st.sampled_from(["", "a detail"]), arrays)


@lru_cache(maxsize=1)
def right_observations() -> dict[str, Observations]:
    namespace = executed(sources())
    return {name: trial(namespace) for name, trial in TRIALS.items()}


def test_no_observation_is_larger_than_what_crosses_over() -> None:
    for observed in right_observations().values():
        assert all(found.array.size <= LARGEST for found in observed.values())


@settings(max_examples=150)
@given(data=st.data())
def test_any_observation_gets_marks(data: st.DataObject) -> None:
    forged: dict[str, Observations] = {}
    for name, observed in right_observations().items():
        labels = st.sampled_from(["", *observed])
        some = data.draw(st.dictionaries(labels, seen(), max_size=4))
        gone = data.draw(st.sets(st.sampled_from([*observed]), max_size=3))
        kept = {label: s for label, s in observed.items() if label not in gone}
        forged[name] = {**kept, **some}
    found = mark(forged)
    assert [m.name for m in found] == list(NAMES)
    for m in found:
        assert m.points == (m.verdict in ("correct", "follow-through"))
        assert m.feedback


def test_a_forged_diary_with_empty_batches_is_wrong() -> None:
    observed = dict(right_observations()["fit"])
    empty = Seen("numbers", "", np.empty((0, 1)))
    observed |= {label: empty for label in observed if label.startswith("event 1")}
    found = mark({"fit": observed})[2]
    assert (found.verdict, found.feedback) == (
        "wrong",
        "An epoch has other samples than those of `loader`.",
    )


def test_a_model_that_knows_the_validation_data_only_is_not_good_enough() -> None:
    observed = dict(right_observations()["validation_error"])
    observed["fresh"] = Seen("numbers", "", np.zeros((500, 1)))
    found = mark(right_observations() | {"validation_error": observed})[-1]
    assert found.verdict == "wrong"
