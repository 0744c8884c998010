"""Notebooks of Part 3 as learners may hand them in, without what only shows."""

import tomllib
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import torch

from mlp_exercise.check import StepMark
from mlp_exercise.handout.source import ANSWER, CHECK, SHOW, Cell, load, solution, stub
from mlp_exercise.observations import Seen
from mlp_exercise.part3 import TRIALS, mark

NAME = "ex1_03_pytorch_regression"

Change = Sequence[str]
"""A text that stands in the solved notebook, and what takes its place."""

QUICK = (
    ("SGD(model.parameters(), lr=0.05)", "Adam(model.parameters(), lr=0.03)"),
    ("epochs = 300", "epochs = 30"),
)
"""Settings that get below the threshold in less time than those of the solution."""


def table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def code_cells() -> tuple[Cell, ...]:
    return tuple(c for c in load(NAME).cells if c.is_code and SHOW not in c.tags)


def sources(
    changes: Iterable[Change] = (), *, blank: Sequence[str] = (), checked: bool = False
) -> dict[str, str]:
    """Return the text of the code cells, with some of it replaced, or left blank."""
    cells = {
        cell.grade_id: (stub if cell.grade_id in blank else solution)(cell.text)
        if ANSWER in cell.tags
        else cell.text
        for cell in code_cells()
        if checked or not (CHECK in cell.tags or cell.grade_id == "report")
    }
    for old, new in changes:
        assert any(old in text for text in cells.values()), f"{old!r} is not there"
        cells = {name: text.replace(old, new) for name, text in cells.items()}
    for old, new in QUICK:
        cells = {name: text.replace(old, new) for name, text in cells.items()}
    return cells


def executed(changes: Iterable[Change] = (), **options: Any) -> dict[str, Any]:
    """Run the cells as a notebook would: what one of them raises ends that one alone."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with (
        torch.random.fork_rng(),
        redirect_stdout(StringIO()),
        warnings.catch_warnings(action="ignore"),  # PyTorch warns of what it stretches
    ):
        for cell in sources(changes, **options).values():
            with suppress(Exception):
                exec(cell, namespace)  # noqa: S102 - our own text
    return namespace


def observed(namespace: dict[str, Any]) -> dict[str, Mapping[str, Seen]]:
    return {name: trial(namespace) for name, trial in TRIALS.items()}


def by_step(seen: Mapping[str, Mapping[str, Seen]]) -> dict[str, StepMark]:
    return {step.name: step for step in mark(seen)}


def marked(changes: Iterable[Change] = (), **options: Any) -> dict[str, StepMark]:
    return by_step(observed(executed(changes, **options)))


def lost(found: Mapping[str, StepMark]) -> tuple[str, ...]:
    return tuple(name for name, step in found.items() if not step.points)
