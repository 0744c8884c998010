"""Every exercise, handed out by nbgrader, handed in by learners, and graded once."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from mlp_exercise.handout.notebook import as_text, instructor, solved, student
from mlp_exercise.handout.source import names
from tests.nbgrader.course import Course
from tests.nbgrader.submissions import PARTLY_WRONG, answered, tampered

ASSIGNMENTS: dict[str, tuple[str, int | None]] = {
    **{name: (name, None) for name in names()},
    "variant_17": ("ex1_01_pen_and_paper", 17),
}


@pytest.fixture(scope="session")
def courses(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[Course]]]:
    """Run all courses at once: a processor waits for most of the time otherwise."""
    made = [
        Course(tmp_path_factory.mktemp(name), name, *about)
        for name, about in ASSIGNMENTS.items()
    ]
    pool = ThreadPoolExecutor()
    yield {course.name: pool.submit(run, course) for course in made}
    pool.shutdown(cancel_futures=True)


@pytest.fixture(params=ASSIGNMENTS)
def course(
    request: pytest.FixtureRequest, courses: dict[str, Future[Course]]
) -> Course:
    return courses[request.param].result()


def run(course: Course) -> Course:
    about = (course.exercise, course.example, course.variant)
    course.path("source").parent.mkdir(parents=True)
    course.path("source").write_text(as_text(instructor(*about)), "utf-8")
    course.generate_assignment()

    release = course.read("release")
    course.submit("blank", release)
    course.submit("blank_of_the_site", student(*about))
    course.submit("solved", answered(release, solved(*about)))
    course.submit("solved_of_the_teacher", solved(*about))
    for learner, (_, replaced) in PARTLY_WRONG[course.name].items():
        course.submit(learner, answered(release, solved(*about), replaced))
    course.submit("tampered", tampered(release, course.worth()))
    course.autograde()
    course.mark()
    return course
