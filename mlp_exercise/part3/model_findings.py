"""What may be wrong with a model, told from what it puts out."""

from mlp_exercise.check import BLANK
from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part3 import material
from mlp_exercise.part3.curves import problem_of_curve
from mlp_exercise.part3.findings import (
    Finding,
    close,
    judged,
    number,
    seen_as,
    whole,
)

BATCH = material.few().shape
"""Of the inputs, and of the predictions that belong to them."""

FEWEST = 4
"""Numbers to learn: a hidden layer of one neuron has two, and so has the output layer."""


def find_model(seen: Observations) -> Finding:
    """Judge the model.

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
    made, model = seen_as(seen, "made"), seen_as(seen, "model")
    if made.kind == "error":
        return judged(f"Regressor() raised {made.detail}.{_hint(made)}")
    if model.kind == "missing":
        words = BLANK if made.kind == "missing" else "There is no `model` of it yet."
        return Finding("missing", words)
    if seen_as(seen, "a batch").kind == "missing" and number(seen, "is a module") == 1:
        hides = _names_in_the_way(seen, "hidden")
        words = f"`forward` has no answer yet.{hides}"
        return judged(words) if hides else Finding("missing", words)
    return judged(
        _problem_of_class(seen)
        or _problem_of_methods(seen)
        or _problem_of_predictions(seen)
        or _problem_of_parameters(seen)
        or problem_of_curve(seen)
    )


def is_usable(seen: Observations) -> bool:
    """Say whether later steps can do something with the model, right or wrong.

    Parameters
    ----------
    seen : Observations
        What its trial has seen.

    Returns
    -------
    bool
        Whether there is one prediction for each input.
    """
    output = seen_as(seen, "a batch")
    return output.kind == "numbers" and output.array.size == BATCH[0]


def _problem_of_class(seen: Observations) -> str:
    if number(seen, "is a class") != 1:
        return "`Regressor` is no class: begin with class Regressor(nn.Module)."
    if number(seen, "is a module") != 1:
        return "`Regressor` does not inherit from nn.Module."
    if number(seen, "is of the class") != 1:
        return "`model` was not made of this `Regressor`: make it again, model = Regressor()."
    return ""


def _problem_of_methods(seen: Observations) -> str:
    for call in ("model.parameters()", "model.eval()"):
        found = seen_as(seen, call)
        if found.kind == "error":
            hint = _hint(found) or _names_in_the_way(seen, "hidden", "overridden")
            return f"{call} raised {found.detail}.{hint}"
    return ""


def _names_in_the_way(seen: Observations, *labels: str) -> str:
    found = " ".join(seen_as(seen, label).detail for label in labels)
    names = [f"`self.{name}`" for name in dict.fromkeys(found.split())]
    if not names:
        return ""
    if len(names) == 1:
        return f" {names[0]} hides a method of nn.Module: choose another name."
    return f" {' and '.join(names)} hide methods of nn.Module: choose other names."


def _problem_of_predictions(seen: Observations) -> str:
    for label, where, shape in (
        ("a batch", f"For a batch of {BATCH[0]}", BATCH),
        ("one sample", "For a single sample", (1, 1)),
    ):
        output = seen_as(seen, label)
        if output.kind == "error":
            hint = _hint(output) or _names_in_the_way(seen, "hidden")
            return f"{where}, it raised {output.detail}.{hint}"
        if output.kind == "nothing":
            return f"{where}, it returns None: does `forward` end with a return?"
        if output.kind != "numbers":
            return f"{where}, it returns a {output.detail}; expected a tensor."
        if output.array.shape != shape:
            came = f"its output has the shape {output.array.shape}; expected {shape}"
            return f"{where}, {came}: one row a sample, one column."
    if not _same(seen_as(seen, "again"), seen["a batch"]):
        return (
            "The same input gives something else each time, even after model.eval(). "
            "Does dropout know when training is over?"
        )
    if not _same(seen_as(seen, "singly"), seen["a batch"]):
        return "The prediction for a sample depends on which others are in its batch."
    return ""


def _problem_of_parameters(seen: Observations) -> str:
    stray = number(seen, "not registered")
    if stray > 0:
        return (
            f"{stray:.0f} of its weights and biases are not among model.parameters(), "
            "so no optimizer will find them. Does a plain list hold the layers?"
        ) + _names_in_the_way(seen, "hidden")
    count = number(seen, "parameters")
    if not count > 0:
        return "model.parameters() is empty: there is nothing to learn."
    if not number(seen, "in use") > 0:
        return "No gradient finds its way from the output back to the parameters."
    if count < FEWEST:
        return "There is no hidden layer: one layer alone has too few parameters."
    return ""


def _same(a: Seen, b: Seen) -> bool:
    same = a.kind == b.kind == "numbers" and a.array.shape == b.array.shape
    return same and close(a.array, b.array)


def _hint(found: Seen) -> str:
    if "shapes cannot be multiplied" in found.detail:
        return " Does each layer take as many numbers as the one before puts out?"
    if (
        "Module.__init__" in found.detail
        or "no attribute '_parameters'" in found.detail
    ):
        return " Call super().__init__() first."
    if "already exists" in found.detail:
        return " nn.Module has a method of this name: choose another."
    return ""
