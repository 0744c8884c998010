"""An earlier marking: what still holds of it is taken over, and what has changed is told."""

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from mlp_exercise.classroom.batches import identity
from mlp_exercise.classroom.batches.batch import Result, digest_of, of_item
from mlp_exercise.classroom.batches.record import STEPS, Damaged, Record, restored
from mlp_exercise.classroom.collecting.collect import Found, Handed
from mlp_exercise.classroom.standing import LABELS, Standing, by_learner, exercise_of
from mlp_exercise.submission.mark import Settings

MOST = 20
"""Files that are new, or no longer there, are named if they are not more than this."""

EXPECTED = "expected one that `mark --format json` has written"


class Unusable(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """A file is no report of an earlier marking; its message says why."""


class Change(NamedTuple):
    """What is not as it was, of one notebook."""

    result: Result
    before: Result
    steps: Mapping[str, tuple[str, str]]  # verdicts, before and now
    because: tuple[str, ...]  # empty where nothing explains it

    def __str__(self) -> str:
        """Return a line on what changed, and why."""
        old, new = _points(self.before), _points(self.result)
        points = f"{new}, as before" if old == new else f"{old} → {new}"
        steps = ", ".join(f"{name} {a} → {b}" for name, (a, b) in self.steps.items())
        why = ", ".join(self.because) or (
            "although notebook, options and marker are the same: "
            "it depends on chance, or on the machine"
        )
        return f"{self.result.file}: {points}{steps and f' ({steps})'}; {why}"

    def written(self) -> dict[str, Any]:
        """Return what JSON says of it."""
        counts = self.before.status != "not marked"
        return {
            "file": self.before.file,
            "status": self.before.status,
            "points": self.before.sheet.points if counts else None,
            "steps": {name: before for name, (before, _) in self.steps.items()},
            "because": self.because,
        }


class Comparison(NamedTuple):
    """Two markings beside each other."""

    since: str  # the file of the earlier one
    changed: Mapping[str, Change]  # by file
    new: Sequence[str]
    gone: Sequence[str]
    counting: Sequence[str]  # where another notebook counts now, with other points

    def of(self, result: Result) -> dict[str, Any]:
        """Return what JSON says besides of a notebook that has changed, or is new."""
        if result.file in self.changed:
            return {"previous": self.changed[result.file].written()}
        return {"previous": None} if result.file in self.new else {}

    def lines(self) -> Iterator[str]:
        """Tell what has changed since then."""
        counts = f"{len(self.changed)} changed, {len(self.new)} new"
        if self.gone:
            counts += f", {len(self.gone)} no longer there"
        yield f"Since {self.since}: {counts}"
        yield from self.counting
        yield from map(str, self.changed.values())
        for what, files in (("new", self.new), ("no longer there", self.gone)):
            if len(files) <= MOST:  # more are there after an interruption, for example
                yield from (f"{what}: {file}" for file in files)


class Previous:
    """The report of an earlier marking, beside the settings of this one."""

    def __init__(
        self,
        file: str,
        records: Sequence[Record],
        settings: Settings,
        *,
        expected: bool,
    ) -> None:
        self.file, self.records = file, records
        self._marker, self._options = identity.marker(), identity.options(settings)
        self._known = {
            (record.result.digest, _exercise_in(record.result.file)): record.result
            for record in records
            if record.whole
            and record.result.status == "marked"
            and not record.result.sheet.limited
            and (record.expected or not expected)
            and (record.marker, record.options) == (self._marker, self._options)
        }

    def known(self, item: Found) -> Result | None:
        """Return the result of a notebook that would be marked again as it was."""
        if not self._known or not isinstance(item, Handed):
            return None
        try:
            digest = digest_of(item.content())
        except Exception:  # then marking it tells why
            return None
        found = self._known.get((digest, _exercise_in(item.file)))
        return found and of_item(found, item)

    def compared(
        self,
        results: Sequence[Result],
        standing: Callable[[Sequence[Result]], Sequence[Standing]],
    ) -> Comparison:
        """Say what has changed since then."""
        before = _matched(results, self.records)
        pairs = [(result, before.get(result.file)) for result in results]
        changes = [self._change(result, was) for result, was in pairs if was]
        changed = {change.result.file: change for change in changes if change}
        there = {id(was) for was in before.values()}
        then = standing([record.result for record in self.records])
        return Comparison(
            self.file,
            changed,
            [result.file for result, was in pairs if not was],
            [r.result.file for r in self.records if id(r) not in there],
            [*_counting(then, standing(results), changed)],
        )

    def _change(self, result: Result, record: Record) -> Change | None:
        before = record.result
        verdicts = {mark.name: mark.verdict for mark in before.sheet.marks}
        steps = {
            mark.name: (verdicts[mark.name], mark.verdict)
            for mark in result.sheet.marks
            if verdicts.get(mark.name, mark.verdict) != mark.verdict
        }
        another = before.digest and result.digest not in ("", before.digest)
        if not another and not steps and _points(before) == _points(result):
            return None
        because = ["another notebook"] if another else []
        if record.marker:
            because += identity.differences(record.marker, self._marker)
            because += identity.differences(record.options, self._options)
        else:
            because.append("the earlier report does not say how it was marked")
        return Change(result, before, steps, tuple(because))


def read(file: str, settings: Settings, *, expected: bool) -> Previous:
    """Read the report of an earlier marking."""
    try:
        objects = json.loads(Path(file).read_bytes())
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unusable(f"{file} is no whole JSON ({where}), {EXPECTED}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unusable(f"{file} is no JSON ({error}), {EXPECTED}") from error
    if not isinstance(objects, list):
        raise Unusable(f"{file} is no report of notebooks, {EXPECTED}")
    records = []
    for number, each in enumerate(objects, 1):
        try:
            records.append(restored(each))
        except Damaged as problem:
            what = f"{file} is no report of notebooks: in its object {number}, "
            raise Unusable(f"{what}{problem}; {EXPECTED}") from problem
    return Previous(file, records, settings, expected=expected)


def _points(result: Result) -> str:
    """Return what a person reads of a result: its points, or why there are none."""
    sheet = result.sheet
    if result.status == "marked":
        return f"{sheet.points:g} of {sheet.max_points:g} points"
    return result.status


def _counting(
    then: Iterable[Standing], now: Iterable[Standing], told: Container[str]
) -> Iterator[str]:
    """Tell of learners for whom another notebook counts than before, with other points."""
    before = {one.name: one.counting for one in then}
    for one in now:
        for exercise, counts in one.counting.items():
            was = before.get(one.name, {}).get(exercise)
            if was is None or counts.file == was.file or counts.file in told:
                continue
            old, new = _points(was), _points(counts)
            if old != new:
                why = f"because {counts.file} counts now"
                yield f"{one.name}, {LABELS[exercise]}: {old} → {new}, {why}"


def _exercise_in(file: str) -> str | None:
    """Return what a file's name says of the exercise, in case its content says nothing."""
    return next((name for name in STEPS if name in PurePath(file).name), None)


def _matched(results: Sequence[Result], records: Sequence[Record]) -> dict[str, Record]:
    """Find what was written of each notebook: by its file, its content, or its learner."""
    found: dict[str, Record] = {}
    taken: set[int] = set()
    for now, then in (
        (
            {r.file: (r.file,) for r in results},
            {id(r): (r.result.file,) for r in records},
        ),
        (
            {r.file: (r.digest,) for r in results if r.digest},
            {id(r): (r.result.digest,) for r in records},
        ),
        (_owners(results), _owned(records)),
    ):
        left: dict[tuple[object, ...], list[Record]] = {}
        for record in records:
            if id(record) not in taken and id(record) in then:
                left.setdefault(then[id(record)], []).append(record)
        wanting: dict[tuple[object, ...], list[str]] = {}
        for file, key in now.items():
            if file not in found:
                wanting.setdefault(key, []).append(file)
        for key, files in wanting.items():
            if len(files) == len(left.get(key, ())) == 1:
                found[files[0]] = left[key][0]
                taken.add(id(left[key][0]))
    return found


def _owners(results: Iterable[Result]) -> dict[str, tuple[object, ...]]:
    """Return the learner and the exercise of each notebook, by its file."""
    of_each = by_learner([*results])
    return {r.file: (who, exercise_of(r)) for who, own in of_each.items() for r in own}


def _owned(records: Sequence[Record]) -> dict[int, tuple[object, ...]]:
    owners = _owners(record.result for record in records)
    return {id(record): owners[record.result.file] for record in records}
