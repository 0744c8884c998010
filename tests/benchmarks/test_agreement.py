"""Nothing is timed that computes something else."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.agreement import REFERENCE, STEPS, check
from benchmarks.contenders.engine import Engine
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Contender, Optimizer, Problem
from benchmarks.contenders.pytorch import PyTorch, fused
from benchmarks.contenders.recorded import Recorded
from benchmarks.contenders.textbook import OneVector, StopsAtTheFirstLayer, Textbook

SMALL = ((3, 2, 1), 1, "float64")
WIDE = ((5, 7, 4, 2), 6, "float32")


@pytest.mark.parametrize("shape", [SMALL, WIDE], ids=["3-2-1", "5-7-4-2"])
@pytest.mark.parametrize(
    "make",
    [NumpyNetwork, Engine, Textbook, StopsAtTheFirstLayer, OneVector, Recorded],
)
def test_contenders_agree_with_pytorch(
    make: Callable[[Problem], Contender], shape: tuple[tuple[int, ...], int, str]
) -> None:
    problem = Problem(*shape, "SGD")
    check(problem, {REFERENCE: PyTorch(problem), "ours": make(problem)})


@pytest.mark.parametrize("make", [NumpyNetwork, fused])
def test_contenders_agree_on_adam(make: Callable[[Problem], Contender]) -> None:
    problem = Problem(*SMALL, "Adam")
    check(problem, {REFERENCE: PyTorch(problem), "ours": make(problem)})


class Hasty(NumpyNetwork):
    """Takes its steps a little too far."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.optimizer.lr *= 1 + 1e-6


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_contender_that_computes_something_else_is_refused(
    optimizer: Optimizer,
) -> None:
    problem = Problem(*SMALL, optimizer)
    with pytest.raises(AssertionError, match=f"after {STEPS} steps hasty is"):
        check(problem, {REFERENCE: PyTorch(problem), "hasty": Hasty(problem)})


def test_the_recorded_step_is_ours_to_the_last_bit_and_nothing_but_array_calls() -> (
    None
):
    problem = Problem((3, 4, 4, 2), 5, "float64", "SGD")
    ours, recorded = NumpyNetwork(problem), Recorded(problem)
    np.testing.assert_array_equal(recorded.parameters(), ours.parameters())
    for _ in range(STEPS):
        ours.step()
        recorded.step()
    np.testing.assert_array_equal(recorded.parameters(), ours.parameters())
    modules = {getattr(function, "__name__", "") for function, _ in recorded.calls}
    assert modules == {"dot", "add", "subtract", "multiply", "tanh"}
