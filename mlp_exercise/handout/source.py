"""The text of an exercise: where it lies, its cells, and the solutions in them.

The text is a MyST notebook: front matter, Markdown, and cells fenced as ``{code-cell}``.
Anything that an exercise does not use is an error that names its line.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

ANSWER, CHECK, SHOW = "answer", "check", "show"
"""Tags of cells: filled in by a learner, counting the points, showing what came of it."""

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
"""nbgrader's markers around a solution."""

STUB = r"\1# YOUR CODE HERE\n\1raise NotImplementedError()"
"""What a learner finds in place of a solution; nbgrader writes the same."""

_SOLUTION = re.compile(rf"^([ \t]*){BEGIN}$.*?^[ \t]*{END}$", re.MULTILINE | re.DOTALL)
_BLANK = re.compile(r"(?:None|[\[\], ])+")
_OPTIONS = ("tags", "grade_id", "points", "alt", "caption")
_FENCE = re.compile(
    r"(?P<fence>:{3,}(?=\{)|`{3,})(?:\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*))?"
)
_NOT_PLAIN = re.compile(
    r"^:{3,}|^%|^\([\w-]+\)=\s*$"  # directives, comments, labels
    r"|\{[\w:+-]+\}`|\$\$ *\([\w:-]+\)\s*$"  # roles, labels of equations
)


class SourceError(ValueError):
    """A text that cannot become a notebook."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class Cell(NamedTuple):
    """A cell as it stands in its text."""

    text: str
    line: int  # where it begins in the file; the first line is 1
    is_code: bool = False
    tags: tuple[str, ...] = ()  # `ANSWER`, `CHECK`, `SHOW` or nothing
    grade_id: str = ""
    points: float = 0.0
    alt: str = ""  # what the figure shows that it draws
    caption: str = ""
    page_only: bool = False  # its text may be any MyST, and no notebook has it


class Source(NamedTuple):
    """A text, read; its first cell is Markdown and begins with the title."""

    name: str
    cells: tuple[Cell, ...]
    head: str = ""  # the front matter with its fences
    extras: str = ""  # of the package, which the notebook needs, as pip writes them


class Block(NamedTuple):
    """A piece of MyST: a line of text, a block of code, or a directive."""

    line: int  # where it begins, counted from 0
    lines: Sequence[str]  # with its fences
    name: str | None = None  # of the directive, empty for code, none for a line of text
    argument: str = ""


def names(folder: Path | None = None) -> list[str]:
    """Return the names of the exercises, sorted."""
    found = [path.name for path in (folder or texts()).iterdir()]
    exercises = filter(re.compile(r"ex\d+_\w+\.md").fullmatch, found)
    return sorted(name.removesuffix(".md") for name in exercises)


def load(name: str, folder: Path | None = None) -> Source:
    """Return an exercise, from the installed package or a checkout unless a folder is given."""
    path = (folder or texts()) / f"{name}.md"
    if not path.is_file():
        raise FileNotFoundError(f"there is no exercise {name}: {path} does not exist")
    return read(path.read_text("utf-8"), name)


def read(text: str, name: str) -> Source:
    """Return the exercise that a text holds."""
    lines = text.splitlines()
    has_head = lines[:1] == ["---"]
    try:
        if has_head and "---" not in lines[1:]:
            raise SourceError("the front matter has no end, ---", 1)
        end = lines.index("---", 1) + 1 if has_head else 0
        cells = tuple(_cells(lines, end))
        _check(cells)
    except SourceError as error:
        raise SourceError(f"{name}.md, line {error.line}: {error}") from None
    head = "\n".join(lines[:end])
    extras = re.findall(r"^extras: +(\S+)", head, re.MULTILINE)
    return Source(name, cells, head, "".join(extras))


def blocks(lines: Sequence[str], start: int = 0) -> Iterator[Block]:
    """Split MyST into directives, blocks of code and single lines of text."""
    at = start
    while at < len(lines):
        begin, opening = at, _FENCE.match(lines[at].strip())
        at += 1
        if opening is None:
            yield Block(begin, lines[begin:at])
            continue
        while at < len(lines) and lines[at].strip() != opening["fence"]:
            at += 1
        if at == len(lines):
            problem = f"{lines[begin].strip()} has no end, {opening['fence']}"
            raise SourceError(problem, begin + 1)
        at += 1
        name, argument = opening["name"] or "", opening["argument"] or ""
        yield Block(begin, lines[begin:at], name, argument)


def split_options(body: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the options at the top of a directive, and the rest of it."""
    options = {}
    lines = list(body)
    while lines and (match := re.fullmatch(r":([\w-]+):\s*(.*)", lines[0].strip())):
        options[match[1]] = match[2].strip()
        del lines[0]
    return options, lines


