"""Take a notebook file apart: bytes in, code cells out, whatever the bytes are.

Reads what Jupyter and IPython have written since 2011: nbformat 4, 3, 2 and 1.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_FILE = 16 * 2**20
"""In bytes; a notebook of the course has some tens of kilobytes."""


LARGEST_CODE = 500_000
"""In characters, all code cells together; the exercise has some thousands."""


class Unreadable(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """A submission that cannot be marked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotMarked(Exception):  # noqa: N818 - a finding, as `Unreadable` is
    """A submission that cannot be marked here, for want of something that the learner has."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes
    ----------
    source : str
        Its text.
    grade_id : str or None
        The name that nbgrader knows it by, if it has one.
    id : str or None
        The name that Jupyter knows it by: where we hand it out, the same.
    """

    source: str
    grade_id: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    Attributes
    ----------
    cells : tuple of Cell
        The code cells, in order.
    metadata : mapping
        The notebook's own; anything may stand in it.
    """

    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def python(self) -> tuple[int, ...]:
        """The version of Python that it says it was written with."""
        language = self.metadata.get("language_info")
        version = language.get("version") if isinstance(language, dict) else None
        known = re.match(r"(\d{1,3})\.(\d{1,3})(?!\d)", str(version), re.ASCII)
        return tuple(map(int, known.groups())) if known else ()


def read(content: bytes) -> Submission:
    """Take a notebook apart."""
    notebook = _json(content)
    cells = tuple(
        Cell(source, _grade_id(cell), _id(cell))
        for cell in _cells(notebook)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
        if (source := _source(cell)) is not None
    )
    code = sum(len(cell.source) for cell in cells)
    if code > LARGEST_CODE:
        raise Unreadable(
            f"code of {code} characters came, at most {LARGEST_CODE} were expected"
        )
    metadata = notebook.get("metadata")
    return Submission(cells, metadata if isinstance(metadata, dict) else {})


def _json(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_FILE:
        raise Unreadable(
            f"the file is larger than {LARGEST_FILE // 2**20} MB, a notebook was expected"
        )
    if not content.strip():
        raise Unreadable("the file is empty, a notebook was expected")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"byte {error.start} is not UTF-8, a notebook (JSON in UTF-8) was expected"
        ) from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"broken JSON in line {error.lineno}, column {error.colno} "
            f"({error.msg}), a notebook was expected"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(
            f"JSON with numbers or nesting beyond measure ({type(error).__name__}), "
            "a notebook was expected"
        ) from error
    if not isinstance(notebook, dict):
        raise Unreadable(
            f"JSON that is a {type(notebook).__name__} came, a notebook (an object) was expected"
        )
    return notebook


def _cells(notebook: dict[str, Any]) -> list[Any]:
    """List the cells; up to nbformat 3 they lie in worksheets."""
    if isinstance(notebook.get("cells"), list):
        cells: list[Any] = notebook["cells"]
        return cells
    worksheets = notebook.get("worksheets")
    if not isinstance(worksheets, list):
        raise Unreadable(
            "a JSON object without cells or worksheets came, a notebook was expected"
        )
    sheets = [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    return [cell for cells in sheets if isinstance(cells, list) for cell in cells]


def _source(cell: dict[str, Any]) -> str | None:
    """Give the text of a cell: `source` in nbformat 4, `input` in 3 and 2, `code` in 1."""
    for key in ("source", "input", "code"):
        text = cell.get(key)
        if isinstance(text, str):
            return text
        if isinstance(text, list) and all(isinstance(line, str) for line in text):
            return "".join(text)
    return None


def _grade_id(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _id(cell: dict[str, Any]) -> str | None:
    """Give the name of a cell since nbformat 4.5, or where Colab keeps it."""
    metadata = cell.get("metadata")
    kept = metadata.get("id") if isinstance(metadata, dict) else None
    found = (name for name in (cell.get("id"), kept) if isinstance(name, str))
    return next(found, None)
