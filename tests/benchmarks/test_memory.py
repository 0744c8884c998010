"""What a forward pass keeps is weighed as it is."""

import pytest

from benchmarks.contenders.engine import Engine
from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Problem
from benchmarks.contenders.pytorch import PyTorch
from benchmarks.memory import forward_of, kept, saved_by_pytorch

BATCH = 60
PROBLEM = Problem((5, 300, 200, 2), BATCH, "float64", "SGD")
HIDDEN, LAST = 8 * BATCH * (300 + 200), 8 * BATCH * 2
"""Bytes of an array for each of the hidden layers together, and of one for the last layer."""


def test_pytorch_keeps_the_outputs_of_its_layers() -> None:
    assert saved_by_pytorch(PyTorch(PROBLEM)) == HIDDEN + LAST


def test_our_layers_keep_as_much() -> None:
    found = kept(lambda: forward_of(NumpyNetwork(PROBLEM)))
    assert found == pytest.approx(HIDDEN + LAST, rel=0.02)


def test_a_record_keeps_product_sum_and_tanh() -> None:
    # And after the last layer, the difference to the target and its square.
    found = kept(lambda: Engine(PROBLEM).loss)
    assert found == pytest.approx(3 * HIDDEN + 4 * LAST, rel=0.02)
