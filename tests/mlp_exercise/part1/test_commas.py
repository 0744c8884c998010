"""Decimal commas are read where the shape leaves no doubt, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.part1.commas import with_points
from mlp_exercise.part1.steps import SHAPES

READ = {
    "z = [0,29, 0,41]": "z = [0.29, 0.41]",
    "z = [0,29,0,05]": "z = [0.29, 0.05]",
    "z = [0, 29, 0, 41]": "z = [0.29, 0.41]",  # as a formatter leaves it
    "z=[−0,29, -0.41]": "z=[-0.29, -0.41]",
    "z = [0，29, 1]": "z = [0.29, 1]",
    "y = [0，29]": "y = [0.29]",  # no other comma calls for a look
    "z = [0.5, 0, 29]": "z = [0.5, 0.29]",
    "a = [1,2, 3]": "a = [1.2, 3]",  # the blank tells
    "a = [0,1*0,3+0,05, 1/3]": "a = [0.1*0.3+0.05, 1/3]",
    "a = (0,29, 0,41)": "a = (0.29, 0.41)",
    "loss = 0,29": "loss = 0.29",
    "y = (0,29,)": "y = (0.29,)",
    "loss = (-0,29)": "loss = (-0.29)",
    "y = [0,29]; print('#,1,2')": "y = [0.29]; print('#,1,2')",
    "dL_dw2 = [[0,29, 0,41]]": "dL_dw2 = [[0.29, 0.41]]",
    "W1_updated = [[0,1, 0,2, 0,3],  # it's (x\n  [1,2,3,4,5,6],\n]": (
        "W1_updated = [[0.1, 0.2, 0.3],  \n  [1.2, 3.4, 5.6],\n]"
    ),
    "print(1,2)\ny = [0,5]\nz = [0,1, 0,2]  # z": "print(1,2)\ny = [0.5]\nz = [0.1, 0.2]  # z",
}
NOT_READ = (
    *(
        "z = [1, 2]",
        "z = [1,2]",
        "z = [1, 2, 3]",
        "z = [1,2,3,4,5]",
        "z = [0,-29, 0,41]",
    ),
    *(
        "z = [0,29, None]",
        "z = [W[0,1], 0,2]",
        "w = [0,29, 0,41]",
        "  z = [0,29, 0,41]",
    ),
    *("z == [0,29, 0,41]", "# z = [0,29, 0,41]", "print(0,29)", "z = '0,29, 0,41'"),
    *(
        "y = [0,29",
        "y = [0,2,9]",
        "y = [0,29)",
        "z = [0,29, 0,41, 0,5]",
        "loss = [], 1,2",
    ),
    "z = [" + "1,2," * 1000 + "]",
)


@pytest.mark.parametrize(("typed", "python"), READ.items())
def test_a_comma_is_a_point_where_nothing_else_fits(typed: str, python: str) -> None:
    mended, names = with_points(typed)
    assert mended == python
    assert names == {
        name for name in SHAPES if f"{name} =" in typed or f"{name}=" in typed
    }


@pytest.mark.parametrize("source", NOT_READ)
def test_what_fits_or_is_in_doubt_stays(source: str) -> None:
    assert with_points(source) == (source, frozenset())


@given(st.sampled_from(sorted(SHAPES)), st.from_regex(r"[-0-9,.\[\]() \n#+*'xé]{0,40}"))
def test_whatever_stands_there_is_read_once_at_most(name: str, value: str) -> None:
    mended, names = with_points(f"{name} = {value}")
    assert names <= {name}
    assert with_points(mended)[0] in (mended, mended.replace("\n", ""))
