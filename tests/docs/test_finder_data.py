"""What the build tells the finder: every slip has its place, its key, its row."""

from __future__ import annotations

import json
import re

from course.interactive.finder import (
    OTHER_SPOTS,
    SHOWN,
    SPOTS,
    STARTS,
    context,
    key_of,
    spot_of,
    table,
)

from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.network_graph import symbolic_graph
from mlp_reference.walkthrough import places
from mlp_reference.worked_example import EXERCISE

PLACES = set(re.findall(r'data-place="(\w+)"', symbolic_graph()))
ARROWS = set(re.findall(r'data-arrow="(\w+)"', symbolic_graph()))


def test_every_slip_happens_at_a_place_of_the_graph() -> None:
    for slip in PEN_AND_PAPER:
        where, arrows, spots = spot_of(slip)
        assert where
        assert arrows or spots
        assert set(arrows) <= ARROWS
        assert set(spots) <= PLACES


def test_no_place_belongs_to_a_slip_that_is_not_there() -> None:
    slips = {(slip.quantity, slip.name) for slip in PEN_AND_PAPER}
    assert set(OTHER_SPOTS) <= slips
    assert set(SPOTS) == {slip.quantity for slip in PEN_AND_PAPER}
    assert set(SHOWN) <= {(slip.answer, slip.name) for slip in PEN_AND_PAPER}


def test_every_arrow_starts_at_a_place() -> None:
    assert set(STARTS) == ARROWS
    assert set(STARTS.values()) <= PLACES
    for arrow, start in STARTS.items():
        # What goes back over an arrow passes it on the way from the loss to its start.
        assert arrow in places(EXERCISE)[start].path or arrow.startswith("z")


def test_keys_are_unique_and_fit_an_address() -> None:
    keys = [key_of(slip) for slip in PEN_AND_PAPER]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[\w-]+", key) for key in keys)


def test_the_table_has_the_change_of_every_slip() -> None:
    rows = table()
    assert len(rows) == len(PEN_AND_PAPER)
    right = work_out(EXERCISE)
    by_name = {(row.answer, row.name): row for row in rows}
    sign = by_name["dL_dy", "took t − y for y − t"]
    assert abs(sign.most - 2 * abs(right["dL_dy"][0])) < 1e-12
    unseen = {row.name for row in rows if not row.seen}
    assert {"took 1 − tanh²(z) for 1 − z²", "took 1 − a² for 1 − z²"} <= unseen


def test_the_data_is_json_and_has_what_the_modules_of_the_rule_need() -> None:
    data = json.loads(json.dumps(context()["data"]))
    assert {"steps", "mistakes", "words", "constants", "example"} <= set(data)
    for known, slip in zip(data["mistakes"], PEN_AND_PAPER, strict=True):
        assert (known["answer"], known["name"]) == (slip.answer, slip.name)
        assert known["quantity"] in data["rules"]
