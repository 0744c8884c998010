"""What marking gives, in every exercise: the mark of a step."""

from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal[
    "correct", "follow-through", "wrong", "missing", "blocked", "timed-out"
]


@dataclass(frozen=True)
class StepMark:
    """The mark of one answer.

    Attributes
    ----------
    name : str
        The step.
    verdict : {"correct", "follow-through", "wrong", "missing", "blocked", "timed-out"}
        What the rule says; or that the answer came to no end within its time.
    points : float
        What it pays.
    max_points : float
        What it could have paid.
    flags : tuple of str
        What a person may want to look at: "invalid" (no numbers), "wrong shape",
        "trivial" (paid, but it follows from a wrong answer that is all zero or huge),
        "truncated" (paid, although its decimals are cut off), "time limit" and
        "memory limit" (not paid, and something in the notebook has met that limit),
        "own forward pass" (paid, as the derivative of another function than was asked for),
        "no optimizer" (paid for the loss alone, as the model kept it from being made).
    feedback : str
        Words for the learner. They never give a value away.
    expected : Any
        The value that follows from the learner's own earlier answers, in nested lists.
    """

    name: str
    verdict: Verdict
    points: float
    max_points: float
    flags: tuple[str, ...]
    feedback: str
    expected: Any
