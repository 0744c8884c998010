"""Part 2 of the exercise as something to mark: ten pieces of a network in NumPy."""

from mlp_exercise.part2 import DEFINES, NEEDS, STEPS
from mlp_exercise.submission.code import CodePart, code_exercise

PART_TWO = code_exercise(
    CodePart(
        "ex1_02_numpy_gradient",
        "mlp_exercise.part2",
        STEPS,
        DEFINES,
        NEEDS,
    )
)
"""The second notebook."""
