"""The rule as data holds all of the rule, in nothing but what JSON has."""

import inspect
import json
from string import Formatter

import pytest

from mlp_exercise import signs, values
from mlp_exercise.part1 import (
    answer,
    feedback,
    marking,
    phrases,
    steps,
    tolerance,
    variants,
)
from mlp_exercise.part1.rules import as_data
from mlp_reference.mistakes import PEN_AND_PAPER

MODULES = (signs, values, answer, tolerance, steps, marking, feedback, variants)
OTHERWISE = {"SHAPES", "STEPS", "_BACK_TO_A", "_WEIGHTS", "_BIASES"}  # in the steps
OTHERWISE |= {"PHRASES", "DECIMAL_COMMA"}  # in the words
OTHERWISE |= {"_SKIPPED", "_TOKEN"}  # a box holds no code


def test_it_comes_through_json_unchanged() -> None:
    assert json.loads(json.dumps(as_data())) == as_data()


def test_it_holds_every_constant_that_the_rule_defines() -> None:
    defined = {
        name: value
        for module in MODULES
        for name, value in vars(module).items()
        if name.isupper() and f"{name} =" in inspect.getsource(module)
    }
    wanted = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in defined.items()
        if name not in OTHERWISE
    }
    assert as_data()["constants"] == wanted


def test_it_holds_every_step_with_its_routes() -> None:
    for step, data in zip(steps.STEPS, as_data()["steps"], strict=True):
        routes = [
            steps.Route(tuple(r["needs"]), tuple(r["through"]), r["each"])
            for r in data["routes"]
        ]
        assert steps.Step(data["name"], data["title"], tuple(routes)) == step
        assert tuple(data["shape"]) == step.shape


def test_it_holds_every_mistake_and_a_quantity_makes_each_only_once() -> None:
    found = [(m["answer"], m["quantity"], m["name"]) for m in as_data()["mistakes"]]
    assert found == [(m.answer, m.quantity, m.name) for m in PEN_AND_PAPER]
    assert len({(quantity, name) for _, quantity, name in found}) == len(found)


def test_it_holds_all_phrases_and_no_two_share_a_key() -> None:
    assert not values.PHRASES.keys() & phrases.PHRASES.keys()
    assert as_data()["words"] == {**values.PHRASES, **phrases.PHRASES}


@pytest.mark.parametrize("template", as_data()["words"].values())
def test_placeholders_are_plain_names(template: str) -> None:
    # The worksheet fills them in with no more than a search for {name}.
    for _, name, options, conversion in Formatter().parse(template):
        assert name is None or name.isidentifier()
        assert not options
        assert not conversion
