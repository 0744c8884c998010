"""The class page adds up to what came in, whoever the class is and whatever learners wrote."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_instructors.attention import groups
from mlp_exercise.classroom.for_instructors.class_page import MOST_ALIKE, class_page
from mlp_exercise.classroom.standing import LABELS, Standing, exercise_of, standings
from mlp_exercise.part1.feedback import SLIPS
from mlp_exercise.submission.mark import EXERCISES, Exercise, Sheet
from tests.mlp_exercise.classroom.classes import class_of
from tests.mlp_exercise.classroom.test_tables import marked, step, unreadable

FIRST, SECOND, THIRD = EXERCISES

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

VOID = {"meta", "br", "wbr"}


class Reader(HTMLParser):
    """Reads tables and bars from a page, and sees whether it is well formed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}  # rows of the body, by caption
        self.bars: list[list[tuple[str, float, float]]] = []  # verdict, place, width
        self.bins: list[list[int]] = []  # counts that stand in a histogram
        self.text = ""
        self._rows: list[list[str]] = []
        self._caption = ""
        self._is_bar = False
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, Any]]) -> None:
        has = dict(attributes)
        assert not [name for name in has if name.startswith("on")]
        assert tag not in ("script", "img", "iframe", "link", "object")
        self.ids += [has["id"]] if "id" in has else []
        if tag == "table":
            self._rows, self._caption = [], ""
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")
        if tag == "svg":
            self._is_bar = has.get("class") == "bar"
            self.bars += [[]] if self._is_bar else []
        if tag == "svg" and str(has.get("class")).startswith("hist"):
            self.bins.append([])
        if tag == "rect" and self._is_bar:
            place, width = (float(has[name].rstrip("%")) for name in ("x", "width"))
            self.bars[-1].append((has["class"], place, width))
        if tag not in VOID:
            self.open.append("count" if has.get("class") == "count" else tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, Any]]) -> None:
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in (tag, "count")
        if tag == "table":
            assert self._caption not in self.tables
            self.tables[self._caption] = self._rows[1:]

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "count":
            self.bins[-1].append(int(data))
        if "caption" in self.open:
            self._caption += data
        elif {"td", "th"} & {*self.open}:
            self._rows[-1][-1] += data
        if "style" not in self.open:
            self.text += data


def sheet(exercise: Exercise, dice: Random) -> Sheet:
    """Draw a sheet of any verdicts; what is wrong may have a name."""
    marks = []
    for name in exercise.steps:
        verdict = dice.choice(VERDICTS)
        most = exercise.max_points / len(exercise.steps)
        paid = most if verdict in ("correct", "follow-through") else 0.0
        slip = dice.choice(["", "forgot the factor 2", *SLIPS.values()])
        slip = slip if verdict == "wrong" else ""
        marks.append(StepMark(name, verdict, paid, most, (), "", slip=slip))
    return Sheet(tuple(marks))


def file(dice: Random) -> Result:
    """Draw what came of a file of one of a few learners."""
    exercise, number = dice.choice(EXERCISES), dice.randrange(10)
    name = dice.choice([f"{exercise.name}.ipynb", "mine.py"])
    late = dice.random() < 0.3
    made = Result(f"class/learner {number}/{name}", path="class", late=late)
    chance = dice.random()
    if chance < 0.2:
        return made._replace(reason=dice.choice(["broken JSON", "a .py file"]))
    made = made._replace(exercise=exercise.name)
    if chance < 0.3:
        return made._replace(status="not marked", reason="it needs PyTorch")
    return made._replace(status="marked", sheet=sheet(exercise, dice))


