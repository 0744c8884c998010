"""A notebook with feedback in it is theirs as it was, and is marked as before."""

import json
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_learners import advice
from mlp_exercise.classroom.for_learners.annotated import (
    NoCopy,
    annotated,
    is_annotated,
    is_feedback,
    plain,
)
from mlp_exercise.classroom.for_learners.parts import parts_of
from mlp_exercise.handout.notebook import solved, student
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.submission.mark import EXERCISES
from mlp_exercise.submission.notebook import LARGEST_FILE
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.classroom.for_learners.test_feedback import SITE, hostile
from tests.mlp_exercise.classroom.handed_in import as_content, delivery_of, handed_in
from tests.mlp_exercise.submission.conftest import answering, code_cell, right_answers

SECOND = EXERCISES[1].name
markdown = MarkdownIt("gfm-like", {"linkify": False})


def with_feedback(content: bytes, result: Result, **options: Any) -> bytes:
    told = advice.told(result, expected=options.pop("expected", False))
    return annotated(content, result, told, options.pop("site", SITE))


def first(**answers: str) -> dict[str, Any]:
    """Return the first notebook as it is handed out, with some answers."""
    notebook = student(EXERCISES[0].name, EXERCISE)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell["id"] in answers:
            cell["source"] = answers[cell["id"]]
            cell["outputs"] = [
                {"output_type": "stream", "name": "stdout", "text": ["é\n"]}
            ]
    return notebook


def cells_of(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(content)["cells"]
    return found


texts = st.sampled_from(
    [
        *(
            "{n} = [None, None]",
            "{n} = [0.3, 0.24]",
            "{n} = [[1.5, 2.5]]",
            "{n} = 0,32",
        ),
        *("{n} = '$x$ <b>*bold*</b>'", "{n} = [", "raise NotImplementedError()"),
    ]
)


@settings(max_examples=25)
@given(data=st.data())
def test_marking_it_again_gives_the_same_marks(data: st.DataObject) -> None:
    answers = {
        s.name: data.draw(texts).replace("{n}", s.name)
        for s in STEPS
        if data.draw(st.booleans())
    }
    content = as_content(first(**right_answers(EXERCISE, **answers)))
    result = handed_in(content)
    made = with_feedback(content, result)
    again = handed_in(made)
    assert again.sheet == result.sheet
    assert with_feedback(made, again) == made  # it takes the place of what was there
    assert [cell for cell in cells_of(made) if not is_feedback(cell)] == cells_of(
        content
    )
    assert {k: v for k, v in json.loads(made).items() if k != "cells"} == {
        k: v for k, v in json.loads(content).items() if k != "cells"
    }
    nbformat.validate(nbformat.reads(made.decode(), as_version=4))
    assert is_annotated(made)
    assert not is_annotated(content)


def test_a_cell_stands_below_each_answer_and_a_summary_on_top() -> None:
    content = as_content(first(**right_answers(z="z = [9.0, 9.0]")))
    made = cells_of(with_feedback(content, handed_in(content)))
    assert "".join(made[0]["source"]).startswith("## Feedback: ")
    names = [cell["id"] for cell in made]
    for step in STEPS:
        assert names[names.index(f"feedback-{step.name}") - 1] == step.name
    words = "".join(made[names.index("feedback-z")]["source"])
    assert words.startswith("**Feedback on `z`:** ○ Not right yet, 0 of 0.5 points")
    assert "z[0] = tanh(a[0]) = tanh(0.3)" in words
    assert (
        "01&#95;pen&#95;and&#95;paper" not in words
    )  # else the link would lead nowhere
    assert (
        "(<https://example.org/course/tutorials/01_pen_and_paper.html#squash" in words
    )


texts_of_cells = st.sampled_from([None, 3, "1 + 1", ["1 + ", "1"], [1]])
odd_cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", None])},
    optional=dict.fromkeys(["source", "input", "code"], texts_of_cells),
)


