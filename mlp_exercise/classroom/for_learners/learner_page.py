"""The page of one learner about what was handed in at one place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_learners import advice
from mlp_exercise.classroom.for_learners.advice import Told
from mlp_exercise.classroom.for_learners.own_code import content_of, own_code
from mlp_exercise.classroom.for_learners.returned import Delivery
from mlp_exercise.classroom.page import Html, page, prose, text
from mlp_exercise.classroom.standing import (
    EXERCISE_NAMES,
    MAX_POINTS,
    exercise_of,
    marked,
    standing_of,
)
from mlp_exercise.values import Plain

MARK = '<main data-page="feedback">'
"""By this line a page is known again, so that a later one may take its place."""

LONGEST_NAME = 150
"""Letters of a learner's or a file's name that are shown."""

STYLE = """\
body { overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0 .25rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.5rem 0 .25rem; padding-top: 1rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; font-weight: 400; }
h3 code { font-weight: 700; }
p { margin: .35rem 0; }
a { color: var(--accent); }
code, pre { font: .9em/1.45 ui-monospace, Consolas, monospace; }
.about, .verdict, .points { color: var(--soft); }
.begin { margin: 1.25rem 0; padding: .75rem 1rem; background: var(--panel);
  border-left: 4px solid var(--accent); border-radius: 0 6px 6px 0; }
