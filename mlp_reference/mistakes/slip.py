"""What a slip with pen and paper is: one formula of the chain replaced by a wrong one."""

from functools import cache
from typing import Any, NamedTuple

from mlp_reference.chain import FORMULAS, Formula, Values, work_out
from mlp_reference.worked_example import WorkedExample


class Slip(NamedTuple):
    """A slip in one quantity.

    Attributes
    ----------
    answer : str
        The answer of the exercise in which it shows first.
    quantity : str
        The quantity whose formula went wrong; behind ∂L/∂W1 this can be a hidden one.
    name : str
        What one did.
    formula : callable
        What one computed instead, from the network and the values so far.
    """

    answer: str
    quantity: str
    name: str
    formula: Formula

    def made_in(self, example: WorkedExample, given: Values | None = None) -> Any:
        """Work out the answer with this slip and with all else done right.

        Parameters
        ----------
        example : WorkedExample
            The network.
        given : mapping of str to Value, optional
            Earlier values to go on from, in place of the right ones.

        Returns
        -------
        Value
            The wrong answer.
        """
        return self.made_among(example, work_out(example, given=given))

    def made_among(self, example: WorkedExample, values: Values) -> Any:
        """Work out the answer with this slip where all other values are there already.

        Parameters
        ----------
        example : WorkedExample
            The network.
        values : mapping of str to Value
            What `work_out` returned.

        Returns
        -------
        Value
            The wrong answer.
        """
        wrong = {**values, self.quantity: self.formula(example, values)}
        for name in _between(self.quantity, self.answer):
            wrong[name] = FORMULAS[name](example, wrong)
        return wrong[self.answer]


@cache
def _between(quantity: str, answer: str) -> list[str]:
    """List what is computed after a quantity, up to an answer."""
    names = list(FORMULAS)
    return names[names.index(quantity) + 1 : names.index(answer) + 1]
