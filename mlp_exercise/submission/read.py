"""What a notebook's text says without being run: its seed, its answers, where they count.

A literal is a constant, a list or tuple of literals, or arithmetic on numbers, with ``math.tanh``
and ``math.exp``, also on numbers that the same cell has just given a name. What is more than
that, only execution tells.
"""

import ast
import math
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from mlp_exercise.handout import source as handed_out
from mlp_exercise.handout.source import ANSWER
from mlp_exercise.submission.notebook import Cell, Submission
from mlp_exercise.submission.python import Python, parse
from mlp_exercise.typed import FUNCTIONS
from mlp_exercise.values import Plain, plain

ANYTHING = frozenset({"exec", "eval", "globals", "locals", "vars", "*"})
"""Where one of these is named, any variable may change."""

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

BLANK = (ast.Constant, ast.List, ast.Tuple, ast.UnaryOp, ast.unaryop, ast.Load)
"""What a value is made of that was only filled in, or not even that."""

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}

LARGEST_INT, LARGEST_EXPONENT = 10**100, 100
"""A power of larger integers may never come to an end, and no answer needs one."""

LARGEST_CACHED = 2000
"""In characters: what a longer cell says is read anew, so that memory stays the same."""

CHECK = re.compile(r"""\bcheck\(\s*['"](\w+)['"]""")
"""What a check cell calls: ``check("z", z)``."""

MAKES_CHECKS = "Checks"
"""The class that a notebook's first cell calls with its seed: ``Checks(variant=17)``."""

UNCLEAR: Final = "unclear: only execution tells"  # no value of `plain` is this text
"""Stands for a value that the page does not tell."""

Changes = Mapping[int, Mapping[str, Plain]]


class NotLiteral(Exception):  # noqa: N818 - no error
    """An expression is more than a literal."""


class Summary(NamedTuple):
    """What a cell does to the names that are asked for."""

    values: Mapping[str, Plain] = {}  # of the names to which it assigns literals
    unclear: frozenset[str] = frozenset()  # bound or changed to what is no literal
    assigned: frozenset[str] = frozenset()  # bound at all, and not inside a function


def seed_of(submission: Submission) -> tuple[int | None, bool]:
    """Return the seed of a notebook's numbers, and whether its code says another one."""
    in_code = [
        seed
        for cell in submission.cells
        if MAKES_CHECKS in cell.source
        for seed in _seeds(cell.source)
    ]
    seed: Any = submission.course.get("variant", ...)
    if seed is not None and type(seed) is not int:
        return (in_code[0] if in_code else None), False
    return seed, bool(in_code) and seed not in in_code


@lru_cache(maxsize=1024)
def _seeds(source: str) -> tuple[int | None, ...]:
    """List the seeds with which a cell makes its checks."""
    found: list[int | None] = []
    parsed = parse(source)
    tree = parsed.tree if isinstance(parsed, Python) else None
    for node in ast.walk(tree or ast.Pass()):
        match node:
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called), keywords=options
            ) if called == MAKES_CHECKS:
                values = [*node.args, *(o.value for o in options if o.arg == "variant")]
                seeds = [v.value for v in values if isinstance(v, ast.Constant)]
                found += [v for v in seeds[:1] or [None] if v is None or type(v) is int]
    return tuple(found)


@lru_cache(maxsize=8)
def openings(exercise: str) -> Mapping[str, str]:
    """Return the first line of each answer cell as it is handed out."""
    cells = [c for c in handed_out.load(exercise).cells if ANSWER in c.tags]
    return {cell.grade_id: cell.text.strip().partition("\n")[0] for cell in cells}


def own_cells(
    cells: Sequence[Cell], names: Iterable[str], openings: Mapping[str, str]
) -> dict[str, list[int]]:
    """Return the cells after which each answer counts, the surest and the last one first.

    nbgrader's name tells it, or Jupyter's, a comment as it was handed out, the check below.
    """
    opened = {line.strip(): name for name, line in openings.items()}
    ways: tuple[Callable[[Cell], Iterable[str | None]], ...] = (
        lambda cell: (cell.grade_id,),
        lambda cell: (cell.id,),
        lambda cell: map(opened.get, map(str.strip, cell.source.splitlines())),
        lambda cell: CHECK.findall(cell.source),
    )
    backwards = list(enumerate(cells))[::-1]
    told = [(number, {*way(cell)}) for way in ways for number, cell in backwards]
    return {name: [number for number, found in told if name in found] for name in names}


def value_of(
    name: str,
    own: Sequence[int],
    summaries: Sequence[Summary],
    changes: Changes | None = None,
) -> Plain:
    """Return the value of a name that counts: after its own cell, else the last one anywhere.

    Without `changes`, which tell what came of execution, it may be `UNCLEAR`.
    """
    states: list[Plain] = []
    state: Plain = None
    for number, summary in enumerate(summaries):
        if name in summary.values:
            state = summary.values[name]
        elif changes is not None:
            state = changes.get(number, {}).get(name, state)
        elif name in summary.unclear:
            state = UNCLEAR
        states.append(state)
    values = [*(states[number] for number in own), *reversed(states)]
    return next((value for value in values if not is_missing(value)), None)


