"""What of a learner's work goes onto the page and back in a copy, exercise by exercise."""

from typing import NamedTuple

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_learners import advice
from mlp_exercise.classroom.for_learners.advice import Told
from mlp_exercise.classroom.for_learners.returned import Delivery
from mlp_exercise.classroom.standing import (
    EXERCISE_NAMES,
    exercise_of,
    marked,
    standing_of,
)


class Part(NamedTuple):
    """What was handed in for one exercise, or for none that is known."""

    exercise: str | None
    result: Result | None  # the notebook that is shown, if one has marks
    told: tuple[Told, ...] = ()
    others: int = 0  # notebooks with marks besides, wherever they were handed in
    counts: bool = True
    file: str = ""  # what it was called when it was handed in
    without: tuple[tuple[str, Result], ...] = ()  # what has no marks, and its name


def parts_of(delivery: Delivery, *, expected: bool, best: bool = False) -> list[Part]:
    """Return what is on the page, exercise by exercise."""
    parts = []
    for exercise in (*EXERCISE_NAMES, None):
        here = [r for r in delivery.results if exercise_of(r) == exercise]
        if not here:
            continue
        counts = delivery.standing.counting.get(exercise or "")
        # What counts may have been handed in elsewhere.
        chosen = standing_of("", here, best=best).counting.get(exercise or "")
        shown = counts if counts in here else chosen
        everywhere = [r for r in delivery.standing.results if r.exercise == exercise]
        parts.append(
            Part(
                exercise,
                shown,
                tuple(advice.told(shown, expected=expected)) if shown else (),
                len(marked(everywhere)) - 1,
                shown is counts,
                delivery.own_name(shown) if shown else "",
                tuple((delivery.own_name(r), r) for r in here if r.status != "marked"),
            )
        )
    return parts
