from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlp_exercise.check import BLANK, CORRECT, NOT_TRIED, StepMark
from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part2 import STEPS, mark
from mlp_exercise.part2.batches import BATCHES
from mlp_exercise.part2.comparison import by_series
from mlp_exercise.part2.passes import FOLLOWS
from mlp_exercise.part2.pieces import direction
from tests.mlp_exercise.part2.solutions import (
    Wrong,
    executed,
    marks,
    observed,
    sources,
    unusual_solutions,
    wrong_solutions,
)

WRONG, UNUSUAL = wrong_solutions(), unusual_solutions()


def lost(found: list[StepMark]) -> list[str]:
    return [step.name for step in found if not step.points]


def by_name(found: list[StepMark]) -> dict[str, StepMark]:
    return {step.name: step for step in found}


def test_a_right_solution_gets_all_ten_points() -> None:
    found = marks(executed(sources()))
    assert [step.verdict for step in found] == ["correct"] * 10
    assert {step.feedback for step in found} == {CORRECT}
    assert sum(step.points for step in found) == 10.0


def test_a_blank_notebook_gets_none() -> None:
    found = marks(executed(sources(solved=False)))
    assert [step.verdict for step in found] == ["missing"] * 10
    assert {step.feedback for step in found} == {BLANK}
    assert sum(step.points for step in found) == 0.0


def test_an_empty_namespace_is_blank_as_well() -> None:
    assert [step.verdict for step in marks({})] == ["missing"] * 10


@pytest.mark.parametrize("wrong", WRONG, ids=[wrong.slip for wrong in WRONG])
def test_a_mistake_costs_its_own_point_only_and_is_named(wrong: Wrong) -> None:
    found = marks(executed(wrong.cells()))
    assert lost(found) == [wrong.lost]
    assert wrong.said in by_name(found)[wrong.lost].feedback


def test_typical_mistakes_of_every_step_are_known() -> None:
    assert {wrong.lost for wrong in WRONG} == {step.name for step in STEPS}
    assert len(WRONG) > 100


def test_a_step_left_blank_costs_its_own_point_only() -> None:
    blank, solved = sources(solved=False), sources()
    for number, (empty, full) in enumerate(zip(blank, solved, strict=True)):
        if empty == full:
            continue
        cells = [*solved[:number], empty, *solved[number + 1 :]]
        found = marks(executed(cells))
        piece = cells[number].split("(")[0].split(":")[0].split()[1]
        asked = {s.name for s in STEPS if s.asks_for.split(".")[0] == piece}
        assert set(lost(found)) == asked
        assert {by_name(found)[name].verdict for name in asked} == {"missing"}


@pytest.mark.parametrize(
    ("right", "instead", "wrong", "follows"),
    [
        (
            "return x @ self.weight.T + self.bias",
            "return 2 * (x @ self.weight.T + self.bias)",
            ("self.weight_gradient", "G = 2 * G; self.weight_gradient"),
            "linear",
        ),
        (
            "self.z = np.tanh(x)",
            "self.z = 1 / (1 + np.exp(-x))",
            ("return G * (1 - self.z * self.z)", "return G * self.z * (1 - self.z)"),
            "tanh",
        ),
        (
            "return np.mean(self.error**2)",
            "return np.sum(self.error**2)",
            ("return 2 * self.error / self.error.size", "return 2 * self.error"),
            "mse",
        ),
        (
            "            x = layer.forward(x)",
            "            x = layer.forward(x) if isinstance(layer, Linear) else x",
            ("G = layer.backward(G)", "G = layer.backward(G) if isinstance(layer, Linear) else G"),
            "network",
        ),
    ],
)  # fmt: skip
def test_a_backward_pass_follows_the_learners_own_forward_pass(
    right: str, instead: str, wrong: tuple[str, str], follows: str
) -> None:
    cells = [cell.replace(*wrong) for cell in sources(right, instead)]
    found = by_name(marks(executed(cells)))
    assert found[f"{follows}_forward"].verdict == "wrong"
    backward = found[f"{follows}_backward"]
    assert (backward.verdict, backward.points) == ("follow-through", 1.0)
    assert (backward.feedback, backward.flags) == (FOLLOWS, ("own forward pass",))
    assert lost(list(found.values())) == [f"{follows}_forward"]


