"""What a learner is told of each step: the same words on the page and in the notebook."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_learners import working
from mlp_exercise.classroom.for_learners.sections import SECTIONS, Section
from mlp_exercise.handout import source
from mlp_exercise.part1.feedback import PHRASES
from mlp_exercise.part1.steps import ELEMENTS
from mlp_exercise.part3 import validation
from mlp_exercise.submission.mark import EXERCISES, NOT_READ, PART_ONE
from mlp_exercise.values import Plain

VERDICTS: Mapping[Verdict, str] = {
    "correct": "Right",
    "follow-through": "Right, given your own earlier answers",
    "wrong": "Not right yet",
    "missing": "No answer",
    "blocked": "Waits for an earlier answer",
    "timed-out": "Came to no end",
}
"""The verdicts as a learner reads them."""

RIGHT, OPEN = "✓", "○"
"""What stands beside these words."""

FOLLOWS = (
    "“Right, given your own earlier answers” means: it follows from what you had before, so it "
    "counts in full. An earlier mistake is not counted twice."
)
"""Said once, where a step follows through."""

TRUNCATED = (
    "Its decimals are cut off. It counts, but round next time: mind the third decimal."
)
"""Said of a step that was paid although it is cut off."""

SAID = {
    *(PHRASES[key] for key in ("correct", "follow-through", "trivial", "missing")),
    validation.FOLLOWS,
}
"""Words that the verdict says in short.

