"""A learner's page: whole, kind, safe, and about nobody else."""

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.__main__ import main
from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.files import FEEDBACK_HEAD, FEEDBACK_NOTE
from mlp_exercise.classroom.for_learners import advice, working
from mlp_exercise.classroom.for_learners.learner_page import learner_page
from mlp_exercise.classroom.for_learners.own_code import (
    MOST_LINES,
    content_of,
    own_code,
)
from mlp_exercise.classroom.for_learners.sections import (
    LESSONS,
    SECTIONS,
    address_of_site,
)
from mlp_exercise.part1.steps import ELEMENTS
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission.mark import EXERCISES, NOT_READ, Sheet
from mlp_reference.manual import work_out
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.classroom.handed_in import (
    WRONG,
    as_content,
    delivery_of,
    handed_in,
)
from tests.mlp_exercise.solutions import Notebook
from tests.mlp_exercise.submission.conftest import (
    answering,
    notebook_of,
    right_answers,
    save,
)

LESSON_TEXTS = Path(__file__).parents[4] / "tutorials_src"
SITE = "https://example.org/course/"
SECOND = Notebook(EXERCISES[1].name, EXERCISES[1].part)
hostile = st.text(max_size=60) | st.sampled_from(
    [
        "</p><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onclick='x",
        "</style></title><!--",
        "&lt;b&gt; &#60;",
        "\ud800\u202e\x00\x1b[2J",
        "]]> <![CDATA[",
        "a" * 300,
    ]
)