def test_no_error_is_told_that_only_another_forward_pass_leads_to() -> None:
    """Of both series of a backward pass, the one that runs tells more."""
    changes = {
        "self.error = y - t\n": "self.y, self.t = y, t\n",
        "return np.mean(self.error**2)": "return np.sum((y - t) ** 2)",
        "return 2 * self.error / self.error.size": "return 5 * (self.y - self.t)",
    }
    cells = sources()
    for right, instead in changes.items():
        cells = [cell.replace(right, instead) for cell in cells]
    found = by_name(marks(executed(cells)))
    assert lost(list(found.values())) == ["mse_forward", "mse_backward"]
    assert "For one sample, what it returns is wrong" in found["mse_backward"].feedback


def test_nothing_follows_from_a_forward_pass_that_does_nothing() -> None:
    cells = [
        cell.replace("self.z = np.tanh(x)", "self.z = 0 * x").replace(
            "return G * (1 - self.z * self.z)", "return 0 * G"
        )
        for cell in sources()
    ]
    assert lost(marks(executed(cells))) == ["tanh_forward", "tanh_backward"]


def test_what_follows_from_a_trivial_forward_pass_is_flagged_too() -> None:
    cells = [
        cell.replace("self.z = np.tanh(x)", "self.z = x.copy()").replace(
            "return G * (1 - self.z * self.z)", "return G.copy()"
        )
        for cell in sources()
    ]
    backward = by_name(marks(executed(cells)))["tanh_backward"]
    assert (backward.verdict, backward.flags) == (
        "follow-through",
        ("own forward pass",),
    )


@pytest.mark.parametrize(
    ("right", "instead"),
    [
        ("self.x = x\n", "self.cache = np.array(x)\n"),
        ("layer.weight -= self.lr", "layer.weight = layer.weight - self.lr"),
        ("return G @ self.weight", "return np.einsum('no,oi->ni', G, self.weight)"),
        ("G.sum(axis=0)", "np.ones(len(G)) @ G"),
        (
            "self.lr * layer.weight_gradient",
            "self.lr * layer.weight_gradient; layer.weight_gradient = None",
        ),
        (
            "self.lr * layer.weight_gradient",
            "self.lr * layer.weight_gradient; layer.weight_gradient[:] = 0",
        ),
        ("np.mean(of_batches)", "float(np.mean(of_batches))"),
        ("return np.mean(self.error**2)", "return float((self.error**2).mean())"),
        ("for layer in reversed(self.layers)", "for layer in self.layers[::-1]"),
        ("isinstance(layer, Linear)", "hasattr(layer, 'weight')"),
        ("    return losses", "    return np.array(losses)"),
        ("    return losses", "    return tuple(losses)"),
        (
            "order = rng.permutation(len(X))",
            "order = np.arange(len(X)); rng.shuffle(order)",
        ),
        (
            "losses.append(np.mean(of_batches))",
            "losses.append(np.mean(of_batches)); loss.forward(network.forward(X), T)",
        ),
        (
            "order = rng.permutation(len(X))",
            "order = rng.permutation(len(X)); X, T, order = X[order], T[order], np.arange(len(X))",
        ),
    ],
)
def test_other_ways_to_write_it_are_as_right(right: str, instead: str) -> None:
    cells = sources(right, instead)
    if "cache" in instead:
        cells = [cell.replace("G.T @ self.x", "G.T @ self.cache") for cell in cells]
    assert lost(marks(executed(cells))) == []


@pytest.mark.parametrize("cells", UNUSUAL.values(), ids=list(UNUSUAL))
def test_unusual_solutions_are_as_right(cells: list[str]) -> None:
    found = marks(executed(cells))
    assert [(step.name, step.verdict) for step in found] == [
        (step.name, "correct") for step in STEPS
    ]


BASE = """
class Module:
    def __call__(self, *arrays):
        return self.forward(*arrays)

    def parameters(self):
        return []
"""


@pytest.mark.parametrize(
    ("right", "instead"),
    [
        (
            "isinstance(layer, Linear)",
            "isinstance(layer, Module) and hasattr(layer, 'weight')",
        ),
        ("isinstance(layer, Linear)", "isinstance(layer, WITH_PARAMETERS)"),
        ("x = layer.forward(x)", "x = layer(x)"),
        ("network.forward(X[rows])", "network(X[rows])"),
        ("loss.forward(network", "loss(network"),
    ],
)
def test_a_base_class_of_ones_own_is_there_in_every_piece(
    right: str, instead: str
) -> None:
    cells = sources(right, instead)
    for name in ("Linear", "Tanh", "MSELoss", "Sequential"):
        cells = [
            cell.replace(f"class {name}:", f"class {name}(Module):") for cell in cells
        ]
    places = [n for n, cell in enumerate(cells) if "class Linear" in cell]
    cells.insert(places[0] + 1, "WITH_PARAMETERS = (Linear,)")
    cells.insert(places[0], BASE)
    assert lost(marks(executed(cells))) == []


