"""All computing on the processor, whatever device a notebook names.

So a mark depends on no graphics card, neither the learner's nor that of the machine that marks.
PyTorch is loaded here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors

CPU = torch.device("cpu")

NAMED = re.compile(r"cuda|mps|xpu|device|accelerator|pin_memory")
"""What stands in code that may move something to another device."""

MOVES = {torch.Tensor.cuda, torch.Tensor.xpu, torch.Tensor.pin_memory}
"""Methods that need no name of a device to move a tensor to one, or towards it."""


class OnProcessor(TorchFunctionMode):
    """While it is entered, other devices stand for the processor."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call a function of PyTorch, with the processor in place of other devices."""
        named = dict(kwargs or {})
        if func in MOVES:
            return args[0]
        if named.get("device") is not None:
            named["device"] = _instead_of(named["device"])
        elif func in _device_constructors():
            named["device"] = CPU  # else `torch.set_default_device` would have its way
        elif func is torch.Tensor.to:
            args = tuple(map(_instead_of, args))
        return func(*args, **named)


def _instead_of(value: Any) -> Any:
    """Return the processor for what names a device, and anything else as it is."""
    is_name = isinstance(value, (str, torch.device)) or type(value) is int
    return CPU if is_name and str(value) != "meta" else value
