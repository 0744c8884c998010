"""Notebooks as text: lessons and exercises are copied into the Sphinx project and read.

A lesson is copied unchanged. An exercise becomes a page: each answer cell is shown as a learner
finds it and is not executed; its solution is folded away and executed with its check. Where the
page has the worksheet, boxes stand in place of the cells, which are folded; nothing is checked
before the reader has answered.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from sphinx.errors import ExtensionError

from course.interactive.worksheet_parts import CELL, OWN_CELL
from course.words import N_
from mlp_exercise.handout.notebook import fill
from mlp_exercise.handout.plain import FIGURES, IMAGE, figure
from mlp_exercise.handout.source import (
    ANSWER,
    CHECK,
    Cell,
    Source,
    SourceError,
    load,
    names,
    solution,
    stub,
)
from mlp_reference.worked_example import EXERCISE

CARRIED, EXERCISES = "tutorials", "exercises"
"""Folders of the Sphinx project, ignored by git, into which the texts are copied."""

FOLDED = """\
---
tags: [{tags}]
mystnb:
  code_prompt_show: "{show}"
  code_prompt_hide: "{hide}"
---
"""
SOLUTION = FOLDED.format(
    tags="hide-cell", show=N_("Show a solution"), hide=N_("Hide the solution")
)
SHEET, VARIANT = "```{worksheet}", "%VARIANT%"
HINT = re.compile(
    r"<details><summary>(?P<title>.+?)</summary>\n(?P<body>.+?)\n</details>", re.DOTALL
)
FIGURE = re.compile(rf"^{IMAGE.pattern}\n\n\*(?P<caption>[^*]+)\*$", re.MULTILINE)


class Page(NamedTuple):
    """A page with code to run."""

    docname: str  # Sphinx's name of it, such as ``tutorials/01_pen_and_paper``
    source: Path  # the file a contributor edits
    notebook: NotebookNode  # its cells, without outputs

    @property
    def is_lesson(self) -> bool:
        """Whether readers can download it as a complete notebook."""
        return self.docname.startswith(f"{CARRIED}/")

    def where(self, cell: int) -> str:
        """Return the place of a cell in words, for contributors who look for it."""
        line = self.notebook.metadata["source_map"][cell] + 1
        return f"{self.source.name}, cell {cell + 1} (line {line})"


def carry(texts: Path, project: Path) -> None:
    """Update the project's folders of lessons and exercises from the texts."""
    exercises = names(texts) if texts.is_dir() else []
    lessons = [path for path in texts.glob("*.md") if path.stem not in exercises]
    if not lessons:
        raise FileNotFoundError(f"{texts} holds no lesson, expected files named *.md")
    make_equal(project / CARRIED, {path.name: path.read_bytes() for path in lessons})
    contents: dict[str, bytes] = {}
    try:
        for name in exercises:
            source = load(name, texts)
            contents[f"{name}.md"] = exercise_page(source).encode()
            text = "\n".join(cell.text for cell in source.cells if not cell.is_code)
            for _, file in IMAGE.findall(text):
                contents[file] = figure(file).encode()
                upright = file.replace(".svg", "-upright.svg")
                if upright in FIGURES:
                    contents[upright] = figure(upright).encode()
    except SourceError as error:
        raise ExtensionError(str(error)) from error
    make_equal(project / EXERCISES, contents)


def make_equal(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write exactly these files into a folder, and leave unchanged ones untouched."""
    folder.mkdir(exist_ok=True)
    for stale in set(folder.iterdir()) - {folder / name for name in contents}:
        if stale.is_dir():
            shutil.rmtree(stale)
        else:
            stale.unlink()
    for name, content in contents.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def executable_pages(texts: Path, project: Path, config: MdParserConfig) -> list[Page]:
    """Return every page of the project with code cells, copied or written by hand."""
    pages = []
    for path in sorted(project.rglob("*.md")):
        relative = path.relative_to(project)
        text = path.read_text("utf-8")
        if relative.parts[0].startswith("_") or not is_myst_markdown_notebook(text):
            continue
        try:
            notebook = read_myst_markdown_notebook(
                text, config, add_source_map=True, path=path
            )
        except Exception as error:  # several kinds, none of which names the file
            raise ExtensionError(f"{path.name}: {error}") from error
        source = texts / path.name if relative.parts[0] == CARRIED else path
        pages.append(Page(relative.with_suffix("").as_posix(), source, notebook))
    return pages


def exercise_page(source: Source) -> str:
    """Return the page of an exercise as a MyST notebook."""
    has_sheet = any(cell.page_only and SHEET in cell.text for cell in source.cells)
    blocks = (_beside_boxes if has_sheet else _blocks)(source.cells)
    return "\n\n".join([source.head, *blocks]) + "\n"


def _blocks(cells: Sequence[Cell]) -> Iterator[str]:
    rest = list(cells)
    while rest:
        cell = rest.pop(0)
        text = fill(cell, EXERCISE, None)
        if not cell.is_code:
            yield _markdown(text)
        elif ANSWER in cell.tags:
            yield f"```python\n{stub(text)}\n```"
            checks = list(takewhile(lambda following: CHECK in following.tags, rest))
            del rest[: len(checks)]
            parts = (solution(text), _calls(checks))
            yield _code(SOLUTION + "\n\n".join(filter(None, parts)))
        else:
            yield _code(_drawing(cell) + text)


def _beside_boxes(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield the blocks of a page on which answers are given too, so no cell checks any."""
    for cell in cells:
        text = fill(cell, EXERCISE, None)
        if not cell.is_code:
            # The worksheet says here whose numbers it has turned to.
            whose = cell.text.replace(VARIANT, f"<span data-whose>{VARIANT}</span>")
            yield _markdown(fill(cell._replace(text=whose), EXERCISE, None))
        elif ANSWER in cell.tags:
            yield f"```{{boxes}} {cell.grade_id}\n{stub(text)}\n```"
            yield _code(SOLUTION + solution(text))
        elif CHECK not in cell.tags:
            name = OWN_CELL if text != cell.text else CELL
            tags = "hide-input, remove-output"
            yield _code(FOLDED.format(tags=tags, show=name, hide=name) + text)


def _calls(checks: Sequence[Cell]) -> str:
    """Return the calls of checks without comments; if there are several, each is printed."""
    lines = [line for check in checks for line in check.text.splitlines()]
    calls = [line for line in lines if not line.startswith("#")]
    return "\n".join(calls if len(checks) < 2 else (f"print({c})" for c in calls))


def _drawing(cell: Cell) -> str:
    if not cell.alt:
        return ""
    figure = {"name": f"fig-{cell.grade_id}", "caption": cell.caption}
    metadata = {"mystnb": {"image": {"alt": cell.alt}, "figure": figure}}
    return f"---\n{json.dumps(metadata, ensure_ascii=False)}\n---\n"  # YAML holds JSON


def _code(text: str) -> str:
    return f"```{{code-cell}} python\n{text}\n```"


def _markdown(text: str) -> str:
    """Return text as MyST, with directives for hints and for figures with captions."""
    hint = (
        r":::{admonition} \g<title>\n:class: hint\n:collapsible: closed\n\g<body>\n:::"
    )
    return FIGURE.sub(_figure, HINT.sub(hint, text))


def _figure(match: re.Match[str]) -> str:
    name = f"fig-{Path(match['file']).stem}"
    options = f":name: {name}\n:alt: {match['alt']}"
    return f"```{{figure}} {match['file']}\n{options}\n\n{match['caption']}\n```"
