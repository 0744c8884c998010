"""Checkpoints: one right choice, a reply to each wrong one, and a fold in every other program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from bs4 import BeautifulSoup, Tag
from course.checkpoints import checkpoint, visit_checkpoint
from course.questions import Checkpoint, Choice, plain_checkpoint, read_checkpoint

from mlp_exercise.handout.source import SourceError

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from tests.docs.conftest import Finished

REPOSITORY = Path(__file__).parents[2]
NUMBERS = {
    "right": "0.4577",
    "halved": "0.22885",
    "close": "0.458",
    "word": "'below'",
    "zero": "-0.001",
    "other_zero": "0.0",
}
SIGN = """\
Which sign has $x$?

- negative
  It would be negative
  if $y$ lay below.
+ positive

Because $y$ lies above:

```python
- no choice
```
"""
NUMBER = """\
How large is it?

+ %right%
- %halved%
  You forgot the factor 2.

It is twice the difference."""
SETTINGS = f"""\
import sys

sys.path[:0] = [{str(REPOSITORY / "docs/_ext")!r}, {str(REPOSITORY)!r}]
extensions = ["myst_parser", "course.mathml", "course.checkpoints", "course.cards"]
exclude_patterns = ["_build"]
html_static_path = ["_static"]
html_theme = "basic"
html_math_renderer = "mathml"
myst_enable_extensions = ["colon_fence", "dollarmath"]


def setup(app):
    def numbers(app):
        app.env.course_numbers = {{"index": {NUMBERS!r}}}

    app.connect("builder-inited", numbers)
