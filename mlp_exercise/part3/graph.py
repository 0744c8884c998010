"""Read the record of a forward pass, as `backward` would: its parameters, its work, its end."""

from collections.abc import Iterator
from typing import Any

import torch

OPERATION, NUMBER, NEURON = 30_000, 30, 1_000
"""What an update costs for each operation, each parameter and each neuron of 200 samples.

About nanoseconds on one core, but counted, not measured: the same on every machine.
"""

PRODUCTS = {
    *("Addmm", "Mm", "Addmv", "Mv", "Bmm", "Baddbmm", "Addbmm", "Dot", "Vdot"),
    *("Trilinear", "Convolution"),
}
"""Operations that sum up products: a layer, or the last part of one."""

SUMS = {
    *("Add", "Sub", "Rsub", "Neg", "Sum", "Mean", "Stack", "Cat", "ToCopy", "Clone"),
    *("View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "T", "Transpose"),
    *("Permute", "Expand", "Select", "Slice", "Index", "Unbind", "Split", "Alias"),
}
"""Operations that add up or arrange what others have computed."""


def leaves(output: torch.Tensor) -> list[torch.Tensor]:
    """Find the tensors that `backward` would give a gradient, registered or not.

    Parameters
    ----------
    output : Tensor
        What a network put out, with its record.

    Returns
    -------
    list of Tensor
        Each once.
    """
    found = {id(leaf): leaf for n in _nodes(output) if (leaf := _leaf(n)) is not None}
    return list(found.values())


def work(output: torch.Tensor) -> int:
    """Estimate what one update costs, from what is computed for it.

    Parameters
    ----------
    output : Tensor
        What a network put out, with its record.

    Returns
    -------
    int
        At least 1. A parameter counts as often as it is used.
    """
    total = 1
    for node in _nodes(output):
        total += OPERATION
        for leaf in map(_leaf, _before(node)):
            if leaf is not None:
                total += NUMBER * leaf.numel() + NEURON * max(leaf.shape, default=1)
    return total


def ends_in_a_layer(output: torch.Tensor) -> bool:
    """Say whether the last thing that was computed is a sum of products, as in a layer.

    Parameters
    ----------
    output : Tensor
        What a network put out, with its record.

    Returns
    -------
    bool
        False if anything but sums and other arrangements of the numbers comes after it.
    """
    waiting, seen = [output.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        operation = _operation(node)
        if operation in PRODUCTS or (
            operation == "Mul" and any(map(_is_parameter, _before(node)))
        ):
            return True
        if operation in SUMS or _is_by_one_number(node, operation):
            waiting += _before(node)
    return False


def _nodes(output: torch.Tensor) -> Iterator[Any]:
    waiting, seen = [output.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            yield node
            waiting += _before(node)


def _before(node: Any) -> list[Any]:
    return [parent for parent, _ in node.next_functions if parent is not None]


def _leaf(node: Any) -> torch.Tensor | None:
    variable = getattr(node, "variable", None)
    return variable if isinstance(variable, torch.Tensor) else None


def _is_parameter(node: Any) -> bool:
    """Say whether a node hands on a parameter, arranged in another way perhaps."""
    while _leaf(node) is None and _operation(node) in SUMS and len(_before(node)) == 1:
        (node,) = _before(node)
    return _leaf(node) is not None


def _is_by_one_number(node: Any, operation: str) -> bool:
    """Say whether a node multiplies with, or divides by, one number."""
    sides = {"Mul": ("_saved_self", "_saved_other"), "Div": ("_saved_other",)}
    found = [getattr(node, side, None) for side in sides.get(operation, ())]
    return any(isinstance(f, torch.Tensor) and f.numel() == 1 for f in found)


def _operation(node: Any) -> str:
    name: str = node.name()
    return name.partition("Backward")[0]
