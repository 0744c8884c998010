"""The fast network in NumPy: views of one flat vector, and only the gradients that are used.

Names are those of `torch.nn`; `plain_mlp` has the plain form.
A batch has one sample a row: X is (N, D_in), a weight is (D_out, D_in).
"""

import copy
import itertools
import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from mlp_reference.arrays import Array, check_batch, check_classes
from mlp_reference.worked_example import WorkedExample


class Module:
    """One step of a network, without parameters unless a subclass adds some.

    Two methods compute the gradients of the parameters and of the input, so that a
    network need not compute the input gradient of its first layer, which nobody uses.

    Attributes
    ----------
    parameters, gradient : ndarray, shape (P,)
        θ in one flat vector, and ∂L/∂θ as the last `backward_parameters` left it.
    """

    parameters: Array = np.empty(0)
    gradient: Array = np.empty(0)

    def __call__(self, x: Array) -> Array:
        """Check the input, then compute the output: `module(x)` is `module.forward(x)`."""
        self.check(x)
        return self.forward(x)

    def check(self, x: Array) -> None:
        """Refuse an input that does not fit; a module without parameters takes any."""

    def forward(self, x: Array) -> Array:
        """Compute the output, shape (N, D_out), and keep what the backward steps need."""
        raise NotImplementedError

    def backward_parameters(self, G: Array) -> None:
        """Write the gradient of the parameters into `gradient`; G is that of the output."""

    def backward_input(self, G: Array) -> Array:
        """Compute the gradient of the input, shape (N, D_in); G is that of the output."""
        raise NotImplementedError

    def place(self, parameters: Array, gradient: Array) -> None:
        """Use these vectors for the gradient and for the parameters, which they hold already."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore views as views, because copying and unpickling give each its own memory."""
        self.__dict__.update(state)
        self.place(self.parameters, self.gradient)


