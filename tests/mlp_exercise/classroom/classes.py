"""A class as an instructor may have it: careful learners, slips, blanks, files that are none."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlp_exercise import part2, part3
from mlp_exercise.check import Step, StepMark, Verdict
from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.standing import Standing, standings
from mlp_exercise.part1.marking import mark
from mlp_exercise.part1.steps import STEPS
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission.mark import EXERCISES, PART_ONE, Sheet
from mlp_reference.mistakes import PEN_AND_PAPER, Slip
from tests.mlp_exercise.part1.sheets import solved, written

FIRST_NAMES = [
    "Ada",
    "Alan",
    "Barbara",
    "Chen",
    "Donald",
    "Edsger",
    "Fatima",
    "Grace",
    "Hedy",
    "Ivan",
    "José",
    "Katherine",
]
LAST_NAMES = [
    "Abiteboul",
    "Bose",
    "Curie",
    "Dijkstra",
    "Erdős",
    "Franklin",
    "Germain",
    "Hopper",
    "Ito",
    "Jemison",
]

SLIPS = {
    "linear_backward": ("took the last sample alone: sum over the batch",),
    "tanh_backward": (
        "squared the input in place of the output",
        "left out what comes from above: multiply by G",
    ),
    "mse_backward": ("left out the factor 2",),
    "sgd_step": (
        "changed nothing: bind no new name, change the layer's own array",
        "went uphill",
    ),
    "train": (
        "Every epoch has the same order: shuffle anew in each.",
        "It leaves out the last, shorter batch.",
        "The order does not come from `rng`: draw it with rng.permutation.",
    ),
    "fit": ("Gradients add up: are they reset before each backward pass?",),
    "validation_error": (
        "`validation_error` is the last loss of the training.",
        "The model is not below the threshold, 0.03. Train it longer, or try another "
        "learning rate or width.",
    ),
}
"""Of the parts that ask for code: what is known of wrong answers, by step."""

HARD = {"train": 0.35, "network_backward": 0.3, "tanh_backward": 0.2, "fit": 0.25}
"""By step, how many lose points; of other steps, fewer do."""


def class_of(size: int = 300, seed: int = 0) -> tuple[list[Standing], list[Result]]:
    """Return a class, and one in twenty of it who handed in nothing."""
    rng = np.random.default_rng(seed)
    names = [
        f"{FIRST_NAMES[n % 12]} {LAST_NAMES[n // 12 % 10]} {n // 120 + 1}"
        for n in range(size)
    ]
    handed_in = [name for name in names if rng.random() > 0.05]
    results = [r for n, name in enumerate(handed_in) for r in _notebooks(n, name, rng)]
    classroom = standings(results)
    absent = [Standing(name, {}) for name in names if name not in handed_in]
    return sorted([*classroom, *absent], key=lambda one: one.name), results


def _notebooks(number: int, name: str, rng: np.random.Generator) -> Iterator[Result]:
    folder = f"submissions/{name}_{1000 + number}_assignsubmission_file_"
    for exercise in EXERCISES:
        chance, late = rng.random(), bool(rng.random() < 0.04)
        file = f"{folder}/{exercise.name}.ipynb"
        made = Result(
            file, exercise=exercise.name, path="submissions", late=late, digest=file
        )
        if chance < 0.02:
            reason = "a .py file came, a notebook (*.ipynb) was expected"
            yield made._replace(exercise=None, reason=reason)
        elif chance < 0.03:
            yield made._replace(exercise=None, reason="the file is cut off")
        elif chance < 0.04:
            why = "code cell 3 needs seaborn, which is not installed here"
            yield made._replace(status="not marked", reason=why)
        elif chance > 0.05:
            sheet = (
                _on_paper(number, rng)
                if exercise is PART_ONE
                else _code(exercise.part, rng)
            )
            yield made._replace(status="marked", sheet=sheet)
            if chance > 0.93:
                again = f"{folder}/{exercise.name} (1).ipynb"
                yield made._replace(file=again, status="marked", sheet=sheet)


def _on_paper(number: int, rng: np.random.Generator) -> Sheet:
    """Mark a sheet with up to two slips, rounded in one of the usual ways, perhaps unfinished."""
    seed = 40 + number // 2 if number in (40, 41) else 10_000 + number
    example = variant(seed)
    chance = rng.random()
    slips: tuple[Slip, ...] = ()
    if chance > 0.35:
        # Some are more frequent than others.
        place = int(len(PEN_AND_PAPER) * rng.beta(1.6, 1.9))
        slips = (PEN_AND_PAPER[place],)
    answers: dict[str, Any] = solved(example, slips[0] if slips else None)
    answers = written(answers, 2 if chance < 0.9 else 1)
    if rng.random() < 0.15:
        for step in STEPS[int(rng.integers(3, len(STEPS))) :]:
            answers[step.name] = None
    if rng.random() < 0.04:
        answers["z"] = "0,32"
    marks = mark(answers, example)
    return Sheet(tuple(marks), seed)


def _code(part: Any, rng: np.random.Generator) -> Sheet:
    begun = rng.random() > 0.06
    marks = tuple(_mark(step, rng, begun=begun) for step in part.STEPS)
    raised = ("Code cell 9 raised NameError: name 'np' is not defined.",)
    limited = any(m.verdict == "timed-out" for m in marks)
    remarks = raised if rng.random() < 0.03 else ()
    return Sheet(marks, remarks=remarks, limited=limited)


def _mark(step: Step, rng: np.random.Generator, *, begun: bool) -> StepMark:
    chance, hard = rng.random(), HARD.get(step.name, 0.08)
    verdict: Verdict = "correct"
    flags: tuple[str, ...] = ()
    slip = ""
    if not begun or chance < hard / 6:
        verdict = "missing"
    elif chance < hard:
        known = SLIPS.get(step.name, ())
        verdict = "wrong"
        slip = str(rng.choice(known)) if known and rng.random() < 0.8 else ""
    elif chance > 0.995:
        verdict, flags = "timed-out", ("time limit",)
    elif chance > 0.99:
        verdict = "blocked"
    elif chance > 0.97 and step.flag:
        verdict, flags = "follow-through", (step.flag,)
    points = step.points if verdict in ("correct", "follow-through") else 0.0
    return StepMark(
        step.name, verdict, points, step.points, flags, slip or verdict, slip=slip
    )


def one_of_each_part() -> tuple[str, ...]:
    """Return the names of the parts that ask for code, and of their steps."""
    return tuple(step.name for part in (part2, part3) for step in part.STEPS)
