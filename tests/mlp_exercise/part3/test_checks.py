from __future__ import annotations

import pytest

from mlp_exercise.part3 import Checks
from tests.mlp_exercise.part3.solutions import executed, sources

NO_STEP = ("            optimizer.step()\n", "")


def test_the_checks_of_the_notebook_give_all_points() -> None:
    check = executed(sources(checked=True))["check"]
    assert check.report().endswith("4.0 of 4.0 points")
    assert check.points("fit") == 1.0


def test_checks_change_nothing_of_what_comes_after_them() -> None:
    with_checks = executed(sources(checked=True))
    without = executed(sources())
    assert with_checks["losses"] == without["losses"]
    assert with_checks["validation_error"] == without["validation_error"]


def test_a_check_names_the_mistake() -> None:
    check = Checks(executed(sources([NO_STEP])))
    said = check("fit")
    assert said.startswith("fit: wrong, 0.0 of 1.0 points\n")
    assert "never makes a step" in said


def test_a_check_before_any_answer_says_so() -> None:
    check = Checks({})
    assert check("model") == "model: missing, 0.0 of 1.0 points\nNo answer yet."


def test_a_model_made_of_an_older_class_is_told_from_the_new_one() -> None:
    cells = sources()
    namespace = executed(cells)
    definition, _, _ = cells["Regressor"].partition("torch.manual_seed")
    exec(definition, namespace)  # noqa: S102 - our own text
    assert "make it again, model = Regressor()" in Checks(namespace)("model")


def test_an_optimizer_of_an_older_model_is_told_from_the_new_one() -> None:
    cells = sources()
    namespace = executed(cells)
    namespace["model"] = namespace["Regressor"]()
    said = Checks(namespace)("loss_and_optimizer")
    assert "the parameters of another model" in said


def test_there_are_checks_for_the_four_steps_only() -> None:
    with pytest.raises(ValueError, match="is no step of this exercise"):
        Checks({})("train")
