"""The follow-through rule: pure functions from a sheet of answers to its marks.

An answer is correct if it lies within τ of the original value. It follows through if one
route explains it: if it lies within τ of what comes of the learner's own earlier answers on
that route, rounding allowed for. Both pay alike. Every answer is recorded with what it may
stand for, right or wrong, and later answers are judged by that record.
"""

from collections.abc import Mapping, Sequence
from math import isfinite, prod
from typing import Any, Literal, NamedTuple

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.part1.boxes import (
    TOLERANCE,
    Box,
    Shape,
    exactly,
    explains,
    flatten,
    half_unit,
    nest,
    plausible,
)
from mlp_exercise.part1.feedback import (
    SLIPS,
    Said,
    blocked,
    say,
    unexpected,
    unreadable,
    wrong,
)
from mlp_exercise.part1.steps import ELEMENTS, SHAPES, STEPS, Route, Step
from mlp_exercise.values import PHRASES as NO_NUMBERS
from mlp_exercise.values import Plain, plain
from mlp_reference.manual import work_out
from mlp_reference.worked_example import WorkedExample

POINTS = 0.5  # for each of the twelve answers
PAID = ("correct", "follow-through")
TRIVIAL = 1e3  # what follows from a wrong answer beyond this, or from zeros, is flagged


class Options(NamedTuple):
    """What an instructor may choose."""

    # What is blocked by missing answers may count all the same if it is the original value.
    missing: Literal["block", "original"] = "block"
    accept_truncation: bool = False  # whether 0.23 is accepted for 0.2355


class Answer(NamedTuple):
    """What a learner gave for one step."""

    values: list[
        float
    ]  # row by row in the shape asked for; empty if they are of no use
    words: str = ""  # what is said of it, if it is missing or flagged
    flag: str = ""  # "invalid", "wrong shape", or nothing
    places: Sequence[int] = ()  # of what is missing or no number, where that is known


def read(given: Plain, step: Step) -> Answer:
    """Return the numbers of an answer, or what is the matter with it."""
    # Whatever reached us as plain is looked at once more: True and NaN are no numbers.
    leaves: list[Any] = [
        leaf if type(leaf) is str or _is_finite(leaf) else plain(leaf)
        for leaf in flatten(given)
    ]
    found = _shape(given)
    is_whole = found == step.shape

    def where(kind: type) -> list[int]:
        places = [n for n, leaf in enumerate(leaves) if isinstance(leaf, kind)]
        return places if is_whole else []

    strange = next((leaf for leaf in leaves if isinstance(leaf, str)), None)
    if None in leaves:
        if set(leaves) == {None}:
            return Answer([], say("missing"))
        gaps = where(type(None))
        names = ", ".join(ELEMENTS[step.name][place] for place in gaps)
        said = say("missing there", places=names) if names else say("partly missing")
        if strange:
            said = f"{unreadable(step, strange)} {said}"
        return Answer([], said, places=sorted([*gaps, *where(str)]))
    if strange:
        is_long = strange == NO_NUMBERS["too many"]
        flag = "wrong shape" if is_long else "invalid"
        return Answer([], unreadable(step, strange), flag, where(str))
    values, detail = _in_shape([float(leaf) for leaf in leaves], found, step.shape)
    if not detail:
        return Answer(values)
    flag = "wrong shape" if values else "invalid"
    return Answer(values, unexpected(step, detail), flag)


def _is_finite(leaf: Plain) -> bool:
    return type(leaf) is float and isfinite(leaf)


def _in_shape(
    values: list[float], found: Shape | None, shape: Shape
) -> tuple[list[float], str]:
    """Return the numbers that are of use, and what is wrong with their shape.

    Unit axes too many or too few and the exact transpose have the wrong shape, but later
    steps use their values. Nothing is ever broadcast.
    """
    if found is None:
        return [], say("ragged")
    if found == shape or (not shape and len(values) == 1):
        return values, ""
    if [size for size in found if size != 1] == [size for size in shape if size != 1]:
        return values, say("shape", shape=found)
    if found == shape[::-1]:
        width = found[1]
        turned = [value for column in range(width) for value in values[column::width]]
        return turned, say("transpose", shape=found)
    is_twice = len(values) == 2 * prod(shape)
    return [], say("twice as many" if is_twice else "shape", shape=found)


def _shape(given: Plain) -> Shape | None:
    """Return the shape of nested lists; None where they are ragged."""
    if not isinstance(given, list):
        return ()
    shapes = {_shape(item) for item in given}
    inner = shapes.pop() if shapes else ()
    return None if shapes or inner is None else (len(given), *inner)


