"""What may be changed in a module: one operator, number, condition or statement at a time."""

import ast
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import parso.python.tree as tree
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator, operator_names

WITHOUT_RESULT = ("strict=", "maxsize=", "stacklevel=", "sleep(")
"""Before what changes no result: a condition that always holds, the size of a cache, a pause."""


class RemoveStatement(Operator):  # type: ignore[misc] # it has no types
    """Leave out a call, a `raise`, or what changes an object or a number."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Return where `node` is a statement that can be left out."""
        if node.type == "simple_stmt" and has_effect(node.children[0]):
            yield node.start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 - there is one position
        """Put `pass` in its place."""
        first = node.children[0]
        prefix = first.get_first_leaf().prefix
        node.children[0] = tree.Keyword("pass", first.start_pos, prefix)
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return what the tool's own documentation would show."""
        return (Example("f(x)", "pass"),)


def has_effect(statement: Any) -> bool:
    """Return whether other lines can do without this one: it defines no name."""
    if statement.type == "expr_stmt":
        target, operator = statement.children[:2]
        is_new = operator.type == "annassign" or operator.get_code().strip() == "="
        return target.type in ("atom_expr", "power") or not is_new
    return str(statement.type) in ("atom_expr", "power", "raise_stmt", "del_stmt")


@dataclass(frozen=True)
class Change:
    """One change: `before` and `after` are the lines that differ, without their indent."""

    file: str
    source: str
    changed: str
    line: int

    @property
    def lines(self) -> tuple[str, str]:
        """Return the lines before and after the change; they say which change it is."""
        differences = list(
            difflib.ndiff(self.source.splitlines(), self.changed.splitlines())
        )
        before, after = (
            "\n".join(line[2:].strip() for line in differences if line.startswith(mark))
            for mark in "-+"
        )
        return before, after

    def __str__(self) -> str:
        """Show the change as a diff."""
        before, after = (
            "\n".join(f"{mark} {line}" for line in text.splitlines())
            for mark, text in zip("-+", self.lines, strict=True)
        )
        return f"{self.file}:{self.line}\n{before}\n{after}"


def draw(folder: Path, files: dict[str, str], seed: int) -> Iterator[Change]:
    """Return all changes in an order that depends on the seed, and on nothing else.

    `files` says which operators apply to each. A change has its place in the order
    through its own line, so that the sample stays the same when other lines change.
    """
    places = [
        place
        for file, pattern in files.items()
        for place in places_in(file, (folder / file).read_text("utf-8"), pattern)
    ]
    for *key, operator, occurrence, line in sorted(
        places,
        key=lambda place: hashlib.sha256(f"{seed} {place[:3]}".encode()).digest(),
    ):
        file = str(key[0])
        source = (folder / file).read_text("utf-8")
        changed = mutate_code(source, operator, occurrence)
        if program(changed) not in (None, program(source)):
            yield Change(file, source, changed, line)


def places_in(
    file: str, source: str, pattern: str
) -> Iterator[tuple[str, str, int, Operator, int, int]]:
    """Return file, text, its repetition, operator, occurrence and line of each place."""
    lines, nodes = source.splitlines(), list(ast_nodes(get_ast(source)))
    names = [
        name for name in operator_names() if re.fullmatch(f"core/({pattern})", name)
    ]
    repetitions: Counter[str] = Counter()
    operators: list[Operator] = [get_operator(name)() for name in names]
    operators += [RemoveStatement()] if "RemoveStatement" in pattern else []
    for operator in operators:
        positions = [
            place for node in nodes for place in operator.mutation_positions(node)
        ]
        for occurrence, ((line, column), _) in enumerate(positions):
            if lines[line - 1][:column].endswith(WITHOUT_RESULT):
                continue
            text = f"{type(operator).__name__} {column} {lines[line - 1].strip()}"
            repetitions[text] += 1
            yield file, text, repetitions[text], operator, occurrence, line


def program(source: str) -> str | None:
    """Return what the source computes: its tree without annotations, if it is a program."""
    try:
        nodes = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(nodes):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                setattr(node, name, ast.Constant(None))
    return ast.dump(nodes)
