"""Notebooks of Part 2 as learners may hand them in."""

import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from mlp_exercise.check import StepMark, joined
from mlp_exercise.handout.notebook import solved, student
from mlp_exercise.observations import Seen
from mlp_exercise.part2 import STEPS, TRIALS, mark

NAME = "ex1_02_numpy_gradient"
Change = tuple[str, str]


@lru_cache(maxsize=4)
def code(*, blank: bool = False, checked: bool = False) -> tuple[str, ...]:
    """Give the code cells; of those that are not to be answered, only what is needed."""
    cells = (student if blank else solved)(NAME)["cells"]
    skipped = ("show_",) if checked else ("show_", "check_", "report")
    return tuple(
        cell["source"]
        for cell in cells
        if cell["cell_type"] == "code"
        and not cell["id"].startswith(skipped)
        and "%pip" not in cell["source"]
    )


def sources(*changes: Change, blank: bool = False) -> list[str]:
    """Give the code cells, in which each change finds its text once."""
    cells = list(code(blank=blank))
    for right, instead in changes:
        found = sum(cell.count(right) for cell in cells)
        assert found == 1, f"{right!r} stands {found} times in the notebook"
        cells = [cell.replace(right, instead) for cell in cells]
    return cells


def table(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


def wrong_solutions() -> Iterator[tuple[str, str, list[str], str]]:
    """Give what each slip is called, the step it costs, the cells, and what is said."""
    for lost, slips in table("wrong_solutions.toml").items():
        for slip, texts in slips.items():
            changes = [(texts["right"], texts["instead"])]
            changes += [tuple(texts["also"])] if "also" in texts else []
            yield slip, lost, sources(*changes), texts["said"]


def unusual_solutions() -> Iterator[tuple[str, list[str]]]:
    """Give what is unusual in notebooks that are right, and their cells."""
    for title, pieces in table("unusual_solutions.toml").items():
        head = re.compile(rf"^(class|def) {title}\b", re.MULTILINE)
        for name, piece in pieces.items():
            cells = sources()
            (place,) = (n for n, cell in enumerate(cells) if head.search(cell))
            before = re.split(r"(?m)^    def (?:forward|step)", cells[place])[0]
            methods = before + textwrap.indent(piece, "    ")
            cells[place] = piece if head.search(piece) else methods
            yield f"{title}: {name}", cells


def executed(cells: list[str]) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    for cell in cells:
        exec(cell, namespace)  # noqa: S102 - our own text
    return namespace


def observed(cells: list[str]) -> dict[str, Mapping[str, Seen]]:
    namespace = executed(cells)
    return dict(joined(STEPS, {name: t(namespace) for name, t in TRIALS.items()}))


def marks(cells: list[str]) -> dict[str, StepMark]:
    return {step.name: step for step in mark(observed(cells))}


def lost(found: dict[str, StepMark]) -> list[str]:
    return [name for name, step in found.items() if not step.points]
