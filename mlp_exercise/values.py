"""Read whatever a learner assigned as plain numbers, without trusting any of it.

What comes out holds lists, ints, floats and None alone, so it can cross from one process
to another as JSON. A text that says a number is that number, as in a box of the worksheet.
Where something else stood, a text says what: ``"a complex number"``.
"""

import math
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from mlp_exercise.typed import is_blank, number_of

Plain: TypeAlias = "int | float | str | list[Plain] | None"
"""A number, nothing (None), what stood there instead of a number (a str), or a list of these."""

DEPTH = 50  # lists nested more deeply are no answer
SIZE = 1000  # an answer has six elements at most; with more than this it is not read
TEXT_LENGTH = 20  # in characters: what is repeated of a text, enough to find it

PHRASES = {
    "unreadable": "a value that cannot be read ({error})",
    "too many": f"more than {SIZE} values",
    "too deep": f"lists nested more than {DEPTH} deep",
    "truth": "the truth value {value}",
    "text": "the text {text}",
    "several": "more than one number in one place: {text}",
    "by zero": "a division by zero: {text}",
    "doubtful": "a number that I am not sure of: {text}",
    "formula": "a formula in it that I cannot read: {text}",
    "complex": "a complex number",
    "type": "a value of type {name}",
    "not finite": "a number that is not finite",
}
"""What is said of things that are no numbers, as templates for `str.format`."""


SEVERAL = r"\[[^\]]*,|[.0-9](?:[,;] +[-+−]?| +)[.0-9]"
BY_ZERO = r"[/÷:] *[-+−]?0+(?:[.,]0*)?(?![.,0-9])"
DOUBTFUL = r"^(?=[^0-9]*[0-9])[-+., \t\n0-9]*$"
FORMULA = r"[-0-9+*/^=()\[\]]"
"""Which texts are meant as numbers or formulas, in this order; the worksheet takes them over."""


class _TooMany(Exception):  # noqa: N818 - it says how far a value has been read
    """Raised at the first element beyond `SIZE`: nobody looks at the others."""


def plain(value: object) -> Plain:
    """Return an answer as plain numbers: Python's, NumPy's, torch's, and lists of these.

    Lists count among the `SIZE` elements. Numbers of single precision come back with the
    decimals they were written with.
    """
    try:
        return _plain(value, DEPTH, iter(range(SIZE)))
    except _TooMany:
        return PHRASES["too many"]
    except Exception as error:  # an object may raise whatever it likes when it is read
        return PHRASES["unreadable"].format(error=type(error).__name__)


def _plain(value: object, depth: int, budget: Iterator[int]) -> Plain:
    if next(budget, None) is None:
        raise _TooMany
    # The base class reads what is stored, whatever a subclass claims.
    match value:
        case None:
            return None
        case bool():
            return PHRASES["truth"].format(value=value)
        case float():
            return _finite(float.__float__(value))
        case int():
            return _finite(int.__int__(value))
        case list() | tuple() if depth == 0:
            return PHRASES["too deep"]
        case list():
            return [_plain(item, depth - 1, budget) for item in list.__iter__(value)]
        case tuple():
            return [_plain(item, depth - 1, budget) for item in tuple.__iter__(value)]
        case Decimal() | Fraction():
            return _finite(float(value))
        case str():
            return _text(str.__str__(value))
        case complex():
            return PHRASES["complex"]
    return _array(value, depth, budget) if _is_array(value) else _type(value)


def _finite(number: float) -> Plain:
    try:
        return number if math.isfinite(number) else PHRASES["not finite"]
    except OverflowError:  # an int beyond every float
        return PHRASES["not finite"]


def _text(text: str) -> Plain:
    if is_blank(text):
        return None
    if (number := number_of(text)) is not None:
        return number
    start = repr(text[:TEXT_LENGTH] + "…" * (len(text) > TEXT_LENGTH))
    patterns = {
        "several": SEVERAL,
        "by zero": BY_ZERO,
        "doubtful": DOUBTFUL,
        "formula": FORMULA,
        "text": "",
    }
    kind = next(kind for kind, pattern in patterns.items() if re.search(pattern, text))
    return PHRASES[kind].format(text=start)


def _type(value: object) -> str:
    return PHRASES["type"].format(name=type(value).__name__[:40])


def _is_array(value: object) -> bool:
    """Return whether NumPy or torch made a value, without importing either."""
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
    return _type(content) if _is_array(content) else _plain(content, depth, budget)
