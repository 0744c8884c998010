"""The training loop: what it does with a model, a loss, an optimizer and batches of ours."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.check import BLANK, Wrong
from mlp_exercise.loop import (
    HOLDS_GRAPH,
    NO_END,
    Diary,
    Entry,
    Event,
    look_at_losses,
    read,
)
from mlp_exercise.observations import (
    MISSING,
    Observations,
    Seen,
    close,
    look,
    numbers,
    problem,
)
from mlp_exercise.part3.material import RIGHT, SEED, TOLERANCE, Data, Judgement
from mlp_reference.arrays import Array
from mlp_reference.numpy_mlp import MLP, MSELoss
from mlp_reference.optimizers import SGD
from mlp_reference.training import evaluate

EPOCHS, LEARNING_RATE, BATCH_SIZE, SAMPLES = 3, 0.1, 3, 7
"""Of the trial. The last batch of an epoch is shorter."""

BATCHES = -(-SAMPLES // BATCH_SIZE)

NEEDED = {
    Event.BATCH: "It takes no batch from `loader`.",
    Event.FORWARD: "It never calls `model`. Does it use another name than its argument?",
    Event.LOSS: "It never calls `loss_function`, which it is given.",
    Event.BACKWARD: "Nothing goes backward, so no parameter gets a gradient.",
    Event.STEP: "The `optimizer` that it is given never makes a step.",
}
"""What a loop cannot do without, and what is said where it is not there."""

TOLD = f"Told to go {EPOCHS} times through the data, it"


def loop_data() -> Data:
    """Return data so small that gradients are, too: a loop that clips large ones does no harm."""
    X = np.random.default_rng(SEED).uniform(-1, 1, (SAMPLES, 1)).astype(np.float32)
    return Data(X, np.float32(0.5) * X**2 - np.float32(0.2))


def loop_network() -> MLP:
    """Return the network that a loop trains."""
    return MLP((1, 4, 1), np.random.default_rng(SEED), dtype=np.float32)


def try_fit(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Run the loop, and note what it does and where the parameters end."""
    if namespace.get("fit") is None:
        return {"": MISSING}
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from mlp_reference.torch_mlp import to_torch

    diary, network = Diary(), to_torch(loop_network())

    class Model(nn.Sequential):
        def forward(self, input: Any) -> Any:  # noqa: A002 - PyTorch's name, as below
            diary.note(Event.FORWARD)
            return super().forward(input)  # type: ignore[no-untyped-call]

    class Loss(nn.MSELoss):
        def forward(self, input: Any, target: Any) -> Any:  # noqa: A002
            fits = input.shape == target.shape
            diary.note(Event.LOSS if fits else Event.LOSS_OF_OTHER_SHAPES)
            loss = super().forward(input, target)
            if loss.requires_grad:
                loss.register_hook(lambda _: diary.note(Event.BACKWARD))
            return loss

    class Optimizer(torch.optim.SGD):
        def zero_grad(self, set_to_none: bool = True) -> None:
            diary.note(Event.ZERO_GRAD)
            super().zero_grad(set_to_none)

        def step(self, closure: Any = None) -> Any:
            loss = super().step(closure)
            diary.note(Event.STEP)
            return loss

    class Loader(DataLoader[Any]):
        def __iter__(self) -> Any:
            diary.note(Event.EPOCH)
            for batch in super().__iter__():
                diary.note(Event.BATCH, *batch)
                yield batch

    model, data = Model(*network), TensorDataset(*map(torch.from_numpy, loop_data()))
    optimizer = Optimizer(model.parameters(), LEARNING_RATE)
    dice = torch.Generator().manual_seed(SEED)
    loader = Loader(data, BATCH_SIZE, shuffle=True, generator=dice)
    try:
        losses = namespace["fit"](model, Loss(), optimizer, loader, EPOCHS)
        returned = look_at_losses(losses)
    except (Exception, SystemExit) as error:
        returned = problem(error)
    end = nn.utils.parameters_to_vector(model.parameters())
    return {**diary.observations(), "returned": returned, "parameters": look(end)}


def judge_fit(seen: Observations) -> Judgement:
    """Judge the loop by the first thing that is wrong."""
    returned, entries = seen.get("returned", MISSING), read(seen)
    if returned.kind == "missing":
        return "missing", BLANK
    if returned.kind == "error" and NO_END in returned.detail:
        raise Wrong(f"{TOLD} goes on and on.")
    if returned.kind == "error":
        raise Wrong(f"It raised {returned.detail}.")
    if Event.LOSS_OF_OTHER_SHAPES in _events(entries):
        raise Wrong(
            "`loss_function` gets predictions and targets of different shapes: "
            "leave both as they come."
        )
    for event, words in NEEDED.items():
        if event not in _events(entries):
            raise Wrong(words)
    epochs = _epochs(entries)
    _judge_epochs(epochs)
    right = replay([[_samples(turn) for turn in epoch] for epoch in epochs])
    parameters = numbers(seen, "parameters", right.parameters.shape)
    if parameters is None or not close(parameters, right.parameters, TOLERANCE):
        _refuse_order(entries, epochs)
    _judge_losses(returned, right, [len(_samples(turn)) for turn in epochs[0]])
    return RIGHT


Turn = list[Entry]
"""What a loop does with one batch; the first entry is the batch."""


