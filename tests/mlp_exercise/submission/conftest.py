"""Notebooks as learners hand them in, written from their answers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mlp_exercise.part1.steps import STEPS
from mlp_exercise.submission.notebook import Submission, read
from mlp_exercise.values import Plain
from mlp_reference.manual import work_out
from mlp_reference.worked_example import EXERCISE, WorkedExample

SETUP = """\
%pip install -q mlp_reference
from mlp_exercise.part1 import Checks

check = Checks()"""


class Notebooks:
    """Writes notebooks as dictionaries, in the form in which ours are handed out."""

    def cell(self, source: str, grade_id: str | None = None) -> dict[str, Any]:
        metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
        return {"cell_type": "code", "metadata": metadata, "source": source}

    def made_of(self, *cells: str | dict[str, Any]) -> dict[str, Any]:
        made = [self.cell(c) if isinstance(c, str) else c for c in cells]
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}

    def answering(
        self, answers: Mapping[str, str], *others: str | dict[str, Any]
    ) -> dict[str, Any]:
        """Put the text of each answer cell and its check cell, then other cells."""
        cells: list[str | dict[str, Any]] = [SETUP]
        for name, source in answers.items():
            cells.append(self.cell(source, name))
            cells.append(self.cell(f'check("{name}", {name})', f"check_{name}"))
        return self.made_of(*cells, *others)

    def sources(
        self, example: WorkedExample = EXERCISE, **instead: str
    ) -> dict[str, str]:
        """Give the text of twelve right answer cells, to two decimals, or others instead."""
        right = work_out(example)
        sources = {s.name: f"{s.name} = {rounded(right[s.name])}" for s in STEPS}
        return sources | instead

    def wrong(self, **instead: str) -> dict[str, str]:
        wrong = {s.name: f"{s.name} = {shifted(s.name)}" for s in STEPS}
        return wrong | instead

    def strip(self, notebook: dict[str, Any]) -> None:
        """Take away all that an editor of notebooks may lose: metadata and names of cells."""
        notebook["metadata"] = {}
        for cell in notebook["cells"]:
            cell["metadata"] = {}
            cell.pop("id", None)

    def read(self, notebook: dict[str, Any]) -> Submission:
        return read(json.dumps(notebook).encode())

    def save(self, file: Path, notebook: dict[str, Any]) -> str:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(notebook), encoding="utf-8")
        return str(file)


def rounded(value: Plain) -> Plain:
    if isinstance(value, list):
        return [rounded(item) for item in value]
    assert isinstance(value, float)
    return round(value, 2)


def shifted(name: str) -> Plain:
    """Give a wrong answer that follows from no other."""
    number = 1.37 + 0.29 * [step.name for step in STEPS].index(name) ** 2
    shape = {step.name: step.shape for step in STEPS}[name]
    value: Plain = number
    for size in reversed(shape):
        value = [value] * size
    return value


@pytest.fixture
def notebooks() -> Notebooks:
    return Notebooks()
