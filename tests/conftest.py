"""The site, built once for all tests; and how Hypothesis draws examples, by their type."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from mlp_reference.numpy_mlp import MLP, ReLU, Tanh
from mlp_reference.worked_example import WorkedExample
from tests.site_builds import build

# Derandomised, so that a change is judged by the same examples on every machine.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

widths = st.integers(1, 4)
generators = st.builds(np.random.default_rng, st.integers(0, 2**32 - 1))


@st.composite
def worked_examples(draw: st.DrawFn) -> WorkedExample:
    d_in, d_hidden, d_out = draw(widths), draw(widths), draw(widths)
    number = st.floats(-2.0, 2.0)

    def vector(size: int) -> list[float]:
        return draw(st.lists(number, min_size=size, max_size=size))

    return WorkedExample(
        W1=[vector(d_in) for _ in range(d_hidden)],
        b1=vector(d_hidden),
        W2=[vector(d_hidden) for _ in range(d_out)],
        b2=vector(d_out),
        x=vector(d_in),
        t=vector(d_out),
        learning_rate=draw(st.floats(0.01, 1.0)),
    )


st.register_type_strategy(WorkedExample, worked_examples())
st.register_type_strategy(np.random.Generator, generators)
st.register_type_strategy(
    MLP,
    st.builds(
        MLP,
        sizes=st.lists(widths, min_size=2, max_size=5),  # none to three hidden layers
        rng=generators,
        activation=st.sampled_from([Tanh, ReLU]),
    ),
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("project"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the whole site, so that the numerical tests can go without."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker("site")