def _epochs(entries: Sequence[Entry]) -> list[list[Turn]]:
    """Return the turns of those passes over the data in which the optimizer made a step."""
    passes: list[list[Turn]] = []
    for entry in entries:
        if entry.event == Event.EPOCH:
            passes.append([])
        elif entry.event == Event.BATCH and passes:
            passes[-1].append([entry])
        elif passes and passes[-1]:
            passes[-1][-1].append(entry)
    return [p for p in passes if any(Event.STEP in _events(turn) for turn in p)]


def _events(entries: Sequence[Entry]) -> list[Event]:
    return [entry.event for entry in entries]


def _samples(turn: Turn) -> Array:
    """Return inputs and targets of a batch side by side; nothing where they are none."""
    x, t = (seen.array for seen in turn[0].arrays)
    fits = x.ndim == 2 and x.shape == t.shape == (len(x), 1)
    return np.hstack([x, t]) if fits else np.empty((0, 2))


def _judge_epochs(epochs: list[list[Turn]]) -> None:
    data = sorted(np.hstack(loop_data()).tolist())
    for epoch in epochs:
        if len(epoch) < BATCHES:
            raise Wrong(
                f"It takes {len(epoch)} of the {BATCHES} batches of an epoch. "
                "Does a return or a break end the loop too early?"
            )
        batches = [_samples(turn) for turn in epoch]
        samples = sorted(np.concatenate(batches).tolist())
        if not all(map(len, batches)) or samples != data:
            raise Wrong("An epoch has other samples than those of `loader`.")
    if len(epochs) != EPOCHS:
        went = "once" if len(epochs) == 1 else f"{len(epochs)} times"
        raise Wrong(f"{TOLD} does so {went}.")
    turns = [turn for epoch in epochs for turn in epoch]
    if sum(_events(turn).count(Event.STEP) for turn in turns) == EPOCHS:
        raise Wrong("It makes one step an epoch: each batch needs its own.")
    if len(turns) != EPOCHS * BATCHES:
        raise Wrong("It takes batches from `loader` that it does nothing with.")


def _refuse_order(entries: list[Entry], epochs: list[list[Turn]]) -> None:
    if any(re.search("s.*b", _letters(turn)) for epoch in epochs for turn in epoch):
        raise Wrong("step() comes before backward(): which gradient does it follow?")
    if re.search("bz+s", _letters(entries)):
        raise Wrong(
            "zero_grad() comes between backward() and step(): what does the step find?"
        )
    if re.search("bs*b", _letters(entries)):
        raise Wrong("Gradients add up: are they reset before each backward pass?")
    raise Wrong(
        "The parameters do not end where gradient descent on these batches leads. "
        "Is there more in the loop than reset, loss, backward and step?"
    )


def _letters(entries: Sequence[Entry]) -> str:
    letters = {Event.ZERO_GRAD: "z", Event.BACKWARD: "b", Event.STEP: "s"}
    return "".join(letters.get(event, "") for event in _events(entries))


class Replay(NamedTuple):
    """What comes of a right loop on the same batches."""

    parameters: Array
    losses: Array  # shape (epochs, batches), each before the step that it causes
    after: Array  # shape (epochs,), of all data


def replay(epochs: Sequence[Sequence[Array]]) -> Replay:
    """Train the network of the trial with NumPy."""
    network, mse = loop_network().astype(np.float64), MSELoss()
    optimizer = SGD(network, lr=LEARNING_RATE)
    losses: list[list[float]] = []
    after: list[float] = []
    for batches in epochs:
        losses.append([])
        for batch in batches:
            losses[-1].append(mse(network(batch[:, :1]), batch[:, 1:]))
            network.backward(mse.backward())
            optimizer.step()
        everything = np.concatenate(batches)
        after.append(evaluate(network, everything[:, :1], everything[:, 1:]))
    return Replay(network.parameters, np.array(losses), np.array(after))


def _judge_losses(returned: Seen, right: Replay, sizes: list[int]) -> None:
    losses, wanted = right.losses, f"expected a list of {EPOCHS} numbers"
    wanted = f"{wanted}, one for each epoch"
    if returned.kind != "numbers":
        came = "a " + returned.detail if returned.detail else "None"
        raise Wrong(f"It returns {came}; {wanted}.")
    sums, of_samples = losses.sum(axis=1), losses @ sizes
    for name, slip in {
        "the loss of the last batch of each epoch": losses[:, -1],
        "the loss of the first batch of each epoch": losses[:, 0],
        "the losses of all batches": losses.ravel(),
        "the sums over the batches, not the means": sums,
        "sums over the samples, not the means": of_samples,
        "sums over the batches, divided by the number of samples": sums / SAMPLES,
        "sums over the samples, divided by the number of batches": of_samples / BATCHES,
        "sums that go on from epoch to epoch": np.cumsum(sums) / BATCHES,
        "the mean of the last epoch alone": sums[-1] / BATCHES,
        "the mean of the last epoch": of_samples[-1] / SAMPLES,
        "the loss of the last batch": losses[-1, -1],
    }.items():
        if returned.is_close(np.array(slip), TOLERANCE):
            raise Wrong(f"It returns {name}; {wanted}.")
    if returned.array.shape != (EPOCHS,):
        shape = returned.array.shape
        raise Wrong(f"It returns something of shape {shape}; {wanted}.")
    means = (sums / BATCHES, of_samples / SAMPLES, right.after)
    if not any(returned.is_close(mean, TOLERANCE) for mean in means):
        raise Wrong("The losses that it returns are not the means of the epochs.")
    if returned.detail == HOLDS_GRAPH:
        raise Wrong(
            "The losses that it returns are tensors, and each holds on to the record "
            "of its forward pass. Take the number out of each with .item()."
        )
