"""What goes back to learners and to the course, each on its own: one failure ends no other."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from mlp_exercise.classroom.batches.marking import FAILED, Marking, reason_of
from mlp_exercise.classroom.files import opened
from mlp_exercise.classroom.for_instructors import class_page
from mlp_exercise.classroom.for_learners import feedback
from mlp_exercise.classroom.gradebooks import gradebook
from mlp_exercise.classroom.gradebooks.roster import class_lists
from mlp_exercise.classroom.screen import say
from mlp_exercise.classroom.standing import Standing


def give_back(arguments: argparse.Namespace, marking: Marking) -> int:
    """Write what was asked for, note in the marking what that was, and return a status."""
    status = 0
    classroom: list[Standing] | None = None
    for option, write in _what_goes_back(arguments, marking):
        try:
            if classroom is None:
                classroom = marking.standing(marking.results)
            came = write(classroom)
            status = max(status, came)
            if came != FAILED:
                marking.given.append(option)
        except Exception as error:  # whatever it is, the others are to be written
            say(f"Not all of {option} can be written: {reason_of(error)}")
            status = FAILED
    if status == FAILED and marking.resumes:
        say(f"The rest can be written with {marking.resumes}: nothing is marked again.")
    return status


def _what_goes_back(
    arguments: argparse.Namespace, marking: Marking
) -> Iterator[tuple[str, Callable[[Sequence[Standing]], int]]]:
    """Yield options, and what writes for them, tells of it, and returns a status."""

    def fill(sheet: str, classroom: Sequence[Standing]) -> int:
        others = [other for other in arguments.gradebook if other != sheet]
        told = gradebook.fill(
            Path(sheet),
            classroom,
            columns=arguments.column,
            scale=arguments.scale,
            others=[each.people for each in class_lists(None, others)],
        )
        for line in told.lines:
            say(line)
        return told.status

    def show_class(classroom: Sequence[Standing]) -> int:
        with opened(arguments.report) as stream:
            options = {"best": arguments.best, "site": arguments.site}
            stream.write(class_page.class_page(classroom, marking.results, **options))
        return 0

    def give_feedback(classroom: Sequence[Standing]) -> int:
        for line in feedback.give_back(
            Path(arguments.feedback),
            classroom,
            annotate=arguments.annotate,
            expected=arguments.expected,
            site=arguments.site,
            best=arguments.best,
        ):
            say(line)
        return 0

    for sheet in arguments.gradebook:
        yield f"--gradebook {sheet}", partial(fill, sheet)
    if arguments.report:
        yield f"--report {arguments.report}", show_class
    if arguments.feedback:
        yield f"--feedback {arguments.feedback}", give_feedback
