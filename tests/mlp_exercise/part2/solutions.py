"""Notebooks of Part 2 as learners may hand them in, without what only shows."""

import re
import textwrap
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mlp_exercise.check import StepMark, joined
from mlp_exercise.handout.cells import ANSWER, SHOW, Cell
from mlp_exercise.handout.source import load
from mlp_exercise.handout.stubs import solution, stub
from mlp_exercise.observations import Observations
from mlp_exercise.part2 import STEPS, TRIALS, mark

NAME = "ex1_02_numpy_gradient"


class Wrong(NamedTuple):
    """A solution that is wrong in one place or two, what this costs, and what is said."""

    slip: str
    lost: str
    right: str
    instead: str
    said: str
    also: tuple[str, str] = ("", "")

    def cells(self) -> list[str]:
        right, instead = self.also
        cells = sources(self.right, self.instead)
        assert not right or sum(cell.count(right) for cell in cells) == 1
        return [cell.replace(right, instead) if right else cell for cell in cells]


def table(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


def wrong_solutions() -> list[Wrong]:
    return [
        Wrong(slip, lost, **texts)
        for lost, slips in table("wrong_solutions.toml").items()
        for slip, texts in slips.items()
    ]


def unusual_solutions() -> dict[str, list[str]]:
    """Give the cells of notebooks that are right, by what is unusual in them."""
    found = {}
    for title, pieces in table("unusual_solutions.toml").items():
        head = re.compile(rf"^(class|def) {title}\b", re.MULTILINE)
        for name, piece in pieces.items():
            cells = sources()
            (place,) = (n for n, cell in enumerate(cells) if head.search(cell))
            if not head.search(piece):
                before = re.split(r"(?m)^    def (?:forward|step)", cells[place])[0]
                piece = before + textwrap.indent(piece, "    ")
            cells[place] = piece
            found[f"{title}: {name}"] = cells
    return found


@lru_cache(maxsize=1)
def code_cells() -> tuple[Cell, ...]:
    return tuple(cell for cell in load(NAME).cells if cell.is_code)


def sources(
    right: str = "", instead: str = "", *, solved: bool = True, shown: bool = False
) -> list[str]:
    """Give the text of the code cells, with one piece of it replaced."""
    fill = solution if solved else stub
    cells = [
        fill(cell.text) if ANSWER in cell.tags else cell.text.replace("%VARIANT%", "")
        for cell in code_cells()
        if shown or SHOW not in cell.tags
    ]
    found = sum(cell.count(right) for cell in cells) if right else 1
    assert found == 1, f"{right!r} stands {found} times in the notebook"
    return [cell.replace(right, instead) if right else cell for cell in cells]


def executed(cells: list[str]) -> dict[str, Any]:
    """Run the cells as a notebook would, checks and all."""
    namespace: dict[str, Any] = {}
    for cell in cells:
        exec(cell, namespace)  # noqa: S102 - our own text
    return namespace


def observed(namespace: dict[str, Any]) -> dict[str, Observations]:
    seen = {name: trial(namespace) for name, trial in TRIALS.items()}
    return dict(joined(STEPS, seen))


def marks(namespace: dict[str, Any]) -> list[StepMark]:
    return mark(observed(namespace))
