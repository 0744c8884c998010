from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from mlp_exercise.observations import MISSING, pack, unpack
from mlp_exercise.part3 import TRIALS
from mlp_exercise.part3.networks import unchanged
from tests.mlp_exercise.part3.solutions import Change, executed, sources


def state(namespace: dict[str, Any]) -> dict[str, Any]:
    """Take down whatever a trial could change."""
    model, optimizer = namespace["model"], namespace["optimizer"]
    return {
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
]
NORMALIZED = [
    ("nn.Linear(1, 32)", "nn.Sequential(nn.Linear(1, 32), nn.BatchNorm1d(32))"),
    ("model.eval()\n", ""),
]
DROPOUT = [
    ("nn.Linear(1, 32)", "nn.Sequential(nn.Linear(1, 32), nn.Dropout(0.1))"),
    ("return self.output", "random.random(); np.random.rand()\n        return self.output"),
    ("import numpy as np", "import random\nimport numpy as np"),
]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [[], GLOBAL_LOOP, NORMALIZED, DROPOUT],
    ids=["solution", "global loop", "batch normalization", "dropout"],
)
def test_trials_leave_everything_as_it_was(changes: list[Change]) -> None:
    namespace = executed(sources(changes))
    for name, trial in TRIALS.items():
        before = state(namespace)
        model, optimizer = namespace["model"], namespace["optimizer"]
        trial(namespace)
        assert namespace["model"] is model
        assert namespace["optimizer"] is optimizer
        after = state(namespace)
        assert [key for key in before if not same(before[key], after[key])] == [], name


@pytest.mark.parametrize("name", ["modules", "parameters", "named_parameters", "train"])
def test_a_model_that_hides_a_method_is_put_back_all_the_same(name: str) -> None:
    namespace = executed(sources())
    model = namespace["model"]
    tensors = [*model.parameters()]
    namespace["optimizer"] = None  # which would put them back as well
    before = [tensor.detach().clone() for tensor in tensors]
    vars(model)[name] = []
    for trial in TRIALS.values():
        assert "" not in trial(namespace)
        assert same(before, [tensor.detach() for tensor in tensors])
    assert [module.training for module in (model, model.hidden)] == [False, False]


def test_nobody_trains_anew_what_is_good_enough() -> None:
    good, poor = (executed(sources(c)) for c in ([], [("epochs = 300", "epochs = 1")]))
    label = "retrained, validation"
    assert label not in TRIALS["validation_error"](good)
    assert label in TRIALS["validation_error"](poor)


def test_what_was_tried_out_is_put_back_even_after_an_interruption() -> None:
    namespace = executed(sources())
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


def test_the_optimizer_still_updates_the_model_afterwards() -> None:
    namespace = executed(sources())
    for trial in TRIALS.values():
        trial(namespace)
    before = [p.clone() for p in namespace["model"].parameters()]
    namespace["optimizer"].step()
    after = namespace["model"].parameters()
    assert not any(map(torch.equal, before, after))


def test_trials_show_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    talking = (
        "losses.append(total / len(loader))",
        "losses.append(total); print(losses); import warnings; warnings.warn('so')",
    )
    namespace = executed(sources([talking]))
    for trial in TRIALS.values():
        trial(namespace)
    assert capsys.readouterr() == ("", "")


def test_trials_see_the_same_each_time() -> None:
    namespace = executed(sources())
    first, second = (
        {n: {k: pack(s) for k, s in t(namespace).items()} for n, t in TRIALS.items()}
        for _ in range(2)
    )
    assert first == second


def test_what_trials_see_crosses_over_to_another_process() -> None:
    namespace = executed(sources())
    for trial in TRIALS.values():
        for found in trial(namespace).values():
            again = unpack(pack(found))
            assert (again.kind, again.detail) == (found.kind, found.detail)
            assert np.array_equal(again.array, found.array)


def test_nothing_is_seen_where_nothing_is() -> None:
    for name in ("model", "loss_and_optimizer", "fit"):
        assert TRIALS[name]({}) == {"": MISSING}
    assert TRIALS["validation_error"]({})["validation_error"] is MISSING


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
    thing = make()
    names = ("Regressor", "model", "loss_function", "optimizer", "fit")
    more = ("validation_error", "epochs", "losses", "loader")
    namespace = dict.fromkeys((*names, *more), thing)
    for trial in TRIALS.values():
        assert trial(namespace)
