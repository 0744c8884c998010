"""A class that never was is the same each time, and is packed as platforms pack."""

import sys
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.cohort import PARTS, Learner, Paper, cohort
from benchmarks.platforms import ASSIGNMENT, Kit, kits
from benchmarks.term import POINTS, command, filled, table, untold, wronged
from mlp_exercise.check import StepMark
from mlp_exercise.classroom.batches.batch import Result, mark_content
from mlp_exercise.classroom.collecting.collect import Handed, find
from mlp_exercise.classroom.collecting.platforms import PLATFORMS
from mlp_exercise.classroom.gradebooks.gradebook import fill
from mlp_exercise.classroom.gradebooks.roster import class_lists, in_class
from mlp_exercise.classroom.standing import standings
from mlp_exercise.submission.mark import Settings, Sheet

SIZE = 60


@pytest.fixture(scope="module")
def learners() -> list[Learner]:
    return cohort(SIZE)


@pytest.fixture(scope="module")
def made(
    learners: list[Learner], tmp_path_factory: pytest.TempPathFactory
) -> list[Kit]:
    return kits(learners, tmp_path_factory.mktemp("term"))


def test_a_class_is_the_same_each_time(learners: list[Learner]) -> None:
    assert cohort(5) == cohort(5)
    assert cohort(5) != cohort(5, seed=1)
    assert [who.number for who in learners] == list(range(SIZE))


def test_a_class_has_namesakes_and_some_hand_in_twice_or_nothing(
    learners: list[Learner],
) -> None:
    names = Counter(who.name for who in learners)
    assert max(names.values()) == 2
    assert [] in [[*who.papers] for who in learners]
    parts = [Counter(paper.part for paper in who.papers) for who in learners]
    assert {part for part in PARTS if any(each[part] > 1 for each in parts)}


def test_what_honest_learners_write_is_paid_in_full_and_a_slip_is_not(
    learners: list[Learner],
) -> None:
    papers = [paper for who in learners for paper in who.papers]
    for paper in (paper for paper in papers if paper.part == PARTS[0]):
        found = mark_content(paper.name, paper.content, Settings(execute=False))
        if paper.work in {"damaged", "script"}:
            assert found.status == "unreadable"
        else:
            lost = found.sheet.max_points - found.sheet.points
            assert (lost > 0) == (paper.work in {"slip", "blank"}), paper.work


def test_every_file_lies_where_its_platform_puts_it(made: list[Kit]) -> None:
    for kit in made:
        patterns = [each.pattern for each in PLATFORMS if each.name == kit.platform]
        names = zipfile.ZipFile(kit.archive).namelist()
        papers = [paper for who in kit.learners for paper in who.papers]
        assert len(set(names) - {"index.html"}) == len(papers) > 0
        for name in set(names) - {"index.html"}:
            assert any(pattern.match(name) for pattern in patterns), name


def test_everybody_has_a_row_in_a_gradebook_and_nobody_has_points_yet(
    made: list[Kit],
) -> None:
    rows = [cell for kit in made for cell in filled(kit)]
    assert rows == [""] * SIZE


def test_a_row_that_is_not_what_was_handed_in_is_noticed(made: list[Kit]) -> None:
    for kit in made:
        honest = [
            who.name
            for who in kit.learners
            if who.papers and {paper.work for paper in who.papers} == {"honest"}
        ]
        missing = [line.partition(", ")[0] for line in wronged(kit)]
        assert {*honest} <= {*missing}
        gone = {who.name for who in kit.learners if not who.papers}
        assert not gone & {*missing} - {*honest}


@pytest.mark.parametrize("seed", [1, 3])
def test_namesakes_on_different_platforms_get_their_own_points_or_are_told(
    tmp_path: Path, seed: int
) -> None:
    few = [(who.given, who.family) for who in cohort(SIZE // 3, seed)]
    draw = Random(seed)  # noqa: S311 - names, nothing secret
    namesakes = [
        who._replace(given=given, family=family)
        for who in cohort(SIZE, seed)
        for given, family in [draw.choice(few)]
    ]
    made = kits(namesakes, tmp_path)
    papers = {paper.content: paper for who in namesakes for paper in who.papers}
    results = [
        marked_by_hand(item, papers[item.content()])
        for kit in made
        for item in find(str(kit.archive))
        if isinstance(item, Handed)
    ]
    sheets = [str(kit.gradebook) for kit in made]
    classroom = in_class(standings(results), class_lists(None, sheets))
    said: list[str] = []
    for sheet in sheets:
        others = class_lists(None, [other for other in sheets if other != sheet])
        said += fill(
            Path(sheet),
            classroom,
            columns=[f"{ASSIGNMENT}=total"],
            others=[other.people for other in others],
        ).lines
    assert [*untold(made, said)] == []
    assert sum(1 for kit in made for cell in filled(kit) if cell) > SIZE // 3
    # Had one of them been given what another handed in, it would be noticed.
    assert [*untold(made, [])] != []


def marked_by_hand(item: Handed, paper: Paper) -> Result:
    """Return a notebook's result as if it had been run."""
    made = Result(item.file, path=item.path, learner=item.learner, when=item.when)
    if paper.work in {"damaged", "script"}:
        return made
    most = POINTS[paper.part]
    points = {"honest": most, "blank": 0}.get(paper.work, most - 1)
    mark = StepMark("all", "correct", points, most, (), "")
    return made._replace(status="marked", exercise=paper.part, sheet=Sheet((mark,)))


def test_the_command_is_watched_while_it_runs(made: list[Kit]) -> None:
    kit = made[0]
    run = command([kit.archive.name, "--no-execute"], kit.archive.parent)
    assert run.status == 1, run.said  # some are damaged, and code is not run
    if sys.platform == "linux":
        assert 0 < run.largest <= run.together


def test_what_was_measured_is_told_in_words() -> None:
    row = {
        "learners": 300,
        "files": 814,
        "megabytes": 21.9,
        "cores": 2,
        "load": 0.1,
        "seconds": 150.0,
        "largest": 90.2,
        "together": 700.4,
        "rows": 300,
        "with points": 288,
        "told": 4,
        "given back": 900,
        "given back, megabytes": 25.2,
        "report, kilobytes": 80.1,
    }
    text = table(row)
    assert "| time in all | 2.5 minutes on 2 cores |" in text
    assert "| gradebook rows | 300, 288 of them with points |" in text
    assert "`nox -s bench -- term`" in text
    assert "idle" in text
    assert "**The machine was busy**" in table(row | {"load": 9.0})


def test_a_class_is_no_larger_than_there_are_names() -> None:
    with pytest.raises(ValueError, match="there are names for"):
        cohort(10_000)


def test_a_kit_lies_in_the_folder_that_was_named(made: list[Kit]) -> None:
    assert {kit.gradebook.parent for kit in made} == {Path(made[0].archive.parent)}
