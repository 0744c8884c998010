"""A check that contenders compute the same, without which nothing is timed."""

from collections.abc import Mapping

import numpy as np

from benchmarks.contenders.problem import Contender, Problem

REFERENCE = "pytorch"
"""The contender that all others are compared with, in result and in speed."""

LABELS = {
    "pytorch": "PyTorch",
    "pytorch_fused": "PyTorch, fused",
    "numpy": "NumPy",
    "manual": "pure Python",
}
"""Names of contenders on pages; the others have the names of their libraries."""

STEPS = 3
"""The number of steps that contenders take before they are compared."""

SAME = {"float64": 1e-9, "float32": 1e-3}
"""The largest difference of their parameters, relative to the distance covered, in norm."""

SAME_FOR_ANOTHER_EPSILON = 0.1
"""The same for scikit-learn, which adds Adam's ε before the correction of the bias."""


def check(problem: Problem, contenders: Mapping[str, Contender]) -> None:
    """Let all contenders take a few steps, and check that they reach the same parameters."""
    start = problem.network().parameters
    ends = {}
    for name, contender in contenders.items():
        for _ in range(STEPS):
            contender.step()
        ends[name] = contender.parameters().astype(np.float64)
    moved = np.linalg.norm(ends[REFERENCE] - start)
    for name, end in ends.items():
        apart = np.linalg.norm(end - ends[REFERENCE]) / moved
        other_epsilon = (name, problem.optimizer) == ("scikit-learn", "Adam")
        if not apart <= (
            SAME_FOR_ANOTHER_EPSILON if other_epsilon else SAME[problem.dtype]
        ):
            raise AssertionError(
                f"{problem}: after {STEPS} steps {name} is {apart:.1e} of the way from "
                f"{REFERENCE}"
            )
