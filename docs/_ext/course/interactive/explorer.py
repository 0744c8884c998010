"""The explorer's own data: picture, places, words and bounds."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from markupsafe import Markup

from course.figures import both_forms
from course.interactive.experiments import (
    LABELS,
    LAYERS,
    Experiment,
    experiments,
    given,
)
from course.interactive.experiments import WORDS as EXPERIMENT_WORDS
from course.interactive.worksheet import words as words_of_sheet
from course.words import N_, _, translated
from mlp_reference import manual
from mlp_reference.network_graph import DASHES, STRAND, computational_graph
from mlp_reference.walkthrough import COUNTED, WORDS, chains, places, symbol
from mlp_reference.worked_example import LESSON

ALT = N_("Graph of the network: a value and a gradient at every node and every weight.")
SLIDER = 2
"""The reach of sliders, from the negative; of that of the learning rate, from 0."""

BOUNDS = {
    "box": 10,  # for typed numbers
    "step": 0.01,
    "address": 1e6,  # for numbers in the address, which may be large after updates
    "loss": 1e6,  # a larger loss has diverged
    "updates": 200,
    "slope": 0.1,  # below it, tanh is called saturated
    "sign": 5e-5,  # a smaller gradient is shown as zero, and the guess "zero" is right
    "value": 0.005,  # the error allowed in a guess, absolute or relative
}

MORE_WORDS = {
    "was": "was {value}",
    "past": "L {before} → {after}",
    "pastMany": "L {before} → {after} in {updates} updates",
    "updatesAxis": "updates",
    "lossAxis": "loss",
    "chooseAnother": "Choose another place in the picture and guess its gradient.",
    "guessUnread": "“{typed}” cannot be read as a number. Write it as −0.25 or as 1/3, say.",
}

ARRIVAL = "W1_13"
"""The place that is chosen where the address says nothing: its gradient has four factors."""

SPEEDS = {0.5: "½×", 1: "1×", 2: "2×", 4: "4×"}
"""How fast the passes can play."""


def graph() -> Markup:
    """Return the network of lesson 1 for the page, wide and upright."""
    solution = manual.solve(LESSON)
    wide, upright = (
        computational_graph(LESSON, solution, upright=form) for form in (False, True)
    )
    return both_forms(wide, upright, _(ALT), "explorer")


def explorer_context(common: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the explorer's template needs besides the data of all parts."""
    named, compared = given(LESSON), experiments(LESSON)
    layers = {
        layer: [name for name in named if name.split("[")[0] in fields]
        for layer, fields in LAYERS.items()
    }
    stages = [quantity.stage for quantity in common["quantities"]]
    words = translated({**WORDS, **COUNTED, **EXPERIMENT_WORDS, **MORE_WORDS})
    words |= {"unreachable": words_of_sheet()["unreachable"]}
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
        "arrival": ARRIVAL,
        "experiments": {each.name: _of_program(each) for each in compared},
        "words": words,
        "bounds": BOUNDS,
        "strand": STRAND | {"dashes": DASHES},
    }
    return {
        "graph": graph(),
        "words": words | translated(LABELS),
        "stages": {stage: stages.count(stage) for stage in dict.fromkeys(stages)},
        "speeds": SPEEDS,
        "layers": layers,
        "bounds": BOUNDS | {"slider": SLIDER},
        "place_of": {p.value: name for name, p in places(LESSON).items()},
        "experiments": compared,
        "data": data,
    }


def _of_program(experiment: Experiment) -> dict[str, Any]:
    """Return what the program needs of an experiment; the page has its name and address."""
    known = experiment._asdict()
    return {key: known[key] for key in known if key not in ("name", "address")}
