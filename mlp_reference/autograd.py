"""Automatic differentiation: a program on arrays goes back through its own steps.

Each operation on a `Tensor` returns a new one, a node, which keeps its inputs and the rule `back`
of its own backward step: the gradient G that arrives at the node in, one gradient for each input
out. `Tensor.backward` walks this record from the loss to the first inputs.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from mlp_reference.arrays import Array

Back = Callable[[Array], tuple[Array, ...]]


class Tensor:
    """An array that remembers how it was computed.

    Numbers and arrays beside it become tensors, so they stand on either side: `2 * x`, `W @ x`.

    Parameters
    ----------
    value : array_like
        Floats keep their type, integers become float64. The array is not copied.
        Complex numbers go forward only, as the complex step needs it.
    operation, inputs, back
        What an operation sets; nothing for a tensor that is given.

    Attributes
    ----------
    value : ndarray
        The result of the operation.
    grad : ndarray or None
        Sum of the gradients of all calls of `backward`, in the shape of `value`.
    operation : str
        Name of the operation, such as ``"tanh"``; empty for a tensor that is given.
    inputs : tuple of Tensor
        What the operation was applied to.
    back : callable
        Takes the gradient of `value`, returns the gradient of each input, in their order.
        Where an input was broadcast, this gradient still has the shape of `value`.
    """

    __array_ufunc__ = None  # so that NumPy leaves `array * tensor` to `__rmul__`

    def __init__(
        self,
        value: Any,
        operation: str = "",
        inputs: tuple["Tensor", ...] = (),
        back: Back = lambda _: (),
    ) -> None:
        self.value = _floats(value)
        self.grad: Array | None = None
        self.operation, self.inputs, self.back = operation, inputs, back

    def backward(self, G: Any = None) -> None:
        """Add the gradient of this tensor to the `grad` of everything it was computed from.

        Parameters
        ----------
        G : array_like, optional
            The gradient of the loss with respect to this tensor, in its shape.
            Not needed where the tensor is the loss, a single number.
        """
        arrived = {self: self._first_gradient(G)}
        for node in topological_order(self):
            G = np.array(arrived.pop(node), node.value.dtype)
            node.grad = G if node.grad is None else np.asarray(node.grad + G)
            for x, gradient in zip(node.inputs, node.back(G), strict=True):
                gradient = unbroadcast(gradient, x.value.shape)
                arrived[x] = arrived[x] + gradient if x in arrived else gradient

    def __add__(self, other: Any) -> "Tensor":
        """Add: both inputs get G."""
        other = self._tensor(other)
        total = self.value + other.value
        return Tensor(total, "add", (self, other), lambda G: (G, G))

    def __sub__(self, other: Any) -> "Tensor":
        """Subtract: the second input gets −G."""
        other = self._tensor(other)
        difference = self.value - other.value
        return Tensor(difference, "sub", (self, other), lambda G: (G, -G))

    def __mul__(self, other: Any) -> "Tensor":
        """Multiply element by element: each input gets G times the other."""
        other = self._tensor(other)
        a, b = self.value, other.value
        return Tensor(a * b, "mul", (self, other), lambda G: (G * b, G * a))

    def __truediv__(self, other: Any) -> "Tensor":
        """Divide: the slopes of q = a/b are 1/b and −q/b."""
        other = self._tensor(other)
        b = other.value
        q = self.value / b
        return Tensor(q, "div", (self, other), lambda G: (G / b, -G * q / b))

    def __pow__(self, exponent: Any) -> "Tensor":
        """Raise to a constant power n: the slope is n aⁿ⁻¹, and 0 for n = 0."""
        if isinstance(exponent, Tensor):
            raise TypeError(
                "the exponent is a Tensor, expected a constant; "
                "write (b * a.log()).exp() for a ** b with a > 0"
            )
        a, n = self.value, self._tensor(exponent).value
        below = n - (n != 0)  # for n = 0 the factor n makes the slope 0 anyway
        return Tensor(a**n, "pow", (self,), lambda G: (G * n * a**below,))

    def __matmul__(self, other: Any) -> "Tensor":
        """Multiply matrices, A B: the gradients are G Bᵀ and Aᵀ G."""
        other = self._tensor(other)
        a, b = self.value, other.value
        _check_product(a.shape, b.shape)
        A = np.atleast_2d(a)  # a vector on the left is a row
        B = np.atleast_2d(b.T).T  # and on the right a column

        def back(G: Array) -> tuple[Array, ...]:
            G = G.reshape(len(A), B.shape[1])
            return (G @ B.T).reshape(a.shape), (A.T @ G).reshape(b.shape)

        return Tensor(a @ b, "matmul", (self, other), back)

    def __neg__(self) -> "Tensor":
        """Change the sign."""
        return Tensor(-self.value, "neg", (self,), lambda G: (-G,))

    def tanh(self) -> "Tensor":
        """Take tanh; its slope is 1 − z²."""
        z = np.tanh(self.value)
        return Tensor(z, "tanh", (self,), lambda G: (G * (1 - z * z),))

    def relu(self) -> "Tensor":
        """Take max(a, 0); its slope at 0 is taken as 0, as in PyTorch."""
        z = np.maximum(self.value, 0)
        return Tensor(z, "relu", (self,), lambda G: (G * (z > 0),))

    def exp(self) -> "Tensor":
        """Take the exponential function, which is its own slope."""
        z = np.exp(self.value)
        return Tensor(z, "exp", (self,), lambda G: (G * z,))

    def log(self) -> "Tensor":
        """Take the natural logarithm, whose slope is 1/a."""
        a = self.value
        return Tensor(np.log(a), "log", (self,), lambda G: (G / a,))

    def sum(self) -> "Tensor":
        """Add all elements: each gets G."""
        a = self.value
        return Tensor(a.sum(), "sum", (self,), lambda G: (np.full(a.shape, G),))

    def mean(self) -> "Tensor":
        """Take the mean of all elements: each gets G divided by their number."""
        a = self.value
        return Tensor(
            a.mean(), "mean", (self,), lambda G: (np.full(a.shape, G / a.size),)
        )

    @property
    def T(self) -> "Tensor":
        """Transpose: rows become columns, and back again."""
        return Tensor(self.value.T, "T", (self,), lambda G: (G.T,))

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Any) -> "Tensor":
        return self._tensor(other) - self

    def __rtruediv__(self, other: Any) -> "Tensor":
        return self._tensor(other) / self

    def __rmatmul__(self, other: Any) -> "Tensor":
        return self._tensor(other) @ self

    def __rpow__(self, base: Any) -> "Tensor":
        """Take a constant positive base c to this power: the slope of cⁿ is cⁿ log c."""
        c = self._tensor(base).value
        z = c**self.value
        slope = z * np.log(np.where(c == 0, 1, c))  # 0 to a power stays 0
        return Tensor(z, "rpow", (self,), lambda G: (G * slope,))

    def __repr__(self) -> str:
        by = f", operation={self.operation!r}" if self.operation else ""
        return f"Tensor({self.value}{by})"

    def _tensor(self, other: Any) -> "Tensor":
        """Return the other operand as a tensor, a plain number in this tensor's type."""
        if isinstance(other, Tensor):
            return other
        is_number = isinstance(other, int | float)
        return Tensor(np.asarray(other, self.value.dtype) if is_number else other)

    def _first_gradient(self, G: Any) -> Array:
        """Return the gradient that arrives at the tensor on which `backward` is called."""
        shape = self.value.shape
        if self.value.dtype.kind == "c":
            raise TypeError(f"backward from {self.value.dtype}, expected real numbers")
        if G is None and self.value.size != 1:
            raise ValueError(
                f"backward from a tensor of shape {shape}, expected a single number; "
                f"call it on .sum() or .mean(), or give G of shape {shape}"
            )
        first = np.ones(shape) if G is None else _floats(G)
        if first.dtype.kind == "c":
            raise TypeError(f"G is {first.dtype}, expected real numbers")
        if first.shape != shape:
            raise ValueError(f"G has shape {first.shape}, expected {shape}")
        return first


