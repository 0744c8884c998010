"""The class on one page: how points are distributed, what went wrong, whom to look at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlp_exercise.check import Verdict
from mlp_exercise.classroom import attention, charts, counts
from mlp_exercise.classroom.attention import Group
from mlp_exercise.classroom.batch import Result
from mlp_exercise.classroom.counts import Distribution
from mlp_exercise.classroom.page import Html, page, text
from mlp_exercise.classroom.standing import (
    EXERCISE_NAMES,
    LABELS,
    MAX_POINTS,
    Standing,
    exercise_of,
)

TITLE = "The class"

MOST_SLIPS, MOST_REASONS = 12, 6
"""Named mistakes of an exercise, and reasons, that have a row of their own."""

LONGEST = 200
"""Characters that are shown of a reason or a remark."""

STYLE = """\
body { max-width: 60rem; }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line);
  font-size: 1.25rem; }
h3 { margin: 1.75rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0 .75rem; max-width: 46rem; }
.soft, figcaption, caption { color: var(--soft); font-size: .875rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
  gap: 1rem 1.5rem; margin: 1.25rem 0 0; }
.facts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.facts dt { color: var(--soft); font-size: .875rem; line-height: 1.35; }
.facts dd { margin: 0; font-size: 1.5rem; line-height: 1.3;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.facts small { color: var(--soft); font-size: .875rem; }
.wide { overflow-x: auto; margin: .5rem 0 1rem; }
.wide:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .25rem; }
th, td { padding: .25rem 0 .25rem .9rem; text-align: left; vertical-align: top;
  font-weight: normal; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--soft); vertical-align: bottom; }
.n { text-align: right; white-space: nowrap; }
.zero { color: var(--soft); }
.hard { font-weight: 600; }
.words { overflow-wrap: anywhere; min-width: 9rem; }
.file { font: .8125rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere;
  min-width: 10rem; }
.look { min-width: 34rem; table-layout: fixed; }
.look th:nth-child(1) { width: 22%; } .look th:nth-child(2) { width: 4.5rem; }
.look th:nth-child(4) { width: 36%; }
.look th[scope=row] { overflow-wrap: anywhere; }
.steps th:first-child { min-width: 10rem; }
.steps thead th + th { width: 4.25rem; }
.step { display: grid; grid-template-columns: 9.5rem 1fr; align-items: center; gap: .75rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr));
  gap: 1.5rem 2rem; }
