"""The ten steps of Part 2, a point each."""

from mlp_exercise.check import Step


def _passes(piece: str, written: str) -> tuple[Step, Step]:
    """Name what tries out the two passes of a piece: each alone, and one after the other."""
    forward, backward = f"{piece}_forward", f"{piece}_backward"
    both, derivative = f"{piece}_both", f"{piece}_derivative"
    return (
        Step(forward, 1.0, f"{written}.forward", (forward, backward, both)),
        Step(backward, 1.0, f"{written}.backward", (backward, both, derivative)),
    )


PIECES = {
    "linear": "Linear",
    "tanh": "Tanh",
    "mse": "MSELoss",
    "network": "Sequential",
}
"""What has two passes: by the first word in the names of their steps."""

STEPS = (
    *(step for piece, written in PIECES.items() for step in _passes(piece, written)),
    Step("sgd_step", 1.0, "SGD.step"),
    Step("train", 1.0, "train"),
)
"""In the order of the notebook."""

DEFINES = ("Linear", "Tanh", "MSELoss", "Sequential", "SGD", "train")
"""What a learner's notebook defines: five classes and a function."""

NEEDS = {f"{piece}_derivative": (f"{piece}_forward",) for piece in PIECES} | {
    f"{piece}_both": (f"{piece}_forward", f"{piece}_backward") for piece in PIECES
}
"""Trials that would come to no end either, if these did not."""
