"""What an instructor may choose."""

from dataclasses import dataclass
from typing import Literal, get_args

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
