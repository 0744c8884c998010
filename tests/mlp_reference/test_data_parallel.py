"""The gradient of a batch that processes share is the gradient of the batch."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.distributed as dist

from mlp_reference import data_parallel, datasets, launcher, numpy_mlp
from tests.leftovers import marked, still_there
from tests.mlp_reference.helpers import gradient_of
from tests.mlp_reference.processes import the_only_process

EXACT = 1e-15
"""The largest relative error, in norm, of what is equal but for rounding."""

Report = dict[str, Any]


@pytest.fixture(scope="module")
def report() -> Report:
    with marked() as mark:
        found = launcher.torchrun("mlp_reference.data_parallel", processes=4)
        found["left"] = still_there(mark)
    return found


@pytest.fixture(params=[1, 2, 4])
def shared(report: Report, request: pytest.FixtureRequest) -> Report:
    """What so many of the processes found."""
    groups = {group["processes"]: group for group in report["groups"]}
    assert list(groups) == [1, 2, 4]
    found: Report = groups[request.param]
    return found


@pytest.fixture
def alone() -> Iterator[None]:
    with the_only_process():
        yield


def options(**given: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"backend": None, **given})


def test_the_mean_of_equal_shares_is_the_gradient(shared: Report) -> None:
    assert shared["equal"] <= EXACT


def test_so_is_the_mean_of_unequal_shares_weighted_by_their_samples(
    shared: Report,
) -> None:
    assert shared["unequal_weighted"] <= EXACT


def test_distributed_data_parallel_averages_too(shared: Report) -> None:
    assert shared["ddp"] <= EXACT


def test_it_averages_unequal_shares_whose_losses_are_weighted(shared: Report) -> None:
    assert shared["weighted_ddp"] <= EXACT


def test_shares_that_one_process_takes_one_by_one_add_up(shared: Report) -> None:
    assert shared["accumulated"] <= EXACT


def test_the_mean_of_unequal_shares_is_something_else(shared: Report) -> None:
    """It is what NumPy finds, about 0.1 off, except where there is but one share."""
    X, T = datasets.sine(np.random.default_rng(4), data_parallel.N)
    network = numpy_mlp.MLP((1, 32, 32, 1), np.random.default_rng(0))
    whole = gradient_of(network, X, T)
    cuts = np.cumsum(shared["shares"])[:-1]
    parts = zip(np.split(X, cuts), np.split(T, cuts), strict=True)
    mean = np.mean([gradient_of(network, x, t) for x, t in parts], axis=0)
    error = np.linalg.norm(mean - whole) / np.linalg.norm(whole)
    assert shared["unequal_mean"] == pytest.approx(error, rel=1e-9, abs=EXACT)
    assert (0.05 < error < 0.2) == (shared["processes"] > 1)


def test_unequal_shares_are_unequal_and_hold_every_sample_once(shared: Report) -> None:
    assert sum(shared["shares"]) == data_parallel.N
    assert len(shared["shares"]) == shared["processes"]
    assert (len(set(shared["shares"])) > 1) == (shared["processes"] > 1)


def test_in_a_ring_each_process_sends_nearly_twice_all_gradients(
    report: Report, shared: Report
) -> None:
    R, P = shared["processes"], sum(report["ready"].values())
    assert shared["ring_bytes"] * R == 2 * (R - 1) * 8 * P


def test_the_report_is_that_of_all_processes(report: Report) -> None:
    assert report["backend"] == "gloo"
    assert report.items() >= report["groups"][-1].items()


def test_gradients_of_the_last_layer_are_ready_first(report: Report) -> None:
    assert [*report["ready"]] == report["order"][::-1]
    layers = [name.rpartition(".")[0] for name in report["ready"]]
    assert list(dict.fromkeys(layers)) == ["output", "hidden.1", "hidden.0"]
    assert len(layers) == 6


def test_no_process_is_left_behind(report: Report) -> None:
    assert report["left"] == []


@pytest.mark.usefixtures("alone")
def test_one_process_writes_the_same_report(
    monkeypatch: pytest.MonkeyPatch, report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    monkeypatch.setattr(sys, "argv", ["data_parallel", "--report", str(path)])
    data_parallel.main()
    found = json.loads(path.read_text("utf-8"))
    assert found.keys() == report.keys() - {"left"}
    assert found["groups"][0].keys() == report["groups"][0].keys()
    assert found["processes"] == 1
    errors = ("equal", "unequal_mean", "unequal_weighted", "ddp", "weighted_ddp")
    assert max(found[error] for error in (*errors, "accumulated")) <= EXACT
    assert found["ready"] == report["ready"]
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.usefixtures("alone")
def test_more_processes_than_samples_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    monkeypatch.setattr(sys, "argv", ["data_parallel", "--report", str(path)])
    monkeypatch.setattr(dist, "get_world_size", lambda: 21)
    with pytest.raises(SystemExit, match="20 samples are too few for 21"):
        data_parallel.main()
    assert not path.exists()


def test_without_torchrun_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANK", raising=False)
    with (
        pytest.raises(SystemExit, match="start this program with torchrun"),
        data_parallel.joined(options()),
    ):
        pass


@pytest.mark.usefixtures("alone")
def test_the_group_is_left_where_something_fails() -> None:
    with pytest.raises(ZeroDivisionError), data_parallel.joined(options()):
        raise ZeroDivisionError
    assert not dist.is_initialized()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("gpus", "has_nccl", "wanted", "backend", "device"),
    [
        (0, True, None, "gloo", "cpu"),
        (1, True, None, "gloo", "cpu"),  # for two processes
        (2, False, None, "gloo", "cpu"),
        (2, True, None, "nccl", "cuda:1"),
        (2, True, "gloo", "gloo", "cpu"),
    ],
)
def test_gpus_are_used_where_each_process_gets_one(
    monkeypatch: pytest.MonkeyPatch,
    gpus: int,
    has_nccl: bool,
    wanted: str | None,
    backend: str,
    device: str,
) -> None:
    """As far as this can be seen without any: nothing is computed here."""
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    monkeypatch.setattr(dist, "is_nccl_available", lambda: has_nccl)
    calls: list[Any] = []
    monkeypatch.setattr(torch.cuda, "set_device", calls.append)
    monkeypatch.setattr(dist, "init_process_group", lambda b, **_: calls.append(b))
    monkeypatch.setattr(dist, "destroy_process_group", lambda: None)
    with data_parallel.joined(options(backend=wanted)) as chosen:
        assert chosen == device
    assert calls == (["cuda:1", "nccl"] if backend == "nccl" else ["gloo"])


@pytest.mark.usefixtures("alone")
def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with data_parallel.joined(options(backend="gloo")):
        data_parallel.write({"loss": 1.0}, path)
        with pytest.raises(TypeError):
            data_parallel.write({"loss": object()}, path)
    assert json.loads(path.read_text("utf-8")) == {"backend": "gloo", "loss": 1.0}
