"""The steps of a record in words: every operation forward, then every node back."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import Markup

from course.interactive.computations import (
    Computation,
    Gift,
    Recorded,
    filled,
    record,
    short,
)
from course.words import _, ngettext

WORDS = {
    "play": "Play",
    "pause": "Pause",
    "before": "Before the first step",
    "forward": "Forward, step {step} of {steps}",
    "backward": "Backward, step {step} of {steps}",
    "keeps": "The new node keeps {inputs}.",
    "input": "its input {names}",
    "inputs": "its inputs {names}",
    "twice": "its input {names} twice",
    "first": "{name} goes back first, with <i>G</i> = ∂{name}/∂{name} = 1.",
    "single": "{name} goes back with <i>G</i> = {gradient}.",
    "sum": "{name} goes back with the sum, <i>G</i> = {gradient}.",
    "early": "(with the first part alone: {wrong})",
    "to": "To {name}: {working}.",
    "to_twice": "To {name}, twice: {working}.",
    "waits": "{name} waits for {missing} more.",
    "only": "{name} has its only gradient, so it is next.",
    "complete": "{name} now has its sum: {working}.",
    "complete_next": "{name} now has its sum, so it is next: {working}.",
    "stays": "{names} is an input: {grads}.",
    "stay": "{names} are inputs: {grads}.",
    "awaits": "waits for {missing}",
    "awaits_more": "waits for {missing} more",
    "and": "{names} and {last}",
}
"""What is said of a step; names stand in braces."""


class Line(NamedTuple):
    """What is said of a step."""

    stage: str
    head: str
    text: Markup


def lines(made: Computation) -> list[Line]:
    """Return a sentence for what there is at first, and one for each step."""
    known = record(made.run())
    inputs = [name for name in known.inputs if not known.inputs[name]]
    operations = [name for name in known.inputs if known.inputs[name]]
    start = ngettext(
        "Only {inputs} is there. Nothing is computed yet.",
        "Only {inputs} are there. Nothing is computed yet.",
        len(inputs),
    )
    begin = Markup(start).format(inputs=_and(inputs))  # noqa: S704 - our own words
    told = [Line("", _(WORDS["before"]), begin)]
    for stage, names in (("forward", operations), ("backward", [*known.gifts])):
        for step, name in enumerate(names, start=1):
            head = _(WORDS[stage]).format(step=step, steps=len(names))
            tell = (
                _forward(name, known, made)
                if stage == "forward"
                else _backward(name, known)
            )
            parts = (Markup("<span>{}</span>").format(part) for part in tell)
            told.append(Line(stage, head, Markup(" ").join(parts)))
    return told


def said(key: str, **texts: Any) -> Markup:
    """Fill in a phrase; the texts may be HTML."""
    return Markup(_(WORDS[key])).format(**texts)  # noqa: S704 - our own words


def symbols(formula: str) -> Markup:
    """Return a formula with the names in braces as symbols."""
    return Markup(re.sub(r"{(\w+)}", r"<i>\1</i>", formula))  # noqa: S704 - our own formulas


def _and(names: list[str]) -> Markup:
    *before, last = [symbols(f"{{{name}}}") for name in names]
    return said("and", names=Markup(", ").join(before), last=last) if before else last


def _forward(name: str, known: Recorded, made: Computation) -> Iterator[Markup]:
    formula = made.places[name].formula
    numbers = filled(formula, known.values)
    line = f"{{{name}}} = {formula} = {numbers} = {short(known.values[name])}."
    yield symbols(line)
    kept = [*dict.fromkeys(known.inputs[name])]
    key = "inputs" if len(kept) > 1 else "input"
    key = "twice" if len(kept) < len(known.inputs[name]) else key
    yield said("keeps", inputs=said(key, names=_and(kept)))


def _backward(name: str, known: Recorded) -> Iterator[Markup]:
    key = {0: "first", 1: "single"}.get(len(known.gifts_to(name)), "sum")
    yield said(key, name=_and([name]), gradient=short(known.gradients[name]))
    for gift, copies in Counter(known.gifts[name]).items():
        numbers, result = known.with_numbers(gift), short(gift.value)
        steps = dict.fromkeys(
            [gift.rule, numbers, result]
        )  # what is the same is said once
        working = symbols(" = ".join(steps))
        if gift.early is not None:
            working += " " + said("early", wrong=short(gift.early))
        key = "to_twice" if copies > 1 else "to"
        yield said(key, name=_and([gift.target]), working=working)
    targets = [*dict.fromkeys(gift.target for gift in known.gifts[name])]
    order = [*known.gifts]
    following = order[order.index(name) + 1 :][:1]
    for target in targets:
        gifts = known.gifts_to(target)
        missing = len(gifts) - len(_arrived(target, known, name))
        if missing:
            yield said("waits", name=_and([target]), missing=missing)
        elif len(gifts) > 1:
            values = {str(place): gift.value for place, gift in enumerate(gifts)}
            added = filled(" + ".join(f"{{{place}}}" for place in values), values)
            total = f"{added} = {short(known.gradients[target])}"
            key = "complete_next" if target in following else "complete"
            yield said(key, name=_and([target]), working=total)
        elif target in following:
            yield said("only", name=_and([target]))
    inputs = [target for target in targets if not known.inputs[target]]
    if inputs:
        grads = Markup(", ").join(
            Markup("<code>{}.grad</code> = {}").format(
                each, short(known.gradients[each])
            )
            for each in inputs
        )
        key = "stays" if len(inputs) == 1 else "stay"
        yield said(key, names=_and(inputs), grads=grads)


def _arrived(target: str, known: Recorded, source: str) -> list[Gift]:
    """Return the gradients that have arrived at a node once another has gone back."""
    order = [*known.gifts]
    until = order.index(source)
    return [
        gift for gift in known.gifts_to(target) if order.index(gift.source) <= until
    ]
