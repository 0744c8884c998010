"""Signs as people copy them from a page or type them elsewhere, read as those of Python.

The minus of a formula, −, is another character than the one that Python knows; so are the
digits, points and brackets of an East Asian keyboard, and the blanks of a typeset page.
The worksheet of the site reads its boxes in the same way.
"""

import ast
import re
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

MINUS = "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63\uff0d"
"""What stands for a minus: the sign itself, hyphens, dashes, a small and a wide one."""

OPERATORS = {
    **dict.fromkeys("×·⋅∙", "*"),
    **dict.fromkeys("÷∕⁄∶", "/"),
    "²": "**2",
    "³": "**3",
}
"""Other signs of a calculation, and what Python writes for them."""

NO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What cannot be seen, and comes along when one copies."""

_TOKEN = re.compile(
    r"""(?P<same>\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\#[^\n]*)"""
    r"""|(?P<sign>[^\x00-\x7f])""",
    re.DOTALL,
)
"""A text or a comment, which stay as they are, or a character that may be read otherwise."""


def with_ascii_signs(source: str) -> str:
    """Return code with Python's signs outside of texts and comments."""
    return _TOKEN.sub(lambda m: m["same"] or _ascii(m["sign"]), source)


def _ascii(sign: str) -> str:
    if sign in MINUS:
        return "-"
    if sign in NO_WIDTH:
        return ""
    if unicodedata.category(sign) == "Zs":
        return " "
    if "\uff01" <= sign <= "\uff5e":  # the wide forms of ! to ~
        return unicodedata.normalize("NFKC", sign)
    return OPERATORS.get(sign, sign)


def read_copied_signs() -> None:
    """Have IPython, if it runs this, read copied signs in cells that are no Python for them."""
    read_cells_with(_transform)


def read_cells_with(transform: Callable[[list[str]], list[str]]) -> None:
    """Have IPython, if it runs this, pass the lines of each cell through a function, once."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    transformers = getattr(shell, "input_transformers_post", None)
    if transformers is not None and transform not in transformers:
        transformers.append(transform)


def _transform(lines: list[str]) -> list[str]:
    source = "".join(lines)
    mended = with_ascii_signs(source)
    if mended == source or _is_python(source) or not _is_python(mended):
        return lines
    return mended.splitlines(keepends=True)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
