"""The ten steps of Part 2, a point each."""

from mlp_reference.exercises.code_steps import CodeStep

STEPS = (
    CodeStep("linear_forward", 1.0, "Linear.forward"),
    CodeStep("linear_backward", 1.0, "Linear.backward"),
    CodeStep("tanh_forward", 1.0, "Tanh.forward"),
    CodeStep("tanh_backward", 1.0, "Tanh.backward"),
    CodeStep("mse_forward", 1.0, "MSELoss.forward"),
    CodeStep("mse_backward", 1.0, "MSELoss.backward"),
    CodeStep("network_forward", 1.0, "Sequential.forward"),
    CodeStep("network_backward", 1.0, "Sequential.backward"),
    CodeStep("sgd_step", 1.0, "SGD.step"),
    CodeStep("train", 1.0, "train"),
)
"""In the order of the notebook."""

DEFINES = ("Linear", "Tanh", "MSELoss", "Sequential", "SGD", "train")
"""What a learner's notebook defines: five classes and a function."""
