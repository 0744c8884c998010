"""Translate the MyST of a lesson to Markdown that any notebook program shows well.

Only what lessons use is understood. Anything else stops the build, so that no reader
ever meets a directive in a downloaded notebook.
"""

import re
from collections.abc import Iterator
from html import escape

from nbformat import NotebookNode
from sphinx.errors import ExtensionError

from course.inline import EQUATION_LABEL, Inline
from course.source_directive import source_of
from course.sources import Page

ADMONITIONS = {
    "admonition": "",
    "note": "Note",
    "tip": "Tip",
    "hint": "Hint",
    "important": "Important",
    "warning": "Warning",
    "seealso": "See also",
}
FENCE = re.compile(r"(?P<fence>:{3,}|`{3,})\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*)")
LABEL = re.compile(r"\((?P<label>[\w-]+)\)=\s*")


class Translator:
    """Translates the Markdown cells of one lesson.

    Parameters
    ----------
    page : Page
        The lesson.
    executed : NotebookNode
        Its cells with outputs.
    base_address : str
        Address of the site, or an empty string: then links to other pages become their text.
    """

    def __init__(self, page: Page, executed: NotebookNode, base_address: str) -> None:
        self.page = page
        self.inline = Inline(page, executed, base_address)

    def plain(self, source: str, line: int = 0) -> str:
        """Translate one cell.

        Parameters
        ----------
        source : str
            MyST.
        line : int, optional
            Where it begins in the lesson, for messages.

        Returns
        -------
        str
            Markdown.

        Raises
        ------
        ExtensionError
            If a directive, role or number is not known.
        """
        self.inline.line = line
        return "\n".join(self._blocks(source.splitlines())).strip()

    def _blocks(self, lines: list[str]) -> Iterator[str]:
        rest = iter(lines)
        for line in rest:
            opening = FENCE.fullmatch(line.strip())
            if opening:
                body = list(_until_closed(rest, opening["fence"]))
                yield from self._directive(opening["name"], opening["argument"], body)
            elif line.strip().startswith("```"):
                yield line
                yield from _until_closed(rest, line.strip(), keep_closing=True)
            elif line.startswith("%") or LABEL.fullmatch(line):
                continue
            elif line.strip() == "$$":
                yield line
                for inner in _until_formula_ends(rest):
                    yield EQUATION_LABEL.sub(self._numbered, inner)
            elif numbered := EQUATION_LABEL.fullmatch(line):
                yield self._numbered(numbered)
            else:
                yield self.inline.translate(line)

    def _numbered(self, match: re.Match[str]) -> str:
        return rf"{match['formula']}\tag{{{self.inline.equations[match['label']]}}}$$"

    def _directive(self, name: str, argument: str, body: list[str]) -> Iterator[str]:
        if name == "page-only":
            return
        if name == "source":
            project = self.page.source.resolve().parents[1]
            try:
                code = "\n\n".join(source_of(w, project)[0] for w in argument.split())
            except LookupError as error:
                raise self.unknown(str(error)) from error
            yield f"```python\n{code}\n```"
        elif name in ADMONITIONS:
            options, content = _split_options(body)
            title = (
                self.inline.translate(argument)
                if name == "admonition"
                else ADMONITIONS[name]
            )
            if name != "admonition" and argument:
                content.insert(0, argument)
            blocks = list(self._blocks(content))
            if options.get("collapsible") == "closed":
                yield f"<details><summary>{_html(title)}</summary>\n"
                yield from blocks
                yield "\n</details>"
            else:
                yield f"> **{title}**\n>"
                yield from (
                    f"> {line}".rstrip()
                    for block in blocks
                    for line in block.split("\n")
                )
        else:
            raise self.unknown(f"the directive {{{name}}}")

    def unknown(self, what: str, line: int | None = None) -> ExtensionError:
        """Say where something stands that cannot be translated: in this cell, unless said."""
        if line is not None:
            self.inline.line = line
        return self.inline.unknown(what)


def _until_closed(
    lines: Iterator[str], fence: str, *, keep_closing: bool = False
) -> Iterator[str]:
    closing = re.match(r":+|`+", fence)
    for line in lines:
        if closing and line.strip() == closing[0]:
            if keep_closing:
                yield line
            return
        yield line


def _until_formula_ends(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if line.strip().startswith("$$") or line.rstrip().endswith("$$"):
            return


def _split_options(body: list[str]) -> tuple[dict[str, str], list[str]]:
    options = {}
    while body and (match := re.fullmatch(r":([\w-]+):\s*(.*)", body[0].strip())):
        options[match[1]] = match[2]
        body = body[1:]
    return options, body


def _html(title: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(title, quote=False))
