"""How the exercise went, as sections of a page: points, step by step, mistakes with a name."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.for_instructors import charts, counts
from mlp_exercise.classroom.for_instructors.counts import Distribution, Slip
from mlp_exercise.classroom.for_instructors.page_tables import cut, number, table
from mlp_exercise.classroom.for_learners.sections import SECTIONS
from mlp_exercise.classroom.page import Html, prose, text
from mlp_exercise.classroom.standing import LABELS, MAX_POINTS, Standing

MOST_SLIPS = 15
"""Mistakes of an exercise that have a row."""

MOST_STEPS = 3
"""Steps that are named of a mistake that was made at several."""

STYLE = """\
.charts { display: grid; gap: 1.5rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
figure { margin: 0; min-width: 0; }
figure.whole { grid-column: 1 / -1; }
figcaption { margin-bottom: .5rem; color: var(--soft); font-size: .875rem; }
figcaption b { color: var(--fore); }
figure summary { color: var(--soft); font-size: .875rem; }
.steps { width: 100%; }
.steps th, .steps td { padding-left: .75rem; }
.steps thead th { width: 3.75rem; }
.steps th:first-child { width: auto; min-width: 9.5rem; padding-left: 0; }
.step { display: grid; grid-template-columns: 9.5rem 1fr; align-items: center; gap: .75rem; }
.slips { width: 100%; }
.slips .words { max-width: none; }
.slips th:first-child { width: 3.5rem; }
.what { display: grid; grid-template-columns: 8.5rem 1fr 22.5rem; gap: 0 1.25rem; }
.what b { font-weight: normal; }
.what span + span + span { color: var(--soft); }
.hard { font-weight: 600; }
@media (max-width: 50rem) {
  .step, .what { display: block; }
  .what span { display: block; }
  .what b { font-weight: 600; }
  .steps th:first-child { position: sticky; left: 0; background: var(--back); }
}
@media print {
  .charts { grid-template-columns: repeat(3, 1fr); gap: 1rem; }
  figure, .steps, .slips { break-inside: avoid; }
  figure details { display: none; }
  .step { display: grid; grid-template-columns: 8.5rem 1fr; }
  .steps thead th { width: 2.9rem; }
  .steps th, .steps td { padding-left: .5rem; font-size: 8.5pt; }
  .what { display: grid; grid-template-columns: 8rem 1fr 17.5rem; font-size: 8.5pt; }
  .steps th:first-child { position: static; }
}
"""


class Part(NamedTuple):
    """An exercise, and the marked notebooks of it that count, one for each learner."""

    name: str
    counting: Sequence[Result]

    @property
    def label(self) -> str:
        """Return what stands for it in tables."""
        return LABELS[self.name]

    @property
    def learners(self) -> str:
        """Return how many learners it is about."""
        return _learners(len(self.counting))


def total(classroom: Iterable[Standing], parts: Sequence[Part]) -> Distribution:
    """Return how the points of all exercises are distributed, of learners with any marks."""
    points = [one.total for one in classroom if one.counting]
    most = sum(MAX_POINTS[part.name] for part in parts)
    width = min(counts.distribution(part.counting).width for part in parts)
    return Distribution(points, most, width)


def points(classroom: Sequence[Standing], parts: Sequence[Part]) -> Iterator[Html]:
    """Show how points are distributed, in each exercise and in total."""
    yield '<h2>Points</h2>\n<div class="charts">\n'
    for part in parts:
        yield _figure(part.name, part.label, counts.distribution(part.counting))
    if len(parts) > 1:
        yield _figure("Total", "total", total(classroom, parts), ' class="whole"')
    yield "</div>\n"
    if lacking := sum(bool(one.counting and one.unmarked) for one in classroom):
        who = f"{_learners(lacking)} {'has' if lacking == 1 else 'have'}"
        yield (
            f'<p class="soft">{who} a file without marks beside a notebook with marks, '
            "so their points may not be all.</p>\n"
        )


def _figure(title: str, name: str, spread: Distribution, kind: str = "") -> Html:
    rows = [(f"{points:g}", number(count)) for points, count in spread.bins.items()]
    heads, named = ("points", "learners"), f"{title}: learners by points"
    return (
        f"<figure{kind}>\n<figcaption><b>{text(title)}</b><br>"
        f"{_learners(len(spread.points))}, mean {spread.mean:.2f} of {spread.most:g}"
        f"</figcaption>\n{charts.histogram(spread, name)}<details>"
        f"<summary>Numbers<span class=hidden> of {text(title)}</span></summary>\n"
        f"{table(named, heads, rows, ('n', 'n'))}</details>\n</figure>\n"
    )


def steps(parts: Iterable[Part]) -> Iterator[Html]:
    """Show what became of the answers to each step."""
    yield (
        "<h2>Step by step</h2>\n<p>Correct and follow-through are paid, all else is not. "
        "In each exercise, the step that cost points most often is bold.</p>\n"
    )
    verdicts = charts.VERDICTS
    heads = [f"{v.replace('-', '-<wbr>')}<br>{charts.key(v)}" for v in verdicts]
    for part in parts:
        found = counts.verdicts(part.counting)
        hardest = max(map(counts.share_lost, found.values()), default=0.0)
        rows = []
        for name, each in found.items():
            share = counts.share_lost(each)
            hard = ' class="hard"' if share == hardest > 0 else ""
            step = f"<span{hard}>{text(name)}</span>{charts.stacked(each)}"
            numbers = [number(each[verdict]) for verdict in verdicts]
            lost = f"<span{hard}>{share:.0%}</span>"
            rows.append((f'<div class="step">{step}</div>', lost, *numbers))
        title = f"Answers of {part.learners} in {part.name}"
        classes = ["", *["n"] * (1 + len(verdicts))]
        yield f"<h3>{text(part.name)}</h3>\n"
        yield table(title, ["step", "no points", *heads], rows, classes, "steps")


def slips(parts: Iterable[Part], site: str) -> Iterator[Html]:
    """Show which mistakes were made how often, and where the lessons explain what is right."""
    yield (
        "<h2>Mistakes with a name</h2>\n<p>What is known of wrong answers, "
        "with the section of the lesson that helps.</p>\n"
    )
    heads = ["learners", "mistake"]
    for part in parts:
        found = counts.slips(part.counting)
        without = counts.unnamed(part.counting)
        whole = without + sum(slip.answers for slip in found)
        rows = [(str(slip.learners), _what(slip, site)) for slip in found[:MOST_SLIPS]]
        told = f"{whole} wrong {'answer' if whole == 1 else 'answers'} in {part.name}"
        if without and found:
            told += f", {without} of them without a name"
        yield f"<h3>{text(part.name)}</h3>\n"
        if not rows:
            yield f"<p>{text(told)}{', none with a name' if whole else ''}.</p>\n"
            continue
        yield table(told, heads, rows, ["n", "words"], "slips")
        if others := found[MOST_SLIPS:]:
            times = _learners(others[0].learners)
            yield (
                f'<p class="soft">{len(others)} more {"was" if len(others) == 1 else "were"} '
                f"made by at most {times} each.</p>\n"
            )


def _steps_of(slip: Slip) -> Html:
    named = [text(step) for step in slip.steps]
    many = len(named) > MOST_STEPS
    return f"{len(named)} steps" if many else ", ".join(named)


def _what(slip: Slip, site: str) -> Html:
    """Return a mistake with names of code as code, and the section of the lesson."""
    words = prose(cut(slip.words))
    section = None if slip.words in counts.HABITS else SECTIONS.get(slip.steps[0])
    lesson, address = (
        (text(section.words), section.address(site)) if section else ("", "")
    )
    link = f'<a href="{text(address)}">{lesson}</a>' if address else lesson
    parts = [f"<b>{_steps_of(slip)}</b>", words, *filter(None, [link])]
    return (
        f'<div class="what">{"".join(f"<span>{part}</span>" for part in parts)}</div>'
    )


def _learners(count: int) -> str:
    return "1 learner" if count == 1 else f"{count} learners"