That a wrong answer has made a step easy is for the person who marks to judge: the learner's
points stand until then.
"""

EMPTY = (
    "No answer of “{title}” is filled in. Was the notebook saved before it was handed in, or "
    "was another file meant?"
)
"""Said in place of the steps to begin with."""

_RAISED = re.compile(r"Code cell (\d+) raised ")
"""A remark about a cell, by its number from 1 on."""

FIRST_STEPS = 3
"""So many steps are named to begin with."""

LONGEST_VALUE = 200
"""Letters of an answer that are shown."""


class Told(NamedTuple):
    """What is said of one step."""

    name: str
    title: str
    verdict: str
    is_paid: bool
    points: str  # such as 0.5 of 0.5 points
    hint: str = ""
    value: Plain = None  # the learner's own, where it is numbers
    elements: tuple[str, ...] = ()  # where in the value to look again
    way: str = ""  # by which formula it is worked out, where points were lost
    working: tuple[
        str, ...
    ] = ()  # the formula for each element, with own numbers if answered
    expected: str = ""
    section: Section | None = None  # where the lesson explains it

    @property
    def sign(self) -> str:
        """Return the sign beside the verdict."""
        return RIGHT if self.is_paid else OPEN


def told(result: Result, *, expected: bool) -> list[Told]:
    """Return what is said of each step of a marked notebook."""
    return [_told(mark, result, expected=expected) for mark in result.sheet.marks]


def remarks(result: Result) -> Iterator[str]:
    """Yield what is said of the notebook as a whole, beside the steps.

    Cells that raised an error, came to no end or are no Python help a learner. That nothing was
    to be executed is the instructor's choice, and a disputed seed a matter for a person who
    looks at the notebook first: both are left out.
    """
    said = " ".join(mark.feedback for mark in result.sheet.marks)
    for remark in result.sheet.remarks:
        if remark != NOT_READ and remark not in said:
            yield remark


def begin(result: Result, steps: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """Yield what to look at first, as a step and words; where it is no step, words alone."""
    if steps and all(one.verdict == VERDICTS["missing"] for one in steps):
        yield "", EMPTY.format(title=title_of(result.exercise or ""))
        return
    open_steps = first(steps)
    if open_steps and (error := _earlier_error(result, open_steps)):
        yield "", f"{error} What comes after it may follow from that."
    yield from ((one.name, one.hint or one.verdict) for one in open_steps)


def _earlier_error(result: Result, steps: Iterable[Told]) -> str:
    """Return the first error of a cell that comes before all answers to these steps, if any."""
    own = [n for one in steps for n in result.sheet.own.get(one.name, ())]
    for remark in remarks(result):
        if found := _RAISED.match(remark):
            return remark if not own or int(found[1]) <= min(own) else ""
    return ""


def first(steps: Iterable[Told]) -> list[Told]:
    """Return the steps to begin with; what waits for an earlier answer is none of them."""
    waits = VERDICTS["blocked"]
    lost = (one for one in steps if not one.is_paid and one.verdict != waits)
    return list(islice(lost, FIRST_STEPS))


def count(steps: Sequence[Told]) -> str:
    """Say how many steps are right, and which."""
    right = [one.name for one in steps if one.is_paid]
    if len(right) == len(steps):
        return f"All {len(steps)} steps are right."
    if not right:
        return f"None of the {len(steps)} steps is right yet."
    be = "is" if len(right) == 1 else "are"
    return f"{len(right)} of {len(steps)} steps {be} right: {', '.join(right)}."


def points(reached: float, most: float) -> str:
    """Return points as one says them."""
    return f"{reached:g} of {most:g} {'point' if most == 1 else 'points'}"


@lru_cache
def title_of(exercise: str) -> str:
    """Return the title of an exercise, as its notebook has it."""
    return source.load(exercise).cells[0].text.partition("\n")[0].lstrip("# ")


def shown(value: Plain) -> str:
    """Return an answer as it is shown: what stood there, with as many digits as help."""
    return _cut(_shown(value))


def _shown(value: Plain) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, int | float):
        return working.number(value)
    return "nothing" if value is None else value


def _rounded(value: Plain) -> str:
    """Return what was expected with as many decimals as are asked for."""
    if isinstance(value, list):
        return f"[{', '.join(map(_rounded, value))}]"
    return working.rounded(value) if isinstance(value, int | float) else _shown(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _told(mark: StepMark, result: Result, *, expected: bool) -> Told:
    is_paid = mark.points > 0
    about = Told(
        mark.name,
        TITLES[mark.name],
        VERDICTS[mark.verdict],
        is_paid,
        points(mark.points, mark.max_points),
        _hint(mark),
        section=SECTIONS[mark.name],
        elements=mark.elements if _is_part(mark) else (),
    )
    if "truncated" in mark.flags and is_paid:
        about = about._replace(hint=f"{about.hint} {TRUNCATED}".strip())
    if result.exercise != PART_ONE.name:
        return about
    about = about._replace(value=result.sheet.values.get(mark.name))
    if is_paid:
        return about
    result_of = mark.expected if expected else None
    # With numbers, it is an answer that can be handed in: whoever has tried may see it.
    has_tried = mark.verdict != "missing"
    with_own = " with your numbers" if has_tried else ""
    return about._replace(
        way=f"How it is worked out{with_own}, by {working.RULES[mark.name]}:",
        working=tuple(
            working.lines(
                mark.name,
                _places(mark),
                result.sheet.values if has_tried else None,
                working.example_of(result.sheet.variant),
                result_of,
            )
        ),
        expected="" if result_of is None else _cut(_rounded(result_of)),
    )


def _hint(mark: StepMark) -> str:
    """Return the hint, unless the verdict says it all."""
    return "" if mark.feedback in SAID else mark.feedback


def _is_part(mark: StepMark) -> bool:
    """Say whether the elements to look at again are some of several."""
    return len(mark.elements) < len(ELEMENTS.get(mark.name, ()))


def _places(mark: StepMark) -> tuple[str, ...]:
    """Return the elements to look at again: all of them, where none is known."""
    return mark.elements or ELEMENTS[mark.name]


TITLES = {
    step.name: title if title != step.name else ""
    for exercise in EXERCISES
    for step in exercise.part.STEPS
    for title in [getattr(step, "title", "") or step.asks_for]
}
"""What each step is about: in words, or what is to be written, unless its name says that."""