def stub(code: str) -> str:
    """Return an answer cell as a learner finds it."""
    return _SOLUTION.sub(STUB, code)


def solution(code: str) -> str:
    """Return an answer cell without markers and without what is set to nothing but None."""
    lines = [line for line in code.splitlines() if line.strip() not in (BEGIN, END)]
    for node in reversed(ast.parse("\n".join(lines)).body):
        if isinstance(node, ast.Assign) and _BLANK.fullmatch(ast.unparse(node.value)):
            del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines)


def texts() -> Traversable:
    """Return where the texts lie: in the package of a wheel, beside it in a checkout."""
    packed = files(__package__) / "sources"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "tutorials_src"


def _cells(lines: Sequence[str], start: int) -> Iterator[Cell]:
    prose, first = list[str](), start
    for block in blocks(lines, start):
        line = block.lines[0]
        if block.name is None and _NOT_PLAIN.search(line):
            raise SourceError(f"{line!r} is no plain Markdown", block.line + 1)
        if not block.name and not line.startswith("+++"):
            prose += block.lines
            continue
        yield from _markdown(prose, first)
        prose, first = [], block.line + len(block.lines)
        if block.name == "code-cell":
            yield _code(block)
        elif block.name == "page-only":
            only = "\n".join(block.lines[1:-1]).strip("\n")
            yield Cell(only, block.line + 1, page_only=True)
        elif block.name:
            problem = f"{{{block.name}}} has no place in an exercise"
            raise SourceError(problem, block.line + 1)
    yield from _markdown(prose, first)


def _markdown(lines: Sequence[str], start: int) -> Iterator[Cell]:
    blank = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    if text := "\n".join(lines[blank:]).rstrip():
        yield Cell(text, start + blank + 1)


def _code(block: Block) -> Cell:
    options, body = split_options(block.lines[1:-1])
    line, text = block.line + 1, "\n".join(body).strip("\n")
    if unknown := sorted(options.keys() - _OPTIONS):
        words = f"unknown option {unknown[0]}, expected {', '.join(_OPTIONS)}"
        raise SourceError(words, line)
    if re.search(r"^:\w+:", text, re.MULTILINE):
        raise SourceError("options stand above the code, without a gap", line)
    tags = tuple(re.findall(r"[^\s,\[\]]+", options.get("tags", "")))
    points = options.get("points", "0")
    if not re.fullmatch(r"\d+(\.\d+)?", points):
        raise SourceError(f"points are {points!r}, expected a number", line)
    name, alt, caption = (
        options.get(key, "") for key in ("grade_id", "alt", "caption")
    )
    return Cell(text, line, True, tags, name, float(points), alt, caption)


def _check(cells: Sequence[Cell]) -> None:
    if not cells or cells[0].is_code or not re.match(r"# \S", cells[0].text):
        line = cells[0].line if cells else 0
        raise SourceError("an exercise begins with its title, # Title", line)
    seen = set[str]()
    for cell in cells:
        tags, name = cell.tags, cell.grade_id
        marks = re.findall(rf"^\s*({BEGIN}|{END})$", cell.text, flags=re.MULTILINE)
        in_turn = bool(marks) and marks == [BEGIN, END] * (len(marks) // 2)
        between = f"its solution between {BEGIN} and {END}"
        problems = {
            f"tags are {[*tags]}, expected [{ANSWER}], [{CHECK}] or [{SHOW}]": (
                tags not in {(), (ANSWER,), (CHECK,), (SHOW,)}
            ),
            "a figure has both, :alt: and :caption:": (cell.alt > "")
            != (cell.caption > ""),
            "this cell needs a :grade_id:": tags and not name,
            f"{name!r} is no grade_id": not re.fullmatch(r"[A-Za-z0-9_-]{0,64}", name),
            f"a second cell is called {name}": name in seen,
            "a check, and no other cell, has :points:": (
                (CHECK in tags) != (cell.points > 0)
            ),
            f"an answer, and no other cell, has {between}": (
                not in_turn if ANSWER in tags else marks
            ),
        }
        for problem, is_there in problems.items():
            if is_there:
                raise SourceError(problem, cell.line)
        seen |= {name} - {""}
