"""Take the solution out of an answer cell, or the stub around it."""

import ast
import re

from mlp_exercise.handout.cells import BEGIN, END

STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
"""What a learner finds in place of a solution; nbgrader writes the same."""


def stub(code: str) -> str:
    """Replace every solution, as nbgrader does.

    Parameters
    ----------
    code : str
        An answer cell.

    Returns
    -------
    str
        The cell as a learner sees it.
    """
    return "\n".join(_lines(code, keep=False))


def solution(code: str) -> str:
    """Leave out the markers, and placeholders to which nothing but None is assigned.

    Parameters
    ----------
    code : str
        An answer cell.

    Returns
    -------
    str
        The cell as a learner may write it in the end.
    """
    lines = _lines(code, keep=True)
    for node in reversed(ast.parse("\n".join(lines)).body):
        if isinstance(node, ast.Assign) and _is_blank(node.value):
            del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines)


def _lines(code: str, *, keep: bool) -> list[str]:
    kept, inside = [], False
    for line in code.splitlines():
        if line.strip() == BEGIN:
            inside = True
            indent = re.match(r"\s*", line)[0]  # type: ignore[index]  # it always matches
            kept += [indent + part for part in STUB] * (not keep)
        elif line.strip() == END:
            inside = False
        elif keep or not inside:
            kept.append(line)
    return kept


def _is_blank(value: ast.expr) -> bool:
    return all(
        isinstance(node, ast.List | ast.Load)
        or (isinstance(node, ast.Constant) and node.value is None)
        for node in ast.walk(value)
    )