def add_up(classroom: list[Standing], came: list[Result]) -> None:
    """See that every table and every chart adds up to what came in."""
    seen = Reader(class_page(classroom, came))
    tables = seen.tables
    assert len(set(seen.ids)) == len(seen.ids)
    handed = {
        row[0]: [*map(int, row[1:])] for row in tables.get("Learners by exercise", [])
    }
    reasons = Counter(r.reason for r in came if r.status != "marked")
    shown = {reason: int(n) for n, reason in tables.get("Files by reason", [])}
    assert shown == reasons
    bars, bins = iter(seen.bars), iter(seen.bins)
    of_all = [one for one in classroom if one.counting]
    for exercise in EXERCISES:
        every = (one.counting.get(exercise.name) for one in classroom)
        counting = [result for result in every if result]
        learners = {
            one.name
            for one in classroom
            for result in one.results
            if exercise_of(result) == exercise.name
        }
        if learners:
            many, paid, without, _, _ = handed[LABELS[exercise.name]]
            assert (many, paid) == (len(learners), len(counting))
            assert without == many - paid
        else:
            assert LABELS[exercise.name] not in handed
        if not counting:
            assert exercise.name not in "".join(tables)
            continue
        points(tables, exercise.name, [r.sheet.points for r in counting], next(bins))
        title = next(
            t for t in tables if t.endswith(f" in {exercise.name}") and "Ans" in t
        )
        assert [row[0] for row in tables[title]] == [*exercise.steps]
        for name, share, *numbers in tables[title]:
            verdicts = [
                m.verdict for r in counting for m in r.sheet.marks if m.name == name
            ]
            count: dict[str, int] = dict(zip(VERDICTS, map(int, numbers), strict=True))
            assert count == {v: verdicts.count(v) for v in VERDICTS}
            lost = len(verdicts) - count["correct"] - count["follow-through"]
            assert share == f"{lost / len(verdicts):.0%}"
            bar = next(bars)
            assert [verdict for verdict, *_ in bar] == [v for v in VERDICTS if count[v]]
            end = 0.0
            for verdict, place, width in bar:
                exact = 100 * count[verdict] / len(verdicts)
                assert (place, width) == pytest.approx((end, exact), abs=0.01)
                end += exact
        slips(seen, exercise, [m for r in counting for m in r.sheet.marks])
    if len({name for one in of_all for name in one.counting}) > 1:
        points(tables, "Total", [one.total for one in of_all], next(bins))
    assert [*bars, *bins] == []


def points(
    tables: dict[str, list[list[str]]], name: str, reached: list[float], bins: list[int]
) -> None:
    rows = tables[f"{name}: learners by points"]
    count = {float(low): int(number) for low, number in rows}
    assert {low for low, number in count.items() if number} == set(reached)
    assert all(reached.count(low) == number for low, number in count.items())
    assert [number for number in count.values() if number] == bins


def slips(seen: Reader, exercise: Exercise, marks: list[StepMark]) -> None:
    wrong = [mark for mark in marks if mark.verdict == "wrong"]
    named = Counter(
        (mark.slip, "" if mark.slip in SLIPS.values() else mark.name)
        for mark in wrong
        if mark.slip
    )
    answers = "answer" if len(wrong) == 1 else "answers"
    told = f"{len(wrong)} wrong {answers} in {exercise.name}"
    assert told in seen.text
    title = next((t for t in seen.tables if t.startswith(told)), "")
    assert bool(title) == bool(named)
    if title:
        learners = [int(row[0]) for row in seen.tables[title]]
        assert len(learners) == len(named)
        assert learners == sorted(learners, reverse=True)
        without = len(wrong) - named.total()
        assert title == told + (
            f", {without} of them without a name" if without else ""
        )


@given(st.integers(0, 2**32), st.integers(0, 30), st.integers(0, 3), st.booleans())
def test_all_charts_and_tables_add_up(
    seed: int, files: int, absent: int, best: bool
) -> None:
    dice = Random(seed)  # noqa: S311 - nobody has to be kept from guessing
    came = [file(dice) for _ in range(files)]
    classroom = standings(came, best=best)
    classroom += [Standing(f"absent {n}", {}) for n in range(absent)]
    add_up(classroom, came)


def test_a_large_class_adds_up() -> None:
    classroom, came = class_of(40)
    page = class_page(classroom, came)
    seen = Reader(page)
    assert f"{sum(bool(one.results) for one in classroom)} of 40" in seen.text
    # Who handed in nothing is named in the order of the class.
    names = [one.name for one in classroom if not one.results]
    assert page.endswith("</html>\n")
    assert [*re.findall(r"<li>([^<]+)</li>", page)] == names != []


def test_a_page_of_300_learners_is_light_and_always_the_same() -> None:
    classroom, came = class_of(300)
    page = class_page(classroom, came)
    assert len(page.encode()) < 100_000
    assert page == class_page([*classroom], [*came])
    assert class_of(30)[1] == class_of(30)[1]


@pytest.mark.parametrize(
    ("classroom", "came", "said"),
    [
        ([], [], "Nothing has been handed in."),
        ([Standing("Ada", {})], [], "Handed in nothing (1)"),
    ],
)
def test_a_class_of_nobody_has_a_page(
    classroom: list[Standing], came: list[Result], said: str
) -> None:
    seen = Reader(class_page(classroom, came))
    assert said in seen.text
    assert "Points" not in seen.text


def test_where_nothing_can_be_read_there_are_no_charts() -> None:
    came = [unreadable(f"class/{n}/mine.ipynb") for n in range(3)]
    seen = Reader(class_page(standings(came), came))
    assert "0 of 3files are marked; 3 unreadable" in swapped(seen.text)
    assert seen.bins == []