"""


def read(text: str, **options: int) -> Checkpoint:
    return read_checkpoint(text.splitlines(), NUMBERS, **options)


def test_a_checkpoint_has_a_question_choices_and_a_reason() -> None:
    made = read(SIGN)
    assert made.question == "Which sign has $x$?"
    assert made.choices == [
        Choice("negative", False, "It would be negative\nif $y$ lay below."),
        Choice("positive", True),
    ]
    assert made.reason == "Because $y$ lies above:\n\n```python\n- no choice\n```"
    assert not made.is_number


def test_choices_that_are_tokens_are_numbers_to_type() -> None:
    made = read(NUMBER, digits=3)
    assert (made.is_number, made.digits) == (True, 3)
    assert made.labelled(made.right, NUMBERS) == "0.458"
    assert read(NUMBER).labelled(made.choices[1], NUMBERS) == "0.23"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Why?\n\nBecause.", "a checkpoint has choices"),
        (SIGN.replace("+ positive", "- positive\n  No."), "0 choices are right"),
        (SIGN.replace("- negative", "+ negative"), "2 choices are right"),
        (NUMBER.replace("  You forgot the factor 2.\n", ""), "expected one"),
        (NUMBER.replace("+ %right%", "+ %right%\n  Yes."), "expected none"),
        (NUMBER.replace("It is twice the difference.", ""), "a question, and a reason"),
        (NUMBER.replace("How large is it?", ""), "a question, and a reason"),
        (NUMBER.replace("halved", "close"), "choices are 0.46, 0.46"),
        (NUMBER.replace("halved", "unknown"), "no cell of this page glues unknown"),
        ("Why?\n\n+ so\n\nBecause.", "1 choices, expected 2 to 6"),
        (SIGN.replace("- negative", "- a\n  No.\n" * 6 + "- negative"), "8 choices"),
        (SIGN.replace("- negative", "- positive"), "expected them to differ"),
        (SIGN.replace("+ positive\n", "+ positive\ngoes on"), "a choice is one line"),
        (NUMBER.replace("%right%", "%right:.1f%"), "%right:.1f% is no number"),
        (NUMBER.replace("%right%", "%word%"), "%word% is no number"),
        (NUMBER.replace("%right%", "0.4577"), "0.4577 is no number"),
        (
            NUMBER.replace("right", "zero").replace("halved", "other_zero"),
            "choices are 0.00, 0.00",
        ),
    ],
)
def test_what_a_reader_could_not_answer_is_refused(text: str, problem: str) -> None:
    with pytest.raises(SourceError, match=re.escape(problem)):
        read(text)


def test_in_a_notebook_the_answer_is_folded_with_every_reply() -> None:
    plain = plain_checkpoint(SIGN.splitlines(), {}, NUMBERS)
    question, _, answer = plain.partition("<details><summary>Answer</summary>")
    assert question == (
        "**Checkpoint.** Which sign has $x$?\n\n- a) negative\n- b) positive\n\n"
    )
    assert "**b) positive**\n\nBecause $y$ lies above:" in answer
    assert "\n- a) negative: It would be negative\n  if $y$ lay below.\n" in answer
    number = plain_checkpoint(NUMBER.splitlines(), {"digits": "3"}, NUMBERS)
    before = number.partition("<details>")[0]
    assert before == (
        "**Checkpoint.** How large is it?\n\nWork it out, then open the answer.\n\n"
    )
    assert "- 0.229: You forgot the factor 2." in number
    sentences = SIGN.replace("- negative", "- It is negative.")
    whole = plain_checkpoint(sentences.splitlines(), {}, NUMBERS)
    assert "\n- a) It is negative.\n- b)" in whole
    assert "\n- a) It is negative: It would be" in whole


@pytest.fixture(scope="module")
def page(
    tmp_path_factory: pytest.TempPathFactory, sphinx: Callable[[Path], Finished]
) -> BeautifulSoup:
    folder = tmp_path_factory.mktemp("checkpoints")
    (folder / "conf.py").write_text(SETTINGS, "utf-8")
    (folder / "_static/interactive").mkdir(parents=True)
    (folder / "_static/interactive/checkpoints.js").write_text("", "utf-8")
    text = (
        f"# A page\n\n````{{checkpoint}} sign\n{SIGN}````\n\n"
        f"```{{checkpoint}} size\n{NUMBER}\n```\n\n"
        "1. A task\n\n:::{answer}\nIts *answer*.\n:::\n\n2. Another\n\n"
        "```{card}\ny\n= %right% & - 1\n```\n"
    )
    (folder / "index.md").write_text(text, "utf-8")
    done = sphinx(folder)
    assert done.returncode == 0, done.stderr
    html = (folder / "_build/html/index.html").read_text("utf-8")
    return BeautifulSoup(html, "html.parser")


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, selector
    return found[0]


def test_on_the_page_it_is_a_fold_that_needs_no_script(page: BeautifulSoup) -> None:
    sign = one(page, "#checkpoint-sign")
    choices = [" ".join(li.get_text().split()) for li in sign.select(".choices li")]
    assert choices == ["negative", "positive"]
    fold = one(sign, "details")
    assert not fold.has_attr("open")
    assert one(fold, "strong").get_text() == "b) positive"
    reply = " ".join(one(fold, '.reply[data-choice="0"]').get_text().split())
    assert reply == "a) negative: It would be negative if y lay below."
    assert sign.select(".choices math") == []
    assert len(sign.select("p > math")) == 3
    assert one(page, "#checkpoint-sign-question").get_text(strip=True).endswith("?")
    assert sign["aria-labelledby"] == "checkpoint-sign-title checkpoint-sign-question"


def test_a_title_may_have_signs_of_html() -> None:
    title = 'Which x < y & "&lt;z"?'
    node = checkpoint("", ids=["checkpoint-a"], name="a", judge={}, title=title)
    translator = SimpleNamespace(body=[])
    visit_checkpoint(cast("HTML5Translator", translator), node)
    written = BeautifulSoup("".join(translator.body), "html.parser")
    assert one(written, ".checkpoint-title").get_text() == title


def test_the_program_gets_what_it_judges_by(page: BeautifulSoup) -> None:
    sign, size = (one(page, f"#checkpoint-{name}") for name in ("sign", "size"))
    assert json.loads(str(sign["data-judge"])) == {"right": 1}
    judged = json.loads(str(size["data-judge"]))
    assert judged == {"right": 0, "values": [0.46, 0.23], "digits": 2}
    radios = sign.select("input[type=radio][name=checkpoint-sign]")
    form = one(sign, "form")
    assert [radio["form"] for radio in radios] == [form["id"]] * 2
    assert sign["data-checkpoint"] == "index/sign"
    assert len(size.select(".commit input[type=text]")) == 1
    assert len(page.select('script[type=module][src*="checkpoints.js"]')) == 1
    assert json.loads(one(page, "#checkpoint-words").get_text())["right"] == "Yes."


def test_tasks_go_on_counting_after_an_answer(page: BeautifulSoup) -> None:
    answer = one(page, "details.fold:not(.checkpoint > *)")
    assert "Its answer." in answer.get_text()
    lists = page.select("section > ol:not(.choices)")
    assert [each.get("start", "1") for each in lists] == ["1", "2"]


def test_each_piece_of_a_card_is_a_formula(page: BeautifulSoup) -> None:
    card = one(page, ".card")
    assert [len(line.select("math")) for line in card.select(".line")] == [2]
    assert one(card, ".left").get_text() == "y"
    assert "0.4577" in card.get_text()
