"""What trials ask of a network: its parts, its record, its reach; and to leave no trace in it.

PyTorch is loaded here, so trials import this module when they are called.
"""

import copy
import io
import math
import random
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import torch
from torch import nn

from mlp_exercise import processor
from mlp_exercise.observations import names_kept
from mlp_exercise.part3.material import FEW, THRESHOLD, TRAINING
from mlp_reference.arrays import Array

METHODS = {
    name
    for name in dir(nn.Module)
    if name[:2] != "__" and callable(getattr(nn.Module, name))
}
CALLED = frozenset({"parameters", "eval", "train"})
"""Methods that the exercise has learners call; one of their own may not do the same."""

STARTS, UPDATES, LEARNING_RATE = 3, 600, 0.02
"""Of a training: how many networks, and how many steps of Adam on all data at once."""

GOOD_ENOUGH = THRESHOLD / 2
"""A training ends there: what has learned the data so well is below the threshold."""

MOST_WORK = 4_000_000_000
"""A large network is trained no longer than that, counted by `work`: a few seconds."""

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


# A class may hide the methods by which PyTorch lists its parts, so the tables are read instead.


def modules(model: nn.Module) -> list[nn.Module]:
    """Return a network and the modules in it, each once, the network first."""
    found = [model]
    for module in found:
        for part in _table(module, "_modules").values():
            if not any(part is other for other in found):
                found.append(part)
    return found


def registered(model: nn.Module, *tables: str) -> list[torch.Tensor]:
    """Return the tensors in tables, ``_parameters`` or ``_buffers``, of all modules."""
    parts = (_table(module, table) for module in modules(model) for table in tables)
    return _each_once(tensor for part in parts for tensor in part.values())


def given_parameters(model: nn.Module) -> list[torch.Tensor]:
    """Return what ``model.parameters()`` gives, which may raise whatever it likes."""
    found: list[Any] = list(model.parameters())
    for parameter in found:
        if not isinstance(parameter, torch.Tensor):
            name = type(parameter).__name__
            raise TypeError(f"expected parameters, and there is one {name} among them")
    return _each_once(found)


def parameters(model: nn.Module) -> list[torch.Tensor]:
    """Return the parameters, also where ``model.parameters()`` cannot."""
    try:
        return given_parameters(model)
    except Exception:
        return registered(model, "_parameters")


def set_mode(model: nn.Module, training: bool) -> None:
    """Call ``model.train()`` or ``model.eval()``, or do the same where that fails."""
    try:
        if training:
            model.train(True)  # what a learner calls train may need no argument
        else:
            model.eval()
    except Exception:
        for module in modules(model):
            vars(module)["training"] = training


def hidden(model: nn.Module) -> list[str]:
    """Return the methods of ``nn.Module`` whose names stand for what cannot be called.

    A layer of such a name counts: PyTorch finds its own method in place of the layer.
    """
    tables = ("_parameters", "_buffers", "_modules")
    layers = {name for table in tables for name in _table(model, table)}
    others = {name for name in METHODS if not callable(getattr(model, name))}
    return sorted(METHODS & layers | others)


def overridden(model: nn.Module) -> list[str]:
    """Return those of the methods `CALLED` of which a network has its own."""
    own = {name: getattr(getattr(model, name), "__func__", None) for name in CALLED}
    return sorted(name for name in CALLED if own[name] is not getattr(nn.Module, name))


def _table(module: nn.Module, name: str) -> dict[str, Any]:
    found: Any = getattr(module, name, None)
    items = found.items() if hasattr(found, "items") else ()
    return {key: value for key, value in items if value is not None}


def _each_once(tensors: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    return list({id(tensor): tensor for tensor in tensors}.values())


def record(model: Callable[[torch.Tensor], Any]) -> Any:
    """Return what a network makes of a batch, with the record that ``backward`` follows."""
    return model(torch.from_numpy(FEW.copy()))


def leaves(output: torch.Tensor) -> list[torch.Tensor]:
    """Return the tensors that ``backward`` would give a gradient, registered or not."""
    found = map(_leaf, _nodes(output))
    return _each_once(leaf for leaf in found if leaf is not None)


def work(output: torch.Tensor) -> int:
    """Return about what one update costs; a parameter counts as often as it is used."""
    total = 1
    for node in _nodes(output):
        total += OPERATION
        for leaf in map(_leaf, _before(node)):
            if leaf is not None:
                total += NUMBER * leaf.numel() + NEURON * max(leaf.shape, default=1)
    return total


def ends_in_a_layer(output: torch.Tensor) -> bool:
    """Return whether only sums and other arrangements come after the last sum of products."""
    return any(map(_is_product, _nodes(output, onwards=_arranges)))


def _nodes(
    output: torch.Tensor, onwards: Callable[[Any], bool] = bool
) -> Iterator[Any]:
    waiting, met = [output.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is not None and node not in met:
            met.add(node)
            yield node
            waiting += _before(node) if onwards(node) else []


def _before(node: Any) -> list[Any]:
    return [parent for parent, _ in node.next_functions if parent is not None]


def _leaf(node: Any) -> torch.Tensor | None:
    variable = getattr(node, "variable", None)
    return variable if isinstance(variable, torch.Tensor) else None


def _is_product(node: Any) -> bool:
    operation = _operation(node)
    with_parameter = operation == "Mul" and any(map(_is_parameter, _before(node)))
    return operation in PRODUCTS or with_parameter


def _is_parameter(node: Any) -> bool:
    """Return whether a node hands on a parameter, arranged in another way perhaps."""
    while _leaf(node) is None and _operation(node) in SUMS and len(_before(node)) == 1:
        (node,) = _before(node)
    return _leaf(node) is not None


def _arranges(node: Any) -> bool:
    """Return whether a node adds up, arranges, or multiplies with or divides by one number."""
    operation = _operation(node)
    sides = {"Mul": ("_saved_self", "_saved_other"), "Div": ("_saved_other",)}
    found = [getattr(node, side, None) for side in sides.get(operation, ())]
    by_one = any(isinstance(f, torch.Tensor) and f.numel() == 1 for f in found)
    return operation in SUMS or by_one


def _operation(node: Any) -> str:
    name: str = node.name()
    return name.partition("Backward")[0]


def outputs(model: Callable[[torch.Tensor], Any], X: Array) -> Any:
    """Return what a network puts out when nobody asks for gradients."""
    with torch.no_grad():
        return model(torch.from_numpy(X.copy()))


def drawn(model: nn.Module, X: Array, scale: float, seed: int) -> Any:
    """Return what a network puts out once its parameters are drawn anew, at a scale."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in parameters(model):
            parameter.normal_(std=scale)
    return outputs(model, X)


def extremes(model: nn.Module, X: Array, scale: float, draws: int) -> torch.Tensor:
    """Return the least and the largest number that is put out; raise if there is none."""
    found = torch.cat([drawn(model, X, scale, n).flatten() for n in range(draws)])
    return torch.stack(found[~found.isnan()].aminmax())


def train(
    make: Callable[[], nn.Module], starts: int | None = None, updates: int | None = None
) -> nn.Module:
    """Train new networks until one is good enough; return that with the smallest loss."""
    x, t = (torch.from_numpy(array.copy()) for array in TRAINING)
    trained: list[tuple[float, nn.Module]] = []
    left = MOST_WORK
    for start in range(starts or STARTS):
        torch.manual_seed(start)
        model = make()
        set_mode(model, training=True)
        output = model(x)
        each, last = work(output), math.inf
        optimizer = torch.optim.Adam(leaves(output), LEARNING_RATE)
        for _ in range(min(updates or UPDATES, max(left // each, 1))):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x).reshape(t.shape), t)
            loss.backward()
            optimizer.step()
            left, last = left - each, loss.item()
            if last < GOOD_ENOUGH:
                break
        set_mode(model, training=False)
        trained.append((last if math.isfinite(last) else math.inf, model))
        if last < GOOD_ENOUGH or left < each:
            break
    return min(trained, key=lambda run: run[0])[1]


@contextmanager
def unchanged(namespace: dict[str, Any]) -> Iterator[None]:
    """Leave the notebook as it was, whatever happens meanwhile; nothing of it is shown."""
    model, optimizer = namespace.get("model"), namespace.get("optimizer")
    order = getattr(namespace.get("loader"), "generator", None)
    losses = namespace.get("losses")
    tensors: list[torch.Tensor] = []
    with ExitStack() as later, torch.random.fork_rng(devices=[]):
        later.enter_context(warnings.catch_warnings(action="ignore"))
        later.enter_context(redirect_stdout(io.StringIO()))
        later.enter_context(redirect_stderr(io.StringIO()))
        later.callback(np.random.set_state, np.random.get_state())  # noqa: NPY002 - theirs
        later.callback(random.setstate, random.getstate())
        later.callback(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(1)  # more get in each other's way here
        later.enter_context(names_kept(namespace))
        if isinstance(losses, list):
            later.callback(losses.__setitem__, slice(None), losses.copy())
        if isinstance(order, torch.Generator):
            later.callback(order.set_state, order.get_state())
        if isinstance(model, nn.Module):
            for module in modules(model):
                later.callback(vars(module).update, vars(module).copy())
            tensors += registered(model, "_parameters", "_buffers") + parameters(model)
        if isinstance(optimizer, torch.optim.Optimizer):
            memory = copy.deepcopy(optimizer.state_dict())
            later.callback(optimizer.load_state_dict, memory)
            tensors += [p for group in optimizer.param_groups for p in group["params"]]
        for tensor in _each_once(tensors):
            gradient = None if tensor.grad is None else tensor.grad.detach().clone()
            later.callback(_put_back, tensor, tensor.detach().clone(), gradient)
            if tensor.device.type != "cpu":
                later.callback(setattr, tensor, "data", tensor.data)
                tensor.grad, tensor.data = None, tensor.data.cpu()
        if torch.cuda.is_available() or torch.backends.mps.is_available():
            later.enter_context(processor.OnProcessor())
        yield


def _put_back(
    tensor: torch.Tensor, values: torch.Tensor, gradient: torch.Tensor | None
) -> None:
    with torch.no_grad():
        tensor.copy_(values)
    tensor.grad = gradient