def swapped(text: str) -> str:
    """Put the number of a fact before its words, as it is shown."""
    return re.sub(
        r"(files are marked[^\n\d]*(?:\d+ [^\d\n]+)*?)(\d+ of \d+)", r"\2\1", text
    )


def test_one_learner_and_one_exercise_have_no_total() -> None:
    came = [marked("class/ada/mine.ipynb", 0.5)]
    seen = Reader(class_page(standings(came), came))
    assert len(seen.bins) == 1
    assert "Total" not in seen.text
    assert "1 learner, mean 0.50 of 0.5" in seen.text


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><b onclick=x>",
    "\u202egnp.exe",
    "\ud800 \x00\x1b[31m",
    "&lt;b&gt;",
    "Ł" * 300,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_learners_wrote_is_text(text: str) -> None:
    marks = (StepMark(text, "wrong", 0.0, 1.0, (text,), text, slip=text),)
    sheet = Sheet(marks, remarks=(text,), limited=True)
    files = [f"class/{text}/1.ipynb", f"class/{text}/2.ipynb", f"class/{text}/3.ipynb"]
    came = [
        Result(files[0], "marked", None, FIRST.name, sheet, late=True, digest="1"),
        Result(files[1], "not marked", text, SECOND.name),
        Result(files[2], "unreadable", text),
    ]
    other = came[0]._replace(file="class/other/1.ipynb")
    classroom = [
        Standing(text, {FIRST.name: came[0]}, tuple(came)),
        Standing(f"{text} 2", {FIRST.name: other}, (other,)),
        Standing(f"{text} 3", {}),
    ]
    page = class_page(classroom, [*came, other])
    seen = Reader(page)
    assert "<script" not in page
    assert "\u202e" not in page
    page.encode()
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    assert seen.text.count(shown[:199]) > 10


def test_it_names_nothing_but_what_it_is_given() -> None:
    page = class_page(*class_of(20))
    assert set(re.findall(r"(?:src|href)\s*=\s*\S([^\"']*)", page)) == {"#look"}
    assert not re.search(r"url\((?!#)", page)
    linked = class_page(*class_of(20), site="https://example.org/course/")
    links = set(re.findall(r'href="([^"]+)"', linked)) - {"#look"}
    assert links
    assert all(
        link.startswith("https://example.org/course/tutorials/") for link in links
    )


# Whom to look at.


def looks(came: list[Result], **options: Any) -> dict[str, list[tuple[str, str]]]:
    return {
        group.title: [(look.learner, look.words) for look in group.looks]
        for group in groups(standings(came, **options))
    }


def of(learner: str, *marks: StepMark, name: str = "1", **more: Any) -> Result:
    sheet = {key: more.pop(key) for key in {*more} & {"variant", "remarks", "limited"}}
    made = Sheet(marks or (step("a"),), **sheet)
    file = f"class/{learner}/{name}.ipynb"
    return Result(file, "marked", None, FIRST.name, made, path="class", **more)


def test_those_who_need_nothing_are_not_named() -> None:
    assert looks([of("ada", variant=1), of("ben", step("a", "wrong"), variant=2)]) == {}


def test_whoever_is_not_in_the_class_list_is_named() -> None:
    remarks = {
        "ada": "not in the class list",
        "ben": "not certain who this is in the class list",
        "cid": "ex1_01: late",
    }
    classroom = [Standing(n, {}, (of(n),), (said,)) for n, said in remarks.items()]
    (group,) = groups(classroom)
    assert [(look.learner, look.words) for look in group.looks] == [*remarks.items()][
        :2
    ]
    page = class_page(classroom, [of(name) for name in remarks])
    assert "Not certain who they are in the class list (2)" in page


def test_a_blank_notebook_is_told_where_nothing_else_is() -> None:
    blank, begun = of("ada", step("a", "missing")), of("ben", step("a"))
    assert looks([blank, begun]) == {"Nothing is filled in": [("ada", "no answer")]}


def test_the_hardest_step_breaks_between_its_words() -> None:
    steps = [step("a"), step("validation_error", "wrong")]
    came = [of("ada", *steps, variant=1)]
    page = class_page(standings(came), came)
    assert "<dd>validation_<wbr>error</dd>" in page


