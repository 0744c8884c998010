"""The mini-batch loop: its trial, on pieces that note how they are used, and its judgement."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise import loop
from mlp_exercise.check import RIGHT, Judgement, Wrong, require
from mlp_exercise.loop import Diary, Entry, Event
from mlp_exercise.observations import Observations, Seen, close, look, problem
from mlp_exercise.part2.batches import LAYOUTS, USUAL, Network, network_of
from mlp_exercise.part2.comparison import EXACT, by_series, raised
from mlp_exercise.part2.substitution import STAND_INS, Namespace, layers_of
from mlp_reference.arrays import Array

LEARNING_RATE = 0.01


class Run(NamedTuple):
    """One call of `train`."""

    samples: int
    batch_size: int
    epochs: int
    seed: int = 0
    layout: str = ""  # of the network, a key of `LAYOUTS`; the usual one if empty


RUNS = {
    "even": Run(16, 4, epochs=3),
    "repeated": Run(16, 4, epochs=3),
    "reseeded": Run(16, 4, epochs=3, seed=1),
    "a short last batch": Run(14, 4, epochs=2),
    "single samples": Run(12, 1, epochs=2),
    "all samples": Run(12, 20, epochs=2),
    "deep": Run(8, 4, epochs=1, layout="five layers"),
    "flat": Run(8, 4, epochs=1, layout="a single layer"),
}


@lru_cache(maxsize=len(RUNS))
def _material(run: Run) -> tuple[Network, Array, Array]:
    """Return a network's parameters, inputs that are the numbers of the samples, and targets."""
    draw = np.random.default_rng(0).standard_normal
    widths = LAYOUTS.get(run.layout, USUAL)
    first, *others = network_of((*widths[:-1], 1), 1, draw)
    X = np.arange(run.samples, dtype=float)[:, np.newaxis]
    if first:
        first = first._replace(weight=first.weight / run.samples)
    T = np.random.default_rng(run.samples).standard_normal(X.shape)
    return (first, *others), X, T


def try_loop(namespace: Namespace) -> dict[str, Seen]:
    """Run the loop, each time on a fresh network of ours."""
    seen: dict[str, Seen] = {}
    for name, run in RUNS.items():
        network, X, T = _material(run)
        X, T, diary = X.copy(), T.copy(), Diary()
        pieces = _noting(namespace, layers_of(namespace, network), diary)
        data = (X, T, run.epochs, run.batch_size, np.random.default_rng(run.seed))
        try:
            losses = loop.look_at_losses(namespace["train"](*pieces, *data))
        except (Exception, SystemExit) as error:
            losses = problem(error)
        found = {"losses": losses, **diary.observations(), "X": look(X), "T": look(T)}
        seen |= {f"{name}/{label}": noted for label, noted in found.items()}
        if losses.kind == "error":
            break
    return seen


def _noting(namespace: Namespace, layers: Sequence[Any], diary: Diary) -> list[Any]:
    """Return a network, a loss and an optimizer that note how they are used."""
    network, loss = namespace["Sequential"](*layers), namespace["MSELoss"]()
    optimizer = namespace["SGD"](network, LEARNING_RATE)

    def note(it: Any, method: str, event: Event, arrays: Callable[..., Any]) -> None:
        run = getattr(it, method)

        def noting(*arguments: Any) -> Any:
            result = run(*arguments)
            diary.note(event, *arrays(*arguments, result))
            return result

        setattr(it, method, noting)

    note(network, "forward", Event.FORWARD, lambda x, output: (x, output))
    note(loss, "forward", Event.LOSS, lambda y, t, _: (y, t))
    note(loss, "backward", Event.LOSS_BACKWARD, lambda _: ())
    note(network, "backward", Event.BACKWARD, lambda G, _: (G,))
    note(optimizer, "step", Event.STEP, lambda _: (optimizer.lr,))
    network.__reduce_ex__ = lambda _: (dict, ())  # a loop may save its network
    return [network, loss, optimizer]


CALLS = {
    Event.FORWARD: "network.forward(x)",
    Event.LOSS: "loss.forward(y, t)",
    Event.LOSS_BACKWARD: "loss.backward()",
    Event.BACKWARD: "network.backward(G)",
    Event.STEP: "optimizer.step()",
}
"""What a loop calls for each batch, in order."""


class Update(NamedTuple):
    """What a step came from: the numbers of its samples, their predictions and targets."""

    rows: tuple[float, ...]
    y: Array
    t: Array


def judge_loop(_: str, seen: Observations) -> Judgement:
    """Judge a loop, by the batches of all runs."""
    found = by_series(seen)
    rows = {n: _rows(found.get(n, Observations()), run) for n, run in RUNS.items()}
    require(
        rows["even"] == rows["repeated"] and rows["even"] != rows["reseeded"],
        "The order does not come from `rng`: draw it with rng.permutation.",
    )
    return RIGHT


def _rows(seen: Observations, run: Run) -> tuple[tuple[float, ...], ...]:
    """Return the batches of a run that is right."""
    returned = seen["losses"]
    if returned.kind == "error":
        data = f"{run.samples} samples in batches of {run.batch_size}"
        words = f"With {data}, it raised {returned.detail}."
        raise Wrong(raised(run.layout, returned) if run.layout else words)
    _, *given = _material(run)
    for name, array in zip("XT", given, strict=True):
        is_same = seen[name].is_close(array, EXACT)
        require(is_same, f"It changes {name}. Shuffle indices, not the data itself.")
    loop.require_numbers(returned, run.epochs)
    updates = _updates(loop.read(seen))
    _check_number(len(updates), run)
    _check_epochs(updates, run, T=given[1])
    rows = tuple(update.rows for update in updates)
    losses = np.array([np.mean((update.y - update.t) ** 2) for update in updates])
    require(
        close(losses, _right_losses(run, rows), EXACT),
        "It moves the weights: only `step` may move the weights, once for each batch.",
    )
    of_epochs = losses.reshape(run.epochs, -1)
    counts = [*map(len, rows[: of_epochs.shape[1]])]
    loop.judge_losses(returned, of_epochs, counts, EXACT)
    return rows


