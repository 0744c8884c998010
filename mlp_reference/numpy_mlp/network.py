"""The network: layers in a row, all their parameters in one flat vector."""

import copy
import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp.layers import Linear, Module, Tanh
from mlp_reference.worked_example import WorkedExample


class Sequential(Module):
    """Layers one after the other, all parameters in one flat vector.

    Parameters
    ----------
    *layers : Module
        The layers in the order of the forward pass. They become part of this network:
        their parameters move into its vectors.

    Attributes
    ----------
    layers : tuple of Module
        The layers.
    parameters, gradient : ndarray, shape (P,)
        θ and ∂L/∂θ; the layers hold views of them.

    Raises
    ------
    ValueError
        If no layer has parameters, a layer stands twice, widths do not fit, or types differ.
    """

    def __init__(self, *layers: Module) -> None:
        self.layers = layers
        with_parameters = [layer for layer in layers if layer.parameters.size]
        _check_layers(layers, with_parameters)
        self.place(
            np.concatenate([layer.parameters for layer in with_parameters]),
            np.concatenate([layer.gradient for layer in with_parameters]),
        )
        first = layers.index(with_parameters[0])
        self._first, self._above_first = layers[first], layers[:first:-1]
        self._output_shape: tuple[int, ...] | None = None

    def place(self, parameters: Array, gradient: Array) -> None:
        """Make the parameters of the layers, and their gradients, views of these vectors."""
        self.parameters, self.gradient = parameters, gradient
        start = 0
        for layer in self.layers:
            stop = start + layer.parameters.size
            layer.place(parameters[start:stop], gradient[start:stop])
            start = stop

    def check(self, x: Array) -> None:
        """Refuse what does not fit the first layer with parameters; the others fit it."""
        self._first.check(x)

    def forward(self, x: Array) -> Array:
        """Compute the output, layer by layer from the first to the last."""
        for layer in self.layers:
            x = layer.forward(x)
        self._output_shape = x.shape
        return x

    def backward(self, G: Array) -> None:
        """Fill `gradient`, layer by layer from the last to the first that has parameters.

        Parameters
        ----------
        G : ndarray, shape of the output
            Gradient of the loss with respect to the output of the last forward pass.

        Raises
        ------
        ValueError
            If the shape of G is not that of the last output.
        """
        if G.shape != self._output_shape:
            raise ValueError(
                f"G has shape {G.shape}, but the last output has {self._output_shape}"
            )
        for layer in self._above_first:
            layer.backward_parameters(G)
            G = layer.backward_input(G)
        self._first.backward_parameters(G)

    def backward_parameters(self, G: Array) -> None:
        """Do the same as `backward`, so that a network can be a layer of another."""
        self.backward(G)

    def backward_input(self, G: Array) -> Array:
        """Compute the gradient of the input of the whole network."""
        for layer in reversed(self.layers):
            G = layer.backward_input(G)
        return G

    def astype(self, dtype: DTypeLike) -> Self:
        """Copy the network with parameters of another type; its layers are copies too."""
        twin = copy.deepcopy(self)
        parameters = self.parameters.astype(dtype)
        twin.place(parameters, np.zeros_like(parameters))
        return twin


class MLP(Sequential):
    """Linear layers with an activation between them, and none after the last.

    Parameters
    ----------
    sizes : sequence of int
        Widths from input to output; (1, 32, 1) has one hidden layer of 32.
    rng : numpy.random.Generator
        Draws the parameters, layer by layer.
    activation : type of Module, optional
        Tanh unless said.
    dtype : dtype, optional
        Type of the parameters, float64 unless said.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one is below 1.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        rng: np.random.Generator,
        activation: type[Module] = Tanh,
        dtype: DTypeLike = np.float64,
    ) -> None:
        if len(sizes) < 2:
            raise ValueError(
                f"sizes is {tuple(sizes)}, expected at least input and output"
            )
        layers: list[Module] = [Linear(sizes[0], sizes[1], rng, dtype)]
        for below, width in itertools.pairwise(sizes[1:]):
            layers += [activation(), Linear(below, width, rng, dtype)]
        super().__init__(*layers)


def from_worked_example(example: WorkedExample, dtype: DTypeLike = np.float64) -> MLP:
    """Build the network of the exercise, with its parameters in place.

    Parameters
    ----------
    example : WorkedExample
        W1, b1, W2 and b2 are copied unchanged: the weights are (D_out, D_in) here too.
    dtype : dtype, optional
        Type of the parameters, float64 unless said.

    Returns
    -------
    MLP
        Linear, Tanh, Linear.
    """
    sizes = (len(example.x), len(example.b1), len(example.b2))
    network = MLP(sizes, np.random.default_rng(0), dtype=dtype)
    given = (example.W1, example.b1, example.W2, example.b2)
    network.parameters[:] = np.concatenate([np.ravel(values) for values in given])
    return network


def _flat(layers: Sequence[Module]) -> Iterator[Module]:
    for layer in layers:
        if isinstance(layer, Sequential):
            yield from _flat(layer.layers)
        else:
            yield layer


def _check_layers(layers: Sequence[Module], with_parameters: Sequence[Module]) -> None:
    if not with_parameters:
        raise ValueError(
            f"none of the {len(layers)} layers has parameters, expected at least one"
        )
    layers = list(_flat(layers))
    if len({id(layer) for layer in layers}) < len(layers):
        raise ValueError(
            "a layer stands twice in the network, expected a new object each time"
        )
    types: set[Any] = {layer.parameters.dtype.name for layer in with_parameters}
    if len(types) > 1:
        raise ValueError(f"the layers have types {sorted(types)}, expected one")
    linear = [layer for layer in layers if isinstance(layer, Linear)]
    for below, above in itertools.pairwise(linear):
        if below.out_features != above.in_features:
            raise ValueError(
                f"a layer with {below.out_features} outputs is followed by one "
                f"with {above.in_features} inputs, expected the same number"
            )