def test_a_step_may_ask_the_layers_for_their_parameters() -> None:
    method = """
    def parameters(self):
        return [(self.weight, self.weight_gradient), (self.bias, self.bias_gradient)]
"""
    move = """for parameter, gradient in getattr(layer, "parameters", list)():
                    parameter -= self.lr * gradient
                continue
                """
    cells = sources("layer.weight -= self.lr", f"{move}layer.weight -= self.lr")
    cells = [
        cell.rstrip() + "\n" + method if "class Linear" in cell else cell
        for cell in cells
    ]
    assert lost(marks(executed(cells))) == []


@pytest.mark.parametrize("name", ["linear", "tanh", "mse", "network"])
def test_gradients_of_right_code_are_its_derivatives(name: str) -> None:
    seen = right_observations()[f"{name}_backward"]
    derivatives = by_series(seen)["derivative"]
    assert len(derivatives) >= 3
    for label, found in derivatives.items():
        own = seen[f"own/{label}"].array
        along = np.vdot(own, direction(own.shape))
        assert found.array == pytest.approx(along, rel=1e-8), label


def test_outputs_have_both_signs_in_every_batch() -> None:
    for name, batch in BATCHES.items():
        output = batch.x @ batch.linear.weight.T + batch.linear.bias
        assert output.min() < 0 < output.max(), name
        assert batch.y.min() < 0 < batch.y.max(), name


def test_nothing_follows_from_labels_that_were_made_up() -> None:
    right = right_observations()["tanh_backward"]
    forged: Observations = {
        "remembered/one sample/input": Seen("error", "x"),
        "own/foo": Seen("numbers", "float64", np.ones(1)),
        "derivative/foo": Seen("numbers", "float64", np.ones(1)),
        "own/a batch/input": Seen("numbers", "float64", np.ones(3)),
        "derivative/a batch/input": Seen("numbers", "float64", np.ones(3)),
    }
    assert len(right) > len(forged)
    (found,) = [m for m in mark({"tanh_backward": forged}) if m.name == "tanh_backward"]
    assert (found.verdict, found.points) == ("wrong", 0.0)


def test_a_forward_pass_that_raises_leaves_the_backward_pass_its_point() -> None:
    found = marks(executed(sources("self.z = np.tanh(x)", "self.z = np.tan_h(x)")))
    assert lost(found) == ["tanh_forward"]


def test_a_class_that_cannot_be_made_says_why() -> None:
    cells = sources("def __init__(self, *layers):", "def __init__(self, layers):")
    found = by_name(marks(executed(cells)))
    assert lost(list(found.values())) == ["network_forward", "network_backward"]
    assert "It cannot be tried out: TypeError" in found["network_forward"].feedback


def test_marking_twice_gives_the_same() -> None:
    namespace = executed(sources("G.sum(axis=0)", "G.mean(axis=0)"))
    assert marks(namespace) == marks(namespace)


def test_a_trial_that_came_to_no_end_is_wrong() -> None:
    found = mark({step.name: {} for step in STEPS})
    assert {(m.verdict, m.feedback) for m in found} == {("wrong", NOT_TRIED)}


def seen() -> st.SearchStrategy[Seen]:
    kinds = st.sampled_from(["numbers", "nothing", "error", "other", "missing"])
    shapes = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
    numbers = st.floats(width=64) | st.integers(-3, 6).map(float)
    arrays = shapes.flatmap(lambda shape: npst.arrays(float, shape, elements=numbers))
    return st.builds(Seen, kinds, st.sampled_from(["float64", "x"]), arrays)


@lru_cache(maxsize=1)
def right_observations() -> dict[str, Observations]:
    return observed(executed(sources()))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_observation_gets_marks(data: st.DataObject) -> None:
    forged: dict[str, Observations] = {}
    for name, right in right_observations().items():
        labels = st.sampled_from(["", "events", "even/events", *right])
        some = data.draw(st.dictionaries(labels, seen(), max_size=4))
        forged[name] = {**right, **some}
    found = mark(forged)
    assert [m.name for m in found] == [step.name for step in STEPS]
    for m in found:
        assert m.points == (m.verdict in ("correct", "follow-through"))
        assert m.feedback


def test_a_forged_diary_with_nothing_in_it_is_wrong() -> None:
    seen = dict(right_observations()["train"])
    seen["even/events"] = Seen("numbers", "int64", np.array([0.0, 1, 2, 3, 4]))
    found = by_name(mark({"train": seen}))["train"]
    assert found.verdict == "wrong"
