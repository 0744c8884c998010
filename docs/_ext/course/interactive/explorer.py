"""The explorer's own data: picture, places, words and bounds."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from markupsafe import Markup

from course.figures import both_forms
from course.interactive.experiments import WORDS as MORE_WORDS
from course.interactive.experiments import experiments, given
from mlp_reference import manual
from mlp_reference.network_graph import DASHES, STRAND, computational_graph
from mlp_reference.walkthrough import WORDS, chains, places, symbol
from mlp_reference.worked_example import LESSON

ALT = "Graph of the network: a value and a gradient at every node and every weight."
LAYERS = {
    "Sample": ("x", "t"),
    "Hidden layer": ("W1", "b1"),
    "Output layer": ("W2", "b2"),
    "Step": ("learning_rate",),
}
"""The numbers that can be moved, in the order of the controls and of the address."""

BOUNDS = {
    "slider": 2,  # for sliders, from the negative; for that of the learning rate, from 0
    "box": 10,  # for typed numbers
    "step": 0.01,
    "address": 1e6,  # for numbers in the address, which may be large after updates
    "loss": 1e6,  # a larger loss has diverged
    "updates": 200,
    "slope": 0.1,  # below it, tanh is called saturated
    "sign": 5e-5,  # a smaller gradient is shown as zero, and the guess "zero" is right
    "value": 0.005,  # the error allowed in a guess, absolute or relative
}

SPEEDS = {0.5: "½×", 1: "1×", 2: "2×", 4: "4×"}
"""How fast the passes can play."""


def graph() -> Markup:
    """Return the network of lesson 1 for the page, wide and upright."""
    solution = manual.solve(LESSON)
    wide, upright = (
        computational_graph(LESSON, solution, upright=form) for form in (False, True)
    )
    return both_forms(wide, upright, ALT, "explorer")


def explorer_context(common: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the explorer's template needs besides the data of all parts."""
    named, compared = given(LESSON), experiments(LESSON)
    layers = {
        layer: [name for name in named if name.split("[")[0] in fields]
        for layer, fields in LAYERS.items()
    }
    stages = [quantity.stage for quantity in common["quantities"]]
    words = WORDS | MORE_WORDS
    data = {
        "example": asdict(LESSON),
        "names": list(named),
        "symbols": {name: symbol(name) for name in (*named, *common["workings"])},
        "quantities": [quantity._asdict() for quantity in common["quantities"]],
        "workings": common["workings"],
        "chains": {
            name: [[factor._asdict() for factor in path] for path in chain]
            for name, chain in chains(LESSON).items()
        },
        "places": {name: p._asdict() for name, p in places(LESSON).items()},
        "experiments": {each.name: each._asdict() for each in compared},
        "words": words,
        "bounds": BOUNDS,
        "strand": STRAND | {"dashes": DASHES},
    }
    return {
        "graph": graph(),
        "words": words,
        "stages": {stage: stages.count(stage) for stage in dict.fromkeys(stages)},
        "speeds": SPEEDS,
        "layers": layers,
        "bounds": BOUNDS,
        "place_of": {p.value: name for name, p in places(LESSON).items()},
        "experiments": compared,
        "data": data,
    }
