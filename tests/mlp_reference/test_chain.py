"""The chain by name computes what `manual.solve` computes, and lets any link be replaced."""

from hypothesis import given

from mlp_reference import manual
from mlp_reference.manual import FORMULAS, work_out
from mlp_reference.worked_example import EXERCISE, Solution, WorkedExample


def test_there_is_a_formula_for_every_quantity_in_order() -> None:
    assert tuple(FORMULAS) == Solution._fields


@given(...)
def test_without_slips_it_is_the_solution_to_the_last_digit(
    example: WorkedExample,
) -> None:
    assert work_out(example) == manual.solve(example)._asdict()


def test_a_slip_is_carried_into_all_that_follows_and_nothing_before() -> None:
    right = work_out(EXERCISE)
    wrong = work_out(EXERCISE, slips={"dL_dy": lambda _, v: [2 * v["y"][0]]})
    assert [name for name in FORMULAS if wrong[name] != right[name]] == [
        name for name in FORMULAS if name not in ("a", "z", "y", "loss")
    ]
    assert wrong["dL_db2"] == [2 * right["y"][0]]


def test_given_values_stand_in_place_of_computed_ones() -> None:
    values = work_out(EXERCISE, given={"z": [0.5, -0.5]})
    assert values["z"] == [0.5, -0.5]
    assert values["y"] == manual.linear_forward(EXERCISE.W2, [0.5, -0.5], EXERCISE.b2)
    assert values["a"] == manual.solve(EXERCISE).a
