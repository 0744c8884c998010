"""The three parts as something to mark: read what can be read, run the rest, say why.

What a learner's code did comes from a child process; what is right is decided here.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from types import ModuleType
from typing import NamedTuple

from mlp_exercise import part1, part2, part3
from mlp_exercise.check import StepMark, Verdict, joined
from mlp_exercise.handout import source
from mlp_exercise.handout.source import CHECK, SHOW
from mlp_exercise.observations import Seen, unpack
from mlp_exercise.part1 import commas
from mlp_exercise.part1.marking import POINTS, Options
from mlp_exercise.part1.marking import mark as mark_answers
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import read, run, troubles
from mlp_exercise.submission.notebook import NotMarked, Submission, Unreadable
from mlp_exercise.submission.python import Flaw, Python, parse
from mlp_exercise.submission.run import History, Limits, Problem, Trials
from mlp_exercise.values import Plain
from mlp_reference.worked_example import EXERCISE

NOT_EXECUTED = "Its cell would have to be executed, and that was not wanted."
"""Added to the feedback of an answer that was not read for that reason."""

NOT_READ = "Some answers are computed, and nothing was to be executed."
"""Said of a notebook that might have more points."""

IMPORT = re.compile(r"^\s*(?:import|from)\s", re.MULTILINE)
"""A cell with such a line may be needed by others."""


class Settings(NamedTuple):
    """What an instructor may choose for a batch."""

    options: Options = Options()
    execute: bool = True
    timeout: float = 10.0  # seconds of processor time for a cell
    variant: int | None = None  # the seed to mark by, whatever a notebook says
    jobs: int | None = None  # None for as many as there are cores


class Sheet(NamedTuple):
    """What marking makes of a submission."""

    marks: tuple[StepMark, ...] = ()
    variant: int | None = None
    remarks: tuple[str, ...] = ()  # on the notebook as a whole
    limited: bool = False  # it met a limit or was not run, and might have more points
    values: Mapping[str, Plain] = {}  # the answers that are numbers, as they were read
    own: Mapping[
        str, Sequence[int]
    ] = {}  # by step: the code cells that are to answer it

    @property
    def points(self) -> float:
        """Return the sum of the points."""
        return sum(mark.points for mark in self.marks)

    @property
    def max_points(self) -> float:
        """Return what could have been reached."""
        return float(sum(mark.max_points for mark in self.marks))


class Exercise(NamedTuple):
    """An exercise that can be marked."""

    name: str  # its notebook's, without the ending
    part: ModuleType
    memory: int = 2 * 2**30  # in bytes, on top of what its libraries take

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the names of its steps."""
        return tuple(step.name for step in self.part.STEPS)

    @property
    def defines(self) -> tuple[str, ...]:
        """Return the names that a learner defines: where answers are numbers, the steps."""
        return getattr(self.part, "DEFINES", self.steps)

    @property
    def max_points(self) -> float:
        """Return what all steps are worth."""
        return float(sum(getattr(step, "points", POINTS) for step in self.part.STEPS))


PART_ONE = Exercise("ex1_01_pen_and_paper", part1)
PART_TWO = Exercise("ex1_02_numpy_gradient", part2)
PART_THREE = Exercise("ex1_03_pytorch_regression", part3, memory=2**30)
EXERCISES = (PART_ONE, PART_TWO, PART_THREE)


class Answers(NamedTuple):
    """The answers that are numbers, as far as they were found."""

    values: Mapping[str, Plain]
    notes: Mapping[str, str]  # why others may not have been
    own: Mapping[str, Sequence[int]]  # by name: the cells that are to answer it
    history: History  # of running the notebook, as far as that was needed
    unclear: Sequence[str]  # the names for which it was run, or would have to be
    flaws: Mapping[int, Flaw]  # of cells that are no Python, if answers are missing


def exercise_of(submission: Submission, file_name: str) -> Exercise:
    """Recognise an exercise: by metadata, by names of cells, by file name, by assignments."""
    names = [exercise.name for exercise in EXERCISES]
    for kind, pattern in (("lesson", r"\d+_\w+"), ("exercise", r"ex\d+_\d+_\w+")):
        told = submission.course.get(kind)
        if told not in names and re.fullmatch(pattern, str(told)):
            raise Unreadable(f"the {kind} {told} came, expected {', '.join(names)}")
    called = {name for cell in submission.cells for name in (cell.grade_id, cell.id)}

    def most(found: Iterable[str | None], exercise: Exercise) -> bool:
        return 2 * len({*exercise.defines} & {*found}) > len(exercise.defines)

    ways: tuple[Callable[[Exercise], bool], ...] = (
        lambda exercise: exercise.name == submission.course.get("exercise"),
        lambda exercise: most(called, exercise),
        lambda exercise: exercise.name in file_name,
        lambda exercise: most(
            chain(*_assigned(submission, exercise.defines)), exercise
        ),
    )
    for way in ways:
        if found := next(filter(way, EXERCISES), None):
            return found
    raise Unreadable(
        f"a notebook with {len(submission.cells)} code cells that is none of the exercises "
        f"came, expected {', '.join(names)}"
    )


