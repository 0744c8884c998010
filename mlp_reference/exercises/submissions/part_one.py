"""Part 1 of the exercise as something to mark: read twelve answers, apply the rule."""

from dataclasses import replace

from mlp_reference.exercises.pen_and_paper.marking import POINTS, mark
from mlp_reference.exercises.pen_and_paper.steps import STEPS
from mlp_reference.exercises.pen_and_paper.variants import variant
from mlp_reference.exercises.submissions import answers
from mlp_reference.exercises.submissions.notebook_file import Submission, Unreadable
from mlp_reference.exercises.submissions.recognise import variant_of
from mlp_reference.exercises.submissions.records import Exercise, Settings, Sheet
from mlp_reference.worked_example import EXERCISE

NAMES = tuple(step.name for step in STEPS)
"""The twelve variables that are asked for."""


def mark_submission(submission: Submission, settings: Settings) -> Sheet:
    """Mark a notebook of Part 1.

    Parameters
    ----------
    submission : Submission
        The notebook.
    settings : Settings
        The instructor's choices.

    Returns
    -------
    Sheet
        Twelve marks. The first is flagged "disputed seed" where metadata and code disagree.

    Raises
    ------
    Unreadable
        If no variant belongs to the seed that it carries.
    NotMarked
        If an answer is missing because its cell is written for a newer Python.
    """
    carried = variant_of(submission)
    seed = carried.value if settings.variant is None else settings.variant
    try:
        example = EXERCISE if seed is None else variant(seed)
    except ValueError as error:
        raise Unreadable(f"its numbers cannot be drawn: {error}") from error
    found = answers.find(
        submission,
        NAMES,
        execute=settings.execute,
        timeout=settings.timeout,
        openings=answers.openings(PART_ONE.name),
    )
    first, *others = mark(found.values, example, settings.options)
    if carried.disputed:
        first = replace(first, flags=(*first.flags, "disputed seed"))
    return Sheet(seed, (first, *others), found.notes)


MAX_POINTS = len(STEPS) * POINTS
"""What the twelve answers are worth together."""

PART_ONE = Exercise("ex1_01_pen_and_paper", NAMES, MAX_POINTS, NAMES, mark_submission)
"""The first notebook; its name is that of its page and its download."""
