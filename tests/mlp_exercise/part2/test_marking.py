from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.check import BLANK, CORRECT, NOT_TRIED, StepMark
from mlp_exercise.handout.source import load
from mlp_exercise.observations import Seen
from mlp_exercise.part2 import STEPS, mark, passes, sgd
from mlp_exercise.part2.batches import BATCHES
from mlp_exercise.part2.comparison import by_series
from mlp_exercise.part2.passes import FOLLOWS
from mlp_exercise.part2.pieces import direction
from tests.mlp_exercise.part2.solutions import NOTEBOOK, unusual_solutions
from tests.mlp_exercise.solutions import Change, judged_whatever_comes, lost, run

NAMES = [step.name for step in STEPS]
WRONG = [
    pytest.param(step, slip, id=f"{step}: {name}")
    for step, slips in NOTEBOOK.table("wrong_solutions").items()
    for name, slip in slips.items()
]
UNUSUAL = dict(unusual_solutions())
PIECES = ["Linear", "Tanh", "MSELoss", "Sequential", "SGD", "train"]


def marks(*changes: Change, **options: Any) -> dict[str, StepMark]:
    return NOTEBOOK.marked(changes, **options)


@pytest.mark.parametrize(
    ("blank", "expected"),
    [((), ("correct", 1.0, CORRECT)), (PIECES, ("missing", 0.0, BLANK))],
    ids=["solved", "blank"],
)
def test_a_notebook_gets_all_points_or_none(blank: Any, expected: Any) -> None:
    found = marks(blank=blank)
    assert list(found) == NAMES
    assert {(m.verdict, m.points, m.feedback) for m in found.values()} == {expected}
    if blank:
        assert NOTEBOOK.by_step(NOTEBOOK.observed({})) == found


def test_the_checks_of_a_notebook_say_the_same() -> None:
    report = NOTEBOOK.executed(checked=True)["check"].report()
    assert report.endswith("10.0 of 10.0 points")
    assert report.count("correct") == 10


def test_trials_leave_the_names_of_a_notebook_as_they_were() -> None:
    adds = "    global here\n    here = globals()[str(len(globals()))] = 0"
    namespace = NOTEBOOK.executed([("    return losses", f"{adds}\n    return losses")])
    namespace["here"] = 1
    before = namespace.copy()
    seen = NOTEBOOK.observed(namespace)
    assert seen["train"]["even/losses"].kind == "numbers"
    assert namespace.keys() == before.keys()
    assert all(namespace[name] is before[name] for name in before)


@pytest.mark.parametrize(("step", "slip"), WRONG)
def test_a_mistake_costs_its_own_point_only_and_is_named(
    step: str, slip: dict[str, Any]
) -> None:
    found = marks(*slip["changes"])
    assert lost(found) == [step]
    assert slip["said"] in found[step].feedback
    assert found[step].slip in found[step].feedback
    assert [name for name, mark in found.items() if mark.slip] == [step]


