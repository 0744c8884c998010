"""What expressions and statements are made of, told from their syntax trees alone."""

import ast
import operator
from collections.abc import Callable
from typing import Any

HARMLESS = frozenset(
    {"print", "display", "check", "len", "round", "abs", "sum", "min", "max", "type"}
)
"""Functions that leave answers as they are."""

LOOKING = (
    *(ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Subscript, ast.Load),
    *(ast.JoinedStr, ast.FormattedValue, ast.keyword, ast.Compare, ast.cmpop),
    *(ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.BoolOp, ast.boolop),
)
"""What an expression may be made of that changes nothing, calls of harmless functions aside."""

LARGEST_INT = 10**100
"""No answer needs more."""

LARGEST_EXPONENT = 100
"""A power of large integers never ends."""

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
"""What is calculated without executing anything."""


class NotLiteral(Exception):  # noqa: N818 - no error
    """Raised at an expression that is more than a literal."""


def calculate(sign: ast.AST, *operands: Any) -> Any:
    """Calculate with numbers, as far as that always ends."""
    function = OPERATORS.get(type(sign))
    if function is None or not all(type(value) in (int, float) for value in operands):
        raise NotLiteral
    for value in operands:
        if type(value) is int and abs(value) > LARGEST_INT:
            raise NotLiteral
    if function is operator.pow and abs(operands[1]) > LARGEST_EXPONENT:
        raise NotLiteral
    return function(*operands)


def only_looks(expression: ast.expr) -> bool:
    """Tell whether an expression changes nothing."""
    for node in ast.walk(expression):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in HARMLESS:
                pass
            case _ if not isinstance(node, LOOKING):
                return False
    return True


def words_in(statement: ast.stmt) -> set[str]:
    """List the variables in a statement, and whatever else is named like one."""
    words: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant | ast.Attribute | ast.keyword):
            continue
        for value in vars(node).values():
            texts = value if isinstance(value, list) else [value]
            words.update(text for text in texts if isinstance(text, str))
    return words


def stored_by(statement: ast.stmt) -> set[str]:
    """List the names that a statement binds, leaving out those within functions."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    nodes = ast.walk(statement)
    return {
        n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
