"""The figures of the exercises, by the file name under which a text refers to them."""

from collections.abc import Callable

from mlp_reference.network_graph import symbolic_graph

FIGURES: dict[str, Callable[[], str]] = {"network.svg": symbolic_graph}
"""Each draws the same SVG document in every call."""
