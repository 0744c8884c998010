"""A learner's page: whole, kind, safe, and about nobody else."""

import errno
import math
import re
import zipfile
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
from mlp_exercise.classroom.files import FEEDBACK_NOTE
from mlp_exercise.classroom.for_learners import advice, feedback, working
from mlp_exercise.classroom.for_learners.learner_page import learner_page
from mlp_exercise.classroom.for_learners.own_code import (
    MOST_LINES,
    content_of,
    own_code,
)
from mlp_exercise.classroom.for_learners.returned import deliveries
from mlp_exercise.classroom.for_learners.sections import (
    LESSONS,
    SECTIONS,
)
from mlp_exercise.classroom.standing import MAX_POINTS, standings
from mlp_exercise.handout.site import address_of_site
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
    code = ("code", ())  # between backticks
    assert [t for t in found.tags if t != code] == [
        t for t in harmless.tags if t != code
    ]
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
    text = seen(result, expected=True)
    assert "Expected: [0.29, 0.24]" in text
    for mark in result.sheet.marks:
        for number in elements(mark.name, mark.expected).values():
            # It is not equal to what the numbers on the page come to.
            shown = f" ≈ {working.rounded(number)}"
            assert mark.points or shown in text
    assert "Expected: " not in seen(result)
    assert "≈" not in seen(result)


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


def test_whoever_has_answered_nothing_gets_the_way_without_numbers() -> None:
    """With numbers it could be handed in: sums and products of numbers count as answers."""
    blank = handed_in(answering({}, course={"exercise": EXERCISES[0].name}))
    for one in advice.told(blank, expected=False):
        assert one.verdict == "No answer"
        for line in one.working:
            assert len(line.split(" = ")) == 2
            assert "." not in line  # no number but those of the formula
    text = seen(blank)
    assert "How it is worked out, by " in text
    assert "with your numbers" not in text


def test_a_notebook_without_answers_is_asked_for_not_corrected() -> None:
    blank = handed_in(answering({}, course={"exercise": EXERCISES[0].name}))
    (begin,) = advice.begin(blank, advice.told(blank, expected=False))
    title = advice.title_of(EXERCISES[0].name)
    assert begin == ("", advice.EMPTY.format(title=title))
    assert f"Begin here {begin[1]}" in seen(blank)


@pytest.mark.parametrize(("cell", "is_told"), [(1, True), (9, False)])
def test_the_error_that_others_may_follow_from_is_told_first(
    cell: int, *, is_told: bool
) -> None:
    result = handed_in()
    remark = f"Code cell {cell} raised ModuleNotFoundError: No module named 'google'."
    own = {name: [n + 1] for n, name in enumerate(EXERCISES[0].steps)}
    result = result._replace(sheet=result.sheet._replace(remarks=(remark,), own=own))
    begin = f"Begin here {remark} What comes after it may follow from that. z: "
    assert (begin in seen(result)) == is_told


def test_what_others_have_handed_in_is_told_as_missing() -> None:
    mine = handed_in(answering(right_answers()))
    theirs = Result("class/bob/x.ipynb", exercise=SECOND.name, path="class")
    pages = {
        delivery.standing.name: learner_page(delivery, expected=False)
        for delivery in deliveries(standings([mine, theirs]))
    }
    ada = " ".join(Tags(pages["ada"].partition("<body>")[2]).text.split())
    assert f"{advice.title_of(SECOND.name)}nothing was handed in" in ada
    assert f"Together6 of {6 + MAX_POINTS[SECOND.name]:g}" in ada
    assert "Everything that you have handed in is right." in ada
    assert "nothing was handed in" not in seen(mine)


