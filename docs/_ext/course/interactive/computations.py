"""Small computations, recorded by the engine of lesson 4, and what it does with each record."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from course.words import N_
from mlp_reference.autograd import Tensor, topological_order
from mlp_reference.walkthrough import fill, with_minus


class Place(NamedTuple):
    """Where a node stands, and how it is made, with the names of others in braces."""

    column: float
    row: float
    formula: str = ""  # none for an input


class Computation(NamedTuple):
    """A computation to look at; ``run`` returns its nodes by name, the result last."""

    name: str
    title: str
    alt: str
    run: Callable[[], dict[str, Tensor]]
    places: dict[str, Place]


def forks() -> dict[str, Tensor]:
    """Compute the graph of lesson 4 in which one node waits for three gradients."""
    a = Tensor(1.5)
    b = a + a
    c = b * b
    d = b + c
    return {"a": a, "b": b, "c": c, "d": d}


def shortcut() -> dict[str, Tensor]:
    """Compute a loss to which one neuron leads on two ways, a long and a short one."""
    w, x, v, t = Tensor(0.25), Tensor(4.0), Tensor(-0.5), Tensor(1.0)
    p = w * x
    z = p.tanh()
    q = v * z
    y = q + z
    e = y - t
    L = e * e
    return {
        "w": w,
        "x": x,
        "v": v,
        "t": t,
        "p": p,
        "z": z,
        "q": q,
        "y": y,
        "e": e,
        "L": L,
    }


COMPUTATIONS = (
    Computation(
        "forks",
        N_("b waits for three"),
        N_(
            "Graph of four nodes: a on top, below it b = a + a, then c = b · b, and d = b + c "
            "at the bottom. Two lines lead from a to b, two from b to c, and one each from b and "
            "from c to d."
        ),
        forks,
        {
            "a": Place(1.15, 0.3),
            "b": Place(1.15, 2.1, "{a} + {a}"),
            "c": Place(0, 3.9, "{b} · {b}"),
            "d": Place(1.15, 5.7, "{b} + {c}"),
        },
    ),
    Computation(
        "shortcut",
        N_("z has a shortcut"),
        N_(
            "Graph of ten nodes, four of them inputs: w, x, v and t. From w and x to p = w x, "
            "and on to z = tanh p. From z, one line leads to q = v z and on to y = q + z, "
            "another past q to y. From y and t to e = y − t. Two lines lead from e to the loss "
            "L = e · e."
        ),
        shortcut,
        {
            "w": Place(0.4, 0),
            "x": Place(1.6, 0),
            "v": Place(0, 2),
            "t": Place(2, 4),
            "p": Place(1, 1, "{w} · {x}"),
            "z": Place(1, 2, "tanh({p})"),
            "q": Place(0, 3, "{v} · {z}"),
            "y": Place(1, 4, "{q} + {z}"),
            "e": Place(1, 5, "{y} − {t}"),
            "L": Place(1, 6.5, "{e} · {e}"),
        },
    ),
)


# -- What the engine has recorded, and what it does

HANDED = {
    "add": ("{G}", "{G}"),
    "sub": ("{G}", "−{G}"),
    "mul": ("{G} · {1}", "{G} · {0}"),
    "tanh": ("{G} · (1 − {own}²)",),
}
"""What an operation hands to its inputs 0 and 1; G is what it got, ``own`` its own value."""


class Gift(NamedTuple):
    """The gradient that a node hands to one of its inputs."""

    source: str
    target: str
    rule: str  # with the names of nodes in braces, and G
    value: float
    early: float | None  # what it would be if the source had not waited


class Recorded(NamedTuple):
    """A record under the names of its nodes, in the order in which they were made."""

    inputs: dict[str, list[str]]
    values: dict[str, float]
    gifts: dict[str, list[Gift]]  # by the nodes that go back, in the engine's order
    gradients: dict[str, float]

    def gifts_to(self, name: str) -> list[Gift]:
        """Return the gradients that a node gets, in the order in which they arrive."""
        return [
            gift for own in self.gifts.values() for gift in own if gift.target == name
        ]

    def with_numbers(self, gift: Gift) -> str:
        """Return what is computed for a gradient, in numbers."""
        numbers = self.values | {"G": self.gradients[gift.source]}
        return filled(gift.rule, numbers)


def record(nodes: dict[str, Tensor]) -> Recorded:
    """Read a record, and let each node go back in the engine's order."""
    names = {id(node): name for name, node in nodes.items()}
    inputs = {
        name: [names[id(each)] for each in node.inputs] for name, node in nodes.items()
    }
    result = [*nodes.values()][-1]
    order = [names[id(node)] for node in topological_order(result)]
    arrived: dict[str, dict[str, float]] = {
        name: {} for name in nodes
    }  # by their sources
    arrived[order[0]] = {"": 1.0}
    gifts: dict[str, list[Gift]] = {}
    for name in (name for name in order if inputs[name]):
        node, (first, *others) = nodes[name], arrived[name].values()
        handed = node.back(np.array(first + sum(others)))
        early = node.back(np.array(first)) if others else [None] * len(handed)
        braced = [f"{{{each}}}" for each in inputs[name]]
        gifts[name] = []
        for target, rule, G, alone in zip(
            inputs[name], HANDED[node.operation], handed, early, strict=True
        ):
            named = rule.format(*braced, G="{G}", own=f"{{{name}}}")
            unwaited = None if alone is None else float(alone)
            gifts[name].append(Gift(name, target, named, float(G), unwaited))
            arrived[target][name] = arrived[target].get(name, 0.0) + float(G)
    values = {name: float(node.value) for name, node in nodes.items()}
    gradients = {name: sum(parts.values()) for name, parts in arrived.items()}
    return Recorded(inputs, values, gifts, gradients)


def filled(formula: str, numbers: Mapping[str, float]) -> str:
    """Return a formula with numbers, and with brackets where a sign would mislead."""
    return fill(formula, lambda name: short(numbers[name]))


def short(value: float) -> str:
    """Return a number with at most three decimals."""
    return with_minus(f"{value:z.3f}".rstrip("0").rstrip("."))
