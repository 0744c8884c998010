"""The sidebar: short titles, and beside lessons and exercises room for a reader's progress.

The marks themselves come from `every_page.js`, because what a reader has done is known to the
browser alone; the build knows how much there is to do.
"""

import re
from collections.abc import Callable
from html import escape
from posixpath import dirname, join, normpath
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from course.checkpoints import checkpoint
from course.events import AFTER_OTHERS
from course.sources import CARRIED, EXERCISES
from course.words import _, translated
from mlp_exercise.submission.mark import PART_ONE

WORDS = {
    "read": "read",
    "checkpoints": {
        "one": "{done} of {most} checkpoint",
        "other": "{done} of {most} checkpoints",
    },
    "points": "{done} of {most} points",
    "kept": "Your progress is kept in this browser, and nowhere else.",
    "forget": "Forget my progress",
    "forgotten": "Forgotten, answers too. Nothing was ever sent anywhere.",
    "undo": "Undo",
}
"""What is said of progress; the program replaces the names in braces."""

ENTRY = re.compile(
    r'(?P<link><a class="[^"]*" href="(?P<address>[^"]*)">)(?P<title>.*?)</a>'
)
TOGGLE = re.compile(r"Toggle navigation of (?P<page>[^<\"]*)")
"""What the theme has in English alone."""

SHORTER: dict[str, str | Callable[[re.Match[str]], str]] = {
    r"^[^\d,:]*(\d+): ": r'<span class="number">\1</span> ',
    r"^[^\d,:]*\d+, (\w)([^:]*: )": lambda match: match[1].upper() + match[2],
}
"""What the captions "Lessons" and "Exercises" say already."""


def count(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Count the checkpoints of every page; each page shows them all, so all are outdated then."""
    found = {
        docname: len([*env.get_doctree(docname).findall(checkpoint)])
        for docname in sorted(env.found_docs)
        if docname.partition("/")[0] in (CARRIED, EXERCISES)
    }
    before = getattr(env, "course_checkpoints", None)
    env.course_checkpoints = found  # type: ignore[attr-defined]  # ours
    return [] if found == before else sorted(env.found_docs)


def ticks(env: BuildEnvironment, docname: str) -> str:
    """Return the place for the marks of a page, or nothing where there is nothing to mark."""
    most = env.course_checkpoints.get(docname)  # type: ignore[attr-defined]  # ours
    if most is None:
        return ""
    points = ""
    if docname == f"{EXERCISES}/{PART_ONE.name}":
        points = f' data-points="{PART_ONE.max_points:g}"'
    return (
        f'<span class="ticks with-script" data-page="{escape(docname)}" '
        f'data-checkpoints="{most}"{points}></span>'
    )


def change(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Change the entries of the sidebar, and tell the templates the words of progress."""
    context["progress"] = translated(WORDS)

    def entry(match: re.Match[str]) -> str:
        title = match["title"]
        for long, short in SHORTER.items():
            title = re.sub(long, short, title)
        place = join(dirname(pagename), match["address"])
        docname = pagename if match["address"] == "#" else normpath(place)
        marks = ticks(app.env, docname.removesuffix(".html"))
        return f"{match['link']}{title}{marks}</a>"

    if tree := context.get("furo_navigation_tree"):
        tree = TOGGLE.sub(
            lambda match: escape(_("Toggle navigation of {page}")).format(
                page=match["page"]  # as HTML already
            ),
            tree,
        )
        context["furo_navigation_tree"] = ENTRY.sub(entry, tree)


def setup(app: Sphinx) -> None:
    """Connect both to Sphinx's events."""
    app.connect("env-updated", count)
    app.connect("html-page-context", change, AFTER_OTHERS)
