"""A notebook file taken apart: bytes in, code cells out, whatever the bytes are.

Reads what Jupyter and IPython have written since 2011: nbformat 4, 3, 2 and 1.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

LARGEST_FILE = 16 * 2**20
"""In bytes; a notebook of the course has some tens of kilobytes."""

LARGEST_CODE = 500_000
"""In characters, all code cells together; the exercise has some thousands."""


NBGRADER, COLAB = ("metadata", "nbgrader", "grade_id"), ("metadata", "id")
"""Where these programs keep the names of cells; Jupyter has a key of its own since 4.5."""


class NotMarked(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """A submission cannot be marked here, for want of something that the learner has."""


class Unreadable(NotMarked):
    """A submission cannot be marked anywhere."""


class Cell(NamedTuple):
    """A code cell."""

    source: str
    grade_id: str | None = None  # nbgrader's name for it
    id: str | None = None  # Jupyter's or Colab's name for it


class Submission(NamedTuple):
    """What a learner handed in; anything may stand in the metadata."""

    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any] = {}

    @property
    def python(self) -> tuple[int, ...]:
        """Return the version of Python that it says it was written with."""
        version = _get(self.metadata, "language_info", "version")
        known = re.match(r"(\d{1,3})\.(\d{1,3})(?!\d)", str(version), re.ASCII)
        return tuple(map(int, known.groups())) if known else ()

    @property
    def course(self) -> Mapping[str, Any]:
        """Return what this course has written into the metadata."""
        course = self.metadata.get("mlp_reference")
        return course if isinstance(course, dict) else {}


def read(content: bytes) -> Submission:
    """Take a notebook apart."""
    notebook = _json(content)
    cells = tuple(
        Cell(source, _text(cell, *NBGRADER), _text(cell, "id") or _text(cell, *COLAB))
        for cell in _cells(notebook)
        if (source := code_of(cell)) is not None
    )
    code = sum(len(cell.source) for cell in cells)
    if code > LARGEST_CODE:
        raise Unreadable(
            f"code of {code} characters came, at most {LARGEST_CODE} were expected"
        )
    metadata = notebook.get("metadata")
    return Submission(cells, metadata if isinstance(metadata, dict) else {})


def _json(content: bytes) -> dict[str, Any]:
    try:
        if len(content) > LARGEST_FILE:
            what = f"a file larger than {LARGEST_FILE // 2**20} MB"
        elif not content.strip():
            what = "an empty file"
        elif isinstance(notebook := json.loads(content.decode("utf-8-sig")), dict):
            return notebook
        else:
            what = f"JSON that is a {type(notebook).__name__}"
    except UnicodeDecodeError as error:
        what = f"a file whose byte {error.start} is not UTF-8"
    except json.JSONDecodeError as error:
        what = f"broken JSON in line {error.lineno}, column {error.colno} ({error.msg})"
    except MemoryError as error:
        raise NotMarked("memory ran out here while it was read") from error
    except (ValueError, RecursionError) as error:
        name = type(error).__name__
        what = f"JSON with numbers or nesting beyond measure ({name})"
    raise Unreadable(f"{what} came, a notebook (JSON in UTF-8) was expected")


def _cells(notebook: dict[str, Any]) -> list[Any]:
    """List the cells; up to nbformat 3 they lie in worksheets."""
    sheets = [notebook]
    if not isinstance(notebook.get("cells"), list):
        sheets = notebook.get("worksheets")  # type: ignore[assignment]  # anything
    if not isinstance(sheets, list):
        raise Unreadable(
            "a JSON object without cells or worksheets came, a notebook was expected"
        )
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def code_of(cell: object) -> str | None:
    """Return the text of a code cell: `source` in nbformat 4, `input` in 3 and 2, `code` in 1."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return None
    for key in ("source", "input", "code"):
        text = cell.get(key)
        if isinstance(text, str):
            return text
        if isinstance(text, list) and all(isinstance(line, str) for line in text):
            return "".join(text)
    return None


def _text(value: object, *keys: str) -> str | None:
    found = _get(value, *keys)
    return found if isinstance(found, str) else None


def _get(value: object, *keys: str) -> object:
    """Return what stands behind some keys, if they are there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
