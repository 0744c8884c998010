"""Notebooks whose answers are code, as learners may hand them in, without what only shows."""

import tomllib
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlp_exercise.check import StepMark, joined
from mlp_exercise.handout.source import ANSWER, CHECK, SHOW, load, solution, stub
from mlp_exercise.observations import KINDS, Seen

Change = Sequence[str]
"""A text that stands in the solved notebook, and what takes its place."""


class Notebook(NamedTuple):
    """The solved notebook of a part, to be changed and marked."""

    name: str
    part: ModuleType
    always: tuple[Change, ...] = ()  # made after all others

    def table(self, name: str) -> dict[str, Any]:
        """Return a table that stands beside the tests of the part."""
        room = self.part.__name__.rpartition(".")[2]
        path = Path(__file__).parent / room / f"{name}.toml"
        return tomllib.loads(path.read_text("utf-8"))

    def sources(
        self,
        changes: Iterable[Change] = (),
        *,
        blank: Sequence[str] = (),
        checked: bool = False,
    ) -> dict[str, str]:
        """Return the text of the code cells, with some of it replaced, or left blank."""
        cells = {
            cell.grade_id: (stub if cell.grade_id in blank else solution)(cell.text)
            if ANSWER in cell.tags
            else cell.text
            for cell in load(self.name).cells
            if cell.is_code and SHOW not in cell.tags
            if checked or not (CHECK in cell.tags or cell.grade_id == "report")
        }
        for old, new in changes:
            assert any(old in text for text in cells.values()), f"{old!r} is not there"
            cells = {name: text.replace(old, new) for name, text in cells.items()}
        for old, new in self.always:
            cells = {name: text.replace(old, new) for name, text in cells.items()}
        return cells

    def executed(
        self, changes: Iterable[Change] = (), **options: Any
    ) -> dict[str, Any]:
        """Run the cells as a notebook would: what one of them raises ends that one alone."""
        return run(self.sources(changes, **options))

    def observed(self, namespace: dict[str, Any]) -> dict[str, dict[str, Seen]]:
        """Make all trials; return what they see, by step."""
        seen = {name: trial(namespace) for name, trial in self.part.TRIALS.items()}
        return joined(self.part.STEPS, seen)

    def by_step(self, seen: Mapping[str, Mapping[str, Seen]]) -> dict[str, StepMark]:
        """Mark what was seen."""
        return {step.name: step for step in self.part.mark(seen)}

    def marked(
        self, changes: Iterable[Change] = (), **options: Any
    ) -> dict[str, StepMark]:
        """Run and mark the notebook."""
        return self.by_step(self.observed(self.executed(changes, **options)))


def run(cells: Mapping[str, str]) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with (
        redirect_stdout(StringIO()),
        warnings.catch_warnings(action="ignore"),  # PyTorch warns of what it stretches
    ):
        for cell in cells.values():
            with suppress(Exception):
                exec(cell, namespace)  # noqa: S102 - our own text
    return namespace


def lost(found: Mapping[str, StepMark]) -> list[str]:
    return [name for name, step in found.items() if not step.points]


def forged(*shapes: tuple[int, ...]) -> st.SearchStrategy[Seen]:
    """Return a strategy for observations, whose arrays often have one of these shapes."""
    kinds = st.sampled_from([*["numbers"] * 4, *KINDS])
    small = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
    numbers = st.floats(width=64) | st.integers(-3, 9).map(float)
    arrays = (st.sampled_from([(), *shapes]) | small).flatmap(
        lambda shape: npst.arrays(float, shape, elements=numbers, fill=numbers)
    )
    return st.builds(Seen, kinds, st.sampled_from(["float64", "", "a detail"]), arrays)


def judged_whatever_comes(
    data: st.DataObject,
    notebook: Notebook,
    right: Mapping[str, Mapping[str, Seen]],
    *shapes: tuple[int, ...],
) -> None:
    """Put forged observations among right ones, leave some out, and see that there are marks."""
    seen: dict[str, dict[str, Seen]] = {}
    for name, found in right.items():
        labels = st.sampled_from(["", "events", "even/events", *found])
        some = data.draw(st.dictionaries(labels, forged(*shapes), max_size=4))
        gone = data.draw(st.sets(st.sampled_from([*found]), max_size=3))
        seen[name] = {k: s for k, s in found.items() if k not in gone} | some
    marks = notebook.by_step(seen)
    assert list(marks) == [step.name for step in notebook.part.STEPS]
    for mark in marks.values():
        assert mark.points == (mark.verdict in ("correct", "follow-through"))
        assert mark.feedback
