"""Try something out and leave the notebook as it was: its model, its optimizer, its dice."""

import copy
import io
import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import torch
from torch import nn

from mlp_exercise.part3.insides import (
    modules,
    parameters,
    registered,
)

NAMES = ("model", "loss_function", "optimizer", "loader", "epochs", "losses")
"""Variables that a learner's function might change in passing."""


@contextmanager
def kept(namespace: dict[str, Any]) -> Iterator[None]:
    """Put back afterwards what a trial, or the code that it calls, may have changed.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Yields
    ------
    None
        While anything may happen to them. Nothing is shown meanwhile.
    """
    before = {name: namespace[name] for name in NAMES if name in namespace}
    state, own_state = np.random.get_state(), random.getstate()  # noqa: NPY002 - theirs to use
    with (
        ExitStack() as later,
        torch.random.fork_rng(devices=[]),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        later.enter_context(redirect_stdout(io.StringIO()))
        later.enter_context(redirect_stderr(io.StringIO()))
        later.callback(np.random.set_state, state)
        later.callback(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(1)  # more get in each other's way here
        later.callback(random.setstate, own_state)
        later.callback(namespace.update, before)
        for restore in _restorers(before):
            later.callback(restore)
        yield


def _restorers(before: dict[str, Any]) -> Iterator[Callable[[], object]]:
    model, optimizer = before.get("model"), before.get("optimizer")
    tensors: list[torch.Tensor] = []
    if isinstance(model, nn.Module):
        yield _of_modes(model)
        tensors += registered(model, "_parameters", "_buffers") + parameters(model)
    if isinstance(optimizer, torch.optim.Optimizer):
        memory = copy.deepcopy(optimizer.state_dict())
        yield lambda: optimizer.load_state_dict(memory)
        tensors += [p for group in optimizer.param_groups for p in group["params"]]
    yield from map(_of_tensor, tensors)
    generator = getattr(before.get("loader"), "generator", None)
    if isinstance(generator, torch.Generator):
        dice = generator.get_state()
        yield lambda: generator.set_state(dice)


def _of_modes(model: nn.Module) -> Callable[[], object]:
    modes = [(module, module.training) for module in modules(model)]

    def restore() -> None:
        for module, mode in modes:
            module.training = mode

    return restore


def _of_tensor(tensor: torch.Tensor) -> Callable[[], object]:
    values = tensor.detach().clone()
    gradient = None if tensor.grad is None else tensor.grad.detach().clone()

    def restore() -> None:
        with torch.no_grad():
            tensor.copy_(values)
        tensor.grad = gradient

    return restore
