"""The same network and loop in PyTorch, and copies of parameters to NumPy and back."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn

from mlp_reference import numpy_mlp
from mlp_reference.arrays import Array, are_class_numbers, check_classes
from mlp_reference.datasets import minibatches
from mlp_reference.training import History, check_settings, epoch_counter

_ACTIVATIONS: dict[type[numpy_mlp.Module], type[nn.Module]] = {
    numpy_mlp.Tanh: nn.Tanh,
    numpy_mlp.ReLU: nn.ReLU,
}


class MLP(nn.Module):
    """Linear layers with an activation between them, and none after the last.

    Parameters
    ----------
    sizes : sequence of int
        Widths from input to output; (1, 32, 1) has one hidden layer of 32.
    activation : type of torch.nn.Module, optional
        Tanh by default.
    """

    def __init__(
        self, sizes: Sequence[int], activation: type[nn.Module] = nn.Tanh
    ) -> None:
        super().__init__()
        self.hidden = nn.ModuleList(
            nn.Linear(below, width) for below, width in itertools.pairwise(sizes[:-1])
        )
        self.output = nn.Linear(sizes[-2], sizes[-1])
        self.activation = activation()

    def forward(self, x: torch.Tensor) -> Any:
        """Compute the output, layer by layer."""
        for layer in self.hidden:
            x = self.activation(layer(x))
        return self.output(x)


def to_torch(network: numpy_mlp.MLP) -> MLP:
    """Build the PyTorch network with the layers, parameters and type of a NumPy one.

    Parameters
    ----------
    network : numpy_mlp.MLP
        With Tanh or ReLU. Its parameters are copied.

    Returns
    -------
    MLP
    """
    if network.activation not in _ACTIVATIONS:
        raise TypeError(
            f"{network.activation.__name__} has no counterpart, expected Tanh or ReLU"
        )
    with torch.device("meta"):  # draws no initial values, which would be lost
        module = MLP(network.sizes, _ACTIVATIONS[network.activation])
    module.to_empty(device="cpu")
    module.to(torch.from_numpy(network.parameters[:0]).dtype)
    copy_to_torch(network, module)
    return module


def copy_to_torch(network: numpy_mlp.Sequential, module: nn.Module) -> None:
    """Copy the parameters of a NumPy network into a PyTorch one of the same shapes."""
    _check_same_shapes(network, module)
    flat = torch.tensor(network.parameters, dtype=_dtype(module))
    with torch.no_grad():
        nn.utils.vector_to_parameters(flat, module.parameters())


def copy_to_numpy(module: nn.Module, network: numpy_mlp.Sequential) -> None:
    """Copy the parameters of a PyTorch network into a NumPy one of the same shapes."""
    _check_same_shapes(network, module)
    flat = nn.utils.parameters_to_vector(module.parameters())
    network.parameters[:] = flat.detach().numpy()


def flat_gradient(module: nn.Module) -> Array:
    """Return the gradients of a PyTorch network as one vector, ordered as in NumPy.

    Parameters
    ----------
    module : torch.nn.Module
        A network after `loss.backward()`.

    Returns
    -------
    ndarray, shape (P,)
    """
    gradients = [p.grad.flatten() for p in module.parameters() if p.grad is not None]
    if len(gradients) < len(list(module.parameters())):
        raise ValueError(
            "a parameter has no gradient, expected a call of loss.backward() before"
        )
    collected: Array = torch.cat(gradients).numpy()
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
    loss: nn.Module | None = None,
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
    X, T : ndarray, shapes (N, D_in) and (N, D_out)
        Training inputs and targets, of the type of the parameters; or class numbers as T.
    epochs, batch_size, rng
        As for `training.fit`.
    loss : torch.nn.Module, optional
        `torch.nn.MSELoss()` by default.
    validation, progress
        As for `training.fit`; validation runs in `eval` mode.

    Returns
    -------
    History
        The losses of these epochs.
    """
    check_settings(X, T, epochs, validation)
    _check_dtype(module, X)
    loss, history = nn.MSELoss() if loss is None else loss, History()
    for _ in epoch_counter(epochs, progress):
        total = 0.0
        for x, t in minibatches(X, T, batch_size, rng):
            optimizer.zero_grad()
            value = _measured(loss, module(torch.from_numpy(x)), torch.from_numpy(t))
            value.backward()
            optimizer.step()
            total += value.item() * len(x)
        history.train_loss.append(total / len(X))
        if validation is not None:
            inputs, targets = map(torch.tensor, validation)
            with torch.no_grad(), _evaluating(module):
                y = module(inputs)
                history.validation_loss.append(_measured(loss, y, targets).item())
            if are_class_numbers(T):
                share = (y.argmax(dim=1) == targets).double().mean().item()
                history.validation_accuracy.append(share)
    return history


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    """Switch dropout off and let no normalisation learn, for as long as the block runs."""
    modes = [(each, each.training) for each in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for each, training in modes:
            each.training = training


def _dtype(module: nn.Module) -> torch.dtype:
    return next(module.parameters()).dtype


def _measured(loss: nn.Module, y: torch.Tensor, t: torch.Tensor) -> Any:
    if isinstance(loss, nn.CrossEntropyLoss):
        check_classes(y.detach().numpy(), t.numpy())
        return loss(y, t.long())
    if y.shape != t.shape:  # PyTorch would broadcast, with no more than a warning
        raise ValueError(
            f"y has shape {tuple(y.shape)} and t {tuple(t.shape)}, expected the same"
        )
    return loss(y, t)


def _check_dtype(module: nn.Module, X: Array) -> None:
    expected = str(_dtype(module)).removeprefix("torch.")
    if X.dtype.name != expected:
        raise TypeError(
            f"the data is {X.dtype}, expected {expected}, the type of the parameters"
        )


def _check_same_shapes(network: numpy_mlp.Sequential, module: nn.Module) -> None:
    theirs = [tuple(parameter.shape) for parameter in module.parameters()]
    linear = [each for each in network.layers if isinstance(each, numpy_mlp.Linear)]
    ours = [array.shape for layer in linear for array in (layer.weight, layer.bias)]
    if theirs != ours:
        raise ValueError(
            f"the PyTorch network has parameters of shapes {theirs}, expected {ours}"
        )