def _updates(entries: Sequence[Entry]) -> list[Update]:
    """Return what each step came from."""
    steps = [n for n, entry in enumerate(entries) if entry.event == Event.STEP]
    require(bool(steps), "It never calls optimizer.step().")
    updates = []
    for start, step in zip([-1, *steps], steps, strict=False):
        is_ours = entries[step].arrays[0].is_close(np.array(LEARNING_RATE), EXACT)
        require(is_ours, "It changes the learning rate of the optimiser.")
        updates.append(_update(entries[start + 1 : step]))
    return updates


def _update(entries: Sequence[Entry]) -> Update:
    """Check what came before a step, from its end: evaluations in between do no harm."""
    require(bool(entries), "It makes two steps for one batch.")
    at, end = {}, len(entries)
    for event in (Event.BACKWARD, Event.LOSS_BACKWARD, Event.LOSS, Event.FORWARD):
        found = [n for n, entry in enumerate(entries[:end]) if entry.event == event]
        order = f"or not in its place. The order is: {', '.join(CALLS.values())}."
        require(bool(found), f"{CALLS[event]} is missing before a step, {order}")
        end = at[event] = found[-1]
    x, output = (seen.array for seen in entries[at[Event.FORWARD]].arrays)
    y, t = (seen.array for seen in entries[at[Event.LOSS]].arrays)
    fits = x.ndim == 2 and x.shape[1] == 1 and output.shape == y.shape == t.shape
    require(fits, f"A batch has the shape {x.shape}, expected (batch_size, 1).")
    if not close(y, output, 0.0):
        is_swapped = close(t, output, 0.0)
        require(not is_swapped, "The loss gets the target before the prediction.")
        raise Wrong("The loss gets something else than what the network put out.")
    between = entries[at[Event.LOSS] : at[Event.BACKWARD]]
    require(
        all(
            e.arrays[0].is_close(x, EXACT) for e in between if e.event == Event.FORWARD
        ),
        "Between network.forward and network.backward of a batch, other inputs go "
        "through the network. A backward pass belongs to the forward pass before it.",
    )
    G = entries[at[Event.BACKWARD]].arrays[0]
    require(
        G.is_close(2 * (y - t) / y.size, EXACT),
        "network.backward gets something else than loss.backward returns.",
    )
    return Update(tuple(x[:, 0].tolist()), y, t)


def _check_number(steps: int, run: Run) -> None:
    """Raise why there are more or fewer steps than batches in all epochs."""
    whole, each = run.samples // run.batch_size, -(-run.samples // run.batch_size)
    known = {
        each: "It goes through the data once, whatever `epochs` says.",
        run.epochs: "It makes one step an epoch: cut the data into batches.",
        whole * run.epochs: "It leaves out the last, shorter batch.",
        run.samples * run.epochs: "It takes one sample at a time, not a batch.",
    }
    wanted = f"expected {run.epochs} epochs of {each}"
    words = known.get(steps, f"{steps} steps came, {wanted}.")
    require(steps == each * run.epochs, words)


def _check_epochs(updates: Sequence[Update], run: Run, T: Array) -> None:
    """Raise unless each epoch has every sample once, in a fresh order, with its own target."""
    size, everyone = min(run.batch_size, run.samples), list(range(run.samples))
    each = len(updates) // run.epochs
    orders: list[list[float]] = [[] for _ in range(run.epochs)]
    for number, (rows, _, t) in enumerate(updates):
        is_last, order = (number + 1) % each == 0, orders[number // each]
        order += rows
        is_input = set(rows) <= set(everyone)
        require(is_input, "A batch holds numbers that are no inputs of the data.")
        is_full = len(rows) == size or (len(rows) < size and is_last)
        require(is_full, f"A batch of {len(rows)} came, expected {size}.")
        require(
            close(t, T[np.array(rows, dtype=int)], 0.0),
            "Inputs and targets are of different samples: take both in the same order.",
        )
        is_whole = not is_last or sorted(order) == everyone
        require(is_whole, "In an epoch, some samples come twice and others never.")
    is_shuffled = everyone not in orders
    require(is_shuffled, "The samples come in the order of the data: shuffle them.")
    is_fresh = len(set(map(tuple, orders))) == len(orders)
    require(is_fresh, "Every epoch has the same order: shuffle anew in each.")


@lru_cache(maxsize=64)
def _right_losses(run: Run, batches: tuple[tuple[float, ...], ...]) -> Array:
    """Return the loss of each batch if only the optimizer moves the weights."""
    parameters, X, T = _material(run)
    network = STAND_INS["Sequential"](*layers_of(STAND_INS, parameters))
    optimizer = STAND_INS["SGD"](network, LEARNING_RATE)
    rows = (np.array(batch, dtype=int) for batch in batches)
    pairs = ((X[batch], T[batch]) for batch in rows)
    loss = STAND_INS["MSELoss"]()
    return np.array(loop.replay(network, loss, optimizer, pairs))
