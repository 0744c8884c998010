"""What the build tells of a record is what the engine does, in numbers, in words and in order."""

import math
import re

import numpy as np
import pytest
from course.interactive import record
from course.interactive.computations import (
    COMPUTATIONS,
    Computation,
    Recorded,
    short,
)
from course.interactive.computations import record as read
from course.interactive.record import BOX, WIDTH, Node, Text, picture
from course.interactive.record_steps import lines

every = pytest.mark.parametrize("made", COMPUTATIONS, ids=lambda made: made.name)


def worth(formula: str, numbers: dict[str, float]) -> float:
    """Compute a formula as a reader would."""
    named = formula.format(**{name: f"({value!r})" for name, value in numbers.items()})
    for sign, python in (("·", "*"), ("−", "-"), ("²", "**2")):
        named = named.replace(sign, python)
    return float(eval(named, {"tanh": math.tanh}))  # noqa: S307 - our own formulas


@every
def test_each_formula_gives_the_value_that_the_engine_has(made: Computation) -> None:
    known = read(made.run())
    assert list(known.inputs) == list(made.run())
    assert len(known.inputs) <= 12
    for name, place in made.places.items():
        assert bool(place.formula) == bool(known.inputs[name])
        if place.formula:
            value = worth(place.formula, known.values)
            assert value == pytest.approx(known.values[name], rel=1e-14)
            used = re.findall(r"{(\w+)}", place.formula)
            assert used == known.inputs[name] or used == known.inputs[name][:1]


@every
def test_each_rule_gives_the_gradient_that_the_engine_hands_back(
    made: Computation,
) -> None:
    known = read(made.run())
    for name, gifts in known.gifts.items():
        assert [gift.target for gift in gifts] == known.inputs[name]
        numbers = known.values | {"G": known.gradients[name]}
        for gift in gifts:
            value = worth(gift.rule, numbers)
            assert value == pytest.approx(gift.value, rel=1e-14)


@every
def test_what_arrives_adds_up_to_the_gradients_of_the_engine(made: Computation) -> None:
    nodes = made.run()
    known = read(nodes)
    [*nodes.values()][-1].backward()
    for name, node in nodes.items():
        assert node.grad is not None
        assert known.gradients[name] == pytest.approx(float(node.grad), rel=1e-14)


@every
def test_a_node_goes_back_once_all_that_use_it_have(made: Computation) -> None:
    known = read(made.run())
    order = [*known.gifts]
    assert sorted(order) == sorted(name for name in known.inputs if known.inputs[name])
    for name in order:
        for gift in known.gifts_to(name):
            assert order.index(gift.source) < order.index(name)


def test_there_is_a_node_that_has_to_wait_in_every_computation() -> None:
    for made in COMPUTATIONS:
        assert any(node.awaited for node in picture(made)["nodes"])


@every
def test_a_node_that_had_not_waited_would_have_handed_on_the_first_part(
    made: Computation,
) -> None:
    nodes = made.run()
    known = read(nodes)
    early = {gift.source for own in known.gifts.values() for gift in own if gift.early}
    assert early == {"forks": {"b"}, "shortcut": {"z"}}[made.name]
    for name in early:
        first = known.gifts_to(name)[0].value
        alone = [float(part) for part in nodes[name].back(np.array(first))]
        assert [gift.early for gift in known.gifts[name]] == alone


@every
def test_every_equation_in_words_holds_for_the_numbers_as_they_are_shown(
    made: Computation,
) -> None:
    equations = 0
    for line in lines(made):
        for span in re.findall(r"<span>(.*?)</span>", line.text):
            bare = re.sub(r"<[^>]+>|\(with[^)]*\)|\.$", "", span)
            plain = bare.rpartition(": ")[2]
            numeric = [
                part
                for part in plain.split(" = ")
                if not re.search("[A-Za-z∂,]", part.replace("tanh", ""))
            ]
            values = [worth(part.strip(), {}) for part in numeric]
            for value in values[1:]:
                assert value == pytest.approx(values[0], abs=2e-3), span
                equations += 1
    assert equations > len(made.places) / 2


@every
def test_every_step_is_told_and_says_which(made: Computation) -> None:
    known = read(made.run())
    count = len(known.gifts)
    told = lines(made)
    assert [line.stage for line in told] == [
        "",
        *["forward"] * count,
        *["backward"] * count,
    ]
    assert told[-1].head == f"Backward, step {count} of {count}"


