"""Trainings as short as they can be, on one core: many learners are marked here."""

from collections.abc import Iterator

import pytest
import torch

from mlp_exercise.part3 import networks


@pytest.fixture(autouse=True)
def short_trainings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(networks, "STARTS", 1)
    monkeypatch.setattr(networks, "UPDATES", 300)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng():
        yield
    torch.set_num_threads(threads)
