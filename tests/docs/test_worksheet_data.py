"""What the worksheet knows fits the exercise: its boxes, its workings, its words."""

import json
import re
from dataclasses import asdict

from course.interactive import worksheet
from course.interactive.worksheet import WORDS, context, sheet, shown, ways

from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import STEPS
from mlp_reference import network_graph
from mlp_reference.manual import work_out
from mlp_reference.walkthrough import elements
from mlp_reference.worked_example import EXERCISE

LOWERED = str.maketrans("₁₂", "12")
ASKED = {step.name for step in STEPS}
RIGHT = work_out(EXERCISE)


def test_every_answer_has_a_box_for_each_of_its_elements() -> None:
    assert [boxes.name for boxes in sheet()] == [step.name for step in STEPS]
    for boxes in sheet():
        assert boxes.elements == tuple(elements(boxes.name, RIGHT[boxes.name]))
        rows = len(boxes.elements) / boxes.columns
        assert rows.is_integer()
    columns = {boxes.name: boxes.columns for boxes in sheet()}
    assert (columns["a"], columns["dL_dw2"], columns["dL_dw1"]) == (1, 2, 3)
    assert [boxes.name for boxes in sheet() if not boxes.bracketed] == ["loss"]


def test_the_graph_has_a_place_for_each_element_but_the_updated_ones() -> None:
    drawn = network_graph.symbolic_graph()
    for name, (place, what) in shown().items():
        group = re.search(rf'data-place="{place}">(.*?)</g>', drawn)
        assert group, name
        assert f'data-shows="{what}"' in group[1]
        assert ("value" if name[0] in "azyl" else "gradient") == what
    asked_for = {name for boxes in sheet() for name in boxes.elements}
    assert shown().keys() == {name for name in asked_for if "_updated" not in name}
    assert len({*map(tuple, shown().values())}) == len(shown())


def test_each_rule_leads_to_its_own_answer() -> None:
    for boxes in sheet():
        left = re.split("[=←]", boxes.rule)[0].strip().translate(LOWERED)
        name = boxes.name.removesuffix("_updated").replace("loss", "L")
        assert left.replace("/∂", "_d") == name.replace("dL_d", "∂L_d").replace(
            "w", "W"
        )


def test_a_way_starts_from_what_is_given_or_asked_for_before() -> None:
    lines = context()["data"]["workings"]
    given = {key for name, v in asdict(EXERCISE).items() for key in elements(name, v)}
    known = set(given)
    for name, way in ways().items():
        here: set[str] = set()
        for element in way:
            used = set(re.findall(r"\{(.+?)\}", lines[element]))
            assert used <= known | here, element
            here.add(element)
        assert set(elements(name, RIGHT[name])) <= here
        assert {element.partition("[")[0] for element in way} & ASKED == {name}
        known |= set(elements(name, RIGHT[name]))  # and nothing that is not asked for


def test_every_name_in_a_working_has_a_symbol() -> None:
    data = context()["data"]
    for element, line in data["workings"].items():
        assert {element, *re.findall(r"\{(.+?)\}", line)} <= data["symbols"].keys()
    assert set(data["workings"]) == {name for way in ways().values() for name in way}


def test_every_verdict_has_words() -> None:
    zero = work_out(EXERCISE, given={"dL_dy": [0.0]})
    sheets = [{}, RIGHT, zero, {**RIGHT, "y": ["x"]}, {**RIGHT, "a": [0.5, 0.24]}]
    verdicts = {
        m.verdict
        for answers in sheets
        for m in mark({name: answers.get(name) for name in ASKED}, EXERCISE)
    }
    assert verdicts - {"missing"} <= WORDS.keys()
    assert len(verdicts) == 5


def test_the_data_is_plain_and_its_words_hide_none_of_the_rule_s() -> None:
    data = context()["data"]
    assert json.loads(json.dumps(data)) == data
    assert {"steps", "mistakes", "words", "constants", "example"} <= data.keys()
    assert data["words"] is not worksheet.WORDS
