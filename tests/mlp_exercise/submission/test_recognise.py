from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlp_exercise.submission.notebook_file import Unreadable
from mlp_exercise.submission.recognise import Seed, exercise_of, variant_of
from mlp_exercise.submission.records import Exercise, Settings, Sheet

if TYPE_CHECKING:
    from tests.mlp_exercise.submission.conftest import Notebooks


def no_marks(_submission: object, _settings: Settings) -> Sheet:
    return Sheet(None, ())


FIRST = Exercise("ex_first", ("a", "b", "c"), 1.5, ("a", "b", "c"), no_marks)
SECOND = Exercise("ex_second", ("k", "l", "m"), 1.5, ("k", "l", "m"), no_marks)


def recognised(
    notebooks: Notebooks, notebook: dict[str, Any], file_name: str = "x.ipynb"
) -> Exercise:
    return exercise_of(notebooks.read(notebook), file_name, (FIRST, SECOND))


def test_metadata_names_the_exercise(notebooks: Notebooks) -> None:
    notebook = notebooks.made_of("a = b = c = 1")
    notebook["metadata"]["mlp_reference"] = {"exercise": "ex_second"}
    assert recognised(notebooks, notebook, "ex_first.ipynb") is SECOND


def test_most_of_the_grade_ids_tell(notebooks: Notebooks) -> None:
    cells = [notebooks.cell("x = 1", name) for name in ("k", "a", "m", "check_a")]
    assert recognised(notebooks, notebooks.made_of(*cells), "ex_first.ipynb") is SECOND


def test_most_of_the_names_that_jupyter_keeps_tell(notebooks: Notebooks) -> None:
    cells = [notebooks.cell("x = 1") | {"id": name} for name in ("k", "a", "m")]
    assert recognised(notebooks, notebooks.made_of(*cells), "ex_first.ipynb") is SECOND


@pytest.mark.parametrize(
    "name", ["ex_second.ipynb", "ex_second (1).ipynb", "me_ex_second"]
)
def test_the_file_name_tells(notebooks: Notebooks, name: str) -> None:
    notebook = notebooks.made_of("a = b = c = 1")
    assert recognised(notebooks, notebook, name) is SECOND


def test_what_is_assigned_tells(notebooks: Notebooks) -> None:
    notebook = notebooks.made_of("k = 1", "a = m = f(2)")
    assert recognised(notebooks, notebook) is SECOND


@pytest.mark.parametrize("metadata", [None, 3, {"exercise": 3}, {"exercise": "ex_x"}])
def test_garbage_for_metadata_does_not_matter(
    notebooks: Notebooks, metadata: object
) -> None:
    notebook = notebooks.made_of("k = 1", "a = m = f(2)")
    notebook["metadata"]["mlp_reference"] = metadata
    assert recognised(notebooks, notebook) is SECOND


def test_another_notebook_is_unreadable(notebooks: Notebooks) -> None:
    with pytest.raises(Unreadable, match=r"none of .*expected ex_first, ex_second$"):
        recognised(notebooks, notebooks.made_of("a = k = 1"))


@pytest.mark.parametrize("seed", [17, None])
def test_metadata_carries_the_seed(notebooks: Notebooks, seed: int | None) -> None:
    notebook = notebooks.made_of("check = Checks(variant=18)")
    notebook["metadata"]["mlp_reference"] = {"variant": seed}
    assert variant_of(notebooks.read(notebook)) == Seed(seed, disputed=True)


@pytest.mark.parametrize(
    ("source", "seed"),
    [
        ("check = Checks()", None),
        ("check = Checks(variant=17)", 17),
        ("%pip install x\nimport m\ncheck = m.Checks(variant=17)", 17),
        ("check = Checks(17)", 17),
        ("check = Checks(variant=seed)", None),
        ("check = Checks(variant='17')", None),
        ("check = Checks(variant=17", None),
        ("# Checks(variant=17)", None),
    ],
)
@pytest.mark.parametrize("metadata", [None, {"variant": "17"}, {"variant": True}])
def test_without_metadata_the_first_cell_tells_the_seed(
    notebooks: Notebooks, source: str, seed: int | None, metadata: object
) -> None:
    notebook = notebooks.made_of("a = 1", source)
    notebook["metadata"]["mlp_reference"] = metadata
    assert variant_of(notebooks.read(notebook)) == Seed(seed)


@pytest.mark.parametrize(
    ("course", "said"),
    [
        ({"lesson": "01_pen_and_paper"}, "the lesson 01_pen_and_paper came"),
        ({"exercise": "ex1_99_other"}, "the exercise ex1_99_other came"),
    ],
)
def test_what_says_that_it_is_something_else_is_believed(
    notebooks: Notebooks, course: dict[str, str], said: str
) -> None:
    notebook = notebooks.answering(notebooks.sources())
    notebook["metadata"]["mlp_reference"] = course
    with pytest.raises(Unreadable, match=said):
        recognised(notebooks, notebook, "ex_first.ipynb")
