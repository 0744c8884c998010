"""Read whatever a learner assigned as plain numbers, without trusting any of it.

What comes out holds lists, ints, floats and None alone, so it can cross from one process
to another as JSON. Where something else stood, a text says what: ``"a text"``.
"""

import math
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

Plain: TypeAlias = "int | float | str | list[Plain] | None"
"""A number, nothing (None), what stood there instead of a number (a str), or a list of these."""

DEPTH = 50
"""Lists that are nested more often are no answer."""

SIZE = 1000
"""An answer has at most six elements; beyond these limits it is no answer at all."""

PHRASES = {
    "unreadable": "a value that cannot be read ({error})",
    "too many": f"more than {SIZE} values",
    "too deep": f"lists nested more than {DEPTH} deep",
    "truth": "the truth value {value}",
    "text": "the text {text}",
    "complex": "a complex number",
    "type": "a value of type {name}",
    "not finite": "a number that is not finite",
}
"""What is said of things that are no numbers, as templates for `str.format`."""

TEXT_LENGTH = 20
"""So many characters of a text are repeated; they are enough to find it."""


class _TooMany(Exception):  # noqa: N818 - it says how far a value has been read
    """Raised at the first element beyond `SIZE`: nobody looks at the others."""


def plain(value: object) -> Plain:
    """Turn an answer into plain numbers.

    Parameters
    ----------
    value : object
        An int, float, Fraction, Decimal, NumPy scalar or array, torch tensor,
        or lists and tuples of these. Anything else becomes a text that names it,
        and so does a value with more than `SIZE` elements, lists counted among them.

    Returns
    -------
    Plain
        Numbers of single precision come back with the decimals they were written with.
    """
    try:
        budget = iter(range(SIZE))
        return _plain(value, DEPTH, budget)
    except _TooMany:
        return PHRASES["too many"]
    except Exception as error:  # an object may raise whatever it likes when it is read
        return PHRASES["unreadable"].format(error=type(error).__name__)


def _plain(value: object, depth: int, budget: Iterator[int]) -> Plain:
    if next(budget, None) is None:
        raise _TooMany
    if value is None:
        return None
    if isinstance(value, list | tuple):
        if depth == 0:
            return PHRASES["too deep"]
        # The base class reads what is stored, whatever a subclass claims.
        items = (
            list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value)
        )
        return [_plain(item, depth - 1, budget) for item in items]
    if _is_array(value):
        return _array(value, depth, budget)
    return _number(value)


def _number(value: object) -> Plain:
    number: int | float
    if isinstance(value, bool):
        return PHRASES["truth"].format(value=value)
    if isinstance(value, int):
        number = int.__int__(value)
    elif isinstance(value, float):
        number = float.__float__(value)
    elif isinstance(value, Decimal | Fraction):
        number = float(value)
    elif isinstance(value, str):
        return PHRASES["text"].format(text=repr(str.__str__(value)[:TEXT_LENGTH]))
    elif isinstance(value, complex):
        return PHRASES["complex"]
    else:
        return _type(value)
    try:
        finite = math.isfinite(number)
    except OverflowError:  # an int beyond every float
        finite = False
    return number if finite else PHRASES["not finite"]


def _type(value: object) -> str:
    return PHRASES["type"].format(name=type(value).__name__[:40])


def _is_array(value: object) -> bool:
    """Recognise NumPy and torch objects without importing either."""
    # A module that another thread has begun to import lacks names, and has made nothing yet.
    names = (("numpy", "ndarray"), ("numpy", "generic"), ("torch", "Tensor"))
    kinds = (getattr(sys.modules.get(module), name, ()) for module, name in names)
    return any(isinstance(value, kind) for kind in kinds)


def _array(value: Any, depth: int, budget: Iterator[int]) -> Plain:
    numpy = sys.modules["numpy"]
    is_tensor = hasattr(value, "detach")
    if (value.numel() if is_tensor else value.size) > SIZE:
        raise _TooMany
    if is_tensor:
        value = value.detach().cpu()
        value = (value.float() if "bfloat16" in str(value.dtype) else value).numpy()
    if value.dtype.kind == "f" and value.dtype.itemsize != 8:
        # 0.29 in single precision is 0.28999999165534973; str gives what was written.
        value = numpy.array([float(str(v)) for v in value.flat]).reshape(value.shape)
    content = value.tolist()
    if _is_array(content):
        return _type(content)
    return _plain(content, depth, budget)
