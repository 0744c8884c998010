import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_reference.arrays import Array
from mlp_reference.optimizers import SGD, Adam, Optimizer


@dataclass
class Slope:
    """Where an optimizer stands, and the gradient there."""

    parameters: Array
    gradient: Array


def start(*gradient: float, dtype: type[Any] = np.float64) -> Slope:
    return Slope(np.zeros(len(gradient), dtype), np.array(gradient, dtype))


of_each = pytest.mark.parametrize(
    "make",
    [
        lambda at: SGD(at, lr=0.1),
        lambda at: SGD(at, lr=0.1, momentum=0.5),
        lambda at: Adam(at, lr=0.1),
    ],
)
Make = Callable[[Slope], Optimizer]


@given(momentum=st.floats(0, 0.99), steps=st.integers(1, 10))
def test_on_a_constant_slope_momentum_builds_up_as_a_geometric_series(
    momentum: float, steps: int
) -> None:
    at = start(2.0, -1.0)
    optimizer = SGD(at, lr=0.1, momentum=momentum)
    for _ in range(steps):
        before = at.parameters.copy()
        optimizer.step()
    pace = sum(momentum**k for k in range(steps))
    np.testing.assert_allclose(
        at.parameters - before, -0.1 * pace * at.gradient, rtol=1e-12
    )


def test_momentum_carries_on_where_the_slope_has_ended() -> None:
    at = start(1.0)
    optimizer = SGD(at, lr=0.1, momentum=0.5)
    optimizer.step()
    at.gradient[:] = 0
    optimizer.step()
    assert at.parameters[0] == pytest.approx(-0.1 - 0.05, rel=1e-14)


@given(
    betas=st.tuples(st.floats(0, 0.99), st.floats(0, 0.999)),
    gradient=st.sampled_from([-100.0, -1e-3, 0.0, 1e-8, 0.5]),
    steps=st.integers(1, 10),
)
def test_on_a_constant_slope_every_step_of_adam_is_as_long_as_the_first(
    betas: tuple[float, float], gradient: float, steps: int
) -> None:
    at = start(gradient)
    optimizer = Adam(at, lr=0.1, betas=betas, eps=1e-8)
    for _ in range(steps):
        optimizer.step()
    # Where the gradient is as small as eps, this is half a learning rate a step.
    length = 0.1 * gradient / (abs(gradient) + 1e-8)
    np.testing.assert_allclose(at.parameters, -steps * length, rtol=1e-10)


@given(slopes=st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_adam_follows_its_algorithm_line_by_line(slopes: list[float]) -> None:
    at = start(0.0)
    optimizer = Adam(at, lr=0.1, betas=(0.8, 0.9), eps=1e-3)
    theta = m = v = 0.0
    for t, g in enumerate(slopes, start=1):
        at.gradient[:] = g
        optimizer.step()
        m, v = 0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g * g
        theta -= 0.1 * (m / (1 - 0.8**t)) / (math.sqrt(v / (1 - 0.9**t)) + 1e-3)
        assert at.parameters[0] == pytest.approx(theta, rel=1e-10, abs=1e-12)


def test_the_settings_of_adam_are_those_of_the_paper_unless_said() -> None:
    optimizer = Adam(start(1.0))
    assert (optimizer.lr, optimizer.betas, optimizer.eps) == (1e-3, (0.9, 0.999), 1e-8)
    assert SGD(start(1.0), lr=0.1).momentum == 0


@of_each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_step_moves_the_parameters_in_place_and_nothing_else(
    make: Make, dtype: type[Any]
) -> None:
    at = start(1.0, -2.0, dtype=dtype)
    parameters, gradient = at.parameters, at.gradient.copy()
    optimizer = make(at)
    for _ in range(3):
        optimizer.step()
    assert at.parameters is parameters
    assert (parameters * gradient < 0).all()
    np.testing.assert_array_equal(at.gradient, gradient)
    remembered = [v for v in vars(optimizer).values() if isinstance(v, np.ndarray)]
    assert {array.dtype for array in (parameters, *remembered)} == {np.dtype(dtype)}


@of_each
def test_every_optimizer_finds_the_bottom_of_a_bowl(make: Make) -> None:
    bottom = np.array([1.0, -1.0])
    at = start(0.0, 0.0)
    optimizer = make(at)
    for _ in range(300):
        at.gradient = 2 * (at.parameters - bottom)
        optimizer.step()
    np.testing.assert_allclose(at.parameters, bottom, atol=1e-3)


POSITIVE = ("expected above 0.0 and finite", [0.0, -0.1, math.nan, math.inf])
DECAY = ("expected at least 0.0 and below 1.0", [-0.1, 1.0, math.nan])


@pytest.mark.parametrize(
    ("name", "make", "rule"),
    [
        ("lr", lambda v: SGD(start(1.0), v), POSITIVE),
        ("lr", lambda v: Adam(start(1.0), v), POSITIVE),
        ("eps", lambda v: Adam(start(1.0), eps=v), POSITIVE),
        ("momentum", lambda v: SGD(start(1.0), 0.1, v), DECAY),
        (r"betas\[0\]", lambda v: Adam(start(1.0), betas=(v, 0.9)), DECAY),
        (r"betas\[1\]", lambda v: Adam(start(1.0), betas=(0.9, v)), DECAY),
    ],
)
def test_a_setting_out_of_range_is_refused(
    name: str, make: Callable[[float], Optimizer], rule: tuple[str, list[float]]
) -> None:
    expected, values = rule
    for value in values:
        with pytest.raises(ValueError, match=f"^{name} is {value}, {expected}"):
            make(value)
