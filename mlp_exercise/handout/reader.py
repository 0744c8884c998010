"""Read the text of an exercise into cells.

The text is a MyST notebook: front matter, Markdown, and cells fenced as ``{code-cell}``.
Only what an exercise uses is understood; anything else is an error that names its line.
"""

import re
from collections.abc import Iterator

from mlp_exercise.handout.cells import (
    ANSWER,
    BEGIN,
    CHECK,
    END,
    SHOW,
    Cell,
    Source,
    SourceError,
)

_OPTIONS = ("tags", "grade_id", "points", "alt", "caption")
_GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OPENING = re.compile(r"```\{(?P<name>[\w:-]+)\}.*")
_PAGE_ONLY, _PAGE_ONLY_ENDS = ":::{page-only}", ":::"
_NOT_PLAIN = re.compile(
    r"^:{3,}|^%|^\([\w-]+\)=\s*$"  # directives, comments, labels
    r"|\{[\w:+-]+\}`|\$\$ *\([\w:-]+\)\s*$"  # roles, labels of equations
)


def read(text: str, name: str) -> Source:
    """Read the text of an exercise.

    Parameters
    ----------
    text : str
        MyST.
    name : str
        Name of the exercise.

    Returns
    -------
    Source
        The exercise.

    Raises
    ------
    SourceError
        If it cannot be understood; the message names the line.
    """
    return _Reader(text, name).source()


class _Reader:
    """Goes through the lines once."""

    def __init__(self, text: str, name: str) -> None:
        self.name, self.lines = name, text.splitlines()
        self.at = 0  # the line that comes next, counted from 0

    def source(self) -> Source:
        head = self._head()
        pairs = (re.fullmatch(r"(\w+): +(\S.*)", line) for line in head)
        settings = {pair[1]: pair[2].strip() for pair in pairs if pair}
        cells = tuple(self._cells())
        if not cells or cells[0].is_code or not re.match(r"# \S", cells[0].text):
            line = cells[0].line if cells else len(self.lines)
            raise self._error(line, "an exercise begins with its title, # Title")
        self._check_names(cells)
        return Source(self.name, "\n".join(head), settings, cells)

    def _head(self) -> list[str]:
        if self.lines[:1] != ["---"]:
            return []
        if "---" not in self.lines[1:]:
            raise self._error(1, "the front matter has no end, ---")
        self.at = self.lines.index("---", 1) + 1
        return self.lines[: self.at]

    def _cells(self) -> Iterator[Cell]:
        prose: list[str] = []
        start = self.at
        while self.at < len(self.lines):
            line = self.lines[self.at]
            opening = _OPENING.fullmatch(line)
            if opening or line.startswith("+++"):
                yield from _markdown(prose, start)
                self.at += 1
                if opening:
                    yield self._code(opening["name"])
                prose, start = [], self.at
            elif line == _PAGE_ONLY:
                yield from _markdown(prose, start)
                yield self._page_only()
                prose, start = [], self.at
            elif line.startswith("```"):
                prose += self._until_closed()
            else:
                if _NOT_PLAIN.search(line):
                    raise self._error(self.at + 1, f"{line!r} is no plain Markdown")
                prose.append(line)
                self.at += 1
        yield from _markdown(prose, start)

    def _until_closed(self) -> list[str]:
        """Take the lines of a fenced block, with its fences."""
        start = self.at
        for end in range(start + 1, len(self.lines)):
            if self.lines[end].rstrip() == "```":
                self.at = end + 1
                return self.lines[start : end + 1]
        raise self._error(start + 1, "this block has no end, ```")

    def _page_only(self) -> Cell:
        """Take what only the site shows, whatever MyST it is."""
        start = self.at
        if _PAGE_ONLY_ENDS not in self.lines[start:]:
            raise self._error(start + 1, f"{_PAGE_ONLY} has no end, {_PAGE_ONLY_ENDS}")
        end = self.lines.index(_PAGE_ONLY_ENDS, start)
        self.at = end + 1
        text = "\n".join(self.lines[start + 1 : end]).strip("\n")
        return Cell(text, start + 1, page_only=True)

    def _code(self, directive: str) -> Cell:
        line = self.at
        if directive != "code-cell":
            raise self._error(line, f"{{{directive}}} is not understood in an exercise")
        self.at -= 1
        body = self._until_closed()[1:-1]
        options: dict[str, str] = {}
        while body and (option := re.fullmatch(r":(\w+):\s*(.*)", body[0])):
            if option[1] not in _OPTIONS:
                raise self._error(
                    line, f"unknown option {option[1]}, expected {', '.join(_OPTIONS)}"
                )
            options[option[1]] = option[2].strip()
            body = body[1:]
        text = "\n".join(body).strip("\n")
        if re.search(r"^:\w+:", text, re.MULTILINE):
            raise self._error(line, "options stand above the code, without a gap")
        tags = tuple(
            filter(None, re.split(r"[\s,]+", options.get("tags", "").strip("[]")))
        )
        cell = Cell(
            text,
            line,
            True,
            tags,
            options.get("grade_id", ""),
            self._points(options, line),
            options.get("alt", ""),
            options.get("caption", ""),
        )
        self._check(cell)
        return cell

    def _points(self, options: dict[str, str], line: int) -> float:
        try:
            return float(options.get("points", "0"))
        except ValueError as error:
            raise self._error(
                line, f"points are {options['points']!r}, expected a number"
            ) from error

    def _check(self, cell: Cell) -> None:
        unknown = set(cell.tags) - {ANSWER, CHECK, SHOW}
        if unknown or len(cell.tags) > 1:
            raise self._error(
                cell.line,
                f"tags are {list(cell.tags)}, expected [{ANSWER}], [{CHECK}] or [{SHOW}]",
            )
        if bool(cell.alt) != bool(cell.caption):
            raise self._error(cell.line, "a figure has both, :alt: and :caption:")
        if cell.tags and not cell.grade_id:
            raise self._error(cell.line, "this cell needs a :grade_id:")
        if (CHECK in cell.tags) != (cell.points > 0):
            raise self._error(cell.line, "a check, and no other cell, has :points:")
        marks = re.findall(rf"^\s*({BEGIN}|{END})$", cell.text, flags=re.MULTILINE)
        regions = marks == [BEGIN, END] * (len(marks) // 2)
        if not regions or (ANSWER in cell.tags) != bool(marks):
            raise self._error(
                cell.line,
                f"an answer, and no other cell, has its solution between {BEGIN} and {END}",
            )

    def _check_names(self, cells: tuple[Cell, ...]) -> None:
        seen: set[str] = set()
        for cell in cells:
            if not cell.grade_id:
                continue
            if not _GRADE_ID.fullmatch(cell.grade_id):
                raise self._error(cell.line, f"{cell.grade_id!r} is no grade_id")
            if cell.grade_id in seen:
                raise self._error(cell.line, f"a second cell is called {cell.grade_id}")
            seen.add(cell.grade_id)

    def _error(self, line: int, what: str) -> SourceError:
        return SourceError(f"{self.name}.md, line {line}: {what}")


def _markdown(lines: list[str], start: int) -> Iterator[Cell]:
    while lines and not lines[0].strip():
        lines, start = lines[1:], start + 1
    text = "\n".join(lines).rstrip()
    if text:
        yield Cell(text, start + 1)
