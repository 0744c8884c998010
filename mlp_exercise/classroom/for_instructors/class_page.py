"""The class on one page: how points are distributed, what went wrong, whom to look at."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_instructors import (
    attention,
    charts,
    class_results,
    counts,
    page_tables,
)
from mlp_exercise.classroom.for_instructors.attention import Group, Look
from mlp_exercise.classroom.for_instructors.class_results import Part
from mlp_exercise.classroom.for_instructors.page_tables import cut, number, table
from mlp_exercise.classroom.page import Html, page, text
from mlp_exercise.classroom.standing import (
    EXERCISE_NAMES,
    LABELS,
    Standing,
    exercise_of,
)

TITLE = "The class"

MOST_REASONS = 6
"""Reasons that have a row."""

MOST_ALIKE = 20
"""Notebooks of one cause that each have a row."""

STYLE = """\
body { max-width: 60rem; }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line);
  font-size: 1.25rem; }
h3 { margin: 1.75rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0 .75rem; max-width: 46rem; }
a { color: var(--accent); }
.soft { color: var(--soft); font-size: .875rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
  gap: 1rem 1.5rem; margin: 1.25rem 0 0; }
.facts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.facts dt { color: var(--soft); font-size: .875rem; line-height: 1.35; }
.facts dd { margin: 0; font-size: 1.5rem; line-height: 1.3;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.facts small { color: var(--soft); font-size: .875rem; }
details { margin: .5rem 0; }
summary { width: fit-content; min-height: 1.5rem; cursor: pointer; }
summary:focus-visible { outline: 2px solid var(--accent); }
summary h3 { display: inline; }
.hidden { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
  overflow: hidden; white-space: nowrap; }
.look { width: 100%; min-width: 34rem; table-layout: fixed; }
.look th { overflow-wrap: anywhere; width: 17%; }
.look th:nth-child(2) { width: 4rem; }
.look th:nth-child(3) { width: 31%; }
.look th:nth-child(4) { width: auto; }
ul { margin: .5rem 0; padding-left: 1.25rem; columns: 14rem; font-size: .875rem;
  overflow-wrap: anywhere; }
@media print {
  @page { size: A4; margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .facts { grid-template-columns: repeat(5, 1fr); gap: .75rem; break-inside: avoid; }
  h2, h2 + p, h3 { break-after: avoid; }
  .look { min-width: 0; font-size: 8.5pt; }
  .look .file { font-size: 7.5pt; }
}
"""


def class_page(
    classroom: Sequence[Standing],
    results: Sequence[Result],
    *,
    best: bool = False,
    site: str = "",
) -> str:
    """Return the page; `best` tells which of several notebooks counts, `site` has the lessons."""
    with_marks = [
        part for name in EXERCISE_NAMES if (part := _part(name, classroom)).counting
    ]
    groups = attention.groups(classroom)
    body = [
        f"<main>\n<h1>{TITLE}</h1>\n",
        '<p class="soft">For instructors: learners are named on this page. '
        "Do not hand it on to them.</p>\n",
        _facts(classroom, results, with_marks, groups),
        *_handed_in(classroom, results, best=best),
    ]
    if with_marks:
        body += class_results.points(classroom, with_marks)
        body += class_results.steps(with_marks)
        body += class_results.slips(with_marks, site)
    body += [*_attention(classroom, results, groups), "</main>\n"]
    style = charts.STYLE + page_tables.STYLE + class_results.STYLE + STYLE
    return page(TITLE, style, charts.PATTERNS * bool(with_marks) + "".join(body))


def _part(name: str, classroom: Sequence[Standing]) -> Part:
    return Part(name, [one.counting[name] for one in classroom if name in one.counting])


def _facts(
    classroom: Sequence[Standing],
    results: Sequence[Result],
    parts: Sequence[Part],
    groups: Sequence[Group],
) -> Html:
    """Return the few numbers that say how things stand."""
    handed = sum(bool(one.results) for one in classroom)
    statuses = Counter(result.status for result in results)
    without = [
        f"{statuses[s]} {s}" for s in ("not marked", "unreadable") if statuses[s]
    ]
    told = "; ".join(filter(None, ["files are marked", ", ".join(without)]))
    facts = [
        (_of(handed, len(classroom)), "learners have handed in"),
        (_of(statuses["marked"], len(results)), told),
    ]
    if parts:
        spread = class_results.total(classroom, parts)
        middle = f"{spread.median:g} <small>of {spread.most:g}</small>"
        facts.append((middle, f"points is the median; the mean is {spread.mean:.2f}"))
        share, part, step = max(
            (
                (counts.share_lost(each), part, step)
                for part in parts
                for step, each in counts.verdicts(part.counting).items()
            ),
            key=lambda found: found[0],
            default=(0.0, parts[0], ""),
        )
        if share:
            told = f"of {part.label} is the hardest step: {share:.0%} got no points"
            facts.append((text(step).replace("_", "_<wbr>"), told))
    people = {look.learner for group in groups if group.urgent for look in group.looks}
    look = '<a href="#look">learners should be looked at</a>'
    facts.append((_of(len(people), handed), look))
    rows = "".join(
        f"<div><dt>{what}</dt><dd>{much}</dd></div>\n" for much, what in facts
    )
    return f'<dl class="facts">\n{rows}</dl>\n'


def _of(some: int, whole: int) -> Html:
    return f"{some} <small>of {whole}</small>"


def _handed_in(
    classroom: Sequence[Standing], results: Sequence[Result], *, best: bool
) -> Iterator[Html]:
    """Say what came, and what of it could not be marked."""
    yield "<h2>What was handed in</h2>\n"
    if not results:
        yield "<p>Nothing has been handed in.</p>\n"
        return
    which = "the one with the most points" if best else "the last one"
    yield f"<p>Of several notebooks of an exercise, {which} counts.</p>\n"
    rows = [
        _came(classroom, name, label)
        for name, label in (*LABELS.items(), (None, "not known"))
    ]
    heads = ["exercise", "learners", "marked", "no marks", "late", "several files"]
    came = [row for row in rows if row[1] != number(0)]
    yield table("Learners by exercise", heads, came, ["", *["n"] * 5])
    reasons = Counter(cut(r.reason or "") for r in results if r.status != "marked")
    if reasons:
        shown = reasons.most_common(MOST_REASONS)
        rows = [(str(count), text(reason)) for reason, count in shown]
        if more := reasons.total() - sum(count for _, count in shown):
            rows.append((str(more), "for other reasons"))
        yield "<h3>Why files are not marked</h3>\n"
        yield table("Files by reason", ["files", "reason"], rows, ["n", "words"])


def _came(
    classroom: Sequence[Standing], exercise: str | None, label: str
) -> tuple[Html, ...]:
    """Return a row of how many learners have handed in an exercise."""
    came = [
        (one, files)
        for one in classroom
        if (files := [r for r in one.results if exercise_of(r) == exercise])
    ]
    marked = sum(exercise in one.counting for one, _ in came)
    late = {
        one.name
        for one, result in attention.late(classroom)
        if exercise_of(result) == exercise
    }
    several = sum(len(files) > 1 for _, files in came)
    numbers = (len(came), marked, len(came) - marked, len(late), several)
    return text(label), *map(number, numbers)


def _attention(
    classroom: Sequence[Standing], results: Sequence[Result], groups: Sequence[Group]
) -> Iterator[Html]:
    """Name learners whom a person should look at."""
    yield '<h2 id="look">Whom to look at</h2>\n'
    folder = _folder_of([result.file for result in results])
    nothing = [one.name for one in classroom if not one.results]
    if not groups and not nothing:
        yield "<p>Nobody.</p>\n"
    elif folder and groups:
        yield f"<p>Files are in <code>{text(folder)}</code>.</p>\n"
    for group in groups:
        rows = [
            (
                text(look.learner),
                text(look.exercise),
                text(cut(look.words)),
                text(look.file.removeprefix(folder)).replace("/", "/<wbr>"),
            )
            for look in _gathered(group)
        ]
        heads, classes = (
            ["learner", "exercise", "what", "file"],
            ["", "", "words", "file"],
        )
        people = len({look.learner for look in group.looks})
        inside = table(group.why, heads, rows, classes, "look")
        yield _group(group.title, people, inside, folded=not group.urgent)
    if nothing:
        names = "".join(f"<li>{text(name)}</li>\n" for name in nothing)
        inside = f"<ul>\n{names}</ul>\n"
        yield _group("Handed in nothing", len(nothing), inside, folded=True)


def _gathered(group: Group) -> list[Look]:
    """Return what has a line; many whom one remedy helps have one line together."""
    by_words: dict[tuple[str, str], list[Look]] = {}
    for look in group.looks:
        by_words.setdefault((look.exercise, look.words), []).append(look)
    many = [
        Look(f"{len(looks)} notebooks", *key, "")
        for key, looks in by_words.items()
        if group.one_cause and len(looks) > MOST_ALIKE
    ]
    gathered = {look[1:3] for look in many}
    return [*many, *(look for look in group.looks if look[1:3] not in gathered)]


def _group(title: str, people: int, inside: Html, *, folded: bool) -> Html:
    heading = f"<h3>{text(title)} ({people})</h3>"
    if folded:
        return f"<details>\n<summary>{heading}</summary>\n{inside}</details>\n"
    return f"{heading}\n{inside}"


def _folder_of(files: Sequence[str]) -> str:
    """Return what the paths of all files begin with."""
    start = os.path.commonprefix(files)  # noqa: RUF071 - it is cut at a separator below
    return start[: max(start.rfind("/"), start.rfind(os.sep)) + 1]
