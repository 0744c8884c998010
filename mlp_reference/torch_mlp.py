"""The same network and the same loop in PyTorch; parameters go to NumPy and back."""

import numpy as np
import torch
from torch import nn

from mlp_reference.arrays import Array
from mlp_reference.datasets import minibatches
from mlp_reference.numpy_mlp import Linear, ReLU, Sequential, Tanh
from mlp_reference.training import History, check_settings, epoch_counter


def to_torch(network: Sequential) -> nn.Sequential:
    """Build the PyTorch network with the layers, parameters and type of a NumPy one.

    Parameters
    ----------
    network : Sequential
        Made of Linear, Tanh and ReLU.

    Returns
    -------
    torch.nn.Sequential
        A network of its own: its parameters are copies.

    Raises
    ------
    TypeError
        If a layer has no counterpart here.
    """
    layers: list[nn.Module] = []
    for layer in network.layers:
        if isinstance(layer, Linear):
            # skip_init draws no initial values, which would be thrown away
            layers.append(
                nn.utils.skip_init(nn.Linear, layer.in_features, layer.out_features)
            )
        elif isinstance(layer, Tanh):
            layers.append(nn.Tanh())
        elif isinstance(layer, ReLU):
            layers.append(nn.ReLU())
        else:
            raise TypeError(
                f"{type(layer).__name__} has no counterpart, expected Linear, Tanh, ReLU"
            )
    module = nn.Sequential(*layers).to(torch.from_numpy(network.parameters[:0]).dtype)
    copy_to_torch(network, module)
    return module


def copy_to_torch(network: Sequential, module: nn.Module) -> None:
    """Copy the parameters of a NumPy network into a PyTorch one of the same shape.

    Parameters
    ----------
    network : Sequential
        Where they come from.
    module : torch.nn.Module
        Where they go: in the order of `module.parameters()`, weight before bias.

    Raises
    ------
    ValueError
        If the shapes of the parameters differ.
    """
    _check_same_shapes(network, module)
    flat = torch.from_numpy(network.parameters)
    with torch.no_grad():
        nn.utils.vector_to_parameters(
            flat.to(_dtype(module)).clone(), module.parameters()
        )


def copy_to_numpy(module: nn.Module, network: Sequential) -> None:
    """Copy the parameters of a PyTorch network into a NumPy one of the same shape.

    Parameters
    ----------
    module : torch.nn.Module
        Where they come from.
    network : Sequential
        Where they go.

    Raises
    ------
    ValueError
        If the shapes of the parameters differ.
    """
    _check_same_shapes(network, module)
    network.parameters[:] = (
        nn.utils.parameters_to_vector(module.parameters()).detach().numpy()
    )


def flat_gradient(module: nn.Module) -> Array:
    """Collect the gradients of a PyTorch network in one vector, ordered as in NumPy.

    Parameters
    ----------
    module : torch.nn.Module
        A network after `loss.backward()`.

    Returns
    -------
    ndarray, shape (P,)
        ∂L/∂θ.

    Raises
    ------
    ValueError
        If a parameter has no gradient yet.
    """
    gradients = [parameter.grad for parameter in module.parameters()]
    if any(gradient is None for gradient in gradients):
        raise ValueError(
            "a parameter has no gradient, expected a call of loss.backward() before"
        )
    collected: Array = torch.cat(
        [g.flatten() for g in gradients if g is not None]
    ).numpy()
    return collected


def fit(
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    X: Array,
    T: Array,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    validation: tuple[Array, Array] | None = None,
    progress: bool = False,
) -> History:
    """Train a PyTorch network as `training.fit` trains a NumPy one: same batches, same order.

    Parameters
    ----------
    module : torch.nn.Module
        Its parameters are updated in place.
    optimizer : torch.optim.Optimizer
        Made for its parameters.
    X : ndarray, shape (N, D_in)
        Training inputs, of the type of the parameters.
    T : ndarray, shape (N, D_out)
        Training targets.
    epochs : int
        Passes over the data, at least 1.
    batch_size : int
        Samples per update, from 1 to N.
    rng : numpy.random.Generator
        Draws the order of the samples.
    validation : tuple of ndarray, optional
        Inputs and targets on which the loss is measured after every epoch.
    progress : bool, optional
        Show a progress bar on stderr (needs `tqdm`).

    Returns
    -------
    History
        The losses of these epochs.

    Raises
    ------
    TypeError, ValueError
        If the data is unfit, or a setting out of range.
    RuntimeError
        If X does not have the columns that the module takes (PyTorch's own message).
    ImportError
        If a progress bar is asked for and `tqdm` is not installed.
    """
    check_settings(X, T, epochs, validation)
    _check_dtype(module, X)
    history = History()
    for _ in epoch_counter(epochs, progress):
        total = 0.0
        for x, t in minibatches(X, T, batch_size, rng):
            optimizer.zero_grad()
            loss = _loss(module, torch.from_numpy(x), torch.from_numpy(t))
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        history.train_loss.append(total / len(X))
        if validation is not None:
            with torch.no_grad():
                loss = _loss(module, *map(torch.tensor, validation))
            history.validation_loss.append(loss.item())
    return history


def _dtype(module: nn.Module) -> torch.dtype:
    return next(module.parameters()).dtype


def _loss(module: nn.Module, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    y = module(x)
    if y.shape != t.shape:  # PyTorch would broadcast, with no more than a warning
        raise ValueError(
            f"y has shape {tuple(y.shape)} and t {tuple(t.shape)}, expected the same"
        )
    return nn.functional.mse_loss(y, t)


def _check_dtype(module: nn.Module, X: Array) -> None:
    expected = str(_dtype(module)).removeprefix("torch.")
    if X.dtype.name != expected:
        raise TypeError(
            f"the data is {X.dtype}, expected {expected}, the type of the parameters"
        )


def _check_same_shapes(network: Sequential, module: nn.Module) -> None:
    theirs = [tuple(parameter.shape) for parameter in module.parameters()]
    linear = [layer for layer in network.layers if isinstance(layer, Linear)]
    ours = [array.shape for layer in linear for array in (layer.weight, layer.bias)]
    if theirs != ours:
        raise ValueError(
            f"the PyTorch network has parameters of shapes {theirs}, expected {ours}"
        )
