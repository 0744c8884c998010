"""Ten tasks with a bug: each bug breaks what the check says, and the mended code passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from bs4 import BeautifulSoup
from course import bug_tasks
from course.bugs import PASSES, Bug, check, compare, read_bug, shapes_of, written
from docutils import nodes

from mlp_exercise.handout.source import SourceError

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from tests.docs.conftest import Finished

REPOSITORY = Path(__file__).parents[2]
TEXT = (REPOSITORY / "docs/_bugs.md").read_text("utf-8")
TASK = re.compile(
    r"^::::\{bug\} (?P<name>\S+)\n:title: [^\n]+\n"
    r":arrays: (?P<arrays>[^\n]+)\n:mended: (?P<mended>[^\n]+)\n(?P<text>.+?)^::::$",
    re.MULTILINE | re.DOTALL,
)
BUGS = {
    task["name"]: read_bug(task["text"].splitlines(), task["arrays"], task["mended"])
    for task in TASK.finditer(TEXT)
}
WRONG = {
    "sign-at-the-output": {"dL_dw1", "dL_db1", "dL_dw2", "dL_db2"},
    "sum-over-the-wrong-axis": {"G_b1"},
    "mean-taken-twice": {"G_W1", "G_b1", "G_W2", "G_b2"},
    "transposed-outer-product": {"dL_dw1"},
    "slope-of-tanh": {"G_W1", "G_b1"},
    "mask-of-relu": {"G_W1", "G_b1"},
    "updated-too-early": {"G_W1", "G_b1"},
    "a-gradient-overwritten": {"G_W1"},
    "changed-in-place": {"G_W2"},
    "the-check-is-content": set(),
}
"""The gradients that each bug makes wrong; the replies speak of them."""


@pytest.fixture(params=WRONG)
def bug(request: pytest.FixtureRequest) -> Bug:
    return BUGS[request.param]


def test_there_are_ten_from_one_that_shows_everywhere_to_one_that_shows_nowhere() -> (
    None
):
    assert TEXT.count("{bug}") == 10
    assert [*BUGS] == [*WRONG]


@pytest.mark.parametrize("name", WRONG)
def test_a_bug_breaks_what_the_page_says_and_nothing_else(name: str) -> None:
    rows = check(BUGS[name].code, BUGS[name].shapes)
    assert {row.gradient for row in rows if not row.passes} == WRONG[name]
    # Far from the line between right and wrong, so that no processor decides.
    assert all(row.error < PASSES / 5 or row.error > 0.1 for row in rows)


def test_the_mended_code_passes(bug: Bug) -> None:
    rows = check(bug.mended_code, bug.shapes)
    assert rows
    assert all(row.passes for row in rows)
    assert bug.mended != bug.asked.right.text


def test_the_replies_name_gradients_that_agree(bug: Bug) -> None:
    agree = {row.gradient for row in check(bug.code, bug.shapes) if row.passes}
    for choice in bug.asked.choices:
        for gradient in re.findall(r"`(\w+)` agrees", choice.reply):
            assert gradient in agree, choice.text


def test_the_sizes_that_the_texts_speak_of_are_those_of_the_code() -> None:
    sign, mean = ("sign-at-the-output", "mean-taken-twice")
    for row in check(BUGS[sign].code, BUGS[sign].shapes):
        assert row.error == pytest.approx(2)
    for row in check(BUGS[mean].code, BUGS[mean].shapes):
        assert row.error == pytest.approx(1 - 1 / 5)
    square = BUGS["transposed-outer-product"]
    assert square.shapes["W1"] == (3, 3)


def test_the_last_one_learns_the_mean_whatever_it_is_shown() -> None:
    bug = BUGS["the-check-is-content"]
    values: dict[str, object] = {"np": np}
    exec("Y, t = np.full((4, 1), 0.5), np.array([0., 1., 0., 1.])", values)  # noqa: S102
    forward = [c.text for c in bug.asked.choices if c.text.startswith(("E =", "loss"))]
    exec("\n".join(forward), values)  # noqa: S102
    assert values["loss"] == pytest.approx(0.25)
    exec("Y = t[:, None]\n" + "\n".join(forward), values)  # noqa: S102
    assert values["loss"] == pytest.approx(0.5)  # perfect, and twice as bad


def test_a_wrong_shape_is_said_and_an_error_is_rounded() -> None:
    row = compare("G_b1", np.zeros((5, 2)), np.zeros(2))
    assert (row.passes, row.furthest) == (False, "shape (5, 2), not (2,)")
    assert (written(row.error), written(3e-12), written(0.8)) == (
        "",
        "below 1e-7",
        "0.80",
    )


@pytest.mark.parametrize(
    ("arrays", "mended", "problem"),
    [
        ("W1 2 by 3", "x = 1", "expected such as"),
        ("W1 (2, 3)", "x" * 39, "at most 38 characters"),
    ],
)
def test_what_cannot_be_a_task_is_said(arrays: str, mended: str, problem: str) -> None:
    text = ["Which?", "", "+ a = 1", "- b = 2", "  No.", "", "Because."]
    with pytest.raises(SourceError, match=problem):
        read_bug(text, arrays, mended)


def test_shapes_are_read() -> None:
    assert shapes_of("x (3,), W1 (2, 3)") == {"x": (3,), "W1": (2, 3)}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("loss = np.sum(x) + missing", "its code fails: NameError"),
        ("dL_dx = 2 * x", "its code fails: KeyError"),  # there is no loss
        ("loss = np.sum(x)", "no gradient"),
    ],
)
def test_code_that_cannot_be_checked_is_refused_in_words(code: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        check(code, {"x": (3,)})


def test_the_words_of_the_table_may_have_signs_of_html(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bug_tasks, "_", lambda word: f'{word} "&lt;" <b')
    translator = SimpleNamespace(body=[])
    with pytest.raises(nodes.SkipNode):
        bug_tasks.visit_check(
            cast("HTML5Translator", translator), bug_tasks.gradient_check("", rows=[])
        )
    table = BeautifulSoup("".join(translator.body), "html.parser")
    told = 'Gradient check "&lt;" <b'
    assert [group["aria-label"] for group in table.select("[role=group]")] == [told]
    assert [caption.get_text() for caption in table.select("caption")] == [told]
    heads = [head.get_text() for head in table.select("th")]
    assert heads[0] == 'Gradient "&lt;" <b'
    assert len(heads) == 3


SETTINGS = f"""\
import sys

sys.path[:0] = [{str(REPOSITORY / "docs/_ext")!r}, {str(REPOSITORY)!r}]
extensions = ["myst_parser", "course.checkpoints", "course.bug_tasks"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build"]
html_theme = "basic"
"""


def test_a_name_that_is_no_part_of_an_id_is_refused(
    tmp_path: Path, sphinx: Callable[[Path], Finished]
) -> None:
    task = TASK.search(TEXT)
    assert task
    text = task[0].replace(task["name"], 'Sign"here', 1)
    (tmp_path / "conf.py").write_text(SETTINGS, "utf-8")
    (tmp_path / "index.md").write_text(f"# A page\n\n{text}\n", "utf-8")
    done = sphinx(tmp_path)
    assert done.returncode != 0
    assert (
        'bug Sign"here: Sign"here is no name, expected one like sign-of-dl-dy'
        in done.stderr
    )
