"""A table in a page: its numbers stand in line, and where it is too wide it scrolls alone."""

from collections.abc import Iterable, Sequence

from mlp_exercise.classroom.page import Html, text

LONGEST = 200
"""Characters that are shown of what somebody else has written."""

STYLE = """\
.wide { overflow-x: auto; margin: .5rem 0 1rem; }
.wide:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
caption { max-width: calc(100vw - 2rem); padding-bottom: .25rem; color: var(--soft);
  text-align: left; }
th, td { padding: .25rem 0 .25rem 1.25rem; border-bottom: 1px solid var(--line);
  font-weight: normal; text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--soft); vertical-align: bottom; }
.n { text-align: right; white-space: nowrap; }
.zero { color: var(--soft); }
.words { overflow-wrap: anywhere; min-width: 6rem; max-width: 30rem; }
code, .file { font: .8125rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 30rem) { th, td { padding-left: .6rem; } }
@media print {
  .wide { overflow: visible; }
  tr { break-inside: avoid; }
  caption, thead { break-after: avoid; }
  tbody tr:first-child { break-before: avoid; }
}
"""


def table(
    title: str,
    heads: Sequence[Html],
    rows: Iterable[Sequence[Html]],
    classes: Sequence[str],
    kind: str = "",
) -> Html:
    """Return a table; `classes` are those of its columns, "n" for numbers."""
    named = [f' class="{each}"' if each else "" for each in classes]
    head = "".join(
        f'<th scope="col"{kind if kind == NUMBER else ""}>{cell}</th>'
        for kind, cell in zip(named, heads, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row"{named[0]}>{first}</th>'
        + "".join(
            f"<td{kind}>{cell}</td>"
            for kind, cell in zip(named[1:], others, strict=True)
        )
        + "</tr>\n"
        for first, *others in rows
    )
    of_kind = f' class="{kind}"' if kind else ""
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{text(title)}">\n'
        f"<table{of_kind}>\n<caption>{text(title)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )


NUMBER = ' class="n"'
"""A column of numbers has its head above them."""


def number(count: int) -> Html:
    """Return a count; none at all steps back."""
    return str(count) if count else '<span class="zero">0</span>'


def cut(words: str) -> str:
    """Return the beginning of what may be long."""
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
