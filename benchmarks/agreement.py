"""Contenders must compute the same, or nothing is timed."""

from collections.abc import Mapping

import numpy as np

from benchmarks.contenders.problem import Contender, Problem

REFERENCE = "pytorch"
"""The contender that all others are held against, in what they compute and in how fast."""

LABELS = {
    "pytorch": "PyTorch",
    "pytorch_fused": "PyTorch, fused",
    "numpy": "NumPy",
    "manual": "pure Python",
}
"""What pages call contenders; the others have the names of their libraries."""

STEPS = 3
"""So many steps all contenders take together before they are timed."""

SAME = {"float64": 1e-9, "float32": 1e-3}
"""How far apart they may be then, as a part of the way gone, in norm."""

SAME_FOR_ANOTHER_EPSILON = 0.1
"""scikit-learn adds Adam's ε before its correction, where it weighs more for small gradients."""


def check(problem: Problem, contenders: Mapping[str, Contender]) -> None:
    """Let all take a few steps, and see that they come to the same parameters."""
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
