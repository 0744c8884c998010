"""Names as platforms make them; each row of the table brings two."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.classroom.collecting.learners import learner_of, name_below
from mlp_exercise.classroom.collecting.platforms import (
    IDS,
    PLATFORMS,
    Platform,
    moment,
    named,
)

EXERCISES = ("ex1_01_pen_and_paper", "ex1_02_numpy_gradient")
ROWS = pytest.mark.parametrize("row", PLATFORMS, ids=lambda row: row.name)


@ROWS
def test_a_platform_s_pattern_says_what_its_examples_say(row: Platform) -> None:
    assert len(row.examples) == 2
    for path, expected in row.examples:
        found = row.pattern.match(path)
        assert found
        known = {key: found.groupdict().get(key) for key in (*expected, *IDS, "late")}
        assert {key: text for key, text in known.items() if text} == expected


@ROWS
def test_of_two_names_those_of_the_platform_itself_are_found_first(
    row: Platform,
) -> None:
    for path, _ in row.examples:
        parts = tuple(path.split("/"))
        first = next(iter(named(parts, 0, certain=False)))
        assert first.platform == row.name


@ROWS
def test_a_platform_s_names_are_found_below_folders_of_exercises(row: Platform) -> None:
    for path, expected in row.examples:
        for above in ("", "week 2/", "Exercise 1/submissions/", "moodle.zip/"):
            name = name_below("/nowhere", tuple(f"{above}{path}".split("/")), EXERCISES)
            assert name
            assert name.platform == row.name
            assert name.late == ("late" in expected)
            assert (name.when is None) == ("when" not in expected)


@ROWS
def test_what_lies_below_a_learner_is_the_learner_s_whatever_it_is_called(
    row: Platform,
) -> None:
    for path, _ in row.examples:
        above = "Zoe_1_assignsubmission_file"
        who = learner_of(f"class/{above}/{path}", "class", EXERCISES)
        assert who.full == "Zoe_1"
        # In an archive that somebody has packed, names are that somebody's own too.
        file = f"class/zoe/work.zip/{path}"
        assert learner_of(file, "class", EXERCISES).name == "zoe"
        if not row.certain:
            assert learner_of(f"class/zoe/{path}", "class", EXERCISES).name == "zoe"


@ROWS
def test_a_learner_of_a_platform_is_the_same_wherever_its_files_are_named(
    row: Platform,
) -> None:
    for path, _ in row.examples:
        file = f"/nowhere/class/Submissions/{path}"  # ILIAS's own
        who = learner_of(file, "/nowhere/class", EXERCISES)
        assert learner_of(file, file, EXERCISES) == who


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24-10-00-05", datetime(2026, 11, 24, 10, 0, 5, tzinfo=UTC)),
        ("Sep 24, 2026 926 PM", datetime(2026, 9, 24, 21, 26, tzinfo=UTC)),
        ("Oct 10, 2026 1022 AM", datetime(2026, 10, 10, 10, 22, tzinfo=UTC)),
        ("October 1, 2026 1205 AM", datetime(2026, 10, 1, 0, 5, tzinfo=UTC)),
        ("Oct 1, 2026 12:05 PM", datetime(2026, 10, 1, 12, 5, tzinfo=UTC)),
        ("2026-13-24-10-00-05", None),
        ("Xyz 1, 2026 1205 AM", None),
        ("24 Sep 2026 21:26", None),  # other languages write other dates
        ("", None),
    ],
)
def test_times_are_read_as_platforms_write_them(
    text: str, expected: datetime | None
) -> None:
    assert moment(text) == expected


@given(when=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_a_time_in_a_name_is_read_as_it_was_written(when: datetime) -> None:
    second = when.replace(microsecond=0, tzinfo=UTC)
    assert moment(f"{when:%Y-%m-%d-%H-%M-%S}") == second
    minute = second.replace(second=0)
    hour = when.hour % 12 or 12
    half = "AM" if when.hour < 12 else "PM"
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - easier to read
    name = f"{months[when.month - 1]} {when.day}, {when.year} {hour}{when:%M} {half}"
    assert moment(name) == minute
