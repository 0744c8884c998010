"""Training goes on from its last checkpoint as if nothing had happened, bit for bit."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import torch
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from mlp_reference import data_parallel, launcher, recovery
from tests.leftovers import marked, still_there
from tests.mlp_reference.processes import (
    Host,
    run_on,
    the_only_process,
    two_addresses,
    two_namespaces,
)

Report = dict[str, Any]
KILL_AT, STEPS_OF_AN_EPOCH = 18, 4  # two processes: 25 samples each, in batches of 8


@pytest.fixture(scope="module")
def report() -> Report:
    with marked() as mark:
        kill = ("--kill-at", KILL_AT)
        found = launcher.torchrun(
            "mlp_reference.recovery", *kill, processes=2, restarts=1
        )
        found["left"] = still_there(mark)
    return found


@pytest.fixture
def device() -> Iterator[str]:
    """The device of the only process of a group."""
    with (
        the_only_process(),
        data_parallel.joined(argparse.Namespace(backend="gloo")) as device,
    ):
        yield device


def test_a_process_is_killed_and_all_start_anew(report: Report) -> None:
    assert report["restarts"] == 1
    assert report["undisturbed"]["resumed_at"] == 0


def test_they_go_on_from_the_last_checkpoint(report: Report) -> None:
    """So the steps since then, which were lost, are taken again."""
    resumed = report["trained"]["resumed_at"]
    assert resumed % STEPS_OF_AN_EPOCH == 0
    assert 0 < KILL_AT - resumed < STEPS_OF_AN_EPOCH


def test_and_end_with_the_same_parameters_bit_for_bit(report: Report) -> None:
    disturbed = report["trained"]
    assert disturbed.pop("resumed_at") > report["undisturbed"].pop("resumed_at")
    assert disturbed == report["undisturbed"]
    assert disturbed["steps"] == recovery.EPOCHS * STEPS_OF_AN_EPOCH


def test_no_process_is_left_behind(report: Report) -> None:
    assert report["left"] == []


def test_two_processes_take_the_steps_of_one_that_gets_both_batches(
    report: Report,
) -> None:
    model, (X, T) = data_parallel.network("cpu"), data_parallel.data(50, "cpu")
    dataset = TensorDataset(X, T)
    for epoch in range(recovery.EPOCHS):
        batches = []
        for rank in (0, 1):
            sampler = DistributedSampler[Any](dataset, 2, rank)
            sampler.set_epoch(epoch)
            batches.append(DataLoader(dataset, 8, sampler=sampler))
        for both in zip(*batches, strict=True):
            gradient = data_parallel.gradient(model, *both)
            sizes = [p.numel() for p in model.parameters()]
            parts = gradient.split(sizes)
            for p, part in zip(model.parameters(), parts, strict=True):
                p.data -= recovery.ETA * part.view_as(p)
    loss = mse_loss(model(X), T).item()
    assert report["undisturbed"]["loss"] == pytest.approx(loss, rel=1e-12)


def test_training_lowers_the_loss(device: str) -> None:
    X, T = data_parallel.data(recovery.SAMPLES, device)
    before = mse_loss(data_parallel.network(device)(X), T).item()
    assert recovery.train(device, None, None)["loss"] < before


class KilledError(Exception):
    """What stands for the signal here, because this process has to go on."""


def killed(process: int, signal: int) -> NoReturn:
    assert process == os.getpid()
    raise KilledError(signal)


@pytest.mark.parametrize("kill_at", [1, 7, 8, 30, 70])
def test_it_may_be_killed_after_any_step(
    device: str, kill_at: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "training.pt"
    undisturbed = recovery.train(device, None, None)
    monkeypatch.setattr(os, "kill", killed)
    with pytest.raises(KilledError):
        recovery.train(device, checkpoint, kill_at)
    resumed = recovery.train(device, checkpoint, None)
    steps = undisturbed["steps"] // recovery.EPOCHS
    assert resumed["resumed_at"] == (kill_at - 1) // steps * steps
    assert {**resumed, "resumed_at": 0} == undisturbed


def test_a_checkpoint_is_whole_even_if_the_next_one_is_not(
    device: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The process may die while it writes."""
    save, checkpoint = torch.save, tmp_path / "training.pt"

    def save_half(state: Report, path: Path) -> None:
        save(state, path)
        if state["epochs"] == 3:
            path.write_bytes(path.read_bytes()[:100])
            raise KilledError

    monkeypatch.setattr(torch, "save", save_half)
    with pytest.raises(KilledError):
        recovery.train(device, checkpoint, None)
    monkeypatch.undo()
    resumed = recovery.train(device, checkpoint, None)
    assert resumed["resumed_at"] == 2 * resumed["steps"] // recovery.EPOCHS
    assert resumed["digest"] == recovery.train(device, None, None)["digest"]


def test_only_the_first_attempt_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    command = ["recovery", "--report", str(path), "--kill-at", "3"]
    monkeypatch.setattr(sys, "argv", command)
    monkeypatch.setattr(os, "kill", killed)
    with the_only_process():
        with pytest.raises(KilledError):
            recovery.main()
        assert not path.exists()
        monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", "1")
        recovery.main()
    assert json.loads(path.read_text("utf-8"))["restarts"] == 1


def test_a_checkpoint_of_an_earlier_run_is_not_gone_on_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    monkeypatch.setattr(sys, "argv", ["recovery", "--report", str(path)])
    with the_only_process():
        for _ in range(2):
            recovery.main()
            found = json.loads(path.read_text("utf-8"))
            assert found["trained"]["resumed_at"] == 0


def test_processes_that_read_different_checkpoints_do_not_train(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_another(starts: torch.Tensor, _op: Any) -> None:
        starts.copy_(torch.tensor([2, 0]))  # one begins after two epochs, one anew

    monkeypatch.setattr(torch.distributed, "all_reduce", of_another)
    with pytest.raises(SystemExit, match="not the same for all processes"):
        recovery.train(device, None, None)


@pytest.mark.parametrize("two_hosts", [two_namespaces, two_addresses])
def test_two_hosts_recover_as_one_does(
    report: Report,
    two_hosts: Callable[[], AbstractContextManager[list[Host]]],
    tmp_path: Path,
) -> None:
    path = tmp_path / "report.json"
    # These hosts are one machine, on which two processes cannot share a graphics card.
    arguments = ("--report", path, "--kill-at", KILL_AT, "--backend", "gloo")
    with marked() as mark, two_hosts() as hosts:
        run_on(hosts, "mlp_reference.recovery", *arguments, restarts=1)
        assert still_there(mark) == []
        sent = [host.bytes_sent() for host in hosts if host.interface]
    found = json.loads(path.read_text("utf-8"))
    assert found["restarts"] == 1
    assert found["trained"]["digest"] == report["trained"]["digest"]
    gradient = 8 * sum(p.numel() for p in data_parallel.network("cpu").parameters())
    assert all(total > found["trained"]["steps"] * gradient for total in sent)
