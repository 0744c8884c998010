"""Strategies of Hypothesis for drawing examples; tests that use them import this module."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from mlp_reference.numpy_mlp import MLP, ReLU, Tanh
from mlp_reference.worked_example import WorkedExample

# Derandomised, so that every machine tests a change with the same examples.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

widths = st.integers(1, 4)
generators = st.builds(np.random.default_rng, st.integers(0, 2**32 - 1))


@st.composite
def worked_examples(
    draw: st.DrawFn, outputs: st.SearchStrategy[int] = widths
) -> WorkedExample:
    d_in, d_hidden, d_out = draw(widths), draw(widths), draw(outputs)
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