def test_what_needs_a_person_most_comes_first() -> None:
    came = [
        of("late", late=True, variant=1),
        of("flag", step("z", "wrong", "invalid"), variant=2),
        of("limit", step("z", "timed-out", "time limit"), limited=True, variant=3),
        of("raised", step("z", "missing"), remarks=("Code cell 1 raised.",), variant=4),
        unreadable("class/unreadable/mine.ipynb"),
        Result(
            "class/not/1.ipynb", "not marked", "it needs x", FIRST.name, path="class"
        ),
    ]
    assert looks(came) == {
        "Not marked": [("not", "it needs x")],
        "Unreadable, and nothing else of the exercise is marked": [
            ("unreadable", "broken JSON")
        ],
        "Stopped at a limit, or not run": [("limit", "time limit: z")],
        "Answers with a flag": [("flag", "invalid: z")],
        "Cells that raised an error or were left out": [
            ("raised", "Code cell 1 raised.")
        ],
        "Late": [("late", "late")],
    }
    assert [*looks(came)] == [*looks(came[::-1])]


def test_a_seed_that_two_share_is_told_where_the_others_have_their_own() -> None:
    came = [of(f"learner {n}", variant=n) for n in range(5)]
    again = [of("ada", variant=3), of("ben")]
    assert looks(came) == {}
    assert looks([*came, *again]) == {
        "Numbers to compare": [
            ("ada", "seed 3, as learner 3"),
            ("learner 3", "seed 3, as ada"),
            ("ben", "the original numbers, without a seed"),
        ]
    }
    # One seed for everybody, or none, was handed out so.
    assert looks([of(f"learner {n}", variant=7) for n in range(5)]) == {}
    assert looks([of(f"learner {n}") for n in range(5)]) == {}
    disputed = of("eve", step("a", "correct", "disputed seed"), variant=9)
    assert looks([*came, disputed]) == {
        "Numbers to compare": [("eve", "seed 9, but its code has other numbers")]
    }


def test_one_file_of_several_learners_is_told_but_not_an_empty_one() -> None:
    pair = [of(name, digest="same", variant=1) for name in ("ada", "ben")]
    assert looks(pair) == {
        "One file from several learners": [
            ("ada", "the same file as ben"),
            ("ben", "the same file as ada"),
        ]
    }
    blank = [of(name, step("a", "missing"), digest="same") for name in ("ada", "ben")]
    assert [*looks(blank)] == ["Nothing is filled in"]
    # A learner may hand a file in twice.
    assert looks([of("ada", name=name, digest="same") for name in "12"]) == {}


def test_a_better_notebook_that_does_not_count_is_told() -> None:
    came = [of("ada", name="1"), of("ada", step("a", "wrong"), name="2")]
    assert looks(came) == {
        "Another notebook has more points": [("ada", "0.5 points here, 0 count")]
    }
    assert looks(came, best=True) == {}


def test_what_is_unreadable_beside_a_marked_one_can_wait() -> None:
    known = unreadable(f"class/ada/{FIRST.name}.ipynb")
    other = unreadable(f"class/ada/{SECOND.name}.ipynb")
    beside, alone = (
        "Unreadable, beside a notebook that is marked",
        "Unreadable, and nothing",
    )
    assert [*looks([of("ada"), known])] == [beside]
    assert [*looks([of("ada"), unreadable("class/ada/mine.ipynb")])] == [beside]
    assert next(iter(looks([of("ada"), other]))).startswith(alone)


def test_what_counts_is_late_or_what_nothing_else_counts_for() -> None:
    early, late = of("ada", name="2"), of("ada", name="1", late=True)
    assert looks([early, late]) == {}
    assert looks([late]) == {"Late": [("ada", "late")]}
    lacking = unreadable(f"class/ada/{SECOND.name}.ipynb")._replace(late=True)
    assert looks([early, lacking])["Late"] == [("ada", "late")]


def test_everybody_with_a_flag_has_a_line() -> None:
    flagged = step("z", "wrong", "invalid")
    came = [of(f"learner {n}", flagged) for n in range(MOST_ALIKE + 1)]
    seen = Reader(class_page(standings(came), came))
    title = next(t for t in seen.tables if t.startswith("They are marked by the rule"))
    assert len(seen.tables[title]) == MOST_ALIKE + 1


def test_many_of_one_cause_have_one_line() -> None:
    came = [
        Result(
            f"class/{n}/1.ipynb", "not marked", "it needs x", FIRST.name, path="class"
        )
        for n in range(MOST_ALIKE + 1)
    ]
    all_of_it = Reader(class_page(standings(came), came))
    less = Reader(class_page(standings(came[1:]), came[1:]))
    title = next(t for t in less.tables if "mark again" in t)
    assert len(less.tables[title]) == MOST_ALIKE
    assert all_of_it.tables[title] == [
        [f"{MOST_ALIKE + 1} notebooks", "ex1_01", "it needs x", ""]
    ]
    assert f"{MOST_ALIKE + 1} of {MOST_ALIKE + 1}" in all_of_it.text
