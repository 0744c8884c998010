"""What marking takes and gives: an instructor's choices, and the mark of an answer."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

Verdict = Literal["correct", "follow-through", "wrong", "missing", "blocked"]
Missing = Literal["block", "original"]


@dataclass(frozen=True)
class Options:
    """What an instructor may choose.

    Attributes
    ----------
    missing : {"block", "original"}
        An answer whose every route lacks an earlier answer is blocked, or counts all the
        same if it equals the original value.
    accept_truncation : bool
        Whether 0.23 is accepted for 0.2355.

    Raises
    ------
    ValueError
        If `missing` is neither of the two.
    """

    missing: Missing = "block"
    accept_truncation: bool = False

    def __post_init__(self) -> None:
        """Refuse a word that is no choice."""
        if self.missing not in get_args(Missing):
            raise ValueError(
                f"missing is {self.missing!r}, expected 'block' or 'original'"
            )


@dataclass(frozen=True)
class StepMark:
    """The mark of one answer.

    Attributes
    ----------
    name : str
        The step.
    verdict : {"correct", "follow-through", "wrong", "missing", "blocked"}
        What the rule says.
    points : float
        What it pays.
    max_points : float
        What it could have paid.
    flags : tuple of str
        What a person may want to look at: "invalid" (no numbers), "wrong shape",
        "trivial" (paid, but it follows from a wrong answer that is all zero or huge),
        "truncated" (paid, although its decimals are cut off).
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