def is_missing(value: Plain) -> bool:
    """Say whether an answer was left blank, even in part."""
    return any(map(is_missing, value)) if isinstance(value, list) else value is None


def is_worked_on(cells: Iterable[Cell]) -> bool:
    """Say whether cells that give no answer hold more than they were handed out with."""
    parsed = [parse(cell.source) for cell in cells if not CHECK.search(cell.source)]
    trees = [python.tree for python in parsed if isinstance(python, Python)]
    return any(not tree or not all(map(_is_blank, tree.body)) for tree in trees)


def _is_blank(statement: ast.stmt) -> bool:
    match statement:
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case ast.Assign(value=value) | ast.Expr(value=value):
            return all(isinstance(node, BLANK) for node in ast.walk(value))
    return isinstance(statement, ast.Pass)


def summarise(source: str, names: frozenset[str]) -> Summary:
    """Read a cell. A literal above a ``raise`` counts, one below it does not."""
    # Python takes a fullwidth a for an a.
    if not _mentions(names).search(unicodedata.normalize("NFKC", source)):
        return Summary()
    return (_cached if len(source) <= LARGEST_CACHED else _summarise)(source, names)


def _summarise(source: str, names: frozenset[str]) -> Summary:
    python = parse(source)
    if not isinstance(python, Python):
        return Summary()
    reader = _Reader(names)
    try:
        if python.tree is None:
            return Summary(unclear=names)
        reader.read(python.tree.body)
    except RecursionError:
        return Summary(unclear=names)
    values = {n: plain(value) for n, value in reader.known.items() if n in names}
    return Summary(values, frozenset(reader.unclear), names & reader.assigned)


_cached = lru_cache(maxsize=2048)(_summarise)  # check cells are alike in every notebook


@lru_cache(maxsize=16)
def _mentions(names: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted((names | ANYTHING) - {"*"})))
    return re.compile(rf"\b(?:{words})\b|\bimport\s*\*")


class _Reader:
    """Goes through the statements of one cell, as Python would."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.known: dict[str, object] = {}  # every name that holds a literal just now
        self.unclear: set[str] = set()
        self.assigned: set[str] = set()

    def read(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, ast.Raise):
                return
            try:
                if not self._follow(statement):
                    self._lose_track(statement)
            except ArithmeticError:  # division by zero, overflow: the cell ends here
                return

    def _follow(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Assign(targets=targets, value=value):
                pass
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                targets = [target]
            case ast.Pass() | ast.AnnAssign(target=ast.Name(), value=None):
                return True
            case ast.Expr(value=value) | ast.Assert(test=value):
                return _only_looks(value)
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
            self.assigned.add(target.id)
            self.unclear.discard(target.id)
            return True
        if not isinstance(target, ast.Tuple | ast.List) or not isinstance(value, list):
            return False
        same = len(target.elts) == len(value)
        return same and all(map(self._bind, target.elts, value))

    def _evaluate(self, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self._evaluate(element) for element in elements]
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="math"), attr=name),
                args=[argument],
                keywords=[],
            ) if name in FUNCTIONS:
                return _apply(FUNCTIONS[name], self._evaluate(argument))
            case ast.Attribute(value=ast.Name(id="math"), attr="e"):
                return math.e
            case ast.Name(id=name) if type(self.known.get(name)) in (int, float):
                return self.known[name]
            case ast.UnaryOp(op=sign, operand=operand):
                return _calculate(sign, self._evaluate(operand))
            case ast.BinOp(left=left, op=sign, right=right):
                return _calculate(sign, self._evaluate(left), self._evaluate(right))
        raise NotLiteral

    def _lose_track(self, statement: ast.stmt) -> None:
        """Forget what a statement may change that is beyond this reader."""
        words = _words_in(statement)
        lost = self.names if words & ANYTHING else self.names & words
        self.unclear |= lost
        self.assigned |= _stored_by(statement)
        for word in list(self.known) if words & ANYTHING else words:
            self.known.pop(word, None)


def _apply(function: Callable[..., Any], *operands: Any) -> Any:
    """Apply a function to numbers, as far as that always ends."""
    if not all(
        type(v) is float or (type(v) is int and abs(v) <= LARGEST_INT) for v in operands
    ):
        raise NotLiteral
    return function(*operands)


def _calculate(sign: ast.AST, *operands: Any) -> Any:
    function = OPERATORS.get(type(sign))
    if function is None or (function is operator.pow and _is_huge(operands[1])):
        raise NotLiteral
    return _apply(function, *operands)


def _is_huge(exponent: Any) -> bool:
    return type(exponent) in (int, float) and abs(exponent) > LARGEST_EXPONENT


def _only_looks(expression: ast.expr) -> bool:
    """Say whether an expression changes nothing."""
    return all(
        node.func.id in HARMLESS
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        else isinstance(node, LOOKING)
        for node in ast.walk(expression)
    )


def _words_in(statement: ast.stmt) -> set[str]:
    """Return the variables in a statement, and whatever else is named like one."""
    words: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant | ast.Attribute | ast.keyword):
            continue
        for value in vars(node).values():
            texts = value if isinstance(value, list) else [value]
            words.update(text for text in texts if isinstance(text, str))
    return words


def _stored_by(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds, leaving out those within functions."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}
