"""Mark what trials have seen: against this course's own code, or the learner's own forward pass.

A backward pass is right if its gradients are those of the formulas, whatever the forward pass
before it did. It follows through if they are the derivative of the learner's own forward pass,
though that is another function than was asked for.
"""

from collections.abc import Mapping

from mlp_exercise.check import BLANK, NOT_TRIED, Step, StepMark, Verdict
from mlp_exercise.observations import Observations, Seen
from mlp_exercise.part2.batches import LAYOUTS
from mlp_exercise.part2.loop import what_is_wrong
from mlp_exercise.part2.passes import untouchable
from mlp_exercise.part2.reference import (
    before_the_first_step,
    derivative,
    expected,
    is_right,
    of_series,
    slips,
)
from mlp_exercise.part2.sgd_trial import MOVES
from mlp_exercise.part2.steps import STEPS
from mlp_exercise.part2.symptoms import (
    NUMERICAL,
    Fault,
    describe,
    faults,
    named,
    raised,
    unchanged,
)

FIRST_CALLS = {
    "forward": ("one sample/output",),
    "backward": ("remembered/one sample/input", "own/one sample/input"),
    "step": ("first step/call",),
    "train": ("even/losses",),
}
"""By the last word of a step's name: what tells whether it was taken up at all."""

LEAVES = {
    "linear_forward": "self.x",
    "tanh_forward": "self.z",
    "mse_forward": "self.error",
    "network_forward": "its layers",
}
"""Where a forward pass keeps what the backward pass needs."""

FOLLOWS = "Follows from your own forward pass."
"""Said of a backward pass that is the derivative of a forward pass that is wrong."""

ALONE = "After your own forward pass it cannot be tried out: that comes to no end."
"""Said of a backward pass that is wrong after a right forward pass, if there is no other."""

CORRECT = "Correct."
"""Said of what does what was asked for."""


def mark(observed: Mapping[str, Observations]) -> list[StepMark]:
    """Mark all steps.

    Parameters
    ----------
    observed : mapping of str to Observations
        What the trial of each step has seen; a step without is missing.

    Returns
    -------
    list of StepMark
        One for each of the ten steps, in order.
    """
    return [
        _mark(step, observed.get(step.name, {"": Seen("missing")})) for step in STEPS
    ]


def _mark(step: Step, seen: Observations) -> StepMark:
    verdict, feedback = _judge(step.name, seen)
    points = step.points if verdict in ("correct", "follow-through") else 0.0
    # Of another function than was asked for, only a person can say whether it is one.
    flags = ("own forward pass",) if verdict == "follow-through" else ()
    return StepMark(step.name, verdict, points, step.points, flags, feedback, None)


def _judge(name: str, seen: Observations) -> tuple[Verdict, str]:
    calls = ("", *FIRST_CALLS[name.split("_")[-1]])
    whole = next((seen[label] for label in calls if label in seen), None)
    if whole is None:
        return "wrong", NOT_TRIED
    if whole.kind == "missing":
        return "missing", BLANK
    if "" in seen:
        return "wrong", f"It cannot be tried out: {whole.detail}."
    if name.endswith("backward"):
        return _judge_backward(name, seen)
    if name == "train":
        problem = what_is_wrong(seen)
    elif name == "sgd_step":
        problem = _problem_of_step(seen)
    else:
        wrong = faults(seen, expected(name))
        problem = describe(wrong, slips(name)) if wrong else _forgotten(name, seen)
    return ("wrong", problem) if problem else ("correct", CORRECT)


def _problem_of_step(seen: Observations) -> str:
    """Look at the usual network first: it has slips that are known."""
    wrong = faults(seen, expected("sgd_step"))
    for places in (MOVES, LAYOUTS):
        calls = {place: seen.get(f"{place}/call", Seen("nothing")) for place in places}
        for place, call in calls.items():
            if call.kind == "error":
                return raised(place, call)
        here = [fault for fault in wrong if fault.label.partition("/")[0] in places]
        if here:
            left_out = unchanged(here, before_the_first_step())
            return left_out or describe(here, slips("sgd_step"))
    return ""


def _forgotten(name: str, seen: Observations) -> str:
    """See whether a backward pass that is right finds what a forward pass must keep."""
    right = expected(name.replace("forward", "backward"))
    found = {how: of_series(how, seen) for how in ("own", "remembered")}
    if not all(found.values()):
        return ""  # the backward pass came to no end
    own, remembered = (faults(series, right) for series in found.values())
    if not remembered and not all(untouchable(fault.label) for fault in own):
        return f"What it returns is right, but not what it leaves in {LEAVES[name]}."
    return ""


def _judge_backward(name: str, seen: Observations) -> tuple[Verdict, str]:
    right = expected(name)
    found = {how: of_series(how, seen) for how in ("own", "remembered")}
    wrong = {how: faults(series, right) for how, series in found.items() if series}
    own = wrong.get("own", [])
    spoiled = any(untouchable(fault.label) for fault in own)
    if not spoiled and not all(wrong.values()):
        return "correct", CORRECT
    slope = derivative(name, seen)
    right_before = is_right(name, slope)
    follows = own and slope and not faults(found["own"], slope, NUMERICAL)
    if follows and not right_before and not spoiled:
        return "follow-through", FOLLOWS
    words = _words(name, wrong, right_before)
    return "wrong", words if "own" in wrong else f"{words} {ALONE}"


def _words(name: str, wrong: Mapping[str, list[Fault]], right_before: bool) -> str:
    """Choose the series that tells most: after a right forward pass, the learner's own."""

    def rank(how: str) -> tuple[bool, int, bool]:
        raises = any(fault.seen.kind == "error" for fault in wrong[how])
        return raises, len(wrong[how]), (how == "own") != right_before

    series = [wrong[how] for how in sorted(wrong, key=rank) if wrong[how]]
    found = (named(faults, slips(name)) for faults in series)
    return next(filter(None, found), "") or describe(series[0], {})
