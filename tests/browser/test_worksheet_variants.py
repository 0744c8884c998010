"""A seed draws the same numbers in the browser as in Python."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from mlp_exercise.part1.variants import LARGEST_SEED, variant
from tests.browser.course_modules import Modules


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
