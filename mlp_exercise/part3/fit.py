"""The training loop: what it does with a model, a loss, an optimizer and batches of ours."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np

from mlp_exercise import loop
from mlp_exercise.check import BLANK, RIGHT, Judgement, Wrong, require
from mlp_exercise.loop import Event
from mlp_exercise.observations import MISSING, Observations, Seen, look, problem
from mlp_exercise.part3.material import SEED, TOLERANCE, Data
from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import MLP, MSELoss
from mlp_reference.optimizers import SGD
from mlp_reference.training import evaluate

EPOCHS, LEARNING_RATE, BATCH_SIZE, SAMPLES = 3, 0.1, 3, 7
"""Of the trial. The last batch of an epoch is shorter."""

BATCHES = -(-SAMPLES // BATCH_SIZE)

LETTERS = "EBzflx.bs"
"""By `Event`: a diary is read as letters. Those of a right loop are thrice EBzflbsBzflbsBzflbs."""

NEEDED = {
    "B": "It takes no batch from `loader`.",
    "f": "It never calls `model`. Does it use another name than its argument?",
    "l": "It never calls `loss_function`, which it is given.",
    "b": "Nothing goes backward, so no parameter gets a gradient.",
    "s": "The `optimizer` that it is given never makes a step.",
}
"""What no loop is without, and what is said where it is not there."""

OUT_OF_ORDER = {
    "s[^BE]*b": "step() comes before backward(): which gradient does it follow?",
    "b[^bs]*z[^bs]*s": (
        "zero_grad() comes between backward() and step(): what does the step find?"
    ),
    "b[^z]*b": "Gradients add up: are they reset before each backward pass?",
    "": (
        "The parameters do not end where gradient descent on these batches leads. "
        "Is there more in the loop than reset, loss, backward and step?"
    ),
}
"""Patterns of letters, and what is said of them where parameters do not end as they should."""

TOLD = f"Told to go {EPOCHS} times through the data, it"

_X = np.random.default_rng(SEED).uniform(-1, 1, (SAMPLES, 1)).astype(np.float32)
DATA = Data(_X, np.float32(0.5) * _X**2 - np.float32(0.2))
"""So small that gradients are, too: a loop that clips large ones does no harm."""


def loop_network() -> MLP:
    """Return the network that a loop trains."""
    return MLP((1, 4, 1), np.random.default_rng(SEED), dtype=np.float32)


def try_fit(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Run the loop, and note what it does and where the parameters end."""
    if namespace.get("fit") is None:
        return {"": MISSING}
    import torch
    from torch.utils.data import TensorDataset

    from mlp_exercise.part3 import recorders
    from mlp_reference.torch_mlp import to_torch

    data, dice = map(torch.tensor, DATA), torch.Generator().manual_seed(SEED)
    model = recorders.RecordingModel(to_torch(loop_network()))
    optimizer = recorders.RecordingSGD(model.parameters(), LEARNING_RATE)
    loss, samples = recorders.RecordingLoss(), TensorDataset(*data)
    loader = recorders.RecordingLoader(
        samples, BATCH_SIZE, shuffle=True, generator=dice
    )
    diary = model.diary = loss.diary = optimizer.diary = loader.diary = loop.Diary()
    try:
        losses = namespace["fit"](model, loss, optimizer, loader, EPOCHS)
        returned = loop.look_at_losses(losses)
    except (Exception, SystemExit) as error:
        returned = problem(error)
    end = torch.nn.utils.parameters_to_vector(model.parameters())
    return {**diary.observations(), "returned": returned, "parameters": look(end)}


def judge_fit(seen: Observations) -> Judgement:
    """Judge the loop by the first thing that is wrong."""
    returned, entries = seen["returned"], loop.read(seen)
    if returned.kind == "missing":
        return "missing", BLANK
    require(loop.NO_END not in returned.detail, f"{TOLD} goes on and on.")
    require(returned.kind != "error", f"It raised {returned.detail}.")
    letters = "".join(LETTERS[entry.event] for entry in entries)
    require(
        "x" not in letters,
        "`loss_function` gets predictions and targets of different shapes: "
        "leave both as they come.",
    )
    for letter, words in NEEDED.items():
        require(letter in letters, words)
    batches = (_samples(entry) for entry in entries if entry.event == Event.BATCH)
    passes = [(p, [*islice(batches, p.count("B"))]) for p in letters.split("E")][1:]
    epochs = [taken for p, taken in passes if "s" in p]
    _judge_epochs(epochs, steps=letters.count("s"))
    parameters, losses, after = replay(epochs)
    if not seen["parameters"].is_close(parameters, TOLERANCE):
        raise Wrong(
            next(w for order, w in OUT_OF_ORDER.items() if re.search(order, letters))
        )
    loop.require_numbers(returned, EPOCHS)
    loop.judge_losses(returned, losses, [*map(len, epochs[0])], TOLERANCE, after)
    return RIGHT


def _samples(batch: loop.Entry) -> Array:
    """Return inputs and targets side by side; nothing where they are none."""
    x, t = (seen.array for seen in batch.arrays)
    fits = x.ndim == 2 and x.shape == t.shape == (len(x), 1)
    return np.hstack([x, t]) if fits else np.empty((0, 2))


def _judge_epochs(epochs: list[list[Array]], steps: int) -> None:
    data = sorted(np.hstack(DATA).tolist())
    for batches in epochs:
        require(
            len(batches) >= BATCHES,
            f"It takes {len(batches)} of the {BATCHES} batches of an epoch. "
            "Does a return or a break end the loop too early?",
        )
        is_whole = sorted(np.concatenate(batches).tolist()) == data
        others = "An epoch has other samples than those of `loader`."
        require(is_whole and all(map(len, batches)), others)
    went = "once" if len(epochs) == 1 else f"{len(epochs)} times"
    require(len(epochs) == EPOCHS, f"{TOLD} does so {went}.")
    one = "It makes one step an epoch: each batch needs its own."
    require(steps != EPOCHS, one)
    idle = "It takes batches from `loader` that it does nothing with."
    require(all(len(batches) == BATCHES for batches in epochs), idle)


def replay(epochs: Sequence[Sequence[Array]]) -> tuple[Array, Array, Array]:
    """Train the network of the trial as it should be, with NumPy.

    Return its parameters, the loss of each batch of each epoch before the step that it causes,
    and the loss of all samples after each epoch.
    """
    network, mse = loop_network().astype(np.float64), MSELoss()
    optimizer = SGD(network, lr=LEARNING_RATE)
    losses, after = [], []
    for batches in epochs:
        pairs = ((batch[:, :1], batch[:, 1:]) for batch in batches)
        losses.append(loop.replay(network, mse, optimizer, pairs))
        everything = np.concatenate(batches)
        after.append(evaluate(network, everything[:, :1], everything[:, 1:]))
    return network.parameters, np.array(losses), np.array(after)
