"""Every figure of the course. The only room that imports Matplotlib.

Each function draws measured data on the axes that it is given and returns nothing. Several
curves are given as a mapping from labels to values.
`computational_graph` draws a 3-2-1 network and returns it as SVG.
"""

from mlp_reference.drawing import COLOURS
from mlp_reference.network_graph import computational_graph
from mlp_reference.plotting._style import use_style
from mlp_reference.plotting.backward import (
    IndexedMatrix,
    RecordedStep,
    activations,
    autograd_record,
    gradient_error,
    gradient_flow,
    imaginary_step,
    index_sum,
    tanh_and_slope,
)
from mlp_reference.plotting.classes import (
    class_bars,
    confusion,
    digits,
    gradient_lengths,
    naive_and_stable,
    probability_minus_target,
    regions,
    surprise,
    two_losses,
)
from mlp_reference.plotting.descent import (
    gradient_arrows,
    landings,
    learning_rates_of_one_step,
    loss_over_steps,
    loss_surface,
    tangent,
    two_nudges,
)
from mlp_reference.plotting.losses import (
    column_minus_row,
    loss_curves,
    predictions,
    sweep,
)
from mlp_reference.plotting.shares import (
    Span,
    all_reduced,
    attempts,
    ready_order,
    ring_steps,
    share_means,
    timeline,
)

__all__ = [
    "COLOURS",
    "IndexedMatrix",
    "RecordedStep",
    "Span",
    "activations",
    "all_reduced",
    "attempts",
    "autograd_record",
    "class_bars",
    "column_minus_row",
    "computational_graph",
    "confusion",
    "digits",
    "gradient_arrows",
    "gradient_error",
    "gradient_flow",
    "gradient_lengths",
    "imaginary_step",
    "index_sum",
    "landings",
    "learning_rates_of_one_step",
    "loss_curves",
    "loss_over_steps",
    "loss_surface",
    "naive_and_stable",
    "predictions",
    "probability_minus_target",
    "ready_order",
    "regions",
    "ring_steps",
    "share_means",
    "surprise",
    "sweep",
    "tangent",
    "tanh_and_slope",
    "timeline",
    "two_losses",
    "two_nudges",
    "use_style",
]