def test_names_of_code_in_a_hint_are_shown_as_code() -> None:
    page = page_of(with_words("see what is said of `model`"))
    assert "see what is said of <code>model</code>" in page
    assert "`" not in page.partition("<body>")[2].partition("Your answer")[0]


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
        *(f"https://example.org/{stray}a" for stray in "\"'`{}$ \t\n\\<>?#"),
    ],
)
@pytest.mark.parametrize("words", ["mark x", "variant 3", "notebooks all"])
def test_only_the_address_of_a_site_is_taken(
    words: str,
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert address_of_site(SITE) == SITE
    assert address_of_site("") == ""
    with pytest.raises(SystemExit):
        main([*words.split(), "--site", text])
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
    dated = "(UTC or by your platform's clock). It is the"
    assert f"b.ipynb, dated 24 November 2026, 11:05 {dated} last of 2" in text
    assert "It came late" in text
    text = seen(worse, better, best=True)
    assert f"a.ipynb, dated 24 November 2026, 10:05 {dated} best of 2" in text
    assert "late" not in text


@pytest.mark.parametrize("in_order", [True, False])
def test_of_those_here_the_page_is_about_the_last(*, in_order: bool) -> None:
    """What counts may lie elsewhere; names say nothing of time."""
    lab = "class/Lab {}/Ada_{}_assignsubmission_file/{}.ipynb"
    here = [
        handed_in(
            file=lab.format(1, 105, name), when=datetime(2026, 11, day, tzinfo=UTC)
        )
        for name, day in (("b", 1), ("a", 2))
    ]
    counts = handed_in(
        file=lab.format(2, 305, "c"), when=datetime(2026, 11, 3, tzinfo=UTC)
    )
    results = [*(here if in_order else reversed(here)), counts]
    page, _ = (learner_page(m, expected=False) for m in deliveries(standings(results)))
    assert "a.ipynb, dated 2 November" in page
    assert "another notebook of yours counts" in page


def test_a_file_is_no_folder_for_feedback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs, out = tmp_path / "class" / "ada" / "x.ipynb", tmp_path / "out"
    save(theirs, answering(right_answers()))
    out.write_text("mine")
    words = ["mark", str(theirs.parents[1]), "--no-execute", "--feedback", str(out)]
    assert main(words) == 2
    assert f"--feedback {out} cannot be written" in capsys.readouterr().err
    out.unlink()
    out.mkdir()
    (out / "ada").write_text("mine")  # a file, where a folder is to be
    assert main(words) == 0
    assert "0 pages of feedback" in capsys.readouterr().err


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


@pytest.mark.parametrize("name", ["文" * 75, "x" * 180, "é" * 110])
def test_a_long_name_ends_nobodys_feedback(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, out = str(tmp_path / "lab.zip"), str(tmp_path / "out")
    with zipfile.ZipFile(lab, "w") as archive:
        for number, who in enumerate(["Aa", name, "Zoë"]):
            file = f"{who}_{101 + number}_assignsubmission_file_x.ipynb"
            archive.writestr(file, as_content(answering(right_answers())))
    assert main(["mark", lab, "--no-execute", "--annotate", "--feedback", out]) == 0
    assert "3 pages of feedback and 3 notebooks: " in capsys.readouterr().err


@pytest.mark.parametrize("most", [0, 20])
def test_a_file_that_cannot_be_written_keeps_no_other_back(
    most: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    for name in ("ada", "bob", "cid"):
        save(folder / name / "x.ipynb", answering(right_answers()))
    write = Path.write_bytes

    def full(file: Path, content: bytes) -> int:
        if file.parent.name == "bob":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(feedback, "MOST_FAILURES", most)
    assert main(["mark", str(folder), "--no-execute", "--feedback", str(out)]) == 2
    told = capsys.readouterr().err
    line = (
        f"{out / 'bob' / 'feedback.html'} cannot be written: No space left on device."
    )
    assert (line in told) == bool(most)
    assert f"2 pages of feedback: {out}" in told
    assert "can be written: 1 file of feedback is missing" in told
    assert (out / "cid" / "feedback.html").is_file()


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
