"""The array calls of our step and nothing else, a bound for every way to write it in Python."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.contenders.numpy_network import NumpyNetwork
from benchmarks.contenders.problem import Problem
from mlp_reference.arrays import Array

Call = tuple[Callable[..., object], tuple[Any, ...]]
"""A function of NumPy and its arguments, the last of which is the array for the result."""


class Noted(np.ndarray[Any, Any]):
    """An array that records every sum, product and function that it takes part in."""

    calls: list[Call]

    def __array_finalize__(self, parent: object) -> None:
        """Let arrays made from this one, such as its transpose, record into the same list."""
        self.calls = getattr(parent, "calls", [])

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any
    ) -> Any:
        """Compute and record a ufunc, such as `a + b` or `np.tanh(a)`."""
        (out,) = options.pop("out", (None,))
        if method != "__call__" or options:
            return NotImplemented
        return self._note(ufunc, *inputs, out=out)

    def dot(self, b: Any, out: Any = None) -> Any:
        """Compute and record a matrix product."""
        return self._note(_plain(self).dot, b, out=out)

    def _note(self, function: Callable[..., Any], *given: Any, out: Any) -> Any:
        arguments = tuple(map(_plain, given))
        if out is None:
            result = np.asarray(function(*arguments))
        else:
            result = function(*arguments, _plain(out))
        self.calls.append((function, (*arguments, result)))
        return noted(result, self.calls)


class Recorded:
    """Our step, recorded once and then repeated without look-ups, checks or new memory."""

    def __init__(self, problem: Problem) -> None:
        ours, calls = NumpyNetwork(problem), list[Call]()
        self.theta = ours.parameters()
        start = self.theta.copy()
        gradient = np.zeros_like(start)
        ours.network.place(noted(self.theta, calls), noted(gradient, calls))
        ours.x, ours.t = noted(ours.x, calls), noted(ours.t, calls)
        ours.step()
        self.theta[:] = start
        self.calls = calls

    def step(self) -> None:
        """Do forward pass, loss, backward pass and update."""
        for function, arguments in self.calls:
            function(*arguments)

    def parameters(self) -> Array:
        """Return all parameters in one vector."""
        return self.theta


def noted(array: Array, calls: list[Call]) -> Noted:
    """Return an array that records into a list from now on."""
    view: Noted = array.view(Noted)
    view.calls = calls
    return view


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Noted) else value
