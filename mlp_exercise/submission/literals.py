"""Read answers off a cell's syntax tree; nothing is executed."""

import ast
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from mlp_exercise.submission.expressions import (
    NotLiteral,
    calculate,
    only_looks,
    stored_by,
    words_in,
)
from mlp_exercise.submission.magics import LARGEST_CELL, to_python
from mlp_exercise.values import Plain, plain

ANYTHING = frozenset({"exec", "eval", "globals", "locals", "vars", "*"})
"""Where one of these is named, any variable may change."""

KEPT = 2000
"""In characters: what a longer cell says is not kept, so that memory stays the same."""


class Summary(NamedTuple):
    """What a cell does to the names that are asked for.

    Attributes
    ----------
    values : mapping of str to Plain
        The names to which it assigns literals, and these.
    unclear : frozenset of str
        The names it may bind or change to what only execution tells.
    assigned : frozenset of str
        The names it assigns or defines, one way or another, not inside a function.
    """

    values: Mapping[str, Plain] = {}
    unclear: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()


def summarise(source: str, names: frozenset[str]) -> Summary:
    """Read a cell.

    A literal is a constant, a list or tuple of literals, or arithmetic on numbers,
    also on numbers that the same cell has just given a name.
    A literal that stands before a ``raise`` counts, one that stands after it does not.
    """
    # Python takes a fullwidth a for an a.
    if not _mentions(names).search(unicodedata.normalize("NFKC", source)):
        return Summary()
    if len(source) <= KEPT:
        return _kept(source, names)
    return _summarise(source, names)


@lru_cache(maxsize=2048)
def _kept(source: str, names: frozenset[str]) -> Summary:
    """Keep what short cells say: check cells are the same in every notebook."""
    return _summarise(source, names)


def _summarise(source: str, names: frozenset[str]) -> Summary:
    if len(source) > LARGEST_CELL:
        return Summary(unclear=names)
    python = to_python(source)
    if python is None:
        return Summary()
    reader = _Reader(names)
    try:
        reader.read(python.tree.body)
    except RecursionError:
        return Summary(unclear=names)
    values = {name: plain(reader.known[name]) for name in reader.literal}
    return Summary(values, frozenset(reader.unclear), frozenset(reader.assigned))


@lru_cache(maxsize=16)
def _mentions(names: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted((names | ANYTHING) - {"*"})))
    return re.compile(rf"\b(?:{words})\b|\bimport\s*\*")


class _Reader:
    """Goes through the statements of one cell, as Python would."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.known: dict[str, object] = {}  # every name that holds a literal just now
        self.literal: set[str] = set()  # those of them that are asked for
        self.unclear: set[str] = set()
        self.assigned: set[str] = set()

    def read(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, ast.Raise):
                return
            try:
                understood = self._follow(statement)
            except ArithmeticError:  # division by zero, overflow: the cell ends here
                return
            if not understood:
                self._lose_track(statement)

    def _follow(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Assign(targets=targets, value=value):
                pass
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                targets = [target]
            case ast.Pass() | ast.AnnAssign(target=ast.Name(), value=None):
                return True
            case ast.Expr(value=value) | ast.Assert(test=value):
                return only_looks(value)
            case _:
                return False
        try:
            literal = self._evaluate(value)
        except (NotLiteral, TypeError):
            return False
        if len(targets) > 1 and isinstance(literal, list):
            return False  # one list with two names: what changes one changes the other
        return all(self._bind(target, literal) for target in targets)

    def _bind(self, target: ast.expr, value: object) -> bool:
        if isinstance(target, ast.Name):
            self.known[target.id] = value
            if target.id in self.names:
                self.literal.add(target.id)
                self.assigned.add(target.id)
                self.unclear.discard(target.id)
            return True
        if not isinstance(target, ast.Tuple | ast.List) or not isinstance(value, list):
            return False
        if len(target.elts) != len(value):
            return False
        pairs = zip(target.elts, value, strict=True)
        return all(self._bind(part, item) for part, item in pairs)

    def _evaluate(self, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self._evaluate(element) for element in elements]
            case ast.Name(id=name) if type(self.known.get(name)) in (int, float):
                return self.known[name]
            case ast.UnaryOp(op=sign, operand=operand):
                return calculate(sign, self._evaluate(operand))
            case ast.BinOp(left=left, op=sign, right=right):
                return calculate(sign, self._evaluate(left), self._evaluate(right))
        raise NotLiteral

    def _lose_track(self, statement: ast.stmt) -> None:
        """Forget what a statement may change that is beyond this reader."""
        words = words_in(statement)
        lost = self.names if words & ANYTHING else self.names & words
        self.unclear |= lost
        self.literal -= lost
        self.assigned |= self.names & stored_by(statement)
        for word in list(self.known) if words & ANYTHING else words | lost:
            self.known.pop(word, None)
