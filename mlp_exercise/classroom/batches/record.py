"""What came of a notebook, as an object of JSON, and back again without a loss."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Any, NamedTuple, get_args

from mlp_exercise.check import StepMark, Verdict
from mlp_exercise.classroom.batches.batch import Result, Status
from mlp_exercise.classroom.collecting.learners import Learner
from mlp_exercise.submission.mark import EXERCISES, Sheet
from mlp_exercise.values import DEPTH, Plain

STEPS = {exercise.name: exercise.steps for exercise in EXERCISES}


class Damaged(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """An object is none that was written here; its message says what came."""


class Record(NamedTuple):
    """What was written of a notebook."""

    result: Result
    marker: Mapping[str, Any] = {}  # see `identity`; empty where it is not said
    options: Mapping[str, Any] = {}
    whole: bool = False  # whether the result is all there
    expected: bool = False  # with the values that would have been right


def written(result: Result, *, expected: bool) -> dict[str, Any]:
    """Return an object of JSON; values that would have been right only if they are wanted."""
    sheet, counts = result.sheet, result.status != "not marked"
    keys = ["name", "verdict", "points", "max_points", "flags", "feedback"]
    keys += ["elements", "slip", *["expected"] * expected]
    return {
        "file": result.file,
        "exercise": result.exercise,
        "variant": sheet.variant,
        "status": result.status,
        "points": sheet.points if counts else None,
        "max_points": sheet.max_points if counts else None,
        **({} if result.reason is None else {"reason": result.reason}),
        **({"remarks": sheet.remarks} if sheet.remarks else {}),
        "steps": [{key: getattr(mark, key) for key in keys} for mark in sheet.marks],
        "path": result.path,
        "whose": result.learner and _whose(result.learner),
        "handed_in": result.when and result.when.isoformat(),
        "late": result.late,
        "limited": sheet.limited,
        "digest": result.digest,
        "values": dict(sheet.values),
        "own": {name: list(cells) for name, cells in sheet.own.items()},
    }


def without_expected(result: Result) -> Result:
    """Return a result without the values that would have been right, as it comes back."""
    marks = tuple(replace(mark, expected=None) for mark in result.sheet.marks)
    return result._replace(sheet=result.sheet._replace(marks=marks))


def restored(written: Any) -> Record:
    """Return what an object of JSON says; one of an earlier version may not say all."""
    match written:
        case {"learner": str()}:
            raise Damaged("points by learner came, expected them by notebook")
        case {
            "file": str(file),
            "exercise": None | str() as exercise,
            "status": str(status),
            "steps": list(steps),
        } if status in get_args(Status) and exercise in (None, *STEPS):
            pass
        case _:
            raise Damaged("no notebook with file, exercise, status and steps came")
    marks = tuple(map(_mark, steps))
    if status == "marked" and [m.name for m in marks] != [*STEPS.get(exercise, ())]:  # type: ignore[arg-type]  # of a file without exercise, there are no steps
        raise Damaged(f"steps came that are not those of {exercise}")
    get = written.get
    sheet = Sheet(
        marks,
        _of(int | None, get("variant"), "variant"),
        _texts(get("remarks", []), "remarks"),
        _of(bool, get("limited", False), "limited"),
        {name: _plain(value) for name, value in _object(get("values", {})).items()},
        {name: _numbers(cells) for name, cells in _object(get("own", {})).items()},
    )
    result = Result(
        file,
        status,  # type: ignore[arg-type]  # it was looked up above
        _of(str | None, get("reason"), "reason"),
        exercise,
        sheet,
        _of(str, get("path", ""), "path"),
        when=_time(get("handed_in")),
        late=_of(bool, get("late", False), "late"),
        digest=_of(str, get("digest", ""), "digest"),
        learner=_learner(get("whose")),
    )
    return Record(
        result,
        _object(get("marker", {})),
        _object(get("options", {})),
        all(key in written for key in ("limited", "digest", "values", "own")),
        all("expected" in step for step in steps),
    )


def _mark(step: Any) -> StepMark:
    match step:
        case {
            "name": str(name),
            "verdict": str(verdict),
            "points": int() | float() as points,
            "max_points": int() | float() as most,
            "flags": flags,
            "feedback": str(feedback),
        } if verdict in get_args(Verdict) and isfinite(most) and 0 <= points <= most:
            return StepMark(
                name,
                verdict,  # type: ignore[arg-type]  # it was looked up
                points,
                most,
                _texts(flags, "flags"),
                feedback,
                _plain(step.get("expected")),
                _texts(step.get("elements", []), "elements"),
                _of(str, step.get("slip", ""), "slip"),
            )
    raise Damaged("a step without name, verdict, points, flags or feedback came")


def _of(kind: Any, value: object, name: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Damaged(f"{name} came as a {type(value).__name__}")
    return value


def _object(value: object) -> dict[str, Any]:
    found: dict[str, Any] = _of(dict, value, "an object")
    return found


def _texts(value: object, name: str) -> tuple[str, ...]:
    return tuple(_of(str, text, name) for text in _of(list, value, name))


def _numbers(value: object) -> Sequence[int]:
    return [_of(int, number, "own") for number in _of(list, value, "own")]


def _plain(value: object, depth: int = DEPTH) -> Plain:
    match value:
        case bool():
            pass
        case None | str() | int():
            return value
        case float() if isfinite(value):
            return value
        case list() if depth:
            return [_plain(item, depth - 1) for item in value]
    raise Damaged("a value came that is no answer")


def _whose(learner: Learner) -> dict[str, Any]:
    return learner._asdict() | {"ids": dict(learner.ids)}


def _learner(value: object) -> Learner | None:
    if value is None:
        return None
    get = _object(value).get
    name, full, place, platform = (
        _of(str, get(key, ""), key) for key in ("name", "full", "place", "platform")
    )
    ids = _object(get("ids", {}))
    _texts([*ids.values()], "ids")
    return Learner(name, full, place, platform, ids)


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        when = datetime.fromisoformat(_of(str, value, "handed_in"))
    except ValueError as error:
        raise Damaged(f"handed_in came as {value!r}") from error
    if when.tzinfo is None:
        raise Damaged("handed_in came without a time zone")
    return when
