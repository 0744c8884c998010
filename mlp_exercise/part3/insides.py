"""What a network is made of, also where its class hides the methods that would tell."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

METHODS = {
    name
    for name in dir(nn.Module)
    if name[:2] != "__" and callable(getattr(nn.Module, name))
}
"""Of every network: what a learner calls by one of these names hides the method.

:meta hide-value:
"""

CALLED = frozenset({"parameters", "eval", "train"})
"""What the exercise has learners call; another method of that name may hide it, too."""


def modules(model: nn.Module) -> list[nn.Module]:
    """List a network and the modules in it.

    Parameters
    ----------
    model : Module
        The network.

    Returns
    -------
    list of Module
        Each once, the network itself first.
    """
    found: dict[int, nn.Module] = {}
    waiting = [model]
    while waiting:
        module = waiting.pop(0)
        if id(module) not in found:
            found[id(module)] = module
            waiting += _table(module, "_modules").values()
    return list(found.values())


def registered(model: nn.Module, *tables: str) -> list[torch.Tensor]:
    """List the tensors that a network has registered.

    Parameters
    ----------
    model : Module
        The network.
    *tables : {"_parameters", "_buffers"}
        Of which kinds.

    Returns
    -------
    list of Tensor
        Each once.
    """
    return _each_once(
        tensor
        for module in modules(model)
        for table in tables
        for tensor in _table(module, table).values()
    )


def given_parameters(model: nn.Module) -> list[torch.Tensor]:
    """List what ``model.parameters()`` gives.

    Parameters
    ----------
    model : Module
        The network.

    Returns
    -------
    list of Tensor
        Each once.

    Raises
    ------
    TypeError
        If these are no tensors. Whatever the call raises is raised, too.
    """
    found: list[Any] = list(model.parameters())
    for parameter in found:
        if not isinstance(parameter, torch.Tensor):
            name = type(parameter).__name__
            raise TypeError(f"expected parameters, and there is one {name} among them")
    return _each_once(found)


def parameters(model: nn.Module) -> list[torch.Tensor]:
    """List the parameters, also where ``model.parameters()`` cannot.

    Parameters
    ----------
    model : Module
        The network.

    Returns
    -------
    list of Tensor
        Each once.
    """
    try:
        return given_parameters(model)
    except Exception:
        return registered(model, "_parameters")


def set_mode(model: nn.Module, training: bool) -> None:
    """Call ``model.train()`` or ``model.eval()``, or do the same where that fails.

    Parameters
    ----------
    model : Module
        The network.
    training : bool
        Which of the two.
    """
    try:
        if training:
            model.train(True)  # what a learner calls train may need no argument
        else:
            model.eval()
    except Exception:
        for module in modules(model):
            vars(module)["training"] = training


def hidden(model: nn.Module) -> list[str]:
    """List names of ``nn.Module`` that a network has for something that cannot be called.

    Parameters
    ----------
    model : Module
        The network.

    Returns
    -------
    list of str
        A layer of such a name counts: PyTorch finds its own method in place of the layer.
    """
    tables = ("_parameters", "_buffers", "_modules")
    layers = {name for table in tables for name in _table(model, table)}
    others = {name for name, value in _own(model).items() if not callable(value)}
    return sorted(METHODS & (layers | others))


def overridden(model: nn.Module) -> list[str]:
    """List the methods of ``nn.Module`` in `CALLED` for which a network has others.

    Parameters
    ----------
    model : Module
        The network.

    Returns
    -------
    list of str
        They may do the same as the original ones, or not.
    """
    return sorted(CALLED & _own(model).keys())


def _own(model: nn.Module) -> dict[str, Any]:
    """Look up what a network and its class have of their own."""
    kinds = [k for k in type(model).__mro__ if not k.__module__.startswith("torch.")]
    own: dict[str, Any] = {}
    for kind in reversed(kinds[:-1]):  # without object
        own |= vars(kind)
    return own | vars(model)


def _table(module: nn.Module, name: str) -> dict[str, Any]:
    found: Any = getattr(module, name, None)
    items = found.items() if hasattr(found, "items") else ()
    return {key: value for key, value in items if value is not None}


def _each_once(tensors: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    return list({id(tensor): tensor for tensor in tensors}.values())