.begin h2 { font-size: 1rem; margin: 0; padding: 0; border: 0; }
.begin ol { margin: .35rem 0 0; padding-left: 1.4rem; }
.begin li { padding: .15rem 0; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .3rem 1rem .3rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { text-align: right; padding-right: 0; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
tbody th { font-weight: 400; }
tfoot th, tfoot td { font-weight: 700; border-bottom: 0; }
.step { padding: .6rem 0 .6rem .9rem; margin: .5rem 0; border-left: 4px solid var(--line); }
.right { border-left-color: var(--good); padding-block: .1rem; }
.open { border-left-color: var(--bad); }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
.head p { margin: 0; }
.right .sign { color: var(--good); }
.open .sign { color: var(--bad); }
mark { color: inherit; background: none; border-bottom: 2px dashed var(--bad); }
pre { margin: .35rem 0; padding: .5rem .75rem; background: var(--panel); border-radius: 6px;
  white-space: pre-wrap; tab-size: 4; }
summary { cursor: pointer; padding: .15rem 0; color: var(--soft); width: fit-content; }
@media print { @page { margin: 15mm; }
  html { font-size: 9pt; }
  body { max-width: none; padding: 0; line-height: 1.35; }
  h1 { margin-top: 0; } h2 { margin-top: 1.25rem; padding-top: .5rem; }
  h1, h2, h3, .head { break-after: avoid; }
  .step, .begin, table { break-inside: avoid; }
  .begin { border-left-width: 2px; }
  .step { margin: .3rem 0; padding-block: .1rem; border-left: 1px solid var(--line); }
  .open { border-left: 3px solid var(--soft); }
  details { display: none; } p { margin: .15rem 0; } pre { margin: .1rem 0; padding: 0; }
  a { color: inherit; text-decoration: none; } }
"""
"""Quiet: what is right takes one line or two, what is open has room."""


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


def learner_page(
    delivery: Delivery, *, expected: bool, site: str = "", best: bool = False
) -> str:
    """Return the page."""
    parts = parts_of(delivery, expected=expected, best=best)
    learner = name(delivery.standing.name)
    body = [
        MARK,
        f'<h1>Feedback for <bdi dir="auto">{text(learner)}</bdi></h1>',
        *_overview(parts, delivery.lacks),
        *_begin(parts, delivery.lacks),
    ]
    if any(one.verdict == advice.VERDICTS["follow-through"] for one in _all(parts)):
        body.append(f'<p class="about">{text(advice.FOLLOWS)}</p>')
    for number, part in enumerate(parts):
        body += _part(number, part, site, best=best)
    body.append("</main>\n")
    return page(f"Feedback for {learner}", STYLE, "\n".join(body))


def name(whole: str) -> str:
    """Return a name as it is shown; a path ends at its last name, as the rest is nobody's."""
    last = PurePath(whole).name or whole
    return last if len(last) <= LONGEST_NAME else f"{last[:LONGEST_NAME]}…"


def reason(result: Result) -> str:
    """Return why a file has no marks, without the folders of the one who marks."""
    why = str(result.reason)
    for path in (result.file, result.path):
        if len(PurePath(path).parts) > 1:
            why = why.replace(path, name(path))
    return why


def _all(parts: Iterable[Part]) -> Iterator[Told]:
    return (one for part in parts for one in part.told)


def _title(part: Part) -> str:
    return (
        advice.title_of(part.exercise) if part.exercise else "What else was handed in"
    )


def _overview(parts: Iterable[Part], lacks: Sequence[str]) -> Iterator[Html]:
    """Yield the points of each part; what is not known yet is told as that."""
    missed = "nothing was handed in"
    yield "<table>"
    yield '<thead><tr><th scope="col">Exercise</th><th scope="col">Points</th></tr></thead>'
    yield "<tbody>"
    reached = most = count = 0.0
    for part in parts:
        if part.result and part.counts:
            sheet = part.result.sheet
            said = f"{sheet.points:g} of {sheet.max_points:g}"
            reached, most = reached + sheet.points, most + sheet.max_points
            count += 1
        else:
            said = "no marks yet" if not part.result else "does not count"
        yield f'<tr><th scope="row">{text(_title(part))}</th><td>{said}</td></tr>'
    for exercise in lacks:
        title, most = advice.title_of(exercise), most + MAX_POINTS[exercise]
        yield f'<tr><th scope="row">{text(title)}</th><td>{missed}</td></tr>'
    yield "</tbody>"
    if count and count + len(lacks) > 1:
        total = f"{reached:g} of {most:g}"
        yield f'<tfoot><tr><th scope="row">Together</th><td>{total}</td></tr></tfoot>'
    yield "</table>"


def _begin(parts: list[Part], lacks: Sequence[str]) -> Iterator[Html]:
    """Yield what to look at first."""
    items = (
        item
        for part in parts
        if part.result
        for item in advice.begin(part.result, part.told)
    )
    begin = list(islice(items, advice.FIRST_STEPS))
    if not begin:
        if parts and all(part.told and not part.without for part in parts):
            what = "that you have handed in " if lacks else ""
            yield f'<p class="begin">Everything {what}is right. There is nothing to mend.</p>'
        return
    yield '<section class="begin" aria-labelledby="begin">'
    yield '<h2 id="begin">Begin here</h2>\n<ol>'
    for step, words in begin:
        link = (
            f'<a href="#{text(step)}"><code>{text(step)}</code></a>: ' if step else ""
        )
        yield f"<li>{link}{prose(words)}</li>"
    yield "</ol>\n</section>"


def _part(number: int, part: Part, site: str, *, best: bool) -> Iterator[Html]:
    yield f'<section aria-labelledby="part-{number}">'
    yield f'<h2 id="part-{number}">{text(_title(part))}</h2>'
    if part.result:
        yield f'<p class="about">{text(" ".join(_about(part, part.result, best=best)))}</p>'
        yield f"<p>{text(advice.count(part.told))}</p>"
        for remark in advice.remarks(part.result):
            yield f"<p>{text(remark)}</p>"
        code = own_code(part.result, content_of(part.result))
        for one in part.told:
            yield from _step(one, code, site)
    for file, result in part.without:
        yield f"<p>{text(_without_marks(file, result))}</p>"
    yield "</section>"


def _about(part: Part, result: Result, *, best: bool) -> Iterator[str]:
    """Yield which notebook this is about, and whether it counts."""
    dated = ""
    if result.when:
        when = result.when
        # Where a platform tells no zone, its own is not known.
        clock = "UTC or by your platform's clock"
        dated = f", dated {when.day} {when:%B %Y, %H:%M} ({clock})"
    yield f"{name(part.file)}{dated}."
    if not part.counts:
        yield "For your points, another notebook of yours counts."
    elif part.others > 0:
        which = "best" if best else "last"
        yield f"It is the {which} of {part.others + 1} that you handed in, and counts."
    if result.late:
        yield "It came late; the points on this page do not take that into account."


def _step(one: Told, code: Mapping[str, str], site: str) -> Iterator[Html]:
    state = "right" if one.is_paid else "open"
    yield f'<article class="step {state}" id="{text(one.name)}">'
    yield f'<div class="head"><h3><code>{text(one.name)}</code> {text(one.title)}</h3>'
    sign = f'<span class="sign" aria-hidden="true">{one.sign}</span>'
    yield f'<p class="verdict">{sign} {text(one.verdict)}, {text(one.points)}</p></div>'
    if one.hint:
        yield f"<p>{prose(one.hint)}</p>"
    if one.value is not None:
        yield f"<p>Your answer: <code>{_value(one)}</code></p>"
    if one.name in code:
        shown = f"<pre><code>{text(code[one.name])}</code></pre>"
        if one.is_paid:
            yield f"<details><summary>Your code</summary>{shown}</details>"
        else:
            yield f"<p>Your code:</p>\n{shown}"
    if one.expected:
        yield f"<p>Expected: <code>{text(one.expected)}</code></p>"
    if one.working:
        yield f"<p>{text(one.way)}</p>"
        yield f"<pre><code>{text(chr(10).join(one.working))}</code></pre>"
    if one.section and not one.is_paid:
        where, address = text(one.section.words), one.section.address(site)
        linked = f'<a href="{text(address)}">{where}</a>' if address else where
        yield f"<p>Read again: {linked}.</p>"
    yield "</article>"


def _value(one: Told) -> Html:
    """Return the learner's answer, with the elements to look at again underlined."""
    whole = advice.shown(one.value)

    def part(value: Plain, place: str) -> Html:
        if isinstance(value, list):
            inner = (part(item, f"{place}[{n}]") for n, item in enumerate(value))
            return f"[{', '.join(inner)}]"
        shown = text(advice.shown(value))
        return f"<mark>{shown}</mark>" if place in one.elements else shown

    return part(one.value, one.name) if not whole.endswith("…") else text(whole)


def _without_marks(file: str, result: Result) -> str:
    """Say why a file has no marks, and what is to be done."""
    what = f"{name(file)}: {reason(result).rstrip('.')}."
    if result.status == "not marked":
        return f"{what} It could not be marked here; your instructor knows, and will see to it."
    return (
        f"{what} So there was nothing that could be marked. Open your notebook in Jupyter, "
        "save it, and hand in that file, or ask your instructor."
    )
