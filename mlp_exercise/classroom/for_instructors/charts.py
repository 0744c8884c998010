"""Pictures of a class as SVG in a page: they need no colour, and shrink to a phone.

Widths are shares of the page and heights are pixels, so that text keeps its size.
"""

from collections.abc import Mapping
from typing import get_args

from mlp_exercise.check import Verdict
from mlp_exercise.classroom.for_instructors.counts import Distribution
from mlp_exercise.classroom.page import Html, text

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""From left to right in a bar; the first two are paid."""

STYLE = """\
:root { --paid: #1d5c96; --follows: #b9d4ec; --lost: #c2410c; --lost-back: #fbdccb;
  --gone: #6b7480; }
@media (prefers-color-scheme: dark) { :root { --paid: #6cb0f0; --follows: #1f3a56;
  --lost: #ff9a66; --lost-back: #4a2413; --gone: #98a2ad; } }
@media print { :root { --paid: #1d5c96; --follows: #d5e6f5; --lost: #c2410c;
  --lost-back: #fff; --gone: #555; } }
svg { display: block; width: 100%; overflow: visible; }
svg text { font-size: 11px; fill: var(--fore); text-anchor: middle;
  font-variant-numeric: tabular-nums; }
.line { stroke: var(--soft); stroke-width: 1; }
.hist rect { fill: var(--paid); }
.hist .mark path { fill: var(--fore); }
.hist .first { text-anchor: start; }
.hist .last { text-anchor: end; }
.many text { font-size: 10px; }
.bar rect { stroke: var(--fore); stroke-width: .75; }
.defs { position: absolute; width: 0; height: 0; }
.correct { fill: var(--paid); }
.follow-through { fill: url(#follows); }
.wrong { fill: url(#wrong); }
.missing { fill: var(--back); }
.blocked { fill: url(#blocked); }
.timed-out { fill: url(#timed-out); }
.key { display: inline-block; width: 1.5rem; height: .75rem; vertical-align: -.05rem; }
@media print { svg text { font-size: 9px; } }
@media (max-width: 40rem) { .many .count { display: none; } }
"""

PATTERNS: Html = """\
<svg class="defs" aria-hidden="true"><defs>
<pattern id="follows" width="6" height="6" patternUnits="userSpaceOnUse">\
<rect width="6" height="6" style="fill: var(--follows)"/>\
<path d="M0 6L6 0M-1 1L1-1M5 7L7 5" style="stroke: var(--paid)"/></pattern>
<pattern id="wrong" width="5" height="5" patternUnits="userSpaceOnUse">\
<rect width="5" height="5" style="fill: var(--lost-back)"/>\
<path d="M0 0L5 5M-1 4L1 6M4-1L6 1" style="stroke: var(--lost); stroke-width: 2.2"/></pattern>
<pattern id="blocked" width="5" height="5" patternUnits="userSpaceOnUse">\
<circle cx="2.5" cy="2.5" r="1.1" style="fill: var(--gone)"/></pattern>
<pattern id="timed-out" width="4" height="4" patternUnits="userSpaceOnUse">\
<path d="M1 0V4" style="stroke: var(--fore); stroke-width: 1.5"/></pattern>
</defs></svg>
"""
"""How parts of a bar differ, whoever sees no colours; once on a page."""

LABELS = 11
"""So many bins are labelled at most."""

MANY = 21
"""With more bins than these, a phone has no room for their counts."""

TOP, BARS = 16, 96
"""Pixels above bars, for the count of the highest, and the height of that."""


def histogram(spread: Distribution, name: str) -> Html:
    """Draw how points are distributed: a bar for each bin, its count, and the median."""
    bins = spread.bins
    base, wide, most = TOP + BARS, 100 / len(bins), max(bins.values())
    label_each = next(k for k in (1, 2, 4, 8, 20, 100) if len(bins) <= k * LABELS)
    parts = [
        f'<svg class="hist{" many" * (len(bins) > MANY)}" height="{base + 36}" role="img" '
        f'aria-labelledby="{name}-title {name}-numbers">'
        f'<title id="{name}-title">Learners by points</title>'
        f'<desc id="{name}-numbers">{_described(bins)}</desc>'
    ]
    for place, (points, count) in enumerate(bins.items()):
        left, middle = place * wide, (place + 0.5) * wide
        if count:
            high = max(BARS * count / most, 1.5)
            parts.append(
                f'<rect x="{left + wide / 12:.3f}%" y="{base - high:.2f}" '
                f'width="{wide * 5 / 6:.3f}%" height="{high:.2f}"/>'
                f'<text class="count" x="{middle:.3f}%" y="{base - high - 4:.2f}">'
                f"{count}</text>"
            )
        if place % label_each == 0:
            parts.append(f'<text x="{middle:.3f}%" y="{base + 14}">{points:g}</text>')
    parts.append(f'<line class="line" x2="100%" y1="{base}" y2="{base}"/>')
    at = (min(spread.median / spread.width, len(bins) - 1) + 0.5) * wide
    side = ' class="first"' if at < 20 else ' class="last"' if at > 80 else ""
    shift = {' class="first"': 8, ' class="last"': -8}.get(side, 0)
    down = 0 if side else 8
    parts.append(
        f'<svg class="mark" x="{at:.3f}%" y="{base + 18}" width="1" height="1">'
        f'<path d="M-4.5 8H4.5L0 0z"/><text{side} x="{shift}" y="{9 + down}">'
        f"median {spread.median:g}</text></svg></svg>\n"
    )
    return "".join(parts)


def stacked(counts: Mapping[Verdict, int]) -> Html:
    """Draw what share of answers got which verdict; the numbers have to stand beside it."""
    whole, at, parts = sum(counts.values()), 0, []
    for verdict in VERDICTS:
        if count := counts.get(verdict, 0):
            parts.append(
                f'<rect class="{verdict}" x="{100 * at / whole:.3f}%" height="14" '
                f'width="{100 * count / whole:.3f}%"/>'
            )
        at += count
    return f'<svg class="bar" height="14" aria-hidden="true">{"".join(parts)}</svg>'


def key(verdict: Verdict) -> Html:
    """Draw how a verdict looks in a bar."""
    return (
        '<svg class="bar key" aria-hidden="true">'
        f'<rect class="{verdict}" width="100%" height="100%"/></svg>'
    )


def _described(bins: Mapping[float, int]) -> Html:
    return text("; ".join(f"{p:g} points: {n}" for p, n in bins.items() if n))
