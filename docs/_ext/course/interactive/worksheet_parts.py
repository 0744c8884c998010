"""The worksheet on its page, in four parts that `worksheet.js` brings to life.

``{worksheet}`` is its head, with the given numbers and buttons, and the strip of marks, which
stays in sight from there to the end of the page. ``{boxes}`` are those of one answer; its content
is the cell that the notebook has for it. ``{landing}`` plays the update.
"""

from docutils import nodes
from sphinx.application import Sphinx

from course.interactive import Interactive, interactive
from course.words import N_, _

CELL = N_("The notebook’s cell")
OWN_CELL = N_("The notebook’s cell, with the exercise’s own numbers")
"""Names of the fold that holds a cell of the notebook."""


class Worksheet(Interactive):
    """The directive for the head and the strip."""

    def run(self) -> list[nodes.Node]:
        """Return both; the strip is moved when the whole page is there."""
        return [*super().run(), interactive("", part="strip")]


class Boxes(Interactive):
    """The directive for the boxes of one answer."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the boxes and, folded, the notebook's cell."""
        (boxes,) = super().run()
        assert isinstance(boxes, interactive)  # noqa: S101 - it was made so
        boxes["step"] = self.arguments[0]
        code = "\n".join(self.content)
        begin = f'<details class="fold cell-of-notebook"><summary>{_(CELL)}</summary>'
        return [
            boxes,
            nodes.raw("", begin, format="html"),
            nodes.literal_block(code, code, language="python"),
            nodes.raw("", "</details>", format="html"),
        ]


def let_strip_stay(_app: Sphinx, doctree: nodes.document) -> None:
    """Put the strip after its section, because it stays in sight only within its parent."""
    for strip in [n for n in doctree.findall(interactive) if n["part"] == "strip"]:
        section = strip.parent
        if isinstance(section.parent, nodes.section):
            section.remove(strip)
            section.parent.insert(section.parent.index(section) + 1, strip)


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("worksheet", Worksheet)
    app.add_directive("boxes", Boxes)
    app.add_directive("landing", Interactive)
    app.connect("doctree-read", let_strip_stay)