def mark(submission: Submission, exercise: Exercise, settings: Settings) -> Sheet:
    """Mark a notebook; raise `NotMarked` if that cannot be done."""
    how = _mark_numbers if exercise.part is part1 else _mark_code
    return how(submission, exercise, settings)


def find(submission: Submission, exercise: Exercise, settings: Settings) -> Answers:
    """Find answers that are numbers: on the page where they are literal, else by execution."""
    cells, names = submission.cells, exercise.defines
    summaries = [read.summarise(cell.source, frozenset(names)) for cell in cells]
    own = read.own_cells(cells, names, read.openings(exercise.name))
    values = {name: read.value_of(name, own[name], summaries) for name in names}
    unclear = [
        name
        for name, value in values.items()
        if value is read.UNCLEAR
        or (value is None and read.is_worked_on(cells[n] for n in own[name]))
    ]
    history = History()
    note = NOT_EXECUTED
    if unclear and settings.execute:
        limits = Limits(seconds=settings.timeout)
        history = run.run(_runnable(submission), names, limits)
        for name in unclear:
            values[name] = read.value_of(name, own[name], summaries, history.changes)
        note = " ".join(troubles.left_out(*pair) for pair in history.left_out.items())
    values = {n: value for n, value in values.items() if value is not read.UNCLEAR}
    missing = [name for name in names if read.is_missing(values.get(name))]
    notes = {name: note for name in unclear if note and name in missing}
    flaws = _flaws(submission) if missing else {}
    for name in missing:
        # A cell that never runs may be an answer's own, or look as if it assigned it.
        assigns = re.compile(rf"^\s*{name}\b[^=\n]*=", re.MULTILINE)
        answering = {
            number: flaw
            for number, flaw in flaws.items()
            if number in own[name] or assigns.search(flaw.text)
        }
        executed = settings.execute and name in unclear
        _refuse_newer(submission, flaws if executed else answering)
        if answering:
            notes[name] = _feedback(answering)[-1]
    return Answers(values, notes, own, history, unclear, flaws)


def _mark_numbers(
    submission: Submission, exercise: Exercise, settings: Settings
) -> Sheet:
    seed, disputed = read.seed_of(submission)
    seed = seed if settings.variant is None else settings.variant
    try:
        example = EXERCISE if seed is None else variant(seed)
    except ValueError as error:
        raise Unreadable(f"its numbers cannot be drawn: {error}") from error
    submission, mended = _with_points(submission)
    found = find(submission, exercise, settings)
    history = found.history
    marks = {m.name: m for m in mark_answers(found.values, example, settings.options)}
    run = [marks[name] for name in found.unclear]
    run = list(troubles.explained(run, found.own, history, exercise.steps))
    marks |= {m.name: m for m in run}
    if lost := not all(m.points for m in run):
        troubles.refuse_what_is_lacking_here(history.raised)
    if disputed:
        first = marks[exercise.steps[0]]
        marks[first.name] = replace(first, flags=(*first.flags, "disputed seed"))
    checks = handed_out(exercise.name, CHECK) if history.raised else ()
    texts = [cell.source.strip() for cell in submission.cells]
    passed_over = [number for number, text in enumerate(texts) if text in checks]
    unread = [NOT_READ] if lost and not settings.execute else []
    remarks = troubles.remarks(history, lost=lost, passed_over=passed_over)
    notes = {name: [note] for name, note in found.notes.items()}
    for name in mended:
        notes.setdefault(name, []).append(commas.COMMA_READ)
    return Sheet(
        tuple(_with_notes(m, notes.get(m.name, ())) for m in marks.values()),
        seed,
        (*unread, *remarks, *_feedback(found.flaws)),
        bool(unread) or troubles.met_a_limit(history),
        found.values,
        found.own,
    )


def _with_points(submission: Submission) -> tuple[Submission, set[str]]:
    """Read the decimal commas of answers as points, and name these answers."""
    read_as = [commas.with_points(cell.source) for cell in submission.cells]
    mended = {name for _, names in read_as for name in names}
    if not mended:
        return submission, mended
    pairs = zip(submission.cells, read_as, strict=True)
    cells = tuple(cell._replace(source=source) for cell, (source, _) in pairs)
    return submission._replace(cells=cells), mended


