"""Feedback names what is the matter and never what the answer should be."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.part1.boxes import exactly, flatten, nest
from mlp_exercise.part1.feedback import _likely_mistake
from mlp_exercise.part1.simulation import STYLES, Style, fill_in, rounded
from mlp_exercise.part1.variants import variant
from mlp_exercise.values import plain
from mlp_reference.mistakes import PEN_AND_PAPER, Slip
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.part1.sheets import NAMES, judge, solved, written

EXAMPLE = variant(17)
RIGHT = solved(EXAMPLE)
OWN = solved()  # on the exercise's own numbers

each_mistake = pytest.mark.parametrize(
    "mistake", PEN_AND_PAPER, ids=lambda m: f"{m.answer}: {m.name}"
)


def said_of(name: str, answer: Any, **changed: Any) -> str:
    """Return what is said of one answer on a sheet that is right but for some changes."""
    return judge(RIGHT | changed | {name: answer}, EXAMPLE)[name].feedback


@pytest.mark.parametrize(("mistake", "name"), [(0.299, "slip"), (0.297, "")])
def test_a_mistake_is_named_where_a_rounded_answer_is_nearer_to_it_than_to_the_truth(
    mistake: float, name: str
) -> None:
    found = _likely_mistake([0.3], [exactly([0.302])], [("slip", [mistake])])
    assert found == name


@each_mistake
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_a_known_mistake_is_wrong_and_called_by_a_name(
    mistake: Slip, seed: int
) -> None:
    example = variant(seed)
    marks = judge(written(solved(example, mistake)), example)
    assert marks[mistake.answer].verdict == "wrong"
    # On some numbers two mistakes look alike; then the nearer one is named.
    assert "t looks as if you " in marks[mistake.answer].feedback
    assert sum(m.points for m in marks.values()) == 5.5


@each_mistake
def test_computed_in_full_the_name_is_exact(mistake: Slip) -> None:
    judged = judge(solved(EXAMPLE, mistake), EXAMPLE)[mistake.answer]
    assert judged.feedback == f"It looks as if you {mistake.name}."
    assert judged.slip == mistake.name


@pytest.mark.parametrize(
    ("name", "answer", "slip"),
    [
        ("z", [float(np.trunc(100 * v) / 100) for v in RIGHT["z"]], "cut decimals off"),
        ("y", [round(RIGHT["y"][0], 1)], "gave one decimal"),
        ("b2_updated", EXAMPLE.b2, "left the parameters as they were"),
        ("dL_dw1", [RIGHT["dL_dw1"]], "gave another shape"),
        ("loss", plain("small"), "gave something else than numbers"),
        ("y", [RIGHT["y"][0] + 0.008], "came very close, but not to two decimals"),
        ("y", [77.0], ""),
        ("y", [None], ""),
        ("y", RIGHT["y"], ""),
    ],
)
def test_what_many_may_do_is_called_the_same_everywhere(
    name: str, answer: Any, slip: str
) -> None:
    assert judge(RIGHT | {name: answer}, EXAMPLE)[name].slip == slip


DW1 = RIGHT["dL_dw1"]
CUT = [float(np.trunc(100 * value) / 100) for value in RIGHT["z"]]
PARTLY = [DW1[0], [*DW1[1][:2], DW1[1][2] + 0.4]]
SHAPE = "I expected numbers in the shape (2, 3). The numbers themselves are right."


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("dL_dw1", PARTLY, "Partly right. Look again at dL_dw1[1][2]."),
        ("a", [RIGHT["a"][0] + 0.31, RIGHT["a"][1]], "Partly right. Look again at a[0]."),
        ("y", [77.0], "This does not follow from the numbers before it. Work it out once more."),
        ("z", CUT, "This looks cut off, not rounded: mind the third decimal."),
        (
            "dL_dw1",
            np.transpose(DW1).tolist(),
            f"Your dL_dw1 has the shape (3, 2), with rows and columns exchanged. {SHAPE}",
        ),
        ("dL_dw1", [DW1], f"Your dL_dw1 has the shape (1, 2, 3). {SHAPE}"),
        ("y", 9.0, "Your y has the shape (). I expected numbers in the shape (1,)."),
        (
            "a",
            [0, 30, 0, 24],
            "Your a has the shape (4,), perhaps because a decimal comma makes two numbers "
            "of one: write a point. I expected numbers in the shape (2,).",
        ),
        ("z", None, "No answer yet."),
        ("a", [0.3, None], "Still missing: a[1]."),
        ("dL_dw2", [0.3, None], "A part of it is still missing."),
        (
            "loss",
            plain("small"),
            "I cannot read the text 'small' as a number. Write one number in each place.",
        ),
        (
            "a",
            [plain("small"), None],
            "I cannot read the text 'small' as a number. Write one number in each place. "
            "Still missing: a[1].",
        ),
        ("y", [round(RIGHT["y"][0], 1)], "Two decimals, please."),
        (
            "b2_updated",
            EXAMPLE.b2,
            "These are the numbers from before the update: subtract the learning rate "
            "times the gradient.",
        ),
    ],
)  # fmt: skip
def test_the_words_of_each_finding(name: str, answer: Any, words: str) -> None:
    assert said_of(name, answer) == words


def test_a_blocked_answer_names_what_it_waits_for() -> None:
    answer = RIGHT["dL_dw2"]
    assert (
        said_of("dL_dw2", answer, z=None)
        == "This can be checked once there are numbers in z."
    )
    both = said_of("dL_dw2", answer, z=None, dL_dy=None)
    assert both == "This can be checked once there are numbers in dL_dy and z."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "2*(y-t)",
            "still has a formula in it that I cannot read: '2*(y-t)'. Write a number "
            "there, or a calculation with nothing but numbers.",
        ),
        *(
            (
                text,
                f"has a number that I am not sure of: '{text}'. Write it with one "
                "decimal point.",
            )
            for text in ("1.234,5", "0,2,9")
        ),
        *(
            (
                text,
                f"has more than one number in one place: '{text}'. Write one number in "
                "each place.",
            )
            for text in ("0.3, 0.24", "[0.3, 0.24]", "0.3 0.24", "0.3; 0.24")
        ),
        (
            "1/0",
            "has a division by zero: '1/0'. Nothing can be divided by zero.",
        ),
    ],
)
def test_a_text_that_is_no_number_is_told_with_what_to_do(
    text: str, words: str
) -> None:
    assert said_of("y", [plain(text)]) == f"Your y {words}"


ROUGH = {"dL_dw1": [[9.0, *DW1[0][1:]], DW1[1]], "z": [RIGHT["z"][0], None]}


@pytest.mark.parametrize(
    ("name", "answer", "elements"),
    [
        *((name, ROUGH[name], (place,)) for name, place in
          (("dL_dw1", "dL_dw1[0][0]"), ("z", "z[1]"))),
        ("z", CUT, ("z[1]",)),
        ("y", [77.0], ("y[0]",)),
        ("loss", 7.0, ("loss",)),
        ("a", [plain("2*x"), plain("?")], ("a[0]", "a[1]")),
        ("a", [plain("2*x"), None], ("a[0]", "a[1]")),
        # Nothing can be said of the elements of another shape, and nothing of what is right.
        ("a", [[0.5], [plain("x")]], ()),
        ("a", [0.3], ()),
        ("a", None, ()),
        ("a", RIGHT["a"], ()),
    ],
)  # fmt: skip
def test_the_elements_are_named_where_something_is_to_be_done(
    name: str, answer: Any, elements: tuple[str, ...]
) -> None:
    assert judge(RIGHT | {name: answer}, EXAMPLE)[name].elements == elements


@given(
    st.integers(0, 1000),
    st.dictionaries(
        st.sampled_from(NAMES), st.floats(-2, 2).map(lambda v: round(v, 2))
    ),
)
def test_feedback_never_gives_a_value_away(seed: int, slips: dict[str, float]) -> None:
    example = variant(seed)
    right = solved(example)
    wrong = {n: np.full(np.shape(right[n]), slip).tolist() for n, slip in slips.items()}
    for name, m in judge(written(right) | wrong, example).items():
        said = {float(n) for n in re.findall(r"-?\d+\.\d+", m.feedback)}
        values = flatten(right[name]) + flatten(m.expected)
        assert not any(abs(s - v) < 0.006 for s in said for v in values), m.feedback


def test_a_mistake_is_not_named_where_the_truth_is_nearer() -> None:
    # On the exercise, a in place of z makes this element smaller by 0.0032; here it is larger.
    first, second = OWN["dL_dw2"][0]
    assert judge(OWN | {"dL_dw2": [[first + 0.0054, second]]})["dL_dw2"].feedback == (
        "Very close. Look again at dL_dw2[0][0]: did you round something on the way?"
    )


def test_who_rounds_what_was_not_asked_for_is_told_so_and_no_mistake() -> None:
    # ∂L/∂a written as (−0.24, 0.28): the commonest habit on paper.
    dL_dw1 = rounded([[g * x for x in EXERCISE.x] for g in (-0.24, 0.28)])
    assert judge(written(OWN) | {"dL_dw1": dL_dw1})["dL_dw1"].feedback == (
        "Very close. Look again at dL_dw1[0][1]: did you round something on the way?"
    )


def test_a_mistake_that_leaves_a_small_mark_is_named_all_the_same() -> None:
    copied = judge(OWN | {"z": OWN["a"]})["z"]
    assert copied.feedback == "It looks as if you copied a."


@pytest.mark.parametrize("style", STYLES[1:], ids=lambda style: style.name)
def test_the_updated_w2_is_named_at_two_decimals_however_they_were_carried(
    style: Style,
) -> None:
    # On the exercise's own numbers it moves no element by a hundredth.
    (slip,) = (m for m in PEN_AND_PAPER if m.name == "used the updated W2")
    rng = np.random.default_rng(0)
    for _ in range(20):
        marks = judge(fill_in(EXERCISE, style, rng, slip))
        said = marks[slip.answer].feedback
        assert said == "It looks as if you used the updated W2."
        assert sum(m.points for m in marks.values()) == 5.5


def test_near_the_truth_a_mistake_is_named_where_it_is_twice_as_near() -> None:
    slip = next(m for m in PEN_AND_PAPER if m.name == "forgot tanh′")
    right, wrong = flatten(OWN["dL_dw1"]), flatten(slip.made_in(EXERCISE))

    def said(share: float) -> str:
        """Return what is said that much of the way from the truth to the mistake."""
        pairs = zip(right, wrong, strict=True)
        between = nest([p + share * (q - p) for p, q in pairs], (2, 3))
        return judge(OWN | {"dL_dw1": between})["dL_dw1"].feedback

    assert said(1) == said(0.7) == "It looks as if you forgot tanh′."
    assert said(0.63).startswith("Very close. Look again at dL_dw1[")
