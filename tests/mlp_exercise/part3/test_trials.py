"""Trials and checks: what they see, and that they change nothing."""

from __future__ import annotations

import copy
import io
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from mlp_exercise.observations import pack, unpack
from mlp_exercise.part3 import TRIALS, Checks
from mlp_exercise.part3.networks import unchanged
from tests.mlp_exercise.part3.solutions import executed, observed, sources
from tests.mlp_exercise.solutions import Change

NO_STEP = ("            optimizer.step()\n", "")


def state(namespace: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of whatever a trial could change."""
    model, optimizer = namespace["model"], namespace["optimizer"]
    return {
        "objects": (model, optimizer),
        "parameters": copy.deepcopy(model.state_dict()),
        "gradients": [p.grad.clone() for p in model.parameters()],
        "modes": [module.training for module in model.modules()],
        "memory": copy.deepcopy(optimizer.state_dict()),
        "order": namespace["order"].get_state(),
        "dice of torch": torch.get_rng_state(),
        "dice of NumPy": np.random.get_state(),  # noqa: NPY002
        "dice of Python": random.getstate(),
        "threads": torch.get_num_threads(),
        "losses": list(namespace["losses"]),
        "names": sorted(namespace),
    }


def same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


GLOBAL_LOOP = [
    ("def fit(model, loss_function, optimizer, loader, epochs)", "def fit(*_)"),
    ("    losses = []\n", "    global losses\n    losses = []\n    np.random.rand()\n"),
    ("    return losses", "    globals()[str(len(globals()))] = 0\n    return losses"),
]
ONE_LIST = [("    losses = []\n", ""), ("losses = fit(", "losses = []\nlosses = fit(")]
NORMALIZED = [
    ("nn.Linear(1, 32)", "nn.Sequential(nn.Linear(1, 32), nn.BatchNorm1d(32))"),
    ("model.eval()\n", ""),
]
DROPOUT = [
    ("nn.Linear(1, 32)", "nn.Sequential(nn.Linear(1, 32), nn.Dropout(0.1))"),
    ("return self.output", "random.random(); np.random.rand()\n        return self.output"),
    ("import numpy as np", "import random\nimport numpy as np"),
]  # fmt: skip
TALKING = [
    (
        "losses.append(total / len(loader))",
        "losses.append(total); print(losses); import warnings; warnings.warn('so')",
    )
]


@pytest.mark.parametrize(
    "changes", [[], GLOBAL_LOOP, ONE_LIST, NORMALIZED, DROPOUT, TALKING]
)
def test_trials_show_nothing_and_leave_everything_as_it_was(
    changes: list[Change], capsys: pytest.CaptureFixture[str]
) -> None:
    namespace = executed(changes)
    for name, trial in TRIALS.items():
        before = state(namespace)
        trial(namespace)
        after = state(namespace)
        assert [key for key in before if not same(before[key], after[key])] == [], name
    assert capsys.readouterr() == ("", "")
    before = state(namespace)
    namespace["optimizer"].step()
    assert not same(before["parameters"], state(namespace)["parameters"])


@pytest.mark.parametrize("name", ["modules", "parameters", "named_parameters", "train"])
def test_a_model_that_hides_a_method_is_put_back_all_the_same(name: str) -> None:
    namespace = executed()
    model = namespace["model"]
    tensors = [*model.parameters()]
    namespace["optimizer"] = None  # which would put them back as well
    before = [tensor.detach().clone() for tensor in tensors]
    vars(model)[name] = []
    for trial in TRIALS.values():
        assert "" not in trial(namespace)
        assert same(before, [tensor.detach() for tensor in tensors])
    assert [module.training for module in (model, model.hidden)] == [False, False]


def test_what_was_tried_out_is_put_back_even_after_an_interruption() -> None:
    namespace = executed()
    before = state(namespace)

    def spoil() -> None:
        with unchanged(namespace):
            for parameter in namespace["model"].parameters():
                torch.nn.init.zeros_(parameter)
            torch.rand(3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spoil()
    assert same(before, state(namespace))


def test_nobody_trains_anew_what_is_good_enough() -> None:
    good, poor = executed(), executed([("epochs = 300", "epochs = 1")])
    label = "retrained, validation"
    assert label not in TRIALS["validation_error"](good)
    assert label in TRIALS["validation_error"](poor)


def test_trials_see_the_same_each_time_and_it_crosses_over_to_another_process() -> None:
    namespace = executed()
    first, second = observed(namespace), observed(namespace)
    for name, seen in first.items():
        assert {k: pack(s) for k, s in seen.items()} == {
            k: pack(s) for k, s in second[name].items()
        }
        for found in seen.values():
            again = unpack(pack(found))
            assert (again.kind, again.detail) == (found.kind, found.detail)
            assert np.array_equal(again.array, found.array)


def test_a_loop_may_save_its_model() -> None:
    def fit(model: torch.nn.Module, *_: object) -> list[float]:
        torch.save(model, io.BytesIO())
        return [0.0]

    assert TRIALS["fit"]({"fit": fit})["returned"].kind == "numbers"


class Nasty:
    """Raises wherever it is touched."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("do not touch")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("do not touch")

    __hash__ = None  # type: ignore[assignment]  # nor is it to be counted


def raising(*_: object) -> None:
    raise ValueError("so")


@pytest.mark.parametrize(
    "make", [Nasty, int, str, list, lambda: raising, lambda: Nasty, torch.nn.Module]
)
def test_no_object_breaks_a_trial(make: Callable[[], Any]) -> None:
    names = ("Regressor", "model", "loss_function", "optimizer", "fit")
    more = ("validation_error", "epochs", "losses", "loader")
    namespace = dict.fromkeys((*names, *more), make())
    for trial in TRIALS.values():
        assert trial(namespace)


def test_the_checks_of_the_notebook_give_all_points_and_change_nothing() -> None:
    checked, unchecked = executed(checked=True), executed()
    assert checked["check"].report().endswith("4.0 of 4.0 points")
    assert checked["check"].points("fit") == 1.0
    assert checked["losses"] == unchecked["losses"]
    assert checked["validation_error"] == unchecked["validation_error"]


def test_a_check_names_the_mistake_or_says_that_nothing_is_there() -> None:
    said = Checks(executed([NO_STEP]))("fit")
    assert said.startswith("fit: wrong, 0.0 of 1.0 points\n")
    assert "never makes a step" in said
    assert Checks({})("model") == "model: missing, 0.0 of 1.0 points\nNo answer yet."


def test_what_is_older_than_the_class_or_the_model_is_told_from_it() -> None:
    namespace = executed()
    namespace["model"] = namespace["Regressor"]()
    said = Checks(namespace)("loss_and_optimizer")
    assert "the parameters of another model" in said
    definition, _, _ = sources()["Regressor"].partition("torch.manual_seed")
    exec(definition, namespace)  # noqa: S102 - our own text
    assert "make it again, model = Regressor()" in Checks(namespace)("model")
