"""An answer as it was written: its numbers, its shape, and what its decimals leave open."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import prod

from mlp_exercise.part1.boxes import Shape
from mlp_exercise.part1.phrases import say
from mlp_exercise.values import PHRASES, Plain, plain

COMPUTED = 9
"""From so many decimals on, a number was computed and not rounded by hand."""


@dataclass(frozen=True)
class Answer:
    """What a learner gave for one step.

    Attributes
    ----------
    values : tuple of float or None
        The elements, row by row in the shape asked for; None if they are of no use.
    problem : str
        Empty, or "missing", "invalid" or "wrong shape".
    detail : str
        What came, in words; empty if nothing did.
    """

    values: tuple[float, ...] | None
    problem: str = ""
    detail: str = ""


def read(given: Plain, shape: Shape) -> Answer:
    """Hold plain numbers against the shape asked for.

    Unit axes too many or too few and the exact transpose of a matrix have the wrong shape,
    but their values are used by later steps. Nothing is ever broadcast.

    Parameters
    ----------
    given : Plain
        What `values.plain` made of the answer.
    shape : tuple of int
        The shape asked for.

    Returns
    -------
    Answer
        Its numbers, or why there are none.
    """
    leaves = _leaves(given)
    if any(leaf is None for leaf in leaves):
        partly = any(leaf is not None for leaf in leaves)
        return Answer(None, "missing", say("partly missing") if partly else "")
    # Whatever reached us as plain is looked at once more: True and NaN are no numbers.
    looked_at = [leaf if isinstance(leaf, str) else plain(leaf) for leaf in leaves]
    texts = [leaf for leaf in looked_at if isinstance(leaf, str)]
    if texts:
        problem = "wrong shape" if texts[0] == PHRASES["too many"] else "invalid"
        return Answer(None, problem, say("holds", found=texts[0]))
    found = _shape(given)
    if found is None:
        return Answer(None, "invalid", say("ragged"))
    values = tuple(float(leaf) for leaf in leaves if isinstance(leaf, int | float))
    if found == shape or (not shape and len(values) == 1):
        return Answer(values)
    wrong = say("shape", shape=found)
    if [size for size in found if size != 1] == [size for size in shape if size != 1]:
        return Answer(values, "wrong shape", wrong)
    if len(shape) == 2 and 1 not in shape and found == shape[::-1]:
        transposed = [values[i :: found[1]] for i in range(found[1])]
        return Answer(
            tuple(value for column in transposed for value in column),
            "wrong shape",
            say("transpose", shape=found),
        )
    if len(values) == 2 * prod(shape):
        wrong = say("twice as many", shape=found)
    return Answer(None, "invalid", wrong)


@lru_cache(maxsize=4096)
def half_unit(value: float) -> float:
    """Give half a unit of the last decimal that a number was written with.

    Parameters
    ----------
    value : float
        The number. Floats are written with the fewest decimals that tell them apart.

    Returns
    -------
    float
        Never more than 0.005; zero for a number with nine decimals or more.
    """
    decimals = decimals_of(value)
    return 0.0 if decimals >= COMPUTED else 0.5 * 10.0 ** -max(decimals, 2)


def decimals_of(value: float) -> int:
    """Count the decimals of a number as Python writes it.

    Parameters
    ----------
    value : float
        A finite number.

    Returns
    -------
    int
        Zero for whole numbers.
    """
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _leaves(given: Plain) -> list[Plain]:
    if not isinstance(given, list):
        return [given]
    return [leaf for item in given for leaf in _leaves(item)]


def _shape(given: Plain) -> Shape | None:
    """Measure nested lists; None where they are ragged."""
    if not isinstance(given, list):
        return ()
    shapes = {_shape(item) for item in given}
    if not shapes:
        return (0,)
    inner = shapes.pop()
    return None if shapes or inner is None else (len(given), *inner)
