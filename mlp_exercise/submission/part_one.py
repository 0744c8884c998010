"""Part 1 of the exercise as something to mark: read twelve answers, apply the rule."""

from dataclasses import replace

from mlp_exercise.handout.source import CHECK
from mlp_exercise.part1.marking import POINTS, mark
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import answers, troubles
from mlp_exercise.submission.code import handed_out
from mlp_exercise.submission.notebook_file import Submission, Unreadable
from mlp_exercise.submission.recognise import variant_of
from mlp_exercise.submission.records import Exercise, Settings, Sheet
from mlp_reference.worked_example import EXERCISE

NAME = "ex1_01_pen_and_paper"
"""The notebook's name without the ending."""

NOT_READ = "Some answers are computed, and nothing was to be executed."
"""Said of a notebook that might have more points."""

NAMES = tuple(step.name for step in STEPS)
"""The twelve variables that are asked for."""


def mark_submission(submission: Submission, settings: Settings) -> Sheet:
    """Mark a notebook of Part 1."""
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
    marks = mark(found.values, example, settings.options)
    history = found.history
    computed = [m for m in marks if m.name in found.unclear]
    computed = list(troubles.explained(computed, found.own, history, NAMES))
    lost = [m for m in computed if not m.points]
    if lost:
        troubles.refuse_what_is_lacking_here(history.raised)
    said = {m.name: m for m in (*marks, *computed)}
    if carried.disputed:
        first = said[NAMES[0]]
        said[NAMES[0]] = replace(first, flags=(*first.flags, "disputed seed"))
    notes = found.notes.items()
    checks = _checks(submission) if history.raised else []
    unread = [NOT_READ] if lost and not settings.execute else []
    return Sheet(
        seed,
        tuple(said.values()),
        {name: note for name, note in notes if note not in said[name].feedback},
        (
            *unread,
            *troubles.remarks(history, lost=bool(lost), passed_over=checks),
            *map(str, found.broken),
        ),
        bool(unread) or troubles.met_a_limit(history),
    )


def _checks(submission: Submission) -> list[int]:
    """List the cells that check answers, as they were handed out."""
    texts = handed_out(NAME, frozenset({CHECK}))
    cells = enumerate(submission.cells)
    return [number for number, cell in cells if cell.source.strip() in texts]


MAX_POINTS = len(STEPS) * POINTS
"""What the twelve answers are worth together."""

PART_ONE = Exercise(NAME, NAMES, MAX_POINTS, NAMES, mark_submission)
"""The first notebook; its name is that of its page and its download."""
