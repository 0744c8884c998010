"""The worksheet marks in the browser just as the package does in Python.

The modules run in a page of their own that holds no more than the data.
"""

import json
import re
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from mlp_exercise.part1.feedback import PHRASES
from mlp_exercise.part1.marking import mark
from mlp_exercise.values import plain
from mlp_reference import manual
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests.browser.answer_sheets import networks, sheet
from tests.browser.course_modules import MODULES, Modules

SHEETS = 10_000
NETWORKS = 60
NEAR = 1e-12
PREPARE = f"""async (examples) => {{
    const {{ plain }} = await import("/{MODULES}/answer.js");
    globalThis.markPlain = (marking, network, answers) => {{
        const given = Object.entries(answers).map(([name, raw]) => [name, plain(raw)]);
        return marking.mark(Object.fromEntries(given), examples[network]);
    }};
}}"""


def distance(one: Any, other: Any) -> float:
    """Measure how far two values of one shape are apart, relative to the larger from 1 on."""
    if isinstance(one, list):
        assert len(one) == len(other)
        return max(map(distance, one, other))
    apart: float = abs(one - other) / max(1.0, abs(one))
    return apart


def test_sheets_get_the_same_marks(modules: Modules) -> None:
    rng = np.random.default_rng(20_261_123)
    examples = networks(NETWORKS)
    drawn = [examples[n // 3 % NETWORKS] for n in range(SHEETS)]
    sheets = [sheet(n, example, rng) for n, example in enumerate(drawn)]
    networks_as_data = list(map(asdict, examples))
    cases = [[n // 3 % NETWORKS, answers] for n, answers in enumerate(sheets)]
    modules.page.evaluate(PREPARE, networks_as_data)
    found = modules.run("marking.js", "markPlain(module, ...each)", cases)
    seen = set()
    for example, answers, marks in zip(drawn, sheets, found, strict=True):
        given = {name: plain(answer) for name, answer in answers.items()}
        for ours, theirs in zip(mark(given, example), marks, strict=True):
            wanted = vars(ours) | {"flags": list(ours.flags)}
            assert distance(wanted.pop("expected"), theirs.pop("expected")) <= NEAR
            assert theirs == wanted, answers
            seen |= {ours.verdict, *ours.flags, ours.feedback}
    assert seen >= {"correct", "follow-through", "wrong", "missing", "blocked"}
    assert seen >= {"invalid", "wrong shape", "trivial"}
    assert not [words for words in sentences() if not any(map(words.fullmatch, seen))]


def sentences() -> list[re.Pattern[str]]:
    """List all that feedback can say, each as a pattern."""
    return [
        re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(template)))
        for template in PHRASES.values()
        if template.endswith((".", "?"))
    ]


def random_networks(count: int) -> list[WorkedExample]:
    rng = np.random.default_rng(1)

    def draw(*shape: int) -> Any:
        return rng.normal(0, 1.5, shape).tolist()

    return [
        WorkedExample(
            draw(2, 3), draw(2), draw(1, 2), draw(1), draw(3), draw(1), rng.random()
        )
        for _ in range(count)
    ]


def test_the_chain_gives_the_same_numbers(modules: Modules) -> None:
    examples = random_networks(1000)
    found = modules.run(
        "network.js", "module.workOut(each)", [asdict(e) for e in examples]
    )
    for example, values in zip(examples, found, strict=True):
        solution = manual.solve(example)._asdict()
        assert list(values) == list(solution)
        assert max(map(distance, solution.values(), values.values())) <= NEAR


def test_every_mistake_gives_the_same_wrong_answer(modules: Modules) -> None:
    examples = [EXERCISE, *random_networks(100)]
    program = "module.SLIPS.map((slip) => module.madeIn(slip, each))"
    found = modules.run("mistakes.js", program, [asdict(e) for e in examples])
    for example, wrong in zip(examples, found, strict=True):
        ours = [mistake.made_in(example) for mistake in PEN_AND_PAPER]
        assert len(ours) == 44
        assert max(map(distance, ours, wrong)) <= NEAR


def test_every_formula_of_a_mistake_belongs_to_a_name_of_the_package(
    modules: Modules,
) -> None:
    (found,) = modules.run(
        "mistakes.js",
        "module.SLIPS.filter((slip) => typeof slip.formula === 'function').length",
        [0],
    )
    assert found == len(PEN_AND_PAPER)


@pytest.mark.parametrize("raw", [True, float("nan"), float("inf"), "text", 0.25, None])
def test_what_nobody_made_plain_is_looked_at_once_more(
    modules: Modules, raw: Any
) -> None:
    program = f"module.mark({{ loss: each }}, {json.dumps(asdict(EXERCISE))})[3]"
    (found,) = modules.run("marking.js", program, [raw])
    ours = mark({"loss": raw}, EXERCISE)[3]
    assert (found["verdict"], found["feedback"]) == (ours.verdict, ours.feedback)
