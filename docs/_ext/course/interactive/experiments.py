"""The explorer's experiments: two states to compare, a question, and an answer."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from course.words import N_, _
from mlp_reference import manual
from mlp_reference.walkthrough import elements, symbol, with_minus
from mlp_reference.worked_example import Solution, WorkedExample

LAYERS = {
    N_("Sample"): ("x", "t"),
    N_("Hidden layer"): ("W1", "b1"),
    N_("Output layer"): ("W2", "b2"),
    "Step": ("learning_rate",),
}
"""The numbers that can be moved, in the order of the controls and of the address."""


class Experiment(NamedTuple):
    """A state of the explorer beside another one, and what to compare."""

    name: str
    title: str
    question: str  # without HTML
    answer: str
    address: str
    heads: tuple[str, str]  # of the two columns of numbers
    rows: dict[str, str]  # names of numbers, each with its symbol
    before: str = ""  # the address of the other state, or one update further


def given(example: WorkedExample) -> dict[str, float]:
    """Return the sixteen numbers that can be moved, in the order of the address."""
    named: dict[str, float] = {}
    for fields in LAYERS.values():
        for field in fields:
            named |= elements(field, getattr(example, field))
    return named


def fragment(example: WorkedExample, **more: str | int) -> str:
    """Return the address of the explorer with a network; `state.js` reads it."""
    numbers = ",".join(repr(float(value)) for value in given(example).values())
    return f"#numbers={numbers}" + "".join(f"&{key}={more[key]}" for key in more)


def experiments(example: WorkedExample) -> list[Experiment]:
    """Return states of a network that are worth comparing with it."""
    x, b1 = example.x, example.b1
    solved = manual.solve(example)
    other_side = round(2 * solved.y[0] - example.t[0], 2)
    found = [
        _sign(example, replace(example, t=[other_side])),
        _size(example, replace(example, x=[*x[:2], x[2] / 10])),
        _dead(replace(example, x=[0.0, *x[1:]])),
        _saturation(example, replace(example, b1=[3.0, b1[1]])),
    ]
    twins = replace(
        example,
        W1=[example.W1[0]] * 2,
        b1=[b1[0]] * 2,
        W2=[[example.W2[0][0]] * 2],
        learning_rate=0.1,
    )
    return [
        *(each._replace(before=fragment(example)) for each in found),
        _step(example),
        _equal(twins)._replace(before=fragment(twins)),
    ]


def _sign(example: WorkedExample, changed: WorkedExample) -> Experiment:
    before, now = manual.solve(example), manual.solve(changed)
    return Experiment(
        "sign",
        _("Sign"),
        _(
            "The target was {before}, below the output, and is {now} now, about as far above "
            "it. Guess the sign of the marked gradient, then compare: which gradients have "
            "turned, and how much have their sizes changed?"
        ).format(before=_n(example.t[0]), now=_n(changed.t[0])),
        _(
            "{dL_dy} = 2 (y − t) was {before} and is {now}. It is a factor of every gradient, "
            "so every sign turns; no other factor has changed, so every size changes as little "
            "as this one. On the marked path {W2} = {weight} is negative too, and two minus "
            "signs make a plus: the gradient is {gradient}."
        ).format(
            dL_dy=_s("dL_dy[0]"),
            before=_n(before.dL_dy[0]),
            now=_n(now.dL_dy[0]),
            W2=_s("W2[0][1]"),
            weight=_n(example.W2[0][1]),
            gradient=_n(now.dL_dw1[1][2]),
        ),
        fragment(changed, at="W1_23", predict=1, experiment="sign"),
        _lesson_and_now(),
        _rows("t[0]", "dL_dy[0]", "dL_dw2[0][1]", "dL_da[1]", "dL_dw1[1][2]"),
    )


def _size(example: WorkedExample, changed: WorkedExample) -> Experiment:
    before, now = manual.solve(example), manual.solve(changed)
    first, second = (_ratio(now.dL_da[j], before.dL_da[j]) for j in (0, 1))
    products = [_ratio(now.dL_dw1[j][2], before.dL_dw1[j][2]) for j in (0, 1)]
    return Experiment(
        "size",
        _("Size"),
        _(
            "The input x₃ is a tenth of what it was. How have the gradients of the two "
            "weights that it feeds changed, and why not to exactly a tenth?"
        ),
        _(
            "The gradient of such a weight is {x} times what comes from upstream, and that has "
            "changed too: {dL_da1} is {first} times what it was, and {dL_da2} is {second} "
            "times what it was. With the tenth, this makes {product} and {other}. The upstream "
            "gradient changed because a smaller {x} moves the output, from {before} to {now}, "
            "and the place on the curve of tanh."
        ).format(
            x=_s("x[2]"),
            dL_da1=_s("dL_da[0]"),
            first=first,
            dL_da2=_s("dL_da[1]"),
            second=second,
            product=products[0],
            other=products[1],
            before=_n(before.y[0]),
            now=_n(now.y[0]),
        ),
        fragment(changed, at="W1_23", experiment="size"),
        _lesson_and_now(),
        _rows("x[2]", "dL_da[0]", "dL_dw1[0][2]", "dL_da[1]", "dL_dw1[1][2]"),
    )


def _dead(changed: WorkedExample) -> Experiment:
    now = manual.solve(changed)
    return Experiment(
        "dead",
        _("Dead input"),
        _(
            "The input x₁ is zero. Which gradients are zero with it, which are not, and "
            "what does an update do to these weights?"
        ),
        _(
            "The gradients of {first} and {second} are zero, because {x} is one of their "
            "factors, and so the update leaves {first} at {one} and {second} at {other}: this "
            "sample teaches them nothing. The gradient of {x} itself is {gradient}, because "
            "the weights are among its factors and the input is not."
        ).format(
            first=_s("W1[0][0]"),
            second=_s("W1[1][0]"),
            x=_s("x[0]"),
            one=_n(now.W1_updated[0][0]),
            other=_n(now.W1_updated[1][0]),
            gradient=_n(now.dL_dx[0]),
        ),
        fragment(changed, at="W1_11", experiment="dead"),
        _lesson_and_now(),
        _rows("x[0]", "dL_dw1[0][0]", "dL_dw1[1][0]", "dL_dx[0]", "W1_updated[0][0]"),
    )


def _saturation(example: WorkedExample, changed: WorkedExample) -> Experiment:
    before, now = manual.solve(example), manual.solve(changed)
    slope, old = (_slope(solution) for solution in (now, before))
    return Experiment(
        "saturation",
        _("Saturation"),
        _(
            "The bias of the first neuron was {before} and is {now}, which pushes its "
            "pre-activation far from zero. What arrives at this neuron from upstream, and what "
            "is left of it behind tanh?"
        ).format(before=_n(example.b1[0]), now=_n(changed.b1[0])),
        _(
            "More arrives than before, {dL_dz} = {arrives} instead of {arrived}. But the slope "
            "of tanh is {slope} instead of {old}, so {dL_da} is only {left}, and it is a "
            "factor of the gradients of this neuron's bias and weights. They learn next to "
            "nothing although the loss is larger. Move the bias back and watch the slope."
        ).format(
            dL_dz=_s("dL_dz[0]"),
            arrives=_n(now.dL_dz[0]),
            arrived=_n(before.dL_dz[0]),
            slope=_n(slope),
            old=_n(old),
            dL_da=_s("dL_da[0]"),
            left=_n(now.dL_da[0]),
        ),
        fragment(changed, at="b1_1", experiment="saturation"),
        _lesson_and_now(),
        _rows("a[0]", "dL_dz[0]", "dz_da[0]", "dL_da[0]", "dL_db1[0]", "dL_dw1[0][0]"),
    )


def _step(example: WorkedExample) -> Experiment:
    solved = manual.solve(example)
    strength = strength_of(solved)
    return Experiment(
        "step",
        _("Step too long"),
        _(
            "One update, and the loss rises although every gradient is right. "
            "Which η makes it fall, and which makes it fall furthest?"
        ),
        _(
            "It falls for every η up to about {limit}, where the curve has climbed back to the "
            "level of the loss now. K foretells this to first order: the best step is "
            "1/(2K) = {best}, and from 1/K = {most} on the output lands further from the "
            "target than it was, on the other side. The gradient is right; it is a slope, and "
            "describes the loss only near the place where it was taken."
        ).format(
            limit=f"{_limit(example):.3f}",
            best=_n(1 / (2 * strength)),
            most=_n(1 / strength),
        ),
        fragment(example, experiment="step"),
        (_("Now"), _("After one update")),
        _rows("y[0]", "t[0]", "loss"),
    )


def _equal(twins: WorkedExample) -> Experiment:
    updates = 2
    return Experiment(
        "equal",
        _("Equal neurons"),
        _(
            "The second hidden neuron began as a copy of the first, and {updates} updates have "
            "been made. What distinguishes the two neurons now? "
            "How would you have to start, so that they become different?"
        ).format(updates=updates),
        _(
            "Nothing does, however many updates you make. Equal weights give equal "
            "activations, and equal weights out of the neurons bring them equal gradients, so "
            "an update moves both alike: two neurons do the work of one. That is why weights "
            "start at random. Change one of them, such as {weight}, update again, and they "
            "part."
        ).format(weight=_s("W1[1][2]")),
        fragment(twins, updates=updates, at="W1_23", experiment="equal"),
        (_("At the start"), _("Now")),
        _rows(
            *("W1[0][2]", "W1[1][2]", "W2[0][0]", "W2[0][1]"),
            *("dL_dw1[0][2]", "dL_dw1[1][2]"),
        ),
    )


def _lesson_and_now() -> tuple[str, str]:
    return _("Lesson 1"), _("Now")


def _rows(*names: str) -> dict[str, str]:
    return {name: _s(name) for name in names}


def _s(name: str) -> str:
    """Write the symbol of a number, or what it is where it has no symbol of its own."""
    if name.startswith("dz_da"):
        return f"1 − {symbol(name.replace('dz_da', 'z'))}²"
    shown = symbol(name)
    if "_updated" not in name:
        return shown
    return _("{symbol} updated").format(symbol=shown)


def _n(value: float) -> str:
    short = f"{value:z.4f}".rstrip("0").rstrip(".")
    return with_minus(short)


def _ratio(now: float, before: float) -> str:
    return f"{now / before:.2f}"


def _slope(solution: Solution) -> float:
    return 1 - solution.z[0] ** 2


def strength_of(solution: Solution) -> float:
    """Return K of lesson 1, the sum of the squares of ∂y/∂θ over the eleven parameters."""
    gradients: Iterable[float] = (
        *(slope for row in solution.dL_dw1 for slope in row),
        *solution.dL_db1,
        *solution.dL_dw2[0],
        *solution.dL_db2,
    )
    return sum((gradient / solution.dL_dy[0]) ** 2 for gradient in gradients)


def _limit(example: WorkedExample) -> float:
    """Return the η at which one update leaves the loss as it is."""
    solved = manual.solve(example)
    low, high = 1 / (2 * strength_of(solved)), 2 / strength_of(solved)
    for _step in range(50):
        middle = (low + high) / 2
        stepped = replace(example, learning_rate=middle)
        after = manual.solve(stepped.after_update(manual.solve(stepped)))
        low, high = (low, middle) if after.loss > solved.loss else (middle, high)
    return low


LABELS = {
    "scrubber": "Step of the passes",
    "speed": "Speed",
    "opened": "Experiment",
    "answer": "Compare first, then see an answer",
    "close": "Close",
}
"""What stands on the page for good."""

WORDS = {
    "number": "Number",
    "change": "Change",
    "times": "× {ratio}",
    "same": "the same",
    "fromZero": "was zero",
    "asOpened": "As the experiment opened:",
    "rises": "▲ rises",
    "slice": "Curve of the loss after one update over the length η of the step. The loss now is "
    "{now}; to first order the best step is 1/(2K) = {best}, and from 1/K = {limit} on the "
    "loss rises.",
    "sliceNow": "loss now {now}",
    "sliceRate": "Learning rate η, the length of the step",
    "sliceFell": "▼ With η = {rate}, one update takes the loss from {before} to {after}: it falls.",
    "sliceRose": "▲ With η = {rate}, one update takes the loss from {before} to {after}: "
    "it rises, the step is too long.",
    "sliceStayed": "With η = {rate}, one update leaves the loss at {after}.",
    "sliceFacts": "To first order, y − t becomes 1 − 2ηK = {factor} times what it was.",
    "sliceShouldFall": "Here that misleads: by K alone, the loss would fall.",
    "sliceShouldRise": "Here that misleads: by K alone, the loss would rise.",
    "sliceNote": "K = {strength} is the sum of the squares of all ∂y/∂θ, as in lesson 1. The marks "
    "1/(2K) and 1/K are exact only for the dashed parabola, which K foretells; the curve is "
    "the true loss.",
    "sliceOver": "The ball lies outside the picture.",
}
"""What experiments and the valley say, by occasion."""
