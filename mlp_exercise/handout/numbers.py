"""Put the numbers of a variant into the text of an exercise.

A token such as ``%W1%`` becomes a formula in Markdown and a literal in code.
``%VARIANT%`` says which numbers these are: in words, or as the argument of ``Checks()``.
"""

import re

from mlp_exercise.handout.cells import Cell, SourceError
from mlp_reference.walkthrough import equation
from mlp_reference.worked_example import WorkedExample

_TOKEN = re.compile(r"%([A-Za-z]\w*)%")
GIVEN = ("W1", "b1", "W2", "b2", "x", "t", "learning_rate")
"""What an exercise gives; the names are those of `WorkedExample`."""


def fill(cell: Cell, example: WorkedExample | None, variant: int | None) -> str:
    """Replace the tokens of one cell.

    Parameters
    ----------
    cell : Cell
        Text with tokens.
    example : WorkedExample or None
        The numbers; None for an exercise that gives none.
    variant : int or None
        The seed they were drawn from; None for the exercise's own.

    Returns
    -------
    str
        Its text with numbers.

    Raises
    ------
    SourceError
        If a token is unknown, or there are no numbers for it.
    """
    return _TOKEN.sub(lambda token: _value(token, cell, example, variant), cell.text)


def _value(
    token: re.Match[str],
    cell: Cell,
    example: WorkedExample | None,
    variant: int | None,
) -> str:
    if token[1] == "VARIANT":
        return _argument(variant) if cell.is_code else _words(variant)
    if token[1] not in GIVEN or example is None:
        expected = ", ".join(("VARIANT", *GIVEN)) if example else "VARIANT alone"
        line = cell.line + cell.text.count("\n", 0, token.start())
        raise SourceError(
            f"unknown token {token[0]} in line {line}, expected {expected}"
        )
    given = getattr(example, token[1])
    return repr(given) if cell.is_code else equation(given)


def _argument(variant: int | None) -> str:
    return "" if variant is None else f"variant={variant}"


def _words(variant: int | None) -> str:
    return "the exercise's own" if variant is None else f"those of variant {variant}"
