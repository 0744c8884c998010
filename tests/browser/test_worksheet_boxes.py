"""Boxes that are wider than rounding makes them, where turns and ties matter."""

from dataclasses import asdict
from typing import Any

import numpy as np

from mlp_exercise.part1.boxes import Interval, plausible, unexplained
from mlp_exercise.part1.steps import SHAPES, STEPS
from tests.browser.answer_sheets import networks
from tests.browser.course_modules import Modules

NEAR = 1e-12
LEAD = """(([step, way, example, boxes]) => {
    globalThis.steps ??= JSON.parse(document.getElementById("course-data").textContent).steps;
    return module.leadsTo(steps[step].routes[way], example, boxes);
})(each)"""


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
    found = modules.run("boxes.js", LEAD, cases)
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
    found = modules.run("boxes.js", "module.plausible(...each)", cases)
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
    found = modules.run("boxes.js", "module.unexplained(...each)", cases)
    for (one, values, options), theirs in zip(cases, found, strict=True):
        intervals = tuple(Interval(*ends) for ends in one)
        assert theirs == unexplained(intervals, values, **options)