figure { margin: 0; min-width: 0; }
figure.whole { grid-column: 1 / -1; }
figcaption { margin-bottom: .5rem; }
figcaption b { color: var(--fore); }
details { margin: .5rem 0; }
summary { cursor: pointer; width: fit-content; min-height: 1.5rem; }
figure summary { color: var(--soft); font-size: .875rem; }
figure table { width: auto; }
summary h3 { display: inline; }
ul { margin: .25rem 0; padding-left: 1.25rem; font-size: .875rem; overflow-wrap: anywhere; }
@media (max-width: 50rem) {
  .step { display: block; }
  .steps th:first-child { position: sticky; left: 0; background: var(--back); }
}
@media print {
  @page { size: A4; margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .charts { grid-template-columns: 1fr 1fr; }
  .wide { overflow: visible; }
  figure details { display: none; }
  figure, tr, .facts { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  .step { display: grid; grid-template-columns: 8rem 1fr; }
  .steps th:first-child { position: static; }
  .look { min-width: 0; }
  details::details-content { content-visibility: visible; display: block; }
}
"""


class Part(NamedTuple):
    """An exercise as the class has answered it."""

    name: str
    counting: Sequence[Result]  # one for each learner with a marked notebook
    learners: int  # who have handed in anything

    @property
    def label(self) -> str:
        """Return what stands for it in tables."""
        return LABELS[self.name]


def class_page(
    classroom: Sequence[Standing], results: Sequence[Result], *, best: bool = False
) -> str:
    """Return the page; `best` tells which notebook of several counts."""
    parts = [
        part for name in EXERCISE_NAMES if (part := _part(name, classroom)).learners
    ]
    with_marks = [part for part in parts if part.counting]
    groups = attention.groups(classroom)
    body = [
        "<main>\n",
        f"<h1>{TITLE}</h1>\n",
        '<p class="soft">For instructors: learners are named on this page. '
        "Do not hand it on to them.</p>\n",
        _facts(classroom, results, with_marks, groups),
        *_handed_in(classroom, results, parts, best=best),
    ]
    if with_marks:
        body += [
            *_points(classroom, with_marks),
            *_steps(with_marks),
            *_slips(with_marks),
        ]
    body += [*_attention(classroom, groups), "</main>\n"]
    style = charts.STYLE + STYLE
    return page(TITLE, style, charts.PATTERNS * bool(with_marks) + "".join(body))


def _part(name: str, classroom: Iterable[Standing]) -> Part:
    handed = [
        one for one in classroom if any(exercise_of(r) == name for r in one.results)
    ]
    counting = [one.counting[name] for one in handed if name in one.counting]
    return Part(name, counting, len(handed))


def _total(classroom: Iterable[Standing], parts: Sequence[Part]) -> Distribution:
    """Return how totals are distributed, of learners with anything marked."""
    totals = [one.total for one in classroom if one.counting]
    most = sum(MAX_POINTS[part.name] for part in parts)
    width = min(counts.distribution(part.counting).width for part in parts)
    return Distribution(totals, most, width)


# What came.


def _facts(
    classroom: Sequence[Standing],
    results: Sequence[Result],
    parts: Sequence[Part],
    groups: Sequence[Group],
) -> Html:
    handed = sum(bool(one.results) for one in classroom)
    statuses = Counter(result.status for result in results)
    facts = [(f"{_of(handed, len(classroom))}", "learners have handed in")]
    without = [
        f"{statuses[s]} {s}" for s in ("not marked", "unreadable") if statuses[s]
    ]
    told = f"notebooks are marked{'; ' * bool(without)}{', '.join(without)}"
    facts.append((_of(statuses["marked"], len(results)), told))
    if parts:
        spread = _total(classroom, parts)
        middle = f"{spread.median:g} <small>of {spread.most:g}</small>"
        facts.append((middle, f"points is the median; the mean is {spread.mean:.2f}"))
        share, step, part = max(
            ((_share_lost(each), name, part) for part in parts
             for name, each in counts.verdicts(part.counting).items()),
            key=lambda hardest: hardest[0],
        )  # fmt: skip
        if share:
            facts.append((text(step), f"of {part.label} is the hardest step: "
                          f"{share:.0%} got no points"))  # fmt: skip
    people = {look.learner for group in groups if group.urgent for look in group.looks}
    facts.append((str(len(people)), "learners need somebody to look"))
    rows = "".join(
        f"<div><dt>{what}</dt><dd>{much}</dd></div>\n" for much, what in facts
    )
    return f'<dl class="facts">\n{rows}</dl>\n'


def _of(some: int, whole: int) -> Html:
    return f"{some} <small>of {whole}</small>" if some != whole else f"{some}"


def _handed_in(
    classroom: Sequence[Standing],
    results: Sequence[Result],
    parts: Sequence[Part],
    *,
    best: bool,
) -> Iterator[Html]:
    yield "<h2>What was handed in</h2>\n"
    if not results:
        yield "<p>No notebook has come.</p>\n"
        return
    which = "the one with the most points" if best else "the last one"
    yield f"<p>Of several notebooks of an exercise, {which} counts.</p>\n"
    rows = [_came(part.label, part.name, classroom) for part in parts]
    if any(exercise_of(result) is None for result in results):
        rows.append(_came("not known", None, classroom))
    heads = [
        "exercise",
        "learners",
        "marked",
        "without marks",
        "late",
        "several notebooks",
    ]
    yield _table("Learners by exercise", heads, rows, numbers=5)
    if reasons := Counter(
        _cut(r.reason or "") for r in results if r.status != "marked"
    ):
        shown = reasons.most_common(MOST_REASONS)
        more = sum(reasons.values()) - sum(count for _, count in shown)
        yield "<h3>What could not be marked, and why</h3>\n"
        rows = [(text(reason), _number(count)) for reason, count in shown]
        if more:
            rows.append(("other reasons, each in the list below", _number(more)))
        yield _table("Files by reason", ["reason", "files"], rows, numbers=1)


def _came(
    label: str, exercise: str | None, classroom: Sequence[Standing]
) -> tuple[Html, ...]:
    """Return a row of what learners have handed in of an exercise."""
    of_each = [
        (one, [r for r in one.results if exercise_of(r) == exercise])
        for one in classroom
    ]
    of_each = [(one, came) for one, came in of_each if came]
    counting = [one.counting.get(exercise or "") for one, _ in of_each]
    marks = sum(counts is not None for counts in counting)
    late = sum(
        counts.late if counts else any(r.late for r in came)
        for counts, (_, came) in zip(counting, of_each, strict=True)
    )
    several = sum(len(came) > 1 for _, came in of_each)
    numbers = (len(of_each), marks, len(of_each) - marks, late, several)
    return text(label), *map(_number, numbers)


# How it went.


def _points(classroom: Sequence[Standing], parts: Sequence[Part]) -> Iterator[Html]:
    yield '<h2>Points</h2>\n<div class="charts">\n'
    for part in parts:
        spread = counts.distribution(part.counting)
        yield _figure(part.name, part.label, spread)
    if len(parts) > 1:
        yield _figure("Total", "total", _total(classroom, parts), ' class="whole"')
    yield "</div>\n"
    if lacking := sum(bool(one.counting and one.unmarked) for one in classroom):
        who = "1 learner has" if lacking == 1 else f"{lacking} learners have"
        yield (
            f'<p class="soft">{who} a notebook without marks beside one that is marked, '
            "so points may be missing there.</p>\n"
        )


def _figure(title: str, name: str, spread: Distribution, kind: str = "") -> Html:
    size, most = len(spread.points), f"{spread.most:g}"
    learners = "1 learner" if size == 1 else f"{size} learners"
    rows = [(f"{points:g}", _number(count)) for points, count in spread.bins.items()]
    numbers = _table(
        f"{title}: learners by points", ["points", "learners"], rows, numbers=1
    )
    return (
        f"<figure{kind}>\n<figcaption><b>{text(title)}</b><br>{learners}, "
        f"mean {spread.mean:.2f} of {most}</figcaption>\n"
        f"{charts.histogram(spread, name)}"
        f"<details><summary>Numbers</summary>\n{numbers}</details>\n</figure>\n"
    )


def _steps(parts: Iterable[Part]) -> Iterator[Html]:
    yield "<h2>Step by step</h2>\n"
    yield (
        "<p>Correct and follow-through are paid, the others are not. In each exercise, "
        "the step that most got no points for is bold.</p>\n"
    )
    for part in parts:
        found = counts.verdicts(part.counting)
        hardest = max(map(_share_lost, found.values()), default=0.0)
        heads = [f"{charts.key(v)}<br>{v}" for v in charts.VERDICTS]
        rows = []
        for name, each in found.items():
            share = _share_lost(each)
            hard = ' class="hard"' if share == hardest > 0 else ""
            step = f'<div class="step"><span{hard}>{text(name)}</span>{charts.stacked(each)}</div>'
            numbers = [_number(each[verdict]) for verdict in charts.VERDICTS]
            rows.append((step, *numbers, f"<span{hard}>{share:.0%}</span>"))
        title = f"{part.name}: answers of {len(part.counting)} learners"
        yield f"<h3>{text(part.name)}</h3>\n"
        table = _table(
            title, ["step", *heads, "no points"], rows, numbers=7, kind="steps"
        )
        yield table


def _share_lost(each: Mapping[Verdict, int]) -> float:
    paid = each.get("correct", 0) + each.get("follow-through", 0)
    return 1 - paid / sum(each.values())


def _slips(parts: Iterable[Part]) -> Iterator[Html]:
    yield "<h2>Mistakes with a name</h2>\n"
    yield "<p>Answers without points of which it is known what went wrong.</p>\n"
    for part in parts:
        wrong = sum(each["wrong"] for each in counts.verdicts(part.counting).values())
        found = counts.slips(part.counting)
        if not found:
            continue
        shown = sorted(found.items(), key=lambda each: -each[1])[:MOST_SLIPS]
        rows = [
            (text(named.step), text(_cut(named.slip)), _number(count))
            for named, count in shown
        ]
        if more := sum(found.values()) - sum(count for _, count in shown):
            rows.append(("", f"{len(found) - len(shown)} others", _number(more)))
        rows.append(("", "without a name", _number(wrong - sum(found.values()))))
        title = f"{wrong} wrong answers in {part.name}"
        yield f"<h3>{text(part.name)}</h3>\n"
        yield _table(title, ["step", "what was done", "learners"], rows, numbers=1)


# Whom to look at.


def _attention(
    classroom: Sequence[Standing], groups: Sequence[Group]
) -> Iterator[Html]:
    yield "<h2>Whom to look at</h2>\n"
    nothing = [one.name for one in classroom if not one.results]
    if not groups and not nothing:
        yield "<p>Nobody.</p>\n"
    for group in groups:
        people = len({look.learner for look in group.looks})
        heading = f"<h3>{text(group.title)} ({people})</h3>"
        rows = [
            (
                text(look.learner),
                text(look.exercise),
                text(_cut(look.words)),
                text(look.file),
            )
            for look in group.looks
        ]
        heads = ["learner", "exercise", "what", "file"]
        table = _table(group.why, heads, rows, kind="look")
        if group.urgent:
            yield f"{heading}\n{table}"
        else:
            yield f"<details>\n<summary>{heading}</summary>\n{table}</details>\n"
    if nothing:
        names = "".join(f"<li>{text(name)}</li>" for name in nothing)
        heading = f"<h3>Handed in nothing ({len(nothing)})</h3>"
        yield f"<details>\n<summary>{heading}</summary>\n<ul>{names}</ul>\n</details>\n"


# Tables.


def _number(count: int) -> Html:
    return str(count) if count else '<span class="zero">0</span>'


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _table(
    title: str,
    heads: Sequence[Html],
    rows: Iterable[Sequence[Html]],
    *,
    numbers: int = 0,
    kind: str = "",
) -> Html:
    """Return a table that scrolls where it is too wide; its last columns may be numbers."""
    first = len(heads) - numbers
    number = ' class="n"'
    classes = [""] + [' class="words"'] * (first - 1) + [number] * numbers
    if kind == "look":
        classes[-1] = ' class="file"'
    head = "".join(
        f'<th scope="col"{number * (n >= first)}>{cell}</th>'
        for n, cell in enumerate(heads)
    )
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(
            f"<td{c}>{cell}</td>" for c, cell in zip(classes[1:], row[1:], strict=True)
        )
        + "</tr>\n"
        for row in rows
    )
    named = f' class="{kind}"' if kind else ""
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{text(title)}">\n'
        f"<table{named}>\n<caption>{text(title)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )
