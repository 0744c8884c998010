"""How often honest settings get below the threshold of the PyTorch exercise; lines never do.

``nox -s bench -- regression`` runs this in an environment of its own. All seeds of a setting are
trained together: their gradients do not mix, so each run is what it would be alone.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

from benchmarks.record import publish, where
from mlp_exercise.part3 import material, networks

SEEDS = 50
EPOCHS = (100, 200, 300)
BATCH_SIZE = 20

MakeNetwork = Callable[[], nn.Module]
MakeOptimizer = Callable[[Iterable[torch.Tensor]], torch.optim.Optimizer]


def network(activation: type[nn.Module], *widths: int) -> MakeNetwork:
    """Return a function that makes a network.

    Parameters
    ----------
    activation : type of Module
        Stands after each hidden layer.
    *widths : int
        Of the hidden layers.

    Returns
    -------
    callable
        Makes a new one.
    """

    def make() -> nn.Module:
        layers: list[nn.Module] = []
        inputs = 1
        for width in widths:
            layers += [nn.Linear(inputs, width), activation()]
            inputs = width
        return nn.Sequential(*layers, nn.Linear(inputs, 1))

    return make


NETWORKS: dict[str, MakeNetwork] = {
    f"{name} {'-'.join(map(str, widths))}": network(activation, *widths)
    for name, activation in {"tanh": nn.Tanh, "ReLU": nn.ReLU}.items()
    for widths in ((16,), (32,), (64,), (32, 32))
}
LINES: dict[str, MakeNetwork] = {
    "straight line": network(nn.Identity),
    "two linear layers, 32": network(nn.Identity, 32),
}
OPTIMIZERS: Mapping[str, MakeOptimizer] = {
    "SGD 0.05": lambda p: torch.optim.SGD(p, lr=0.05),
    "SGD 0.1": lambda p: torch.optim.SGD(p, lr=0.1),
    "SGD 0.05, momentum 0.9": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "Adam 0.003": lambda p: torch.optim.Adam(p, lr=0.003),
    "Adam 0.01": lambda p: torch.optim.Adam(p, lr=0.01),
}


def errors(
    make: MakeNetwork,
    make_optimizer: MakeOptimizer,
    epochs: tuple[int, ...] = EPOCHS,
    batch_size: int = BATCH_SIZE,
    seeds: int = SEEDS,
) -> dict[int, np.ndarray]:
    """Train a network once for each seed, and return the validation errors.

    Parameters
    ----------
    make : callable
        Makes a network.
    make_optimizer : callable
        Makes an optimizer for parameters.
    epochs : tuple of int, optional
        After how many of them the validation error is measured.
    batch_size : int, optional
        Samples in a batch.
    seeds : int, optional
        The number of seeds. A seed draws the initial weights and the order of the samples.

    Returns
    -------
    dict of int to ndarray, shape (seeds,)
        The validation errors, by the number of epochs.
    """
    (X, T), (X_val, T_val) = (
        map(torch.from_numpy, data) for data in (material.TRAINING, material.VALIDATION)
    )
    models, dice = [], []
    for seed in range(seeds):
        torch.manual_seed(seed)
        models.append(make())
        dice.append(torch.Generator().manual_seed(seed))
    stacked, _ = stack_module_state(models)
    parameters = {name: p.detach().requires_grad_() for name, p in stacked.items()}
    predict = vmap(lambda p, x: functional_call(models[0], p, (x,)))
    optimizer = make_optimizer(parameters.values())
    measured = {}
    for epoch in range(1, max(epochs) + 1):
        order = torch.stack([torch.randperm(len(X), generator=die) for die in dice])
        for rows in order.split(batch_size, dim=1):
            optimizer.zero_grad()
            losses = ((predict(parameters, X[rows]) - T[rows]) ** 2).mean((1, 2))
            losses.sum().backward()
            optimizer.step()
        if epoch in epochs:
            with torch.no_grad():
                Y = predict(parameters, X_val.expand(seeds, -1, -1))
                measured[epoch] = ((Y - T_val) ** 2).mean((1, 2)).numpy()
    return measured


def measure() -> Iterator[dict[str, Any]]:
    """Measure every network with every optimizer.

    Yields
    ------
    dict
        A network; how many of its seeds get below the threshold, by optimizer and epochs, and
        in the training of the marking; and the least error of all.
    """
    for name, make in (NETWORKS | LINES).items():
        errors_of = {
            optimizer: errors(make, make_optimizer)
            for optimizer, make_optimizer in OPTIMIZERS.items()
        }
        marking = errors(
            make, _of_marking, (networks.UPDATES,), len(material.TRAINING.X)
        )
        yield {
            "hidden_layers": name,
            "below": {
                optimizer: [_below(error) for error in measured.values()]
                for optimizer, measured in errors_of.items()
            },
            "below_in_marking": _below(marking[networks.UPDATES]),
            "least_error": min(
                float(error.min())
                for measured in errors_of.values()
                for error in measured.values()
            ),
        }
        sys.stderr.write(f"{name}\n")


def table(rows: list[dict[str, Any]]) -> str:
    """Return the measurements as Markdown, with a line that says where they come from.

    Parameters
    ----------
    rows : list of dict
        What `measure` yielded.

    Returns
    -------
    str
        Markdown.
    """
    heads = ["hidden layers", *OPTIMIZERS, "training of the marking", "least error"]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    for row in rows:
        below = [", ".join(map(str, counts)) for counts in row["below"].values()]
        cells = [row["hidden_layers"], *below, str(row["below_in_marking"])]
        lines.append(f"| {' | '.join(cells)} | {row['least_error']:.4f} |")
    how = (
        f"The number of seeds, out of {SEEDS}, that get below {material.THRESHOLD:g} "
        f"in {', '.join(map(str, EPOCHS[:-1]))} and {EPOCHS[-1]} epochs. "
        f"PyTorch {torch.__version__}. {where('regression')}"
    )
    return "\n".join([*lines, "", how, ""])


def _below(measured: np.ndarray) -> int:
    return int((measured < material.THRESHOLD).sum())


def _of_marking(parameters: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adam(parameters, networks.LEARNING_RATE)


if __name__ == "__main__":
    measured = list(measure())
    publish("regression", measured, table(measured))
