"""The real nbgrader hands out what we hand out, and finds the points that `mark` finds."""

from mlp_exercise.handout.notebook import student
from tests.nbgrader.course import Course, Notebook
from tests.nbgrader.submissions import PARTLY_WRONG

BLANK = ("blank", "blank_of_the_site")
SOLVED = ("solved", "solved_of_the_teacher")


def without_seals(notebook: Notebook) -> Notebook:
    """Leave out what nbgrader notes of each cell, to find out what was changed."""
    cells = []
    for cell in notebook["cells"]:
        about = dict(cell["metadata"]["nbgrader"])
        del about["checksum"], about["cell_type"]
        cells.append(cell | {"metadata": cell["metadata"] | {"nbgrader": about}})
    return notebook | {"cells": cells}


def test_what_nbgrader_makes_of_our_notebook_is_our_students_notebook(
    course: Course,
) -> None:
    ours = student(course.exercise, course.example, course.variant)
    assert without_seals(course.read("release")) == ours


def test_blank_and_solved_notebooks_get_nothing_and_everything(course: Course) -> None:
    nothing = dict.fromkeys(course.worth(), 0.0)
    assert [course.grades(learner) for learner in BLANK] == [nothing] * 2
    assert [course.grades(learner) for learner in SOLVED] == [course.worth()] * 2


def test_partly_wrong_notebooks_lose_the_points_of_what_is_wrong(
    course: Course,
) -> None:
    wrong = PARTLY_WRONG[course.name]
    assert wrong
    found = {learner: sum(course.grades(learner).values()) for learner in wrong}
    assert found == {learner: points for learner, (points, _) in wrong.items()}


def test_nbgrader_and_mark_find_the_same_points_for_every_step(course: Course) -> None:
    learners = (*BLANK, *SOLVED, *PARTLY_WRONG[course.name])
    by_nbgrader = {learner: course.grades(learner) for learner in learners}
    assert by_nbgrader == {learner: course.marks[learner] for learner in learners}


def test_nothing_is_installed_while_a_notebook_is_graded(course: Course) -> None:
    for learner in (*BLANK, *SOLVED):
        cells = {
            cell["id"]: cell for cell in course.read("autograded", learner)["cells"]
        }
        assert cells["installation"]["execution_count"] is not None
        assert cells["installation"]["outputs"] == []


def test_who_tampers_in_the_kernel_deceives_nbgrader_but_not_mark(
    course: Course,
) -> None:
    assert course.grades("tampered") == course.worth()
    assert set(course.marks["tampered"].values()) == {0.0}
