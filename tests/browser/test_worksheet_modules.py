"""The modules of the worksheet read, mark and draw in the browser just as Python does.

They run in a page of their own that holds no more than the data.
"""

import random
import re
import unicodedata
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from mlp_exercise.part1.boxes import (
    Interval,
    decimals_of,
    half_unit,
    plausible,
    unexplained,
)
from mlp_exercise.part1.feedback import PHRASES
from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import SHAPES, STEPS
from mlp_exercise.part1.variants import LARGEST_SEED, variant
from mlp_exercise.values import plain
from mlp_reference import manual
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.browser.answer_sheets import networks, sheet
from tests.browser.modules import Modules
from tests.browser.typed_texts import text

SHEETS = 10_000
NETWORKS = 60
NEAR = 1e-12


def distance(one: Any, other: Any) -> float:
    """Measure how far two values of one shape are apart, relative to the larger from 1 on."""
    if isinstance(one, list):
        assert len(one) == len(other)
        return max(map(distance, one, other))
    return float(abs(one - other) / max(1.0, abs(one)))


# -- Marking


def test_sheets_get_the_same_marks(modules: Modules) -> None:
    rng = np.random.default_rng(20_261_123)
    examples = networks(NETWORKS)
    drawn = [examples[n // 3 % NETWORKS] for n in range(SHEETS)]
    sheets = [sheet(n, example, rng) for n, example in enumerate(drawn)]
    given = "Object.entries(each[1]).map(([name, raw]) => [name, answer.plain(raw)])"
    found = modules.run(
        f"marking.mark(Object.fromEntries({given}), given[each[0]])",
        [[n // 3 % NETWORKS, answers] for n, answers in enumerate(sheets)],
        list(map(asdict, examples)),
    )
    seen = set()
    for example, answers, marks in zip(drawn, sheets, found, strict=True):
        read = {name: plain(answer) for name, answer in answers.items()}
        for ours, theirs in zip(mark(read, example), marks, strict=True):
            wanted = vars(ours) | {"flags": [*ours.flags], "elements": [*ours.elements]}
            wanted.pop("slip")  # for a class; the page needs none beside the feedback
            assert distance(wanted.pop("expected"), theirs.pop("expected")) <= NEAR
            assert theirs == wanted, answers
            seen |= {ours.verdict, *ours.flags, ours.feedback}
    assert seen >= {"correct", "follow-through", "wrong", "missing", "blocked"}
    assert seen >= {"invalid", "wrong shape", "trivial"}
    # All that feedback can say has been said.
    templates = [text for text in PHRASES.values() if text.endswith((".", "?"))]
    patterns = [re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in templates]
    unsaid = [p for p in patterns if not any(re.fullmatch(p, each) for each in seen)]
    assert unsaid == []


def test_what_nobody_made_plain_is_looked_at_once_more(modules: Modules) -> None:
    raws: list[Any] = [True, float("nan"), float("inf"), "text", 0.25, None]
    found = modules.run("marking.mark({loss: each}, given)[3]", raws, asdict(EXERCISE))
    for raw, theirs in zip(raws, found, strict=True):
        ours = mark({"loss": raw}, EXERCISE)[3]
        assert (theirs["verdict"], theirs["feedback"]) == (ours.verdict, ours.feedback)


def random_networks(count: int) -> list[WorkedExample]:
    rng = np.random.default_rng(1)

    def draw(*shape: int) -> Any:
        return rng.normal(0, 1.5, shape).tolist()

    def network() -> WorkedExample:
        layers = (draw(2, 3), draw(2), draw(1, 2), draw(1))
        return WorkedExample(*layers, draw(3), draw(1), rng.random())

    return [network() for _ in range(count)]


def test_the_chain_gives_the_same_numbers(modules: Modules) -> None:
    examples = random_networks(1000)
    found = modules.run("network.workOut(each)", [asdict(e) for e in examples])
    for example, values in zip(examples, found, strict=True):
        solution = manual.solve(example)._asdict()
        assert list(values) == list(solution)
        assert max(map(distance, solution.values(), values.values())) <= NEAR


def test_every_mistake_gives_the_same_wrong_answer(modules: Modules) -> None:
    examples = [EXERCISE, *random_networks(100)]
    made = "mistakes.madeIn(slip, each, network.workOut(each))"
    program = f"mistakes.SLIPS.map((slip) => [slip.name, {made}])"
    for example, wrong in zip(
        examples, modules.run(program, [asdict(e) for e in examples]), strict=True
    ):
        assert len(wrong) == len(PEN_AND_PAPER) == 44
        for mistake, (name, theirs) in zip(PEN_AND_PAPER, wrong, strict=True):
            assert name == mistake.name
            assert distance(mistake.made_in(example), theirs) <= NEAR, name


# -- Variants


def test_seeds_draw_the_same_variants(modules: Modules) -> None:
    rng = np.random.default_rng(2)
    edges = [2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**52, LARGEST_SEED]
    seeds = [*range(1500), *edges, *rng.integers(0, LARGEST_SEED, 1000).tolist()]
    found = modules.run("variants.variant(each)", seeds)
    assert found == [asdict(variant(seed)) for seed in seeds]


def test_what_is_no_seed_is_refused(modules: Modules) -> None:
    attempt = (
        "{ try { variants.variant(each); } catch (error) { return error.message; } }"
    )
    no_seeds = [-1, 0.5, 2**53, float("nan"), "1", None, True]
    for message in modules.run(f"(() => {attempt})()", no_seeds):
        assert "expected a whole number from 0 to 9007199254740991" in message


# -- Boxes that are wider than rounding makes them, where turns and ties matter


def box(rng: np.random.Generator, size: int, width: float) -> tuple[Interval, ...]:
    ends = rng.normal(0, 1, (size, 1)) + np.array([0, width]) * rng.random((size, 1))
    return tuple(Interval(low, high) for low, high in ends.round(3).tolist())


def test_routes_lead_to_the_same_boxes(modules: Modules) -> None:
    rng = np.random.default_rng(7)
    examples = networks(20)
    cases: list[Any] = []
    ours = []
    for n in range(200):
        example, width = examples[n % 20], (0.0, 0.01, 2.0, 5.0)[n // 20 % 4]
        boxes = {name: box(rng, int(np.prod(s)), width) for name, s in SHAPES.items()}
        for place, step in enumerate(STEPS):
            for way, route in enumerate(step.routes):
                cases.append([place, way, asdict(example), boxes])
                ours.append(route.image(example, boxes))
    program = "boxes.leadsTo(course.steps[each[0]].routes[each[1]], each[2], each[3])"
    found = modules.run(program, cases)
    assert sum(one is None for one in ours) > 100
    for one, other in zip(ours, found, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert np.abs(np.array(one) - np.array(other)).max() <= NEAR


def test_answers_stand_for_the_same_numbers(modules: Modules) -> None:
    rng = np.random.default_rng(8)
    cases: list[tuple[list[float], list[list[list[float]]]]] = []
    for n in range(3000):
        value = round(float(rng.normal()), int(rng.integers(0, 12)))
        # Ends in sixteenths are where rounding to three decimals meets a tie.
        ends = np.round((value + rng.normal(0, 0.004, 2)) * 2**14) / 2**14
        ties = [value + 1 / 16, value + 3 / 16] if n % 2 else ends.tolist()
        cases.append(([value], [[sorted(ties)]] if n % 3 else []))
    found = modules.run("boxes.plausible(...each)", cases)
    for (values, boxes), theirs in zip(cases, found, strict=True):
        as_boxes = [tuple(Interval(*ends) for ends in one) for one in boxes]
        assert theirs == [list(i) for i in plausible(values, as_boxes)]


def test_the_same_elements_are_not_explained(modules: Modules) -> None:
    rng = np.random.default_rng(9)
    cases: list[Any] = []
    for cut in (False, True):
        for _ in range(1000):
            values = rng.normal(0, 1, 6).round(2)
            ends = (values + rng.choice((-0.01, -0.005, 0, 0.005, 0.01), 6)).tolist()
            cases.append([[[e, e] for e in ends], values.tolist(), {"truncated": cut}])
    found = modules.run("boxes.unexplained(...each)", cases)
    for (one, values, options), theirs in zip(cases, found, strict=True):
        intervals = tuple(Interval(*ends) for ends in one)
        assert theirs == unexplained(intervals, values, **options)


# -- What is typed

KNOWN = [c for c in map(chr, range(0x10000)) if unicodedata.category(c) != "Cn"]
"""Python and a newer browser disagree on characters that Unicode has added since."""


def test_what_is_typed_is_read_as_in_python(modules: Modules) -> None:
    rng = random.Random(4)  # noqa: S311 - no secret
    cases = ["", "1 - 2", "0.5,", "1" * 300, "a" * 19, "a" * 20, "😀" * 21, "x" * 10**6]
    cases += [text(rng) for _ in range(20_000)]
    cases += [made for c in KNOWN for made in (f"{c}1", f"2{c}3")]
    found = modules.run("answer.numberOrText(each)", cases)
    for case, theirs in zip(cases, found, strict=True):
        ours = plain(case)
        same = isinstance(ours, float) and isinstance(theirs, float)
        assert distance(ours, theirs) <= NEAR if same else ours == theirs, case


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *((text, "") for text in ("0.35", "−0.35", " .5 ", "7", "", "2*x", "1.234,5")),
        *((text, "= 0.35") for text in ("0,35", "0.3+0.05", "35e-2", "０.35")),
        ("0.1*0.3+0.3*0.4+0.05", "= 0.2"),
        *(("1/3", "≈ 0.3333"), ("-2/3", "≈ −0.6667"), ("1/80000", "≈ 0")),
        *(("10^5", "= 1.00e+5"), ("0-0", "= 0"), ("0*(-1)", "= 0")),
    ],
)
def test_a_box_can_say_how_it_has_been_read(
    text: str, shown: str, modules: Modules
) -> None:
    assert modules.run("answer.understood(each)", [text]) == [shown]


def test_decimals_are_counted_as_in_python(modules: Modules) -> None:
    rng = np.random.default_rng(6)
    powers = [10.0**n for n in range(-30, 30)]
    rounded = [round(float(v), n) for n in range(17) for v in rng.normal(0, 1, 100)]
    cases = [0.0, *powers, *(1.5 * p for p in powers), *rounded, 5e-324, 1e308]
    found = modules.run("[answer.decimalsOf(each), answer.halfUnit(each)]", cases)
    assert found == [[decimals_of(value), half_unit(value)] for value in cases]


def test_ends_of_intervals_are_rounded_as_in_python(modules: Modules) -> None:
    rng = np.random.default_rng(3)
    ties = [n / 64 for n in range(-1000, 1000)]
    values = [*ties, *rng.normal(0, 2, 2000).round(6).tolist(), 1e22, -1e-9, 0.0]
    cases = [[value, decimals] for value in values for decimals in (3, 4, 5)]
    found = modules.run("boxes.round(...each)", cases)
    assert found == [round(value, decimals) for value, decimals in cases]
