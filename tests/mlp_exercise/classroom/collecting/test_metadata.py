"""Files that platforms write; odd ones change nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.classroom.collecting import metadata
from mlp_exercise.classroom.collecting.metadata import Submission, Submitter

GRADESCOPE = """\
---
submission_456:
  :submitters:
  - :name: Ada Lovelace
    :sid: '12345'
    :email: ada@example.org
  :created_at: 2026-11-24 10:00:00.123456000 Z
  :score: 8.0
  :results:
    tests:
    - name: first
      output: |-
        submission_457:
          :submitters:
  :history:
  - :id: 455
    :created_at: 2026-11-23 09:00:00.000000000 Z
submission_457:
  :submitters:
  - :name: "Zo\\u00eb O'Neill"
    :sid:
  - :name: 'Grace O''Hara'
  :created_at: 2026-11-24 11:00:00 +01:00
"""


def test_gradescope_tells_who_handed_in_and_when() -> None:
    ten = datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert metadata.gradescope(GRADESCOPE) == {
        "submission_456": Submission(
            (Submitter("Ada Lovelace", "", "12345", "ada@example.org"),),
            ten.replace(microsecond=123456),
        ),
        "submission_457": Submission(
            (Submitter("Zoë O'Neill"), Submitter("Grace O'Hara")), ten
        ),
    }
    windows = GRADESCOPE.replace("\n", "\r\n")
    assert metadata.gradescope(windows) == metadata.gradescope(GRADESCOPE)


def test_a_separator_of_lines_in_a_value_begins_no_submission() -> None:
    forged = (
        "submission_1:\n  :submitters:\n  - :name: Eve\u2028submission_2:\u2028  :x: y"
    )
    assert list(metadata.gradescope(forged)) == ["submission_1"]


def test_blackboard_tells_a_name_and_a_login_in_the_first_line_alone() -> None:
    ada = Submission((Submitter("Ada Lovelace", "ada_l"),))
    text = "Name: Ada Lovelace (ada_l)\nAssignment: Lab\n\nName: Bob (bob)\n"
    assert metadata.blackboard(text) == ada
    assert metadata.blackboard(f"\ufeff{text}".replace("\n", "\r\n")) == ada
    assert metadata.blackboard("Name: (ada)\n" + text) == Submission((Submitter(),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-02-02 15:58:23.948203 UTC", datetime(2015, 2, 2, 15, 58, 23, 948203)),
        ("2015-02-02 15:58:23\n", datetime(2015, 2, 2, 15, 58, 23)),
        ("2015-02-02 15:58:23 +0130", datetime(2015, 2, 2, 14, 28, 23)),
        ("2015-02-02 15:58:23 Atlantis/Nowhere", datetime(2015, 2, 2, 15, 58, 23)),
        ("2015-02-02 15:58:23 ../../etc/passwd", datetime(2015, 2, 2, 15, 58, 23)),
        ("yesterday", None),
    ],
)
def test_nbgrader_tells_when(text: str, expected: datetime | None) -> None:
    when = expected and expected.replace(tzinfo=UTC)
    assert metadata.nbgrader(text) == Submission(when=when)


PIECES = st.sampled_from([*GRADESCOPE.split("\n"), "  ", "- ", ":", "'", '"\\x', "!"])


@given(text=st.text() | st.lists(PIECES | st.text(max_size=9)).map("\n".join))
def test_an_odd_file_is_no_error(text: str) -> None:
    for submission in metadata.gradescope(text).values():
        assert submission != Submission()
    metadata.blackboard(text)
    metadata.nbgrader(text)
