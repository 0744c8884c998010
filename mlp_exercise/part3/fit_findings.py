"""What may be wrong with a training loop, told from its diary and from where it ends."""

import re

import numpy as np

from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part3 import material
from mlp_exercise.part3.events import NO_END, Event
from mlp_exercise.part3.findings import (
    Finding,
    close,
    judged,
    numbers,
    seen_as,
    whole,
)
from mlp_exercise.part3.loop import Loop, read
from mlp_exercise.part3.replay import replay
from mlp_exercise.part3.returned_losses import (
    problem_of_losses,
)
from mlp_reference.arrays import Array

BATCHES = -(-material.LOOP_SAMPLES // material.BATCH_SIZE)

NEEDED = {
    Event.BATCH: "It takes no batch from `loader`.",
    Event.FORWARD: "It never calls `model`. Does it use another name than its argument?",
    Event.LOSS: "It never calls `loss_function`, which it is given.",
    Event.BACKWARD: "Nothing goes backward, so no parameter gets a gradient.",
    Event.STEP: "The `optimizer` that it is given never makes a step.",
}
"""What a loop cannot do without, and what is said where it is not there."""


def find_fit(seen: Observations) -> Finding:
    """Judge the loop.

    Parameters
    ----------
    seen : Observations
        What its trial has seen.

    Returns
    -------
    Finding
        With the first thing that is wrong.
    """
    if "" in seen:
        return whole(seen[""])
    returned = seen_as(seen, "returned")
    if returned.kind == "missing":
        return whole(returned)
    loop = read(seen)
    return judged(
        _problem_of_error(returned)
        or _problem_of_steps(loop)
        or _problem_of_epochs(loop)
        or _problem_of_numbers(seen, returned, loop)
    )


def _problem_of_error(returned: Seen) -> str:
    if returned.kind != "error":
        return ""
    if NO_END in returned.detail:
        return (
            f"Told to go {material.EPOCHS} times through the data, it goes on and on."
        )
    return f"It raised {returned.detail}."


def _problem_of_steps(loop: Loop) -> str:
    if Event.LOSS_OF_OTHER_SHAPES in loop.events:
        return (
            "`loss_function` gets predictions and targets of different shapes: "
            "leave both as they come."
        )
    for event, words in NEEDED.items():
        if event not in loop.events:
            return words
    return ""


def _problem_of_epochs(loop: Loop) -> str:
    data = np.hstack(material.loop_data()).astype(float)
    for epoch in loop.epochs:
        if len(epoch) < BATCHES:
            return (
                f"It takes {len(epoch)} of the {BATCHES} batches of an epoch. "
                "Does a return or a break end the loop too early?"
            )
        batches = [turn.batch for turn in epoch]
        found = _sorted(np.concatenate(batches))
        if not all(map(len, batches)) or not np.array_equal(found, _sorted(data)):
            return "An epoch has other samples than those of `loader`."
    if len(loop.epochs) != material.EPOCHS:
        went = "once" if len(loop.epochs) == 1 else f"{len(loop.epochs)} times"
        return (
            f"Told to go {material.EPOCHS} times through the data, it does so {went}."
        )
    steps = sum(event == Event.STEP for event in loop.events)
    if steps == len(loop.epochs):
        return "It makes one step an epoch: each batch needs its own."
    if any(len(epoch) != BATCHES for epoch in loop.epochs):
        return "It takes batches from `loader` that it does nothing with."
    return ""


def _problem_of_numbers(seen: Observations, returned: Seen, loop: Loop) -> str:
    right = replay([[turn.batch for turn in epoch] for epoch in loop.epochs])
    parameters = numbers(seen, "parameters", right.parameters.shape)
    if parameters is None or not close(parameters, right.parameters):
        return _problem_of_order(loop)
    return problem_of_losses(returned, right, [len(t.batch) for t in loop.epochs[0]])


def _problem_of_order(loop: Loop) -> str:
    turns = [_letters(turn.events) for epoch in loop.epochs for turn in epoch]
    if any(re.search("s.*b", turn) for turn in turns):
        return "step() comes before backward(): which gradient does it follow?"
    everything = _letters(loop.events)
    if re.search("bz+s", everything):
        return (
            "zero_grad() comes between backward() and step(): what does the step find?"
        )
    if re.search("bs*b", everything):
        return "Gradients add up: are they reset before each backward pass?"
    return (
        "The parameters do not end where gradient descent on these batches leads. "
        "Is there more in the loop than reset, loss, backward and step?"
    )


def _letters(events: list[int]) -> str:
    letters = {Event.ZERO_GRAD: "z", Event.BACKWARD: "b", Event.STEP: "s"}
    return "".join(letters.get(Event(event), "") for event in events)


def _sorted(rows: Array) -> Array:
    return rows[np.lexsort(rows.T)] if rows.size else rows