@pytest.mark.parametrize(
    ("old", "new"), [("G.sum(axis=0)", "G[-1]"), ("G.sum(", "G.mean(")]
)
def test_a_known_slip_is_known_by_its_name(old: str, new: str) -> None:
    mark = marks((old, new))["linear_backward"]
    assert mark.feedback == f"It looks as if you {mark.slip}."


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("G.T @ self.x", "G.T @ self.x", []),
        ("G.sum(axis=0)", "G.mean(axis=0)", ["0, bias", "2, bias"]),
        ("G.sum(axis=0)", "G[-1]", ["0, bias", "2, bias"]),
        ("G.T @ self.x", "G.T @ self.x / len(G)", ["0, weight", "2, weight"]),
        ("G * (1 - self.z * self.z)", "G", ["0, weight", "0, bias"]),
    ],
)
def test_the_gradient_check_of_the_notebook_looks_at_every_parameter(
    old: str, new: str, shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    namespace = NOTEBOOK.executed([(old, new)])
    cells = {cell.grade_id: cell.text for cell in load(NOTEBOOK.name).cells}
    exec(cells["show_gradient_check"], namespace)  # noqa: S102 - our own text
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    wrong = [line for line in lines if not line.endswith("error below 1e-8")]
    assert [line.removeprefix("layer ").partition(":")[0] for line in wrong] == shown
    assert all(float(line.split()[-1]) > 0.1 for line in wrong)


def test_typical_mistakes_of_every_step_are_known() -> None:
    assert {slip.values[0] for slip in WRONG} == set(NAMES)
    assert len(WRONG) > 100


def test_every_slip_that_can_be_named_is_made_by_one_of_these_solutions() -> None:
    solutions = NOTEBOOK.table("wrong_solutions")
    of_passes = [(label.partition("/")[0], of) for label, of in passes._slips().items()]
    of_steps = [("sgd_step", of) for of in sgd._right_step()[2].values()]
    never_made = [
        (step, words)
        for step, slips in of_passes + of_steps
        for words in slips
        if not any(
            one["said"] and one["said"] in words for one in solutions[step].values()
        )
    ]
    assert never_made == []


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_left_blank_costs_its_own_points_only(piece: str) -> None:
    found = marks(blank=[piece])
    asked = [s.name for s in STEPS if s.asks_for.split(".")[0] == piece]
    assert lost(found) == asked
    assert {found[name].verdict for name in asked} == {"missing"}


TANH, SLOPE = "self.z = np.tanh(x)", "return G * (1 - self.z * self.z)"
MEAN, SQUARES = (
    "return np.mean(self.error**2)",
    "return 2 * self.error / self.error.size",
)


@pytest.mark.parametrize(
    ("piece", "forward", "backward"),
    [
        (
            "linear",
            ("return x @ self.weight.T + self.bias", "return 2 * (x @ self.weight.T + self.bias)"),
            ("self.weight_gradient =", "G = 2 * G; self.weight_gradient ="),
        ),
        ("tanh", (TANH, "self.z = np.sin(x); self.c = np.cos(x)"), (SLOPE, "return G * self.c")),
        ("tanh", (TANH, "self.z = x.copy()"), (SLOPE, "return G.copy()")),
        ("mse", (MEAN, "return np.sum(self.error**2)"), (SQUARES, "return 2 * self.error")),
        (
            "network",
            ("x = layer.forward(x)", "x = layer.forward(x) if isinstance(layer, Linear) else x"),
            ("G = layer.backward(G)", "G = layer.backward(G) if isinstance(layer, Linear) else G"),
        ),
    ],
)  # fmt: skip
def test_a_backward_pass_follows_the_learners_own_forward_pass(
    piece: str, forward: Change, backward: Change
) -> None:
    found = marks(forward, backward)
    assert lost(found) == [f"{piece}_forward"]
    mark = found[f"{piece}_backward"]
    assert (mark.verdict, mark.points, mark.feedback) == ("follow-through", 1, FOLLOWS)
    assert mark.flags == ("own forward pass",)


def test_nothing_follows_from_a_forward_pass_that_does_nothing() -> None:
    found = marks((TANH, "self.z = 0 * x"), (SLOPE, "return 0 * G"))
    assert lost(found) == ["tanh_forward", "tanh_backward"]


def test_nothing_follows_in_one_quantity_alone() -> None:
    twice = (
        "return x @ self.weight.T + self.bias",
        "return 2 * (x @ self.weight.T + self.bias)",
    )
    once = (
        "return G @ self.weight",
        "return 2 * G @ self.weight",
    )  # and not in the other two
    found = marks(twice, once)
    assert lost(found) == ["linear_forward", "linear_backward"]


def test_no_error_is_told_that_only_another_forward_pass_leads_to() -> None:
    """Of both series of a backward pass, the one that runs tells more."""
    kept = ("self.error = y - t\n", "self.y, self.t = y, t\n")
    total = (MEAN, "return np.sum((y - t) ** 2)")
    found = marks(kept, total, (SQUARES, "return 5 * (self.y - self.t)"))
    assert lost(found) == ["mse_forward", "mse_backward"]
    assert "For one sample, what it returns is wrong" in found["mse_backward"].feedback


def test_a_forward_pass_that_raises_leaves_the_backward_pass_its_point() -> None:
    assert lost(marks((TANH, "self.z = np.tan_h(x)"))) == ["tanh_forward"]


def test_a_class_that_cannot_be_made_says_why() -> None:
    found = marks(("def __init__(self, *layers):", "def __init__(self, layers):"))
    assert lost(found) == ["network_forward", "network_backward"]
    words = "It could not be tried out: TypeError"
    assert found["network_forward"].feedback.startswith(words)


MOVE = "layer.weight -= self.lr * layer.weight_gradient"
ORDER = "order = rng.permutation(len(X))"
TAKEN = "losses.append(np.mean(of_batches))"
STEP, PASS = "optimizer.step()", "network.backward(loss.backward())"
ROWS = "rows = order[start : start + batch_size]"
EVALUATED = """loss.forward(network.forward(X), T)
            for layer in network.layers: layer.weight_gradient = None"""
ASKED = """for parameter, gradient in getattr(layer, "parameters", list)():
                    parameter -= self.lr * gradient
                continue
                """
BASE = """class Module:
    def __call__(self, *arrays):
        return self.forward(*arrays)
    def parameters(self):
        pairs = ("weight", "weight_gradient"), ("bias", "bias_gradient")
        return [(getattr(self, n), getattr(self, g)) for n, g in pairs if hasattr(self, n)]
"""


@pytest.mark.parametrize(
    "changes",
    [
        [("self.x = x\n", "self.cache = np.array(x)\n"), ("G.T @ self.x", "G.T @ self.cache")],
        [("layer.weight -= self.lr", "layer.weight = layer.weight - self.lr")],
        [("return G @ self.weight", "return np.einsum('no,oi->ni', G, self.weight)")],
        [("G.sum(axis=0)", "np.ones(len(G)) @ G")],
        [(MOVE, f"{MOVE}; layer.weight_gradient = None")],
        [(MOVE, f"{MOVE}; layer.weight_gradient[:] = 0")],
        [("np.mean(of_batches)", "float(np.mean(of_batches))")],
        [(MEAN, "return float((self.error**2).mean())")],
        [("for layer in reversed(self.layers)", "for layer in self.layers[::-1]")],
        [("isinstance(layer, Linear)", "hasattr(layer, 'weight')")],
        [("    return losses", "    return np.array(losses)")],
        [("    return losses", "    return tuple(losses)")],
        [("    return losses", "    return __import__('collections').deque(losses)")],
        [(ORDER, "order = np.arange(len(X)); rng.shuffle(order)")],
        [(TAKEN, f"{TAKEN}; loss.forward(network.forward(X), T)")],
        [(STEP, f"{STEP}; network.forward(X)"), (ROWS, f"{ROWS}; {EVALUATED}")],
        [(PASS, f"network.forward(X[rows]); {PASS}")],
        [(ORDER, f"{ORDER}; X, T, order = X[order], T[order], np.arange(len(X))")],
        [("    return losses", "    __import__('pickle').dumps(network)\n    return losses")],
    ],
    ids=lambda changes: changes[0][1].strip(),
)  # fmt: skip
def test_other_ways_to_write_it_are_as_right(changes: list[Change]) -> None:
    assert lost(marks(*changes)) == []


@pytest.mark.parametrize("cells", UNUSUAL.values(), ids=list(UNUSUAL))
def test_unusual_solutions_are_as_right(cells: dict[str, str]) -> None:
    found = NOTEBOOK.by_step(NOTEBOOK.observed(run(cells)))
    assert {step.verdict for step in found.values()} == {"correct"}


@pytest.mark.parametrize(
    "change",
    [
        ("isinstance(layer, Linear)", "isinstance(layer, Module) and hasattr(layer, 'weight')"),
        ("isinstance(layer, Linear)", "isinstance(layer, WITH_PARAMETERS)"),
        ("x = layer.forward(x)", "x = layer(x)"),
        ("network.forward(X[rows])", "network(X[rows])"),
        ("loss.forward(network", "loss(network"),
        (MOVE, ASKED + MOVE),
    ],
)  # fmt: skip
def test_a_base_class_of_ones_own_is_there_in_every_piece(change: Change) -> None:
    bases = [(f"class {name}:", f"class {name}(Module):") for name in PIECES[:4]]
    cells = NOTEBOOK.sources([change, *bases])
    cells["Linear"] = f"{BASE}\n\n{cells['Linear']}\nWITH_PARAMETERS = (Linear,)"
    assert lost(NOTEBOOK.by_step(NOTEBOOK.observed(run(cells)))) == []


@lru_cache(maxsize=1)
def right_observations() -> dict[str, dict[str, Seen]]:
    return NOTEBOOK.observed(NOTEBOOK.executed())


@pytest.mark.parametrize("name", ["linear", "tanh", "mse", "network"])
def test_gradients_of_right_code_are_its_derivatives(name: str) -> None:
    seen = by_series(right_observations()[f"{name}_backward"])
    assert len(seen["derivative"]) >= 3
    for label, found in seen["derivative"].items():
        gradient = seen["own"][label].array
        along = np.vdot(gradient, direction(gradient.shape))
        assert found.array == pytest.approx(along, rel=1e-8), label


def test_outputs_have_both_signs_in_every_batch() -> None:
    for name, batch in BATCHES.items():
        output = batch.x @ batch.linear.weight.T + batch.linear.bias
        assert output.min() < 0 < output.max(), name
        assert batch.y.min() < 0 < batch.y.max(), name


def test_what_is_tried_out_is_the_same_each_time() -> None:
    change = ("G.sum(axis=0)", "G.mean(axis=0)")
    assert marks(change) == marks(change)


def test_nothing_follows_from_labels_that_were_made_up() -> None:
    one = Seen("numbers", "float64", np.ones(()))
    labels = [
        f"{how}/{n}"
        for how in ("own", "derivative")
        for n in ("one sample/input", "foo")
    ]
    forged = {
        **right_observations()["tanh_backward"],
        **dict.fromkeys(labels, one),
        "remembered/one sample/input": Seen("error", "x"),
    }
    (found,) = (m for m in mark({"tanh_backward": forged}) if m.name == "tanh_backward")
    assert (found.verdict, found.points) == ("wrong", 0.0)


def test_a_trial_that_came_to_no_end_is_wrong() -> None:
    found = mark({step.name: {} for step in STEPS})
    assert {(m.verdict, m.feedback) for m in found} == {("wrong", NOT_TRIED)}


def test_a_forged_diary_with_nothing_in_it_is_wrong() -> None:
    seen = dict(right_observations()["train"])
    seen["even/events"] = Seen("numbers", "int64", np.array([3.0, 4, 6, 7, 8]))
    assert [m.verdict for m in mark({"train": seen}) if m.name == "train"] == ["wrong"]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_observation_gets_marks(data: st.DataObject) -> None:
    judged_whatever_comes(data, NOTEBOOK, right_observations())
