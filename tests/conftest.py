"""The site, built once for all tests; and how Hypothesis draws examples, by their type."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from mlp_reference.numpy_mlp import MLP, ReLU, Tanh
from mlp_reference.worked_example import WorkedExample

ROOT = Path(__file__).parents[1]

GIVEN_TO_A_BUILD = (
    "COURSE_BASE_ADDRESS",
    "COURSE_REPOSITORY",
    "COURSE_BRANCH",
    "COURSE_NOTEBOOKS",
    "READTHEDOCS",
    "SOURCE_DATE_EPOCH",
)
"""What a machine may set for its own site: those built here know nothing of it."""

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
def build_site() -> Callable[..., Path]:
    """Build the whole site from a copy of the sources, as `nox -s docs` does."""

    def build(copy: Path, **environment: str) -> Path:
        written = {"docs": ("_build", "tutorials", "exercises")}
        for folder in ("mlp_reference", "tutorials_src", "docs"):
            unwanted = shutil.ignore_patterns("__pycache__", *written.get(folder, ()))
            shutil.copytree(
                ROOT / folder, copy / folder, ignore=unwanted, dirs_exist_ok=True
            )
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy)
        options = "-b html -j 1 -n -W --keep-going --quiet -d docs/_build/doctrees"
        places = ("docs", "docs/_build/html")
        known = {k: v for k, v in os.environ.items() if k not in GIVEN_TO_A_BUILD}
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", *options.split(), *places],
            cwd=copy,
            env=known | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return copy / "docs/_build/html"

    return build


@pytest.fixture(scope="session")
def site(
    build_site: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return build_site(tmp_path_factory.mktemp("project"))
