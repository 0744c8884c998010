"""The step of the optimizer and the mini-batch loop: the trial of each, and its judgement."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.check import Wrong
from mlp_exercise.loop import Diary, Entry, Event, look_at_losses, read
from mlp_exercise.observations import Observations, Seen, attempt, close, look, problem
from mlp_exercise.part2.batches import (
    BATCHES,
    FIRST,
    LAYOUTS,
    OTHERS,
    SEED,
    USUAL,
    Layer,
    Network,
    network_of,
    titled,
)
from mlp_exercise.part2.comparison import (
    EXACT,
    MOVES,
    Arrays,
    Slips,
    by_series,
    described,
    expected,
    faults,
    raised,
)
from mlp_exercise.part2.pieces import call, construct
from mlp_exercise.part2.substitution import STAND_INS, Namespace, layers_of
from mlp_reference.arrays import Array

STEP_RATE, LOOP_RATE = 0.3, 0.01
"""Learning rates: the first is far from 1 and from its own square."""

SGD_SLIPS = {
    "changed nothing: bind no new name, change the layer's own array": lambda p, g: p,
    "went uphill": lambda p, g: p + STEP_RATE * g,
    "left out the learning rate": lambda p, g: p - g,
    "put the gradient in place of the parameter": lambda p, g: -STEP_RATE * g,
}
"""What becomes of a parameter p with the gradient g in a step that is wrong."""


def try_step(namespace: Namespace) -> dict[str, Seen]:
    """Make two steps along gradients that are drawn, and one with each of the other networks."""
    seen = _steps(namespace, MOVES, BATCHES[FIRST].network)
    for layout, batch in OTHERS.items():
        seen |= _steps(namespace, (layout,), batch.network)
    return seen


def _steps(
    namespace: Namespace, places: Sequence[str], network: Network
) -> dict[str, Seen]:
    layers = layers_of(namespace, network)
    optimizer = construct(namespace, "SGD", namespace["Sequential"](*layers), STEP_RATE)
    likes = titled(network)
    linear = titled(own for own, like in zip(layers, network, strict=True) if like)
    seen = {}
    for number, place in enumerate(places):
        for which, (title, layer) in enumerate(linear.items()):
            gradient = _gradient(likes[title], len(linear) * number + which)
            layer.weight_gradient, layer.bias_gradient = gradient
        seen[f"{place}/call"] = attempt(call, optimizer, "step")
        for title, layer in linear.items():
            for name in Layer._fields:
                seen[f"{place}/{name} of the {title}"] = look(getattr(layer, name))
    return seen


def _gradient(layer: Layer, seed: int) -> Layer:
    draw = np.random.default_rng(seed).standard_normal
    return Layer(draw(layer.weight.shape), draw(layer.bias.shape))


@lru_cache(maxsize=1)
def _right_step() -> tuple[Arrays, Arrays, Slips]:
    """Return the parameters after right steps, before the first, and after wrong ones."""
    before, slips = {}, {}
    for number, (title, layer) in enumerate(titled(BATCHES[FIRST].network).items()):
        pairs = zip(layer, _gradient(layer, number), strict=True)
        for name, (parameter, gradient) in zip(Layer._fields, pairs, strict=True):
            label = f"{MOVES[0]}/{name} of the {title}"
            before[label] = parameter
            slips[label] = {
                w: slip(parameter, gradient) for w, slip in SGD_SLIPS.items()
            }
    return expected(try_step), before, slips


def judge_step(seen: Observations) -> None:
    """Raise what is wrong with steps; slips are known of the usual network, which comes first."""
    right, before, slips = _right_step()
    wrong = faults(seen, right)
    for places in (MOVES, LAYOUTS):
        for place in places:
            found = seen.get(f"{place}/call", Seen("nothing"))
            if found.kind == "error":
                raise Wrong(raised(place, found))
        here = [fault for fault in wrong if fault.label.partition("/")[0] in places]
        left = [fault for fault in here if fault.label in before]
        is_left = (fault.seen.is_close(before[fault.label], EXACT) for fault in left)
        if left and len(left) < len(before) and all(is_left):
            names = " and the ".join(fault.label.partition("/")[2] for fault in left)
            raise Wrong(f"It leaves the {names} as before.")
        if here:
            raise Wrong(described(here, slips))


class Run(NamedTuple):
    """One call of `train`."""

    samples: int
    batch_size: int
    epochs: int
    seed: int = 0
    layout: str = ""  # of the network, a key of `LAYOUTS`; the usual one if empty


RUNS = {
    "even": Run(samples=16, batch_size=4, epochs=3),
    "repeated": Run(samples=16, batch_size=4, epochs=3),
    "reseeded": Run(samples=16, batch_size=4, epochs=3, seed=1),
    "short": Run(samples=14, batch_size=4, epochs=2),
    "single": Run(samples=12, batch_size=1, epochs=2),
    "whole": Run(samples=12, batch_size=20, epochs=2),
    "deep": Run(samples=8, batch_size=4, epochs=1, layout="five layers"),
    "flat": Run(samples=8, batch_size=4, epochs=1, layout="a single layer"),
}
"""Batches of one size, the same again, with another seed; with a last batch that is short,
of one sample each, and of fewer samples than a batch may have; and other networks."""


@lru_cache(maxsize=16)
def _material(run: Run) -> tuple[Network, Array, Array]:
    """Return the parameters of a network and data; inputs count the samples, to tell them apart."""
    draw = np.random.default_rng(SEED).standard_normal
    widths = LAYOUTS.get(run.layout, USUAL)
    first, *others = network_of((*widths[:-1], 1), 1, draw)
    if first is not None:  # no such layout begins with an activation
        first = Layer(first.weight / run.samples, first.bias)
    X = np.arange(run.samples, dtype=float)[:, np.newaxis]
    T = np.random.default_rng(run.samples).standard_normal(X.shape)
    return (first, *others), X, T


def try_loop(namespace: Namespace) -> dict[str, Seen]:
    """Run the loop, each time on a fresh network of ours."""
    if "train" not in namespace:
        raise NotImplementedError("train is not defined")
    seen: dict[str, Seen] = {}
    for name, run in RUNS.items():
        diary = Diary()
        network, loss, optimizer = _recording(namespace, run, diary)
        X, T = (array.copy() for array in _material(run)[1:])
        rng = np.random.default_rng(run.seed)
        settings = (run.epochs, run.batch_size, rng)
        try:
            losses = look_at_losses(
                namespace["train"](network, loss, optimizer, X, T, *settings)
            )
        except (Exception, SystemExit) as error:
            losses = problem(error)
        found = {"losses": losses, **diary.observations(), "X": look(X), "T": look(T)}
        seen |= {f"{name}/{label}": noted for label, noted in found.items()}
        if losses.kind == "error":
            break
    return seen


def _recording(namespace: Namespace, run: Run, diary: Diary) -> tuple[Any, Any, Any]:
    """Return a network, a loss and an optimizer that note how they are used."""

    class Sequential(namespace["Sequential"]):  # type: ignore[misc]
        def __reduce__(self) -> Any:  # a loop may save its network
            return dict, ()

        def forward(self, x: Array) -> Array:
            output: Array = super().forward(x)
            diary.note(Event.FORWARD, x, output)
            return output

        def backward(self, G: Array) -> Array:
            diary.note(Event.BACKWARD, G)
            gradient: Array = super().backward(G)
            return gradient

    class MSELoss(namespace["MSELoss"]):  # type: ignore[misc]
        def forward(self, y: Array, t: Array) -> float:
            diary.note(Event.LOSS, y, t)
            loss: float = super().forward(y, t)
            return loss

        def backward(self) -> Array:
            diary.note(Event.LOSS_BACKWARD)
            gradient: Array = super().backward()
            return gradient

    class SGD(namespace["SGD"]):  # type: ignore[misc]
        def step(self) -> None:
            diary.note(Event.STEP, self.lr)
            super().step()

    network = Sequential(*layers_of(namespace, _material(run)[0]))
    return network, MSELoss(), SGD(network, LOOP_RATE)


CALLS = {
    Event.FORWARD: "network.forward(x)",
    Event.LOSS: "loss.forward(y, t)",
    Event.LOSS_BACKWARD: "loss.backward()",
    Event.BACKWARD: "network.backward(G)",
    Event.STEP: "optimizer.step()",
}
"""What a loop calls for each batch, in order."""

MOVED = "It moves the weights: only `step` may move the weights, once for each batch."


class Update(NamedTuple):
    """What a step came from: the numbers of its samples, their predictions and targets."""

    rows: tuple[float, ...]
    y: Array
    t: Array


def judge_loop(seen: Observations) -> None:
    """Raise what is wrong with a loop."""
    found = by_series(seen)
    rows = {name: _rows(found.get(name, {}), run) for name, run in RUNS.items()}
    if rows["even"] != rows["repeated"] or rows["even"] == rows["reseeded"]:
        raise Wrong("The order does not come from `rng`: draw it with rng.permutation.")


def _rows(seen: Observations, run: Run) -> list[tuple[float, ...]]:
    """Return the batches of a run that is right."""
    losses = seen.get("losses", Seen("nothing"))
    if losses.kind == "error" and run.layout:
        raise Wrong(raised(run.layout, losses))
    if losses.kind == "error":
        batches = f"{run.samples} samples in batches of {run.batch_size}"
        raise Wrong(f"With {batches}, it raised {losses.detail}.")
    _, X, T = _material(run)
    for name, array in (("X", X), ("T", T)):
        if not seen.get(name, losses).is_close(array, EXACT):
            raise Wrong(f"It changes {name}. Shuffle indices, not the data itself.")
    wanted = f"expected a list of {run.epochs} numbers, one for each epoch"
    if losses.kind != "numbers":
        kinds = {"nothing": "None", "missing": "nothing"}
        came = kinds.get(losses.kind, f"a {losses.detail}")
        raise Wrong(f"It returns {came}; {wanted}.")
    updates = _updates(read(seen))
    _check_number(len(updates), run)
    _check_epochs(updates, run, T)
    _check_weights(updates, run)
    if losses.array.shape != (run.epochs,):
        shape = losses.array.shape
        raise Wrong(f"It returns something of shape {shape}; {wanted}.")
    _check_losses(losses, updates, run.epochs)
    return [update.rows for update in updates]


def _updates(entries: Sequence[Entry]) -> list[Update]:
    """Return what each step came from."""
    updates: list[Update] = []
    before: list[Entry] = []
    for entry in entries:
        if entry.event != Event.STEP:
            before.append(entry)
            continue
        if not entry.arrays[0].is_close(np.array(LOOP_RATE), EXACT):
            raise Wrong("It changes the learning rate of the optimiser.")
        updates.append(_update(before))
        before = []
    if not updates:
        raise Wrong("It never calls optimizer.step().")
    return updates


def _update(entries: Sequence[Entry]) -> Update:
    """Check what came before a step, from its end: evaluations in between do no harm."""
    if not entries:
        raise Wrong("It makes two steps for one batch.")
    at: dict[Event, int] = {}
    end = len(entries)
    for event in (Event.BACKWARD, Event.LOSS_BACKWARD, Event.LOSS, Event.FORWARD):
        places = [n for n, entry in enumerate(entries[:end]) if entry.event == event]
        if not places:
            raise Wrong(
                f"{CALLS[event]} is missing before a step, or not in its place. "
                f"The order is: {', '.join(CALLS.values())}."
            )
        end = at[event] = places[-1]
    x, output = (seen.array for seen in entries[at[Event.FORWARD]].arrays)
    y, t = (seen.array for seen in entries[at[Event.LOSS]].arrays)
    if x.ndim != 2 or x.shape[1] != 1 or not output.shape == y.shape == t.shape:
        raise Wrong(f"A batch has the shape {x.shape}, expected (batch_size, 1).")
    if not np.array_equal(y, output):
        if np.array_equal(t, output):
            raise Wrong("The loss gets the target before the prediction.")
        raise Wrong("The loss gets something else than what the network put out.")
    between = entries[at[Event.LOSS] : at[Event.BACKWARD]]
    others = (e for e in between if e.event == Event.FORWARD)
    if not all(entry.arrays[0].is_close(x, EXACT) for entry in others):
        raise Wrong(
            "Between network.forward and network.backward of a batch, other inputs go "
            "through the network. A backward pass belongs to the forward pass before it."
        )
    G = entries[at[Event.BACKWARD]].arrays[0]
    if not G.is_close(2 * (y - t) / y.size, EXACT):
        raise Wrong("network.backward gets something else than loss.backward returns.")
    return Update(tuple(x[:, 0].tolist()), y, t)


def _check_number(steps: int, run: Run) -> None:
    """Raise why there are other than the steps of all batches in all epochs."""
    batches = -(-run.samples // run.batch_size)
    if steps == batches * run.epochs:
        return
    whole = run.samples // run.batch_size
    known = {
        batches: "It goes through the data once, whatever `epochs` says.",
        run.epochs: "It makes one step an epoch: cut the data into batches.",
        whole * run.epochs: "It leaves out the last, shorter batch.",
        run.samples * run.epochs: "It takes one sample at a time, not a batch.",
    }
    expected = f"expected {run.epochs} epochs of {batches}"
    raise Wrong(known.get(steps, f"{steps} steps came, {expected}."))


def _check_epochs(updates: Sequence[Update], run: Run, T: Array) -> None:
    """Raise unless each epoch has every sample once, in a fresh order, with its own target."""
    batches, everyone = len(updates) // run.epochs, list(range(run.samples))
    size = min(run.batch_size, run.samples)
    orders: list[list[float]] = []
    for number, update in enumerate(updates):
        if not set(update.rows) <= set(everyone):
            raise Wrong("A batch holds numbers that are no inputs of the data.")
        is_last = (number + 1) % batches == 0
        if len(update.rows) > size or (len(update.rows) < size and not is_last):
            raise Wrong(f"A batch of {len(update.rows)} came, expected {size}.")
        if not np.array_equal(update.t, T[np.array(update.rows, dtype=int)]):
            raise Wrong(
                "Inputs and targets are of different samples: take both in the same order."
            )
        if number % batches == 0:
            orders.append([])
        orders[-1] += update.rows
        if is_last and sorted(orders[-1]) != everyone:
            raise Wrong("In an epoch, some samples come twice and others never.")
    if everyone in orders:
        raise Wrong("The samples come in the order of the data: shuffle them.")
    if len(set(map(tuple, orders))) < len(orders):
        raise Wrong("Every epoch has the same order: shuffle anew in each.")


def _check_weights(updates: Sequence[Update], run: Run) -> None:
    """Raise unless the network puts out what it does after the steps of the optimizer alone."""
    network = STAND_INS["Sequential"](*layers_of(STAND_INS, _material(run)[0]))
    loss, optimizer = STAND_INS["MSELoss"](), STAND_INS["SGD"](network, LOOP_RATE)
    for update in updates:
        y = network.forward(np.array(update.rows)[:, np.newaxis])
        if not close(update.y, y, EXACT):
            raise Wrong(MOVED)
        loss.forward(y, update.t)
        network.backward(loss.backward())
        optimizer.step()


def _check_losses(losses: Seen, updates: Sequence[Update], epochs: int) -> None:
    """Raise unless these are means; a short last batch may count as a batch, or by its samples."""
    values = np.array([np.mean((u.y - u.t) ** 2) for u in updates]).reshape(epochs, -1)
    sizes = np.array([len(u.rows) for u in updates]).reshape(epochs, -1)
    means = (values.mean(axis=1), np.average(values, axis=1, weights=sizes))
    if any(losses.is_close(mean, EXACT) for mean in means):
        return
    if losses.is_close(values.sum(axis=1), EXACT):
        raise Wrong("It returns the sums of the losses of each epoch, not the means.")
    if losses.is_close(values[:, -1], EXACT):
        raise Wrong(
            "It returns the loss of the last batch of each epoch, not the mean."
        )
    raise Wrong("What it returns are not the means of the losses of each epoch.")
