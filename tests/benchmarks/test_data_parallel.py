"""What a table about processes says follows from what was measured."""

from typing import Any

import pytest

from benchmarks.data_parallel import pays, predicted, sum_costs, table


def a_step(size: str, batch: int, alone: float, faster: float) -> dict[str, Any]:
    times = {who: [alone / faster] * 3 for who in ("2", "4", "2 threads")}
    gains = {f"{who} faster": [faster, 2 * faster, 3 * faster] for who in times}
    about = {"size": size, "batch": batch, "parameters": 250_000}
    return {"what": "step", **about, "1": [alone] * 3, **times, **gains}


def a_sum(kilobytes: int, latency: float, bandwidth: float) -> dict[str, Any]:
    """Take 2 (R − 1)/R of the bytes over the bandwidth, in bytes a microsecond."""
    times = {
        str(R): [latency + 2 * (R - 1) / R * 1000 * kilobytes / bandwidth] * 3
        for R in (2, 4)
    }
    return {"what": "sum", "kilobytes": kilobytes, **times}


SUMS = [a_sum(kilobytes, 50, 1000) for kilobytes in (0, 100, 10_000)]


@pytest.mark.parametrize("R", [2, 4])
def test_latency_and_bandwidth_of_the_sums_are_found(R: int) -> None:
    assert sum_costs(SUMS, R) == pytest.approx((50, 1000))


@pytest.mark.parametrize(("R", "sent"), [(2, 1e6), (4, 1.5e6)])
def test_a_step_is_shared_and_the_sum_comes_on_top(R: int, sent: float) -> None:
    gain = predicted(SUMS, a_step("1-1", 1, 8000, 1), R)
    assert gain == pytest.approx(8000 / (8000 / R + 50 + sent / 1000))


@pytest.mark.parametrize(("load", "said"), [(0.1, "idle"), (9.4, "load of 9.4")])
def test_a_busy_machine_is_told(load: float, said: str) -> None:
    assert said in table([a_step("1-1", 1, 8000, 1), *SUMS], load)


def test_it_pays_from_the_batch_after_the_last_that_is_not_faster() -> None:
    gains = {"a": (1.2, 0.9, 1.1), "b": (0.5, 0.6, 1.0), "c": (1.5, 1.6, 1.7)}
    rows = [
        a_step(size, batch, 1000, gain)
        for size, own in gains.items()
        for batch, gain in zip((1, 10, 100), own, strict=True)
    ]
    assert pays(rows) == [
        "from batch 100 on for a",
        "at no batch for b",
        "from batch 1 on for c",
    ]
    written = table(rows + SUMS, load=0)
    assert "one process's, from batch 100 on for a, at no batch for b" in written


def test_what_sharing_gains_stands_first_and_how_long_it_takes_last() -> None:
    head, _, row, *_ = table([a_step("1-1", 16, 8000, 2), *SUMS], load=0).splitlines()
    cells = [line.strip("| ").split(" | ") for line in (head, row)]
    found = dict(zip(*cells, strict=True))
    assert [*found][:3] == ["network", "batch", "two processes"]
    assert found["network"] == "1-1"
    assert found["two processes"].startswith("4.00")
    assert [*found.items()][-1] == ("one process, ms", "8.00")