def mark(
    answers: Mapping[str, Plain],
    example: WorkedExample,
    options: Options | None = None,
) -> list[StepMark]:
    """Return the marks of the twelve steps; answers are plain values, absent ones missing."""
    sheet = _Sheet(example, options or Options())
    return [sheet.judge(step, answers.get(step.name)) for step in STEPS]


class _Sheet:
    """The answers judged before, and what they mean for the next."""

    def __init__(self, example: WorkedExample, options: Options) -> None:
        self.example, self.options = example, options
        self.original = work_out(example)
        self.verdicts: dict[str, Verdict] = {}
        self.values: dict[str, list[float]] = {}  # of the answers that hold numbers
        self.boxes: dict[str, Box] = {}  # what these may stand for

    def judge(self, step: Step, given: Plain) -> StepMark:
        """Mark one answer and record it."""
        answer = read(given, step)
        expected = self._expected(step)
        verdict: Verdict = "wrong" if answer.flag else "missing"
        said = Said(answer.words, answer.places, SLIPS.get(answer.flag, ""))
        flags = [answer.flag] if answer.flag else []
        if answer.values:
            verdict, said = self._judge_numbers(step, answer, flags)
            self.values[step.name] = answer.values
        self.verdicts[step.name] = verdict
        return StepMark(
            step.name,
            verdict,
            POINTS if verdict in PAID else 0.0,
            POINTS,
            tuple(flags),
            said.words,
            expected,
            tuple(ELEMENTS[step.name][place] for place in said.places),
            said.slip,
        )

    def _judge_numbers(
        self, step: Step, answer: Answer, flags: list[str]
    ) -> tuple[Verdict, Said]:
        """Return verdict and words, add flags, and record what numbers stand for."""
        values, cut = answer.values, self.options.accept_truncation
        truth = exactly(flatten(self.original[step.name]))
        is_correct = explains(truth, values, truncated=cut)
        routes = self._open_routes(step)
        is_blocked = bool(step.routes) and not routes
        if is_correct and not any(map(half_unit, values)):
            routes = []  # computed to the last digit: nothing else needs to explain it
        images = {r: box for r in routes if (box := r.image(self.example, self.boxes))}
        boxes = [truth, *images.values()]
        fitting = [r for r, b in images.items() if explains(b, values, truncated=cut)]
        explanations = [truth] * is_correct + [images[route] for route in fitting]
        self.boxes[step.name] = plausible(values, explanations, truncated=cut)

        if is_blocked and not (is_correct and self.options.missing == "original"):
            lacking = [name for name in step.routes[0].needs if name not in self.boxes]
            return "blocked", Said(blocked(lacking))
        if answer.flag:
            is_right = any(explains(box, values) for box in boxes)
            right = say("numbers are right", words=answer.words)
            words = right if is_right else answer.words
            return "wrong", Said(words, slip=SLIPS[answer.flag])
        if not explanations:
            earlier = {name: nest(v, SHAPES[name]) for name, v in self.values.items()}
            return "wrong", wrong(step, values, boxes, self.example, earlier)
        verdict: Verdict = "correct" if is_correct else "follow-through"
        key: str = verdict
        if not is_correct and all(map(self._is_trivial, fitting)):
            flags.append("trivial")
            key = "trivial"
        if not any(explains(box, values) for box in explanations):
            flags.append("truncated")
        return verdict, Said(say(key))

    def _open_routes(self, step: Step) -> list[Route]:
        """Return the routes whose earlier answers all hold numbers."""
        return [r for r in step.routes if self.boxes.keys() >= set(r.needs)]

    def _is_trivial(self, route: Route) -> bool:
        """Return whether a route starts from a wrong answer that is all zero, or huge."""
        lost = [self.values[n] for n in route.needs if self.verdicts[n] not in PAID]
        sizes = [max(map(abs, values)) for values in lost]
        return any(size <= TOLERANCE or size > TRIVIAL for size in sizes)

    def _expected(self, step: Step) -> Any:
        """Return the answer that follows from the earlier ones, right or wrong."""
        for route in self._open_routes(step):
            if all(self.verdicts[name] == "correct" for name in route.needs):
                break
            points = {name: exactly(self.values[name]) for name in route.needs}
            if box := route.image(self.example, points):
                return nest([interval.low for interval in box], step.shape)
        return self.original[step.name]
