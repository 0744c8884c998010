"""One number as a person types it: ``0.1*0.3+0.05``, ``1/3``, ``−0,29``.

Numbers, ``+ - * / ( )``, powers (``**``, ``^``, ``²``, ``³``), ``tanh``, ``exp`` and ``e`` are
read with Python's precedence, and nothing is ever evaluated as code. Signs may be those of a
page (−, ×, ·, ÷) or of an East Asian keyboard, and a colon divides. `typed.js` reads the same
texts as the same numbers in the browser.

A comma is always a decimal sign: ``1,234`` is a little more than one. With a comma and a point
in one number, or with two commas, nobody knows what is meant, so ``1.234,5`` is no number;
neither is ``0, 29``, which looks like two. A number before a bracket is a factor, as in
``2(0.3 − 0.5)``, unless a division comes before it: ``1/2(3)`` may be one sixth or 1.5.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from mlp_exercise.signs import MINUS, NO_WIDTH, OPERATORS

LONGEST = 200  # characters
DEEPEST = 25  # brackets, signs and powers inside each other
MOST_FACTORS = 64  # a whole power is multiplied out: each machine gets the same

_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_NOTHING = re.compile(rf"[ \t\n\r\f\v{_BLANKS}{NO_WIDTH}]*")
_AS_ASCII = {
    **dict.fromkeys(map(ord, MINUS), "-"),
    **{ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F))},
    **{ord(sign): code for sign, code in OPERATORS.items() if len(code) == 1},
    **dict.fromkeys(map(ord, ":："), "/"),
    **dict.fromkeys(map(ord, NO_WIDTH), ""),
}
_TOKEN = re.compile(
    r"[ \t\n\r\f\v]*(?:(?P<number>(?:\d+(?:\.\d*|,\d+)?|[.,]\d+)(?:e[+-]?\d+)?)"
    r"|(?P<name>(?:math\.|np\.)?[a-z]+)|(?P<sign>\*\*|[-+*/^²³()]))",
    re.ASCII | re.IGNORECASE,
)
FUNCTIONS: dict[str, Callable[[float], float]] = {"exp": math.exp, "tanh": math.tanh}
"""What may be called in ``math``, which the notebook's first cell imports."""


class _NoNumber(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """Raised where a text stops being a number."""


class _Token(NamedTuple):
    kind: str  # "number", "name" or "sign"; empty at the end
    text: str


def number_of(text: str) -> float | None:
    """Return the number that a text says; None where it is none, or where it might be two."""
    try:
        return _Reader(_tokens_of(text)).whole()
    except (_NoNumber, ArithmeticError, ValueError):
        return None


def is_blank(text: str) -> bool:
    """Return whether a text holds nothing that can be seen."""
    return _NOTHING.fullmatch(text) is not None


def _tokens_of(text: str) -> list[_Token]:
    if len(text) > LONGEST:
        raise _NoNumber
    ascii_text = re.sub(f"[{_BLANKS}]", " ", text).translate(_AS_ASCII)
    trimmed = ascii_text.strip(" \t\n\r\f\v").removeprefix("=")
    tokens, place = [], 0
    while place < len(trimmed):
        found = _TOKEN.match(trimmed, place)
        if not found:
            raise _NoNumber
        place = found.end()
        kind = found.lastgroup or ""
        word = found[kind].lower().replace(",", ".")
        if kind == "name":
            word = word.rpartition(".")[2]
        tokens.append(_Token(kind, "**" if word == "^" else word))
    return tokens


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise _NoNumber
    return value


def _power(base: float, exponent: float) -> float:
    if not exponent.is_integer() or abs(exponent) > MOST_FACTORS:
        return _finite(math.pow(base, exponent))
    result = 1.0
    for _ in range(int(abs(exponent))):
        result = _finite(result * base)
    return _finite(1 / result) if exponent < 0 else result


class _Reader:
    """Reads sums of products of signed powers, from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = [*tokens, _Token("", "")]
        self.place = 0
        self.depth = 0

    def _take(self, *signs: str) -> str:
        """Return the next token and go past it if it is one of some signs; else nothing."""
        kind, text = self.tokens[self.place]
        if kind != "sign" or text not in signs:
            return ""
        self.place += 1
        return text

    def whole(self) -> float:
        value = self._sum()
        if self.tokens[self.place].kind:
            raise _NoNumber
        return value

    def _sum(self) -> float:
        value = self._product()
        while sign := self._take("+", "-"):
            term = self._product()
            value = _finite(value + term if sign == "+" else value - term)
        return value

    def _product(self) -> float:
        value = self._signed()
        divided = False
        while True:
            sign = self._take("*", "/")
            if not sign and (divided or not self._is_before_bracket()):
                return value
            factor = self._signed()
            divided |= sign == "/"
            value = _finite(value / factor if sign == "/" else value * factor)

    def _is_before_bracket(self) -> bool:
        before, after = self.tokens[self.place - 1], self.tokens[self.place]
        return (before.kind == "number" or before.text == ")") and after.text == "("

    def _signed(self) -> float:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _NoNumber
        sign = self._take("+", "-")
        value = self._signed() if sign else self._raised()
        self.depth -= 1
        return -value if sign == "-" else value

    def _raised(self) -> float:
        base = self._single()
        if small := self._take("²", "³"):
            return _power(base, 2.0 if small == "²" else 3.0)
        return _power(base, self._signed()) if self._take("**") else base

    def _single(self) -> float:
        kind, text = self.tokens[self.place]
        if kind == "number" or (kind == "name" and text == "e"):
            self.place += 1
            return _finite(float(text)) if kind == "number" else math.e
        if kind == "name":
            if text not in FUNCTIONS:
                raise _NoNumber
            self.place += 1
        if not self._take("("):
            raise _NoNumber
        value = self._sum()
        if not self._take(")"):
            raise _NoNumber
        return _finite(FUNCTIONS[text](value)) if kind == "name" else value
