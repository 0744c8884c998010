"""The worksheet marks in the browser just as the package does in Python.

The modules run in a page of their own that holds no more than the data.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from mlp_reference import manual
from mlp_reference.exercises.pen_and_paper.marking import mark
from mlp_reference.exercises.pen_and_paper.phrases import PHRASES
from mlp_reference.exercises.pen_and_paper.rules import as_data
from mlp_reference.exercises.pen_and_paper.variants import LARGEST_SEED, variant
from mlp_reference.exercises.values import plain
from mlp_reference.mistakes.pen_and_paper import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE, WorkedExample
from tests_browser.answer_sheets import networks, sheet
from tests_browser.site_server import SiteServer

SHEETS = 10_500
NETWORKS = 60
NEAR = 1e-12
MODULES = "_static/interactive"
PREPARE = f"""async (examples) => {{
    const {{ plain }} = await import("/{MODULES}/answer.js");
    globalThis.markPlain = (marking, network, answers) => {{
        const given = Object.entries(answers).map(([name, raw]) => [name, plain(raw)]);
        return marking.mark(Object.fromEntries(given), examples[network]);
    }};
}}"""
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


class Modules:
    """The modules in a page.

    Parameters
    ----------
    page
        The page.
    server
        Serves the site.
    """

    def __init__(self, page: Page, server: SiteServer) -> None:
        self.page = page
        data = json.dumps({"example": asdict(EXERCISE), **as_data()})
        html = f'<script type="application/json" id="course-data">{data}</script>'
        address = server.address("data.html")
        page.route(address, lambda r: r.fulfill(body=html, content_type="text/html"))
        page.goto(address)

    def run(self, module: str, program: str, cases: Any) -> Any:
        """Run a function of a module, called `module`, on many cases at once.

        Parameters
        ----------
        module
            The file's name.
        program
            JavaScript that makes a result from `each` of the cases.
        cases
            What JSON can hold, and NaN and infinity.

        Returns
        -------
        list
            What came out, through JSON.
        """
        # JSON with NaN in it is JavaScript all the same.
        return json.loads(
            self.page.evaluate(
                f"""import("/{MODULES}/{module}").then((module) =>
                JSON.stringify({json.dumps(cases)}.map((each) => {program})))"""
            )
        )


@pytest.fixture(scope="module")
def modules(browser: Browser, server: SiteServer) -> Iterator[Modules]:
    with browser.new_context() as context:
        yield Modules(context.new_page(), server)


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


def test_seeds_draw_the_same_variants(modules: Modules) -> None:
    rng = np.random.default_rng(2)
    edges = [2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**52, LARGEST_SEED]
    large = rng.integers(0, LARGEST_SEED, 1000).tolist()
    seeds = [*range(1500), *edges, *large]
    found = modules.run("variants.js", "module.variant(each)", seeds)
    assert found == [asdict(variant(seed)) for seed in seeds]


@pytest.mark.parametrize("seed", [-1, 0.5, 2**53, float("nan"), "1", None, True])
def test_what_is_no_seed_is_refused(modules: Modules, seed: Any) -> None:
    program = (
        "{ try { module.variant(each); } catch (error) { return error.message; } }"
    )
    (message,) = modules.run("variants.js", f"(() => {program})()", [seed])
    assert "expected a whole number from 0 to 9007199254740991" in message


def test_ends_of_intervals_are_rounded_as_in_python(modules: Modules) -> None:
    rng = np.random.default_rng(3)
    ties = [n / 64 for n in range(-1000, 1000)]
    values = [*ties, *rng.normal(0, 2, 2000).round(6).tolist(), 1e22, -1e-9, 0.0]
    cases = [[value, decimals] for value in values for decimals in (3, 4, 5)]
    found = modules.run("boxes.js", "module.round(...each)", cases)
    assert found == [round(value, decimals) for value, decimals in cases]
