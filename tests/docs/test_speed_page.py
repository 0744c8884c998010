"""What the page on speed says in words, its tables show: they are measured anew, words are not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEASURED = ROOT / "docs" / "_measured"
SMALL = ("1", "32", "200")
"""Batches of the networks that one learns with; the other two networks are large."""

Row = dict[str, str]


def table(section: str) -> list[Row]:
    """Read the tables of a section, a dict a row."""
    text = (MEASURED / f"{section}.md").read_text("utf-8")
    rows: list[Row] = []
    heads: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            heads = []
        elif not heads:
            heads = cells(line)
        elif not line.startswith("| ---"):
            rows.append(dict(zip(heads, cells(line), strict=True)))
    return rows


def cells(line: str) -> list[str]:
    return [cell.strip(" `") for cell in line.strip("|").split("|")]


def number(cell: str) -> float:
    """Read the number that a cell begins with."""
    found = re.match(r"[\d.]+", cell)
    assert found, f"no number in {cell!r}"
    return float(found[0])


def training_steps() -> list[Row]:
    return table("training_step")


def test_the_page_shows_every_table_that_is_its_own() -> None:
    page = (ROOT / "docs" / "speed.md").read_text("utf-8")
    shown = re.findall(r"_measured/([\w.]+)", page)
    own = {path.name for path in MEASURED.iterdir()}
    assert set(shown) <= own
    instructors = {"marking.md", "regression.md", "term.md", "cluster.md"}
    assert own - set(shown) == instructors  # on the pages for instructors


@pytest.mark.parametrize("row", training_steps(), ids=lambda row: row["network"])
def test_our_network_is_ahead_of_every_library_at_every_size(row: Row) -> None:
    ours = number(row["NumPy"])
    others = ("PyTorch, fused", "autograd", "scikit-learn")
    assert ours > max(1, *(number(row[other]) for other in others))


@pytest.mark.parametrize("row", training_steps(), ids=lambda row: row["network"])
def test_it_is_several_times_as_fast_at_the_sizes_of_a_course(row: Row) -> None:
    if row["batch"] in SMALL:
        assert number(row["NumPy"]) > 2
    else:
        assert number(row["NumPy"]) < 2


def test_pure_python_is_three_times_as_fast_as_micrograd() -> None:
    text = (MEASURED / "training_step.md").read_text("utf-8")
    (faster,) = re.findall(r"pure Python is ([\d.]+) times as fast as micrograd", text)
    assert float(faster) >= 3


def engine() -> tuple[list[Row], list[Row]]:
    """Return the rows of times, and those of kilobytes, from the smallest network on."""
    rows = table("engine")
    times = [row for row in rows if "engine against NumPy" in row]
    return times, rows[len(times) :]


def test_a_record_costs_most_on_the_smallest_network_and_least_on_the_largest() -> None:
    times, _ = engine()
    longer = [number(row["engine against NumPy"]) for row in times]
    assert longer[0] == max(longer)
    assert longer[-1] == min(longer) > 1


def test_the_engine_is_ahead_of_pytorch_on_small_networks_alone() -> None:
    for row in engine()[0]:
        assert (number(row["engine"]) > 1) == (row["batch"] in SMALL)
    text = (MEASURED / "engine.md").read_text("utf-8")
    (micrograd,) = re.findall(r"micrograd ([\d.]+)", text)
    assert number(engine()[0][0]["engine"]) < float(micrograd)


def test_a_record_is_three_times_as_large_as_what_layers_keep() -> None:
    smallest, *others = engine()[1]
    assert number(smallest["engine"]) > 10 * number(smallest["NumPy"])
    for row in others:
        for leaner in ("NumPy", "PyTorch"):
            assert number(row["engine"]) / number(row[leaner]) == pytest.approx(
                3, abs=0.5
            )


def test_a_goal_that_is_missed_is_named_as_out_of_reach() -> None:
    text = (MEASURED / "limits.md").read_text("utf-8")
    (found,) = re.findall(r"Goals out of reach here: (.*?)\. With SGD", text)
    named = found.split(", ")
    goals = {row["network × batch"]: row for row in table("limits")}
    for step in training_steps():
        if number(step["NumPy"]) < number(step["goal"]):
            assert f"{step['network']} × {step['batch']}" in named
    for name, row in goals.items():
        assert (name in named) == (number(row["at most"]) < number(row["goal"]))


def test_small_networks_pay_for_calls_and_large_ones_for_products() -> None:
    share = {
        part: [number(row[part]) / number(row["a step, µs"]) for row in table("limits")]
        for part in ("the same calls, tiny", "matrix products alone")
    }
    calls, products = share.values()
    assert calls[0] > 0.8 > 0.2 > calls[-1]
    assert products[-1] > 0.8 > products[0]


def test_spellings_buy_more_on_the_smallest_network_than_what_comes_before() -> None:
    row = table("what_it_buys")[0]
    textbook, _, flat, ours = [number(cell) for cell in list(row.values())[2:]]
    assert ours / flat > flat / textbook


def test_the_first_layer_counts_where_the_input_is_wide() -> None:
    gains = {
        row["network"]: number(row["no gradient of the data"])
        / number(row["as in a textbook"])
        for row in table("what_it_buys")
    }
    assert max(gains, key=lambda name: gains[name]) == "784-256-10"


def test_width_costs_its_square_and_depth_and_batch_themselves() -> None:
    powers = {
        row["grows"]: [
            float(power) for power in re.findall(r"\^([\d.]+)", " ".join(row.values()))
        ]
        for row in table("growth")
    }
    time = {grows: pair[0] for grows, pair in powers.items()}
    memory = {grows: pair[1] for grows, pair in powers.items()}
    for cost in (time, memory):
        assert cost["width"] == pytest.approx(2, abs=0.25)
        assert cost["depth"] == pytest.approx(1, abs=0.25)
        assert cost["batch"] == pytest.approx(1, abs=0.25)


def test_sharing_pays_for_large_batches_and_not_for_small_ones() -> None:
    rows = [row for row in table("data_parallel") if "network" in row]
    gains: dict[str, list[float]] = {}
    for row in rows:
        gains.setdefault(row["network"], []).append(number(row["two processes"]))
    assert len(gains) == 3
    for small, *_, large in gains.values():
        assert small < 1
        assert small < large
    assert any(large > 1 for *_, large in gains.values())


def test_a_sum_costs_the_more_the_more_there_is_to_send() -> None:
    rows = [row for row in table("data_parallel") if "kilobytes" in row]
    for who in ("sum of two processes, µs", "of four, µs"):
        assert number(rows[-1][who]) > 2 * number(rows[0][who])


def test_builds_and_imports_reach_their_goals() -> None:
    builds = {row["seconds"]: row for row in table("build")}
    total, goal = builds["in all"], builds["goal"]
    for build in ("from nothing", "nothing changed"):
        assert float(total[build].strip("*")) <= float(goal[build])
    imports = {row["import"]: row["times NumPy's"] for row in table("imports")}
    assert number(imports["mlp_reference"]) <= 1.3


def test_the_threshold_is_reached_as_often_as_its_page_says() -> None:
    page = (ROOT / "docs" / "fair_and_safe.md").read_text("utf-8")
    least, narrow = map(
        int, re.findall(r"at least (\d+) of 50 .* it is (\d+) in", page)[0]
    )
    late = {
        row.pop("hidden layers"): [
            int(seeds)
            for name, cell in row.items()
            if name != "least error"
            for seeds in cell.split(", ")[-2:]
        ]
        for row in table("regression")
    }
    assert max(late.pop("straight line") + late.pop("two linear layers, 32")) == 0
    assert min(late.pop("ReLU 16")) == narrow
    assert min(min(seeds) for seeds in late.values()) == least
