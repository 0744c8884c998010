"""The follow-through rule: pure functions from a sheet of answers to its marks.

An answer is correct if it lies within τ of the original value. It follows through if one
route explains it: if it lies within τ of what that route leads to from the learner's own
earlier answers, rounding allowed for. Both pay alike. Every answer is recorded with what
it may stand for, right or wrong, and later answers are judged by that record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.part1 import feedback
from mlp_exercise.part1.answer import Answer, half_unit, read
from mlp_exercise.part1.boxes import Box, Interval, flatten, nest
from mlp_exercise.part1.options import Options
from mlp_exercise.part1.phrases import say
from mlp_exercise.part1.steps import STEPS, Route, Step
from mlp_exercise.part1.tolerance import (
    TOLERANCE,
    explains,
    plausible,
)
from mlp_exercise.values import Plain
from mlp_reference.manual import work_out
from mlp_reference.worked_example import WorkedExample

POINTS = 0.5
"""What each of the twelve answers is worth."""

TRIVIAL = 1e3
"""What follows from a wrong answer beyond this, or from one that rounds to zero, is flagged."""


def mark(
    answers: Mapping[str, Plain],
    example: WorkedExample,
    options: Options | None = None,
) -> list[StepMark]:
    """Mark a sheet of answers.

    Parameters
    ----------
    answers : mapping of str to Plain
        What `values.plain` made of each answer, by step; absent ones are missing.
    example : WorkedExample
        The network that the learner was given.
    options : Options, optional
        The instructor's choices.

    Returns
    -------
    list of StepMark
        One for each of the twelve steps, in order.
    """
    sheet = _Sheet(example, options or Options())
    return [sheet.judge(step, answers.get(step.name)) for step in STEPS]


@dataclass(frozen=True)
class _Record:
    """An answer as later steps see it; its box is None where they cannot use it."""

    answer: Answer
    verdict: Verdict
    box: Box | None


class _Sheet:
    """The answers judged so far, and what they mean for the next."""

    def __init__(self, example: WorkedExample, options: Options) -> None:
        self.example, self.options = example, options
        self.original = work_out(example)
        self.records: dict[str, _Record] = {}

    def judge(self, step: Step, given: Plain) -> StepMark:
        """Mark one answer and record it."""
        answer = read(given, step.shape)
        if answer.values is None:
            verdict: Verdict = "missing" if answer.problem == "missing" else "wrong"
            self.records[step.name] = _Record(answer, verdict, None)
            return self._mark(
                step, answer, verdict, [], feedback.unusable(step, answer)
            )

        cut, values = self.options.accept_truncation, answer.values
        truth = tuple(Interval(v, v) for v in flatten(self.original[step.name]))
        correct = explains(truth, values, truncated=cut)
        routes = self._routes(step, correct, values)
        follows = [r for r in routes if explains(r[1], values, truncated=cut)]
        explanations = [truth] * correct + [box for _, box in follows]
        verdict = self._verdict(step, answer, correct, bool(follows))

        flags = []
        if verdict == "follow-through" and all(self._is_trivial(r) for r, _ in follows):
            flags.append("trivial")
        paid_as_cut = cut and _pays(verdict)
        if paid_as_cut and not any(explains(box, values) for box in explanations):
            flags.append("truncated")
        words = self._words(step, answer, verdict, [truth, *(box for _, box in routes)])
        box = plausible(values, explanations, truncated=cut)
        self.records[step.name] = _Record(answer, verdict, box)
        return self._mark(step, answer, verdict, flags, words)

    def _routes(
        self, step: Step, correct: bool, values: tuple[float, ...]
    ) -> list[tuple[Route, Box]]:
        """Follow every route whose earlier answers can be used."""
        if correct and not any(map(half_unit, values)):
            return []  # computed to the last digit: nothing else needs to explain it
        boxes = {
            name: record.box for name, record in self.records.items() if record.box
        }
        open_routes = [r for r in step.routes if boxes.keys() >= set(r.needs)]
        led = [(route, route.leads_to(self.example, boxes)) for route in open_routes]
        return [(route, box) for route, box in led if box]

    def _verdict(
        self, step: Step, answer: Answer, correct: bool, follows: bool
    ) -> Verdict:
        if self._lacking(step) and not (correct and self.options.missing == "original"):
            return "blocked"
        if answer.problem:
            return "wrong"
        if correct:
            return "correct"
        return "follow-through" if follows else "wrong"

    def _lacking(self, step: Step) -> list[str]:
        """List the earlier answers that block a step; none if some route is open."""
        lacking = [
            [name for name in route.needs if self.records[name].box is None]
            for route in step.routes
        ]
        return lacking[0] if lacking and all(lacking) else []

    def _is_trivial(self, route: Route) -> bool:
        for record in map(self.records.__getitem__, route.needs):
            values = record.answer.values or ()
            if not _pays(record.verdict) and (
                all(abs(value) <= TOLERANCE for value in values)
                or any(abs(value) > TRIVIAL for value in values)
            ):
                return True
        return False

    def _words(
        self, step: Step, answer: Answer, verdict: Verdict, boxes: list[Box]
    ) -> str:
        if verdict == "blocked":
            return feedback.blocked(self._lacking(step))
        if answer.problem:
            return feedback.wrong_shape(step, answer, boxes)
        if verdict == "wrong":
            values = answer.values or ()
            return feedback.wrong(step, values, boxes, self.example, self._earlier())
        return say(verdict)

    def _earlier(self) -> dict[str, Any]:
        """Give the recorded answers that hold numbers, in their shapes."""
        return {
            step.name: nest(record.answer.values, step.shape)
            for step, record in zip(STEPS, self.records.values(), strict=False)
            if record.answer.values is not None
        }

    def _expected(self, step: Step) -> Any:
        """Work the answer out from the earlier ones, right or wrong."""
        for route in step.routes:
            needed = [self.records[name] for name in route.needs]
            if all(record.verdict == "correct" for record in needed):
                break
            if all(record.box for record in needed):
                points = {
                    name: tuple(Interval(v, v) for v in record.answer.values or ())
                    for name, record in zip(route.needs, needed, strict=True)
                }
                box = route.leads_to(self.example, points)
                if box:
                    return nest([interval.low for interval in box], step.shape)
        return self.original[step.name]

    def _mark(
        self,
        step: Step,
        answer: Answer,
        verdict: Verdict,
        flags: list[str],
        words: str,
    ) -> StepMark:
        problems = (
            [answer.problem] if answer.problem in ("invalid", "wrong shape") else []
        )
        return StepMark(
            name=step.name,
            verdict=verdict,
            points=POINTS if _pays(verdict) else 0.0,
            max_points=POINTS,
            flags=(*problems, *flags),
            feedback=words,
            expected=self._expected(step),
        )


def _pays(verdict: Verdict) -> bool:
    return verdict in ("correct", "follow-through")
