"""Where a lesson explains a step: the section that a learner reads again."""

import re
from typing import NamedTuple
from urllib.parse import quote

LESSONS = {
    "01_pen_and_paper": "Lesson 1: Work out every gradient by hand",
    "02_numpy_gradient": "Lesson 2: Write the backward pass in NumPy",
    "03_pytorch_regression": "Lesson 3: Hand the gradients over to PyTorch",
}
"""The lessons that the exercises go with, by the names of their pages, and their titles."""

HEADINGS = {
    "01_pen_and_paper": {
        "Compute the pre-activation": "a",
        "Squash it with tanh": "z",
        "Compute the output": "y",
        "Measure the loss": "loss",
        "Start at the output": "dL_dy",
        "Reach the output weights and bias": "dL_dw2 dL_db2",
        "Reach the hidden weights and biases": "dL_dw1",
        "Update the parameters": "W2_updated b2_updated W1_updated b1_updated",
    },
    "02_numpy_gradient": {
        "Take the linear layer forward": "linear_forward",
        "Take the linear layer backward": "linear_backward",
        "Pass the activation and the loss": (
            "tanh_forward tanh_backward mse_forward mse_backward"
        ),
        "Write the layers": "network_forward network_backward",
        "Train it": "sgd_step",
        "Cut the data into mini-batches": "train",
    },
    "03_pytorch_regression": {
        "Build the network of lesson 1": "model",
        "Write the loop in the right order": "loss_and_optimizer fit",
        "Train and validate": "validation_error",
    },
}
"""By lesson and section, the steps of the exercises that it explains."""


class Section(NamedTuple):
    """A section of a lesson."""

    page: str
    heading: str

    @property
    def words(self) -> str:
        """Return lesson and section as one says them."""
        lesson = LESSONS[self.page].partition(":")[0]
        return f"{lesson}, “{self.heading}”"

    def address(self, site: str) -> str:
        """Return the address on a site; empty where no site is known."""
        anchor = re.sub(r"[^a-z0-9]+", "-", self.heading.lower()).strip("-")
        page = f"{site.rstrip('/')}/tutorials/{self.page}.html#{anchor}"
        return quote(page, safe=":/?#@&=+,;%~") if site else ""


SECTIONS = {
    step: Section(page, heading)
    for page, headings in HEADINGS.items()
    for heading, steps in headings.items()
    for step in steps.split()
}
"""The section for each step."""
