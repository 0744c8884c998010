"""Every exercise, handed out by nbgrader, handed in by learners, and graded once."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from mlp_exercise.handout.notebook import as_text, instructor, solved, student
from mlp_exercise.handout.source import names
from tests.nbgrader.course import Assignment, Course
from tests.nbgrader.submissions import PARTLY_WRONG, answered, tampered

ASSIGNMENTS = [
    *(Assignment(name, name) for name in names()),
    Assignment("variant_17", "ex1_01_pen_and_paper", 17),
]


@pytest.fixture(scope="session")
def courses(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[Assignment, Future[Course]]]:
    """Run all courses at once: a processor waits for most of the time otherwise."""
    folders = {each: tmp_path_factory.mktemp(each.name) for each in ASSIGNMENTS}
    pool = ThreadPoolExecutor()
    yield {each: pool.submit(run, folders[each], each) for each in ASSIGNMENTS}
    pool.shutdown(cancel_futures=True)


@pytest.fixture(params=ASSIGNMENTS, ids=[each.name for each in ASSIGNMENTS])
def course(
    request: pytest.FixtureRequest, courses: dict[Assignment, Future[Course]]
) -> Course:
    return courses[request.param].result()


def run(folder: Path, assignment: Assignment) -> Course:
    course = Course(folder, assignment)
    about = (assignment.exercise, assignment.example, assignment.variant)
    course.path("source").parent.mkdir(parents=True)
    course.path("source").write_text(as_text(instructor(*about)), "utf-8")
    course.generate_assignment()

    release = course.read("release")
    course.submit("blank", release)
    course.submit("blank_of_the_site", student(*about))
    course.submit("solved", answered(release, solved(*about), {}))
    course.submit("solved_of_the_teacher", solved(*about))
    for learner, submission in PARTLY_WRONG[assignment.name].items():
        work = answered(release, solved(*about), submission.replaced)
        course.submit(learner, work)
    course.submit("tampered", tampered(release, course.worth()))
    course.autograde()
    course.mark()
    return course