def _mark_code(submission: Submission, exercise: Exercise, settings: Settings) -> Sheet:
    if not settings.execute:
        raise NotMarked("its answers are code, and nothing was to be executed")
    steps = exercise.part.STEPS
    history = _run(submission, exercise, settings)
    seen = {
        trial: {label: unpack(packed) for label, packed in found.items()}
        for trial, found in history.observed.items()
    }
    # A step cannot be judged if its first trial came to no end; but there was something to try.
    failed = {step.name: history.failed.get(step.tried_by[0]) for step in steps}
    observed: dict[str, dict[str, Seen]] = {
        name: {} for name, why in failed.items() if why
    }
    observed |= joined(steps, seen)
    marks = [_given_up(m, failed[m.name]) for m in exercise.part.mark(observed)]
    own = {
        step.name: [n for n, names in enumerate(_assigned(submission, asked)) if names]
        for step in steps
        for asked in [step.asks_for.split(" and ")]
    }
    values = [step.name for step in steps if step.is_value]
    marks = list(troubles.explained(marks, own, history, values))
    lost = [m.name for m in marks if not m.points]
    flaws = _flaws(submission) if lost else {}
    _refuse_newer(submission, flaws)
    if lost:
        seens = [seen for name in lost for seen in observed.get(name, {}).values()]
        troubles.refuse_what_is_lacking_here(history.raised, [s.detail for s in seens])
    left_out = [troubles.left_out(*pair) for pair in history.left_out.items()]
    notes = [*left_out, *_feedback(flaws)]
    return Sheet(
        tuple(m if m.points else _with_notes(m, notes) for m in marks),
        remarks=(*troubles.remarks(history, lost=bool(lost)), *_feedback(flaws)),
        limited=troubles.met_a_limit(history),
        own=own,
    )


def _run(submission: Submission, exercise: Exercise, settings: Settings) -> History:
    """Run the cells and the trials; once more without experiments if they took all the time."""
    part, texts = exercise.part, [cell.source.strip() for cell in submission.cells]
    names = dict.fromkeys(name for step in part.STEPS for name in step.tried_by)
    trials = Trials(part.__name__, tuple(names), part.NEEDS)
    limits = Limits(settings.timeout, exercise.memory)
    shown = handed_out(exercise.name, CHECK, SHOW)
    cells = zip(texts, _runnable(submission), strict=True)
    sources = [None if text in shown else cell for text, cell in cells]
    history = run.run(sources, (), limits, trials)
    if history.observed or history.failed:
        return history
    given = handed_out(exercise.name)
    assigned = _assigned(submission, exercise.defines)
    needed = [
        cell if text in given or defines or IMPORT.search(text) else None
        for text, cell, defines in zip(texts, sources, assigned, strict=True)
    ]
    again = run.run(needed, (), limits, trials)
    return again._replace(left_out={**history.left_out, **again.left_out})


def _given_up(mark: StepMark, why: Problem | None) -> StepMark:
    if why is None or mark.points:
        return mark
    verdict: Verdict = "timed-out" if why.kind == "time limit" else "wrong"
    flags = () if why.kind == "ended" else (why.kind,)
    words = f"The trial was given up: {why.words}."
    slip = words if verdict == "wrong" else ""
    return replace(mark, verdict=verdict, flags=flags, feedback=words, slip=slip)


def _with_notes(mark: StepMark, notes: Iterable[str]) -> StepMark:
    """Add what the feedback does not say already."""
    new = [note for note in notes if note not in mark.feedback]
    return replace(mark, feedback=" ".join([mark.feedback, *new])) if new else mark


def _runnable(submission: Submission) -> list[str | None]:
    parsed = [parse(cell.source) for cell in submission.cells]
    return [p.source if isinstance(p, Python) else None for p in parsed]


def _assigned(submission: Submission, names: Iterable[str]) -> list[frozenset[str]]:
    """Return the names that each cell assigns or defines; of Linear.forward that is Linear."""
    asked = frozenset(name.partition(".")[0] for name in names)
    return [read.summarise(cell.source, asked).assigned for cell in submission.cells]


def _flaws(submission: Submission) -> dict[int, Flaw]:
    """Return why cells are no Python here, by their number."""
    parsed = ((n, parse(cell.source)) for n, cell in enumerate(submission.cells))
    return {number: flaw for number, flaw in parsed if isinstance(flaw, Flaw)}


def _feedback(flaws: Mapping[int, Flaw]) -> list[str]:
    return [flaw.feedback(number) for number, flaw in flaws.items()]


def _refuse_newer(submission: Submission, flaws: Mapping[int, Flaw]) -> None:
    """Mark nothing where points would be lost through the words of a newer Python."""
    for number, flaw in flaws.items():
        if needs := flaw.needs(submission.python):
            raise NotMarked(flaw.reason(number, needs))


@lru_cache(maxsize=8)
def handed_out(name: str, *tags: str) -> frozenset[str]:
    """Return the code cells as they were handed out: all of them, or those with some tags.

    What checks or shows defines nothing, so if it is as it was handed out, it need not run.
    """
    cells = [cell for cell in source.load(name).cells if cell.is_code]
    return frozenset(c.text.strip() for c in cells if not tags or {*tags} & {*c.tags})
