"""The four steps of Part 3, a point each."""

from mlp_exercise.check import Step

STEPS = (
    Step("model", 1.0, "Regressor"),
    Step("loss_and_optimizer", 1.0, "loss_function and optimizer"),
    Step("fit", 1.0, "fit"),
    Step("validation_error", 1.0, "validation_error", is_value=True),
)
"""In the order of the notebook."""

DEFINES = (
    *("Regressor", "loss_function", "optimizer"),
    *("fit", "epochs", "validation_error"),
)
"""What a learner's notebook defines, by which it is recognised."""