class Linear(Module):
    """Affine map A = Z_prev Wᵀ + 1 bᵀ.

    Parameters
    ----------
    in_features, out_features : int
        D_in and D_out, the columns of the input and of the output.
    rng : numpy.random.Generator
        Draws weight and bias uniformly from ±1/√D_in, as `torch.nn.Linear` does.
    dtype : dtype, optional
        Type of the parameters, float64 or float32; float64 by default.

    Attributes
    ----------
    weight, weight_gradient : ndarray, shape (D_out, D_in)
        W and ∂L/∂W, views of `parameters` and `gradient`.
    bias, bias_gradient : ndarray, shape (D_out,)
        b and ∂L/∂b, views of `parameters` and `gradient`.
        Write into them, as in ``layer.bias[:] = 0``; an array assigned in their place is
        not used.
    weight_T, bias_T : ndarray, shapes (D_in, D_out) and (1, D_out)
        Wᵀ and bᵀ, as the forward step needs them, which are views too.
    ones : ndarray, shape (N,)
        The vector 1 that sums over the samples of the last batch.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float64,
    ) -> None:
        if in_features < 1 or out_features < 1:
            raise ValueError(
                f"Linear({in_features}, {out_features}): both must be at least 1"
            )
        if np.dtype(dtype) not in (np.float32, np.float64):
            raise TypeError(f"dtype is {np.dtype(dtype)}, expected float32 or float64")
        self.in_features, self.out_features = in_features, out_features
        self.ones: Array = np.empty(0)
        bound, size = 1 / math.sqrt(in_features), (in_features + 1) * out_features
        drawn = rng.uniform(-bound, bound, size).astype(dtype)
        self.place(drawn, np.zeros_like(drawn))

    def place(self, parameters: Array, gradient: Array) -> None:
        """Make weight and bias, and their gradients, views of these vectors."""
        shape = (self.out_features, self.in_features)
        weights = self.out_features * self.in_features
        self.parameters, self.gradient = parameters, gradient
        self.weight = parameters[:weights].reshape(shape)
        self.bias = parameters[weights:]
        self.weight_T, self.bias_T = self.weight.T, self.bias[np.newaxis]
        self.weight_gradient = gradient[:weights].reshape(shape)
        self.bias_gradient = gradient[weights:]

    def check(self, x: Array) -> None:
        """Refuse anything but a batch with D_in columns and the type of the parameters."""
        check_batch(x, self.in_features, self.weight.dtype)

    def forward(self, x: Array) -> Array:
        """Compute A = Z_prev Wᵀ + 1 bᵀ and keep Z_prev."""
        self.x = x
        if self.ones.size != len(x):
            self.ones = np.ones_like(x[:, 0])
        a: Array = x.dot(self.weight_T) + self.bias_T
        return a

    def backward_parameters(self, G: Array) -> None:
        """Write G_W = G_Aᵀ Z_prev and G_b = G_Aᵀ 1."""
        G.T.dot(self.x, self.weight_gradient)
        self.ones.dot(G, self.bias_gradient)

    def backward_input(self, G: Array) -> Array:
        """Compute G_Zprev = G_A W."""
        gradient: Array = G.dot(self.weight)
        return gradient


class Tanh(Module):
    """Activation Z = tanh(A)."""

    def forward(self, x: Array) -> Array:
        """Compute Z = tanh(A) and keep Z."""
        self.z = np.tanh(x)
        return self.z

    def backward_input(self, G: Array) -> Array:
        """Compute G_A = G_Z ⊙ (1 − Z²), multiplied out: G_Z − Z² ⊙ G_Z."""
        gradient: Array = G - self.z * self.z * G
        return gradient


class ReLU(Module):
    """Activation Z = max(A, 0). Its slope at 0 is taken as 0, as in PyTorch."""

    def forward(self, x: Array) -> Array:
        """Compute Z = max(A, 0) and keep Z."""
        z: Array = np.maximum(x, 0)
        self.z = z
        return z

    def backward_input(self, G: Array) -> Array:
        """Compute G_A = G_Z where Z > 0, and 0 elsewhere."""
        gradient: Array = G * (self.z > 0)
        return gradient


class MSELoss:
    """Mean squared error L = 1/(N·D_out) Σ (Y − T)², as `torch.nn.MSELoss()`."""

    def __init__(self) -> None:
        self.error: Array = np.empty(0)

    def __call__(self, y: Array, t: Array) -> float:
        """Compute the loss: `loss(y, t)` is `loss.forward(y, t)`."""
        return self.forward(y, t)

    def forward(self, y: Array, t: Array) -> float:
        """Compute L and keep Y − T. Shapes that differ are refused, never broadcast."""
        if y.shape != t.shape or not y.size:
            raise ValueError(
                f"y has shape {y.shape} and t {t.shape}, expected the same, not empty"
            )
        if y.dtype.kind != "f" or y.dtype != t.dtype:
            raise TypeError(
                f"y is {y.dtype} and t is {t.dtype}, expected floats of the same type"
            )
        self.error = y - t
        e = self.error.ravel()
        return float(e.dot(e)) / e.size

    def backward(self) -> Array:
        """Compute G_Y = 2 (Y − T) / (N·D_out)."""
        if not self.error.size:
            raise ValueError(
                "backward was called first, expected a call of forward before it"
            )
        return self.error * (2 / self.error.size)


def softmax(y: Array) -> Array:
    """Return the probability of each class, p_c = exp(y_c) / Σ exp(y_k), row by row.

    Parameters
    ----------
    y : ndarray, shape (N, C)
        Logits. Each row may be shifted by a number without changing its probabilities; here
        its largest logit becomes 0, so that no exponential overflows.

    Returns
    -------
    ndarray, shape (N, C)
        P, with rows that sum to 1.
    """
    if y.ndim != 2 or not y.size:
        raise ValueError(f"y has shape {y.shape}, expected (N, C), not empty")
    powers = np.exp(y - y.max(axis=1, keepdims=True))
    p: Array = powers / powers.sum(axis=1, keepdims=True)
    return p


class CrossEntropyLoss:
    """Mean of −log p over the batch, p the probability of the right class, as in `torch.nn`.

    Targets are class numbers from 0 to C − 1. The logarithm is taken of the sum of
    exponentials, never of a probability, which may have become 0. A logit of −∞ rules a class
    out; NaN and +∞ make the loss NaN, as in PyTorch.
    """

    def __init__(self) -> None:
        self.difference: Array = np.empty((0, 0))

    def __call__(self, y: Array, t: Array) -> float:
        """Compute the loss: `loss(y, t)` is `loss.forward(y, t)`."""
        return self.forward(y, t)

    def forward(self, y: Array, t: Array) -> float:
        """Compute L from logits (N, C) and class numbers (N,), and keep P − T, T one-hot."""
        check_classes(y, t)
        right = np.arange(len(t)), t
        y = y - y.max(axis=1, keepdims=True)
        powers = np.exp(y)
        total = powers.sum(axis=1)
        self.difference = powers / total[:, np.newaxis]
        self.difference[right] -= 1
        return float((np.log(total) - y[right]).mean())

    def backward(self) -> Array:
        """Compute G_Y = (P − T) / N."""
        if not self.difference.size:
            raise ValueError(
                "backward was called first, expected a call of forward before it"
            )
        return self.difference / len(self.difference)


class Sequential(Module):
    """Layers one after the other, all parameters in one flat vector.

    Parameters
    ----------
    *layers : Module
        In the order of the forward pass. Their parameters move into the network's vectors.

    Attributes
    ----------
    layers : tuple of Module
        The layers, which hold views of `parameters` and `gradient`.
    """

    def __init__(self, *layers: Module) -> None:
        with_parameters = [layer for layer in layers if layer.parameters.size]
        _check_layers(layers, with_parameters)
        self.layers = layers
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
        """Refuse an input that does not fit the first layer with parameters."""
        self._first.check(x)

    def forward(self, x: Array) -> Array:
        """Compute the output, layer by layer from the first to the last."""
        for layer in self.layers:
            x = layer.forward(x)
        self._output_shape = x.shape
        return x

    def backward(self, G: Array) -> None:
        """Fill `gradient`, layer by layer from the last to the first that has parameters."""
        if G.shape != self._output_shape:
            raise ValueError(
                f"G has shape {G.shape}, but the last output has {self._output_shape}"
            )
        for layer in self._above_first:
            layer.backward_parameters(G)
            G = layer.backward_input(G)
        self._first.backward_parameters(G)

    def astype(self, dtype: DTypeLike) -> Self:
        """Return a copy of the network, and of its layers, with parameters of another type."""
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
        Tanh by default.
    dtype : dtype, optional
        Type of the parameters, float64 by default.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        rng: np.random.Generator,
        activation: type[Module] = Tanh,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.sizes, self.activation = tuple(sizes), activation
        if len(sizes) < 2:
            raise ValueError(
                f"sizes is {self.sizes}, expected at least input and output"
            )
        layers: list[Module] = [Linear(sizes[0], sizes[1], rng, dtype)]
        for below, width in itertools.pairwise(sizes[1:]):
            layers += [activation(), Linear(below, width, rng, dtype)]
        super().__init__(*layers)


def from_worked_example(example: WorkedExample, dtype: DTypeLike = np.float64) -> MLP:
    """Build the network of the exercise, with the parameters of the exercise.

    Parameters
    ----------
    example : WorkedExample
        Its parameters are copied.
    dtype : dtype, optional
        Type of the parameters, float64 by default.

    Returns
    -------
    MLP
    """
    sizes = (len(example.x), len(example.b1), len(example.b2))
    network = MLP(sizes, np.random.default_rng(0), dtype=dtype)
    given = (example.W1, example.b1, example.W2, example.b2)
    network.parameters[:] = np.concatenate([np.ravel(values) for values in given])
    return network


def _check_layers(layers: Sequence[Module], with_parameters: Sequence[Module]) -> None:
    if not with_parameters:
        raise ValueError(
            f"none of the {len(layers)} layers has parameters, expected at least one"
        )
    if any(isinstance(layer, Sequential) for layer in layers):
        raise ValueError("a network stands among the layers, expected layers alone")
    if len({id(layer) for layer in layers}) < len(layers):
        raise ValueError(
            "a layer stands twice in the network, expected a new object each time"
        )
    if any(layer.parameters.base is not None for layer in with_parameters):
        raise ValueError(
            "a layer belongs to a network already, whose vector holds its parameters; "
            "expected a new layer, or copy.deepcopy of that one"
        )
    types: set[str] = {layer.parameters.dtype.name for layer in with_parameters}
    if len(types) > 1:
        raise ValueError(f"the layers have types {sorted(types)}, expected one")
    linear = [layer for layer in layers if isinstance(layer, Linear)]
    for below, above in itertools.pairwise(linear):
        if below.out_features != above.in_features:
            raise ValueError(
                f"a layer with {below.out_features} outputs is followed by one "
                f"with {above.in_features} inputs, expected the same number"
            )
