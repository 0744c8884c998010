"""Every figure of the course. The only room that imports Matplotlib.

Each function draws measured data on the axes that it is given and returns nothing;
`computational_graph` draws the exercise's network and returns it as SVG.
"""

from mlp_reference.colours import COLOURS
from mlp_reference.plotting.computational_graph import computational_graph
from mlp_reference.plotting.curves import (
    learning_rates_of_one_step,
    loss_over_steps,
    tanh_and_slope,
)
from mlp_reference.plotting.gradients import gradient_error, gradient_flow, loss_surface
from mlp_reference.plotting.style import use_style
from mlp_reference.plotting.training import loss_curves, predictions, sweep

__all__ = [
    "COLOURS",
    "computational_graph",
    "gradient_error",
    "gradient_flow",
    "learning_rates_of_one_step",
    "loss_curves",
    "loss_over_steps",
    "loss_surface",
    "predictions",
    "sweep",
    "tanh_and_slope",
    "use_style",
]
