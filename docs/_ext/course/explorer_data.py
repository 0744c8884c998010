"""The explorer's own data: picture, places, words, bounds, and experiments to open."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from markupsafe import Markup

from course.figures import both_forms
from mlp_reference import manual
from mlp_reference.network_graph import DASHES, STRAND, computational_graph
from mlp_reference.walkthrough import WORDS, chains, elements, places, symbol
from mlp_reference.worked_example import LESSON, WorkedExample

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


class Experiment(NamedTuple):
    """Something to try: a state of the explorer and a question."""

    title: str
    question: str
    address: str


def fragment(example: WorkedExample, **more: str | int) -> str:
    """Return the address of the explorer with a network; `state.js` reads it."""
    numbers = ",".join(repr(float(value)) for value in given(example).values())
    return f"#numbers={numbers}" + "".join(f"&{key}={more[key]}" for key in more)


def given(example: WorkedExample) -> dict[str, float]:
    """Return the sixteen numbers that can be moved, in the order of the address."""
    named: dict[str, float] = {}
    for fields in LAYERS.values():
        for field in fields:
            named |= elements(field, getattr(example, field))
    return named


def experiments(example: WorkedExample) -> list[Experiment]:
    """Return states of a network that are worth looking at."""
    x, b1 = example.x, example.b1
    small = replace(example, x=[*x[:2], x[2] / 10])
    dead = replace(example, x=[0.0, *x[1:]])
    far = replace(example, b1=[3.0, b1[1]])
    return [
        Experiment(
            "Sign",
            "What is the sign of the marked gradient? Count the minus signs on the highlighted "
            "path before you check.",
            fragment(example, at="W1_23", predict=1),
        ),
        Experiment(
            "Size",
            "The input x₃ is a tenth of what it was. How did the gradients of the two weights "
            "that it feeds change, and why are they not exactly a tenth?",
            fragment(small, at="W1_23"),
        ),
        Experiment(
            "Dead input",
            "The input x₁ is zero. Which gradients are zero with it, and what does an update "
            "do to these weights?",
            fragment(dead, at="W1_11"),
        ),
        Experiment(
            "Saturation",
            "A large bias pushes the pre-activation of the first neuron far from zero. What is "
            "left of the gradients of its bias and its weights? Move the bias back and watch "
            "the slope 1 − z².",
            fragment(far, at="b1_1"),
        ),
        Experiment(
            "Step too long",
            "One update, and the loss rises although every gradient is right. "
            "Which η makes it fall?",
            fragment(example, updates=1),
        ),
    ]


def graph() -> Markup:
    """Return the network of lesson 1 for the page, wide and upright."""
    solution = manual.solve(LESSON)
    wide, upright = (
        computational_graph(LESSON, solution, upright=form) for form in (False, True)
    )
    return both_forms(wide, upright, ALT, "explorer")


def explorer_context(common: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the explorer's template needs besides the data of all parts."""
    named = given(LESSON)
    layers = {
        layer: [name for name in named if name.split("[")[0] in fields]
        for layer, fields in LAYERS.items()
    }
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
        "words": WORDS,
        "bounds": BOUNDS,
        "strand": STRAND | {"dashes": DASHES},
    }
    return {
        "graph": graph(),
        "words": WORDS,
        "layers": layers,
        "bounds": BOUNDS,
        "place_of": {p.value: name for name, p in places(LESSON).items()},
        "experiments": experiments(LESSON),
        "data": data,
    }
