"""The exponent is that of a power law, fitted where overhead no longer counts."""

import pytest

from benchmarks.pictures import exponent


def test_the_exponent_of_a_power_law_is_found() -> None:
    rows = [{"size": n, "cost": 3.0 * n**1.5} for n in (2, 8, 32, 128)]
    assert exponent(rows, "cost") == pytest.approx(1.5, rel=1e-12)


def test_overhead_at_the_beginning_does_not_count() -> None:
    rows = [{"size": n, "cost": float(n * n)} for n in (16, 64, 256)]
    assert exponent([{"size": 1, "cost": 1e6}, *rows], "cost") == pytest.approx(2.0)