def seen(texts: list[Text], step: int) -> list[str]:
    return [
        str(text.text)
        for text in texts
        if text.first <= step and (text.last is None or step <= text.last)
    ]


def titled(node: Node) -> str:
    return re.sub(r"<[^>]+>", "", node.title)[0]


def arrived(known: Recorded, name: str, back: int) -> list[float]:
    """Return what has arrived at a node after so many nodes have gone back."""
    gone = [*known.gifts][:back]
    if name == next(iter(known.gifts)):
        return [1.0] if back else []
    return [gift.value for gift in known.gifts_to(name) if gift.source in gone]


@every
def test_each_step_shows_what_has_arrived_and_what_is_awaited(
    made: Computation,
) -> None:
    known = read(made.run())
    count = len(known.gifts)
    for node in picture(made)["nodes"]:
        uses = max(1, len(known.gifts_to(titled(node))))
        for step in range(2 * count + 1):
            parts = arrived(known, titled(node), step - count)
            total = short(sum(parts)) if parts else "?"
            shown = [f"∂\N{NO-BREAK SPACE}{total}"] if step >= count else []
            assert seen(node.gradients, step) == shown
            awaits = []
            if uses > 1 and step >= count and len(parts) < uses:
                more = " more" if parts else ""
                awaits = [f"waits for {uses - len(parts)}{more}"]
            assert seen(node.awaited, step) == awaits


@every
def test_words_say_who_waits_and_for_how_many(made: Computation) -> None:
    known = read(made.run())
    for back, line in enumerate(lines(made)[len(known.gifts) + 1 :], start=1):
        waits = re.findall(r"<i>(\w)</i> waits for (\d) more", line.text)
        sums = re.findall(r"<i>(\w)</i> now has its sum", line.text)
        targets = {gift.target for gift in [*known.gifts.values()][back - 1]}
        for name in known.inputs:
            uses, there = len(known.gifts_to(name)), len(arrived(known, name, back))
            is_new = name in targets and uses > 1
            assert ((name, str(uses - there)) in waits) == (is_new and there < uses)
            assert (name in sums) == (is_new and there == uses)


@every
def test_lines_say_what_is_handed_back_and_when(made: Computation) -> None:
    known = read(made.run())
    count = len(known.gifts)
    gifts = [gift for own in known.gifts.values() for gift in own]
    edges = picture(made)["edges"]
    assert len(edges) == len(gifts)
    for edge, gift in zip(edges, gifts, strict=True):
        step = count + 1 + [*known.gifts].index(gift.source)
        assert edge.gradient == (f"∂\N{NO-BREAK SPACE}{short(gift.value)}", step, None)
        assert edge.at[1] == step
        assert edge.at[0] == edge.made <= count


@every
def test_boxes_lie_in_the_picture_and_apart(made: Computation) -> None:
    drawn = picture(made)
    nodes = drawn["nodes"]
    for i, one in enumerate(nodes):
        assert BOX[0] / 2 < one.x < WIDTH - BOX[0] / 2
        assert BOX[1] / 2 < one.y < drawn["height"] - BOX[1] / 2
        for other in nodes[:i]:
            across, down = abs(one.x - other.x), abs(one.y - other.y)
            assert across > BOX[0] + 4 or down > BOX[1] + 20


@every
def test_words_say_why_a_node_is_next(made: Computation) -> None:
    known = read(made.run())
    order = [*known.gifts]
    told = lines(made)[len(order) + 1 :]
    for line, following in zip(told, [*order[1:], ""], strict=True):
        reasons = "has its only gradient|now has its sum"
        found = re.findall(rf"<i>(\w)</i> (?:{reasons}), so it is next", line.text)
        assert found == [following] * bool(following)


@every
def test_each_part_of_what_is_told_ends(made: Computation) -> None:
    for line in lines(made):
        parts = re.findall("<span>(.*?)</span>", line.text)
        assert all(part.endswith(".") for part in parts)


def test_a_negative_factor_has_brackets() -> None:
    texts = " ".join(line.text for made in COMPUTATIONS for line in lines(made))
    assert "−0.619 · (−0.619) = 0.383" in texts
    assert record.context()["data"] == {"play": "Play", "pause": "Pause"}
