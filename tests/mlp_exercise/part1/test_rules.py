"""The rule as data holds all of the rule, in nothing but what JSON has."""

import inspect
import json
from string import Formatter

import pytest

from mlp_exercise import values
from mlp_exercise.part1 import boxes, feedback, marking, steps, variants
from mlp_exercise.part1.rules import as_data
from mlp_reference.mistakes import PEN_AND_PAPER

MODULES = (values, boxes, steps, marking, feedback, variants)
DATA = as_data()


def test_it_holds_every_constant_that_the_rule_defines() -> None:
    defined = {
        name: value
        for module in MODULES
        for name, value in vars(module).items()
        if name.isupper() and f"\n{name} =" in inspect.getsource(module)
    }
    otherwise = {"SHAPES", "STEPS", "ELEMENTS", "PHRASES", "PAID", "KINDS", "SLIPS"}
    otherwise |= {"_W1", "_B1"}
    for name in otherwise:
        del defined[name]
    assert DATA["constants"] == json.loads(json.dumps(defined))


def test_it_holds_every_step_with_its_routes() -> None:
    for step, data in zip(steps.STEPS, DATA["steps"], strict=True):
        routes = [
            steps.Route(tuple(r["needs"]), tuple(r["through"]), r["each"])
            for r in data["routes"]
        ]
        shape = tuple(data["shape"])
        assert steps.Step(data["name"], data["title"], shape, tuple(routes)) == step
        assert data["elements"] == list(steps.ELEMENTS[step.name])


def test_it_holds_every_mistake_and_a_quantity_makes_each_only_once() -> None:
    found = [(m["answer"], m["quantity"], m["name"]) for m in DATA["mistakes"]]
    assert found == [(m.answer, m.quantity, m.name) for m in PEN_AND_PAPER]
    assert len({(quantity, name) for _, quantity, name in found}) == len(found)


def test_it_holds_all_phrases_and_no_two_share_a_key() -> None:
    assert not values.PHRASES.keys() & feedback.PHRASES.keys()
    assert DATA["words"] == {**values.PHRASES, **feedback.PHRASES}


@pytest.mark.parametrize("template", DATA["words"].values())
def test_placeholders_are_plain_names(template: str) -> None:
    # The worksheet fills them in with no more than a search for {name}.
    for _, name, options, conversion in Formatter().parse(template):
        assert name is None or name.isidentifier()
        assert not options
        assert not conversion