class Tags(HTMLParser):
    """The tags of a page with the names of their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.comments: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def page_of(
    *results: Result, expected: bool = False, best: bool = False, **more: Any
) -> str:
    return learner_page(
        delivery_of(*results, best=best), expected=expected, best=best, **more
    )


def seen(*results: Result, **options: Any) -> str:
    """Return the text of a page as a reader sees it."""
    body = page_of(*results, **options).partition("<body>")[2]
    return " ".join(Tags(body).text.split())


def with_words(words: str, *, value: str = "") -> Result:
    """Return a result in which everything that a learner may write is this."""
    made = handed_in()
    marks = tuple(
        replace(mark, feedback=words) if not mark.points else mark
        for mark in made.sheet.marks
    )
    values = {**made.sheet.values, "dL_dw1": value or words}
    sheet = made.sheet._replace(marks=marks, remarks=(words,), values=values)
    return made._replace(sheet=sheet)


@settings(max_examples=40)
@given(words=hostile, name=hostile)
def test_no_text_becomes_a_tag_or_an_attribute(words: str, name: str) -> None:
    def page(words: str, name: str) -> Tags:
        damaged = Result(f"class/ada/{name}.ipynb", reason=words, path="class")
        delivery = delivery_of(with_words(words), damaged)
        standing = delivery.standing._replace(name=name)
        return Tags(
            learner_page(delivery._replace(standing=standing), expected=True, site=SITE)
        )

    found, harmless = page(f"w{words}", f"n{name}"), page("words", "name")
    assert found.tags == harmless.tags
    assert found.comments == []


@settings(max_examples=40)
@given(source=hostile)
def test_no_code_becomes_a_tag_or_an_attribute(source: str) -> None:
    cells = SECOND.sources()
    cells["train"] = f"def train():\n    '{source}'"
    content = as_content(notebook_of(*cells.values(), course={"exercise": SECOND.name}))
    mark = SECOND.by_step({})["train"]
    sheet = Sheet((mark,), own={"train": [list(cells).index("train")]})
    digest = handed_in(content).digest
    result = handed_in(content)._replace(
        status="marked", reason=None, exercise=SECOND.name, sheet=sheet, digest=digest
    )
    found = Tags(page_of(result))
    assert ("pre", ()) in found.tags
    assert {name for _, names in found.tags for name in names} <= {
        *("lang", "charset", "http-equiv", "content", "name", "data-page", "dir"),
        *("class", "id", "aria-labelledby", "aria-hidden", "scope", "href"),
    }
    assert not {tag for tag, _ in found.tags} & {
        "script",
        "img",
        "b",
        "iframe",
        "object",
    }


def test_every_step_is_there_with_verdict_points_and_answer() -> None:
    result = handed_in()
    page, text = page_of(result), seen(result)
    for mark in result.sheet.marks:
        assert f'id="{mark.name}"' in page
    assert text.count("0.5 of 0.5 points") == sum(
        m.points > 0 for m in result.sheet.marks
    )
    assert f"{result.sheet.points:g} of 6" in text
    assert "Your answer: [0.57, 9.125]" in text
    assert "Your answer: the text 'a text'" in text
    partly = handed_in(answering(right_answers(z="z = [0.29, 9.125]")))
    assert "<code>[0.29, <mark>9.125</mark>]</code>" in page_of(partly)


def test_what_is_right_is_said_and_what_to_begin_with() -> None:
    text = seen(
        handed_in(answering(right_answers(EXERCISE, **WRONG, y="y = [-6.601]")))
    )
    assert "Begin here z: This does not follow" in text
    assert "of 12 steps are right: a, " in text
    assert text.count("is not counted twice") == 1
    right = seen(handed_in(answering(right_answers())))
    assert "All 12 steps are right. a hidden" in right
    assert "Everything is right" in right
    assert "Begin" not in right
    assert "counted twice" not in right


def test_a_waiting_step_is_none_to_begin_with() -> None:
    steps = advice.told(
        handed_in(answering(right_answers(z="z = [None, None]"))), expected=False
    )
    assert [
        one.name for one in steps if one.verdict == "Waits for an earlier answer"
    ] == [
        "y",
        "dL_dw2",
    ]
    assert [one.name for one in advice.first(steps)] == ["z"]


def test_what_was_expected_is_shown_only_where_it_is_wanted() -> None:
    result = handed_in()
    truth = advice.shown(work_out(EXERCISE)["z"])
    assert f"Expected: {truth}" in seen(result, expected=True)
    every = [
        working.number(number)
        for mark in result.sheet.marks
        if not mark.points
        for number in elements(mark.name, mark.expected).values()
    ]
    assert all(number in seen(result, expected=True) for number in every)
    assert not any(number in seen(result) for number in every if len(number) > 6)
    assert "Expected: " not in seen(result)


@settings(max_examples=20)
@given(seed=st.integers(0, 10**9))
def test_the_working_leads_to_the_answer(seed: int) -> None:
    example = variant(seed)
    truth = work_out(example)
    for step, places in ELEMENTS.items():
        wanted = elements(step, truth[step])
        for line, place in zip(
            working.lines(step, places, truth, example), places, strict=True
        ):
            name, named, *filled = line.split(" = ")
            assert name == place
            if not filled:  # with the number put in, it would be the answer
                assert named == "dL_dy[0]"
                continue
            formula = filled[0].translate(
                {ord("·"): "*", ord("−"): "-", ord("²"): "**2"}
            )
            found = eval(formula, {"tanh": math.tanh})  # noqa: S307 - our own formula
            assert math.isclose(found, wanted[place], rel_tol=1e-3, abs_tol=1e-4)


def test_the_working_does_not_give_the_answer_away() -> None:
    truth = work_out(EXERCISE)
    (line,) = working.lines("dL_db2", ELEMENTS["dL_db2"], truth, EXERCISE)
    assert line == "dL_db2[0] = dL_dy[0]"  # with its number, that would be the answer


def test_the_working_names_what_is_missing() -> None:
    example = working.example_of(None)
    (line, _) = working.lines("dL_dw2", ELEMENTS["dL_dw2"], {"z": [0.3, 0.2]}, example)
    assert line == "dL_dw2[0][0] = dL_dy[0] · z[0] = dL_dy[0] · 0.3"


def test_every_step_has_a_section_of_a_lesson() -> None:
    assert {*SECTIONS} == {s for e in EXERCISES for s in e.steps}
    for page, title in LESSONS.items():
        text = (LESSON_TEXTS / f"{page}.md").read_text("utf-8")
        headings = re.findall(r"^#{1,4} (.+)$", text, re.MULTILINE)
        assert headings.count(title) == 1
        for section in {s for s in SECTIONS.values() if s.page == page}:
            assert headings.count(section.heading) == 1
    assert SECTIONS["z"].address(SITE) == (
        "https://example.org/course/tutorials/01_pen_and_paper.html#squash-it-with-tanh"
    )


def test_the_sections_are_linked_where_the_site_is_known() -> None:
    assert '<a href="https://example.org/course/tutorials/' in page_of(
        handed_in(), site=SITE
    )
    assert "tutorials/" not in page_of(handed_in())
    assert "Read again: Lesson 1, “Squash it with tanh”." in seen(handed_in())


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "javascript://x/%0Aalert(1)",
        "example.org",
        "http://[",
        "file:///x",
    ],
)
def test_only_the_address_of_a_site_is_linked(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert address_of_site(SITE) == SITE
    with pytest.raises(SystemExit):
        main(["mark", "x", "--site", text])
    assert "expected the address of a site" in capsys.readouterr().err


def test_what_is_for_the_one_who_marks_is_not_on_the_page() -> None:
    sources = right_answers(
        dL_dy="dL_dy = [0.0]", dL_dw2="dL_dw2 = [[0.0, 0.0]]", dL_db2="dL_db2 = [0.0]"
    )
    result = handed_in(answering(sources))
    (flagged,) = [m for m in result.sheet.marks if m.name == "dL_dw2"]
    assert flagged.flags == ("trivial",)
    first = replace(result.sheet.marks[0], flags=("disputed seed",))
    sheet = result.sheet._replace(
        marks=(first, *result.sheet.marks[1:]),
        remarks=(NOT_READ, "Code cell 9 raised KeyError: 'x'."),
    )
    text = seen(result._replace(sheet=sheet))
    for word in ("person", "trivial", "disputed", NOT_READ):
        assert word not in text
    assert "Code cell 9 raised" in text


def test_an_accepted_truncation_is_told() -> None:
    result = handed_in()
    mark = replace(result.sheet.marks[0], flags=("truncated",))
    sheet = result.sheet._replace(marks=(mark, *result.sheet.marks[1:]))
    assert advice.TRUNCATED in seen(result._replace(sheet=sheet))


def test_which_notebook_counts_and_when_it_came() -> None:
    when = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
    worse = handed_in(file="class/ada/b.ipynb", when=when.replace(hour=11), late=True)
    better = handed_in(answering(right_answers()), file="class/ada/a.ipynb", when=when)
    text = seen(worse, better)
    assert "b.ipynb, dated 24 November 2026, 11:05 UTC. It is the last of 2" in text
    assert "It came late" in text
    text = seen(worse, better, best=True)
    assert "a.ipynb, dated 24 November 2026, 10:05 UTC. It is the best of 2" in text
    assert "late" not in text


def test_what_has_no_marks_is_told_without_blame_or_folders() -> None:
    damaged = handed_in(b"{", file="class/ada/x.ipynb")
    lost = Result(
        "class/ada/y.ipynb", reason="cannot be read: 'class/ada/y.ipynb'", path="class"
    )
    ours = Result("class/ada/z.ipynb", "not marked", "it needs torch", path="class")
    text = seen(damaged, lost, ours)
    assert "x.ipynb: broken JSON in line 1" in text
    assert "save it, and hand in that file, or ask your instructor" in text
    assert "y.ipynb: cannot be read: 'y.ipynb'." in text
    assert (
        "z.ipynb: it needs torch. It could not be marked here; your instructor" in text
    )
    assert "class/" not in text
    assert "no marks yet" in text


def test_nothing_of_another_learner_is_on_a_page(tmp_path: Path) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    names = ["Ada Lovelace", "Grace Hopper", "Mary Somerville"]
    for number, name in enumerate(names):
        sources = right_answers(z=f"z = [{3 + number}.125, 0.2]")
        save(folder / name / "x.ipynb", answering(sources))
    main(
        ["mark", str(folder), "--by", "learner", "--feedback", str(out), "--no-execute"]
    )
    for number, name in enumerate(names):
        page = (out / name / "feedback.html").read_text("utf-8")
        assert f"{3 + number}.125" in page
        for other, stranger in enumerate(names):
            if other != number:
                assert stranger.split()[0] not in page
                assert f"{3 + other}.125" not in page


def test_own_code_is_the_piece_that_was_asked_for() -> None:
    sources = SECOND.sources(checked=True)
    sources["train"] = "\n".join(["def train():", *["    pass"] * 99, "after = 1"])
    content = as_content(notebook_of(*sources.values()))
    place = {name: [n] for n, name in enumerate(sources)}
    own = dict.fromkeys(("linear_forward", "linear_backward"), place["Linear"])
    result = Result(
        "x", exercise=SECOND.name, sheet=Sheet(own=own | {"train": place["train"]})
    )
    code = own_code(result, content)
    assert code["linear_forward"].splitlines()[0] == "def forward(self, x):"
    assert "weight_gradient" not in code["linear_forward"]
    assert code["linear_backward"].splitlines()[0] == "def backward(self, G):"
    assert code["train"].splitlines()[MOST_LINES:] == ["… and 60 more lines"]
    assert own_code(result, None) == {}
    twice = {"Linear": "def train():\n    first\ndef train():\n    second"}
    content = as_content(notebook_of(*twice.values()))
    result = result._replace(sheet=Sheet(own={"train": [0]}))
    assert own_code(result, content) == {"train": "def train():\n    second"}


def test_a_notebook_that_has_changed_is_not_shown() -> None:
    result = handed_in()._replace(digest="another")
    assert "Your answer" in seen(result)
    assert content_of(result) is None
    assert content_of(result._replace(handed=None)) is None


def test_a_page_is_small_and_asks_for_nothing() -> None:
    page = page_of(
        handed_in(answering({}, course={"exercise": EXERCISES[0].name})), site=SITE
    )
    assert len(page.encode()) < 40_000
    assert "default-src 'none'" in page
    assert not re.search(
        r"<(script|link|img|iframe|object|base|form)\b|url\(|@import", page
    )


def test_only_earlier_feedback_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "class"
    for name in ("ada", "bob"):
        save(folder / name / "x.ipynb", answering(right_answers()))
    out = folder / "feedback"  # among what was handed in
    words = ["mark", str(folder), "--by", "learner", "--no-execute"]
    words += ["--feedback", str(out), "--annotate"]
    main(words)
    assert "2 pages of feedback and 2 notebooks: " in capsys.readouterr().err
    ada, bob = (out / name / "feedback.html" for name in ("ada", "bob"))
    before = ada.read_text("utf-8")
    bob.write_text("mine", "utf-8")
    save(folder / "ada" / "x.ipynb", answering(right_answers(z="z = [7.0, 7.0]")))
    main(words)
    shown = capsys.readouterr()
    assert f"{bob} is there already and is no feedback; it stays as it is." in shown.err
    assert "1 page of feedback and 2 notebooks: " in shown.err
    assert bob.read_text("utf-8") == "mine"
    assert ada.read_text("utf-8") != before
    assert "last of" not in shown.out  # the feedback was not marked
    assert not list(out.rglob("*.part"))
    note = (out / FEEDBACK_NOTE).read_text("utf-8")
    assert note.startswith("Feedback of mlp_exercise")
    assert "Each learner has a folder." in note


def test_feedback_among_what_was_handed_in_is_not_marked_and_hides_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "class"
    for name in ("ada", "bob"):
        save(folder / name / "ex1_01_pen_and_paper.ipynb", answering(right_answers()))
    words = ["mark", "--by", "learner", "--no-execute", "--annotate", "--feedback"]
    main([*words, str(folder), str(folder)])
    assert len(list(folder.rglob("*.ipynb"))) == 4
    said = capsys.readouterr()
    for paths in ([folder], sorted(folder.iterdir())):
        assert main([*words, str(folder), *map(str, paths)]) == 0
        again = capsys.readouterr()
        assert again.out == said.out
    # A learner may write what stands in the note, or call anything so.
    for content in (FEEDBACK_HEAD, "mine"):
        (folder / "bob" / FEEDBACK_NOTE).write_text(content, "utf-8")
        main([*words, str(folder), str(folder)])
        assert "bob           6" in capsys.readouterr().out


def test_what_was_handed_in_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On Canvas, feedback has the name of the learner's file, who may hand it in again."""
    theirs = tmp_path / "lab" / "ada_4021_99812_x.ipynb"
    save(theirs, answering(right_answers()))
    words = ["mark", str(theirs.parent), "--no-execute", "--annotate", "--feedback"]
    main([*words, str(tmp_path / "out")])
    (given_back,) = tmp_path.glob("out/lab/*.ipynb")
    given_back.replace(theirs)
    before = theirs.read_bytes()
    capsys.readouterr()
    main([*words, str(tmp_path)])
    assert f"{theirs} is there already" in capsys.readouterr().err
    assert theirs.read_bytes() == before
