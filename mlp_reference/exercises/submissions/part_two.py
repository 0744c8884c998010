"""Part 2 of the exercise as something to mark: ten pieces of a network in NumPy."""

from mlp_reference.exercises.numpy_gradient.steps import DEFINES, NEEDS, STEPS
from mlp_reference.exercises.submissions.code import CodePart, code_exercise

PART_TWO = code_exercise(
    CodePart(
        "ex1_02_numpy_gradient",
        "mlp_reference.exercises.numpy_gradient",
        STEPS,
        DEFINES,
        NEEDS,
    )
)
"""The second notebook."""