def topological_order(last: Tensor) -> list[Tensor]:
    """Return the whole record, each node only after all nodes that use it.

    Parameters
    ----------
    last : Tensor
        Where the record ends, such as the loss.

    Returns
    -------
    list of Tensor
        From the last node to the tensors that were given.
    """
    waiting: Counter[Tensor] = Counter()  # how many gradients have yet to arrive
    found = [last]
    for node in found:  # which grows
        for x in node.inputs:
            if x not in waiting:
                found.append(x)
            waiting[x] += 1
    order = [last]
    for node in order:
        for x in node.inputs:
            waiting[x] -= 1
            if waiting[x] == 0:
                order.append(x)
    return order


def unbroadcast(G: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over every axis along which broadcasting repeated an array.

    Parameters
    ----------
    G : ndarray
        The gradient, in the shape that the array was broadcast to.
    shape : tuple of int
        The shape of the array.

    Returns
    -------
    ndarray
        The gradient in this shape.
    """
    came = G.shape
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    for axis, size in enumerate(shape[: G.ndim]):
        if size == 1:
            G = G.sum(axis=axis, keepdims=True)
    if G.shape != shape:
        raise ValueError(f"a gradient of shape {came} came back, expected {shape}")
    return G


def _floats(value: Any) -> Array:
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind not in "fc":
        raise TypeError(
            f"got a {type(value).__name__} of {array.dtype}, expected numbers"
        )
    return array


def _check_product(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    if not (1 <= len(left) <= 2 and 1 <= len(right) <= 2):
        raise ValueError(f"{left} @ {right}: expected matrices or vectors")
    if left[-1] != right[0]:
        raise ValueError(
            f"{left} @ {right}: {left[-1]} columns, expected {right[0]}, "
            "as many as there are rows on the right"
        )