@settings(max_examples=25)
@given(st.lists(odd_cells, min_size=1, max_size=5))
def test_feedback_stands_below_its_answer_whatever_cells_lie_above(
    odd: list[dict[str, Any]],
) -> None:
    notebook = first(**right_answers(EXERCISE))
    notebook["cells"] = [*odd, *notebook["cells"]]
    content = as_content(notebook)
    names = [
        cell.get("id") for cell in cells_of(with_feedback(content, handed_in(content)))
    ]
    for step in STEPS:
        assert names[names.index(f"feedback-{step.name}") - 1] == step.name


def test_code_has_one_cell_below_its_class() -> None:
    content = as_content(solved(SECOND))
    mark = handed_in(content)
    assert mark.status == "not marked"  # nothing was executed
    own = {"linear_forward": [3], "linear_backward": [1, 3]}
    sheet = mark.sheet._replace(own=own, marks=handed_in().sheet.marks[:2])
    named = zip(own, sheet.marks, strict=True)
    marks = tuple(replace(m, name=n) for n, m in named)
    result = mark._replace(
        status="marked", exercise=SECOND, sheet=sheet._replace(marks=marks)
    )
    made = cells_of(with_feedback(content, result))
    (below,) = [cell for cell in made[1:] if is_feedback(cell)]
    assert "`linear_forward`" in "".join(below["source"])
    assert "`linear_backward`" in "".join(below["source"])


def test_names_of_cells_are_as_their_notebook_has_them() -> None:
    notebook = answering(right_answers())
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"feedback-{'z' if number else 'summary'}"
    made = cells_of(with_feedback(as_content(notebook), handed_in(notebook)))
    ours = [cell["id"] for cell in made if is_feedback(cell)]
    assert ours[0] == "feedback-summary-2"
    assert "feedback-z-2" in ours
    assert len({*ours}) == len(ours) == 13
    older = answering(right_answers()) | {"nbformat_minor": 4}
    assert all(
        "id" not in c
        for c in cells_of(with_feedback(as_content(older), handed_in(older)))
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[" * 99_999, "no JSON"),
        (b"[]", "a form that is not known"),
        (b'{"nbformat": 3, "worksheets": []}', "nbformat 3, expected nbformat 4"),
        (b'{"nbformat": 4}', "cells that are none"),
        (b'{"nbformat": 4, "cells": [1]}', "cells that are none"),
        (b'{"nbformat": 4, "cells": []}', "no longer those"),
    ],
)
def test_what_cannot_take_cells_says_why(content: bytes, why: str) -> None:
    with pytest.raises(NoCopy, match=why):
        with_feedback(content, handed_in())
    assert not is_annotated(content)


def test_what_would_be_too_large_to_mark_is_not_made() -> None:
    notebook = answering(right_answers())
    room = LARGEST_FILE - len(as_content(notebook))
    notebook["metadata"]["much"] = "x" * (room - 99)
    content = as_content(notebook)
    assert handed_in(content).status == "marked"
    with pytest.raises(NoCopy, match="too large"):
        with_feedback(content, handed_in(content))


def test_half_a_character_stays() -> None:
    notebook = answering(right_answers())
    notebook["cells"].append(code_cell("x = '\ud800'"))
    content = as_content(notebook)
    assert (
        cells_of(with_feedback(content, handed_in(content)))[-1]
        == notebook["cells"][-1]
    )


@given(
    words=hostile | st.text(alphabet="*_$<>`[]()#-+1.!|~\\@:/ \nahtpw&;", max_size=40)
)
def test_words_of_a_learner_are_text(words: str) -> None:
    (paragraph,) = [
        t for t in markdown.parse(f"Said: {plain(words)}") if t.type == "inline"
    ]
    kinds = {child.type for child in paragraph.children or ()}
    assert kinds <= {"text", "text_special"}
    shown = "".join(child.content for child in paragraph.children or ())
    clean = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    assert shown == f"Said: {clean}".rstrip()
    assert "$" not in plain(words)
    assert "@@" not in plain(words)


def test_a_name_of_code_stays_one_and_nothing_else_does() -> None:
    assert (
        plain("see `model`, ``*`` and `")
        == "see `model`, &#96;&#96;&#42;&#96;&#96; and &#96;"
    )


def test_the_page_and_the_notebook_say_the_same() -> None:
    result = handed_in()
    (part,) = parts_of(delivery_of(result), expected=False)
    assert part.told == tuple(advice.told(result, expected=False))
