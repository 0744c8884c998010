"""Make pages of the exercises: what a learner gets, and solutions that are folded and executed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from sphinx.errors import ExtensionError

from course.sources import EXERCISE_FILES, EXERCISES, make_equal
from mlp_exercise.handout import notebook
from mlp_exercise.handout.cells import (
    ANSWER,
    CHECK,
    Cell,
    Source,
    SourceError,
)
from mlp_exercise.handout.numbers import fill
from mlp_exercise.handout.prose import IMAGE, figure
from mlp_exercise.handout.source import load
from mlp_exercise.handout.stubs import solution, stub
from mlp_reference.worked_example import EXERCISE

FOLDED = """\
---
tags: [hide-cell]
mystnb:
  code_prompt_show: "Show a solution"
  code_prompt_hide: "Hide the solution"
---"""
HINT = re.compile(
    r"<details><summary>(?P<title>.+?)</summary>\n(?P<body>.+?)\n</details>", re.DOTALL
)
FIGURE = re.compile(rf"^{IMAGE.pattern}\n\n\*(?P<caption>[^*]+)\*$", re.MULTILINE)


def carry(lessons: Path, project: Path) -> None:
    """Make the project's folder of exercises equal to what the texts say.

    Parameters
    ----------
    lessons : Path
        Folder of the texts, beside those of the lessons.
    project : Path
        Sphinx's source folder.

    Raises
    ------
    ExtensionError
        If a text cannot be understood.
    """
    contents: dict[str, bytes] = {}
    try:
        for path in sorted(lessons.glob(EXERCISE_FILES)):
            source = load(path.stem, lessons)
            contents[path.name] = page(source).encode()
            for cell in source.cells:
                for name in [] if cell.is_code else IMAGE.findall(cell.text):
                    contents[name[1]] = figure(name[1]).encode()
    except SourceError as error:
        raise ExtensionError(str(error)) from error
    make_equal(project / EXERCISES, contents)


def page(source: Source) -> str:
    """Write the page of an exercise.

    Parameters
    ----------
    source : Source
        The exercise.

    Returns
    -------
    str
        A MyST notebook. Each answer is shown as a learner finds it, and not executed;
        its solution is folded away and executed together with its check.
    """
    return "\n\n".join([source.head, *_blocks(source)]) + "\n"


def write_notebooks(lessons: Path, target: Path, wheel: str, base_address: str) -> None:
    """Write the notebooks that learners get.

    Parameters
    ----------
    lessons : Path
        Folder of the texts.
    target : Path
        Where the notebooks go.
    wheel : str
        File name of the wheel that stands beside them.
    base_address : str
        Address of the site, or an empty string where it is not known.
    """
    for path in sorted(lessons.glob(EXERCISE_FILES)):
        made = notebook.student(
            path.stem, EXERCISE, base_address=base_address, folder=lessons, wheel=wheel
        )
        text = notebook.as_text(made)
        (target / f"{path.stem}.ipynb").write_text(text, "utf-8", newline="\n")


def _blocks(source: Source) -> Iterator[str]:
    cells = list(source.cells)
    while cells:
        cell = cells.pop(0)
        text = fill(cell, EXERCISE, None)
        if not cell.is_code:
            yield _markdown(text)
        elif ANSWER in cell.tags:
            yield f"```python\n{stub(text)}\n```"
            code = "\n\n".join(filter(None, (solution(text), _checks(cells))))
            yield _code(f"{FOLDED}\n{code}")
        else:
            yield _code(_drawing(cell) + text)


def _checks(cells: list[Cell]) -> str:
    """Take the checks that come next, and let them all be read."""
    checks = []
    while cells and CHECK in cells[0].tags:
        checks.append(_without_comments(cells.pop(0).text))
    if len(checks) < 2:
        return "".join(checks)
    return "\n".join(f"print({check})" for check in checks)


def _drawing(cell: Cell) -> str:
    if not cell.alt:
        return ""
    image = {"alt": cell.alt}
    figure = {"name": f"fig-{cell.grade_id}", "caption": cell.caption}
    metadata = {"mystnb": {"image": image, "figure": figure}}
    return f"---\n{json.dumps(metadata, ensure_ascii=False)}\n---\n"  # YAML holds JSON


def _code(text: str) -> str:
    return f"```{{code-cell}} python\n{text}\n```"


def _without_comments(code: str) -> str:
    return "\n".join(line for line in code.splitlines() if not line.startswith("#"))


def _markdown(text: str) -> str:
    """Say in MyST what plain Markdown cannot: hints that look like ours, a figure's caption."""
    text = HINT.sub(
        r":::{admonition} \g<title>\n:class: hint\n:collapsible: closed\n\g<body>\n:::",
        text,
    )
    return FIGURE.sub(_figure, text)


def _figure(match: re.Match[str]) -> str:
    name = f"fig-{Path(match['file']).stem}"
    options = f":name: {name}\n:alt: {match['alt']}"
    return f"```{{figure}} {match['file']}\n{options}\n\n{match['caption']}\n```"
