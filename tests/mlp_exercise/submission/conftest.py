"""Notebooks as learners hand them in, written from their answers, as dictionaries."""

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


def code_cell(source: str, grade_id: str | None = None) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": "code", "metadata": metadata, "source": source}


def notebook_of(
    *cells: str | tuple[str, str] | dict[str, Any], course: object = None
) -> dict[str, Any]:
    """Return a notebook of texts, of texts with the names of their cells, and of cells."""
    made = [
        c if isinstance(c, dict) else code_cell(*([c] if isinstance(c, str) else c))
        for c in cells
    ]
    metadata = {} if course is None else {"mlp_reference": course}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made}


def answering(answers: Mapping[str, str], *others: str, **about: Any) -> dict[str, Any]:
    """Put the text of each answer cell and its check cell, then other cells."""
    pairs = [
        pair
        for name, source in answers.items()
        for pair in ((source, name), (f'check("{name}", {name})', f"check_{name}"))
    ]
    return notebook_of(SETUP, *pairs, *others, **about)


def right_answers(example: WorkedExample = EXERCISE, **instead: str) -> dict[str, str]:
    """Give the text of twelve right answer cells, to two decimals, or others instead."""
    return texts_of(work_out(example)) | instead


def texts_of(values: Mapping[str, Plain]) -> dict[str, str]:
    return {s.name: f"{s.name} = {rounded(values[s.name])}" for s in STEPS}


def rounded(value: Plain) -> Plain:
    if isinstance(value, list):
        return [rounded(item) for item in value]
    assert isinstance(value, float)
    return round(value, 2)


def wrong_answers() -> dict[str, str]:
    """Give the text of answer cells that follow from no other."""
    sources = {}
    for place, step in enumerate(STEPS):
        value: Plain = 1.37 + 0.29 * place**2
        for size in reversed(step.shape):
            value = [value] * size
        sources[step.name] = f"{step.name} = {value}"
    return sources


def strip(notebook: dict[str, Any]) -> None:
    """Take away all that an editor of notebooks may lose: metadata and names of cells."""
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def submission_of(notebook: dict[str, Any]) -> Submission:
    return read(json.dumps(notebook).encode())


def save(file: Path, notebook: dict[str, Any]) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(notebook), encoding="utf-8")
    return str(file)


@pytest.fixture
def right(tmp_path: Path) -> str:
    """Return the file of a notebook that gets all points."""
    return save(tmp_path / "right" / "any name.ipynb", answering(right_answers()))
