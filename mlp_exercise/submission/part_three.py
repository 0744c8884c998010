"""Part 3 of the exercise as something to mark: a regression in PyTorch."""

from mlp_exercise.part3 import DEFINES, STEPS
from mlp_exercise.submission.code import CodePart, code_exercise

MEMORY = 2**30
"""In bytes, on top of PyTorch itself; a notebook needs a tenth of it."""

PART_THREE = code_exercise(
    CodePart(
        "ex1_03_pytorch_regression",
        "mlp_exercise.part3",
        STEPS,
        DEFINES,
        memory=MEMORY,
    )
)
"""The third notebook."""
