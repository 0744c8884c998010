"""What a forward pass keeps in memory until the backward pass has come by."""

import tracemalloc
from collections.abc import Callable

import torch

from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.pytorch import PyTorch

Forward = Callable[[], object]


def kept(make: Callable[[], Forward]) -> int:
    """Return the bytes that a forward pass of a network in Python or NumPy keeps.

    Parameters
    ----------
    make : callable
        Returns a new network's forward pass, which returns its record, if there is one.

    Returns
    -------
    int
        Arrays and objects together; the network itself is left out.
    """
    make()()  # what is made once, such as caches
    tracemalloc.start()
    forward = make()
    before, _ = tracemalloc.get_traced_memory()
    record = forward()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del record
    return after - before


def forward_of(ours: NumpyNetwork) -> Forward:
    """Return the forward pass of our layers, with the loss.

    Parameters
    ----------
    ours : NumpyNetwork

    Returns
    -------
    callable
    """
    return lambda: ours.mse(ours.network(ours.x), ours.t)


def saved_by_pytorch(contender: PyTorch) -> int:
    """Return the bytes of the arrays that PyTorch's record keeps.

    Parameters
    ----------
    contender : PyTorch

    Returns
    -------
    int
        Parameters and data are left out, and so are the nodes, which are not made in Python.
    """
    own = {each.data_ptr() for each in contender.network.parameters()}
    own |= {contender.x.data_ptr(), contender.t.data_ptr()}
    saved: dict[int, int] = {}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.data_ptr() not in own:
            saved[tensor.data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        loss = contender.mse(contender.network(contender.x), contender.t)
    del loss
    return sum(saved.values())
