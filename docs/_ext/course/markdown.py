"""Translate the MyST of a lesson to Markdown that any notebook program shows well.

Only what lessons use is understood. Anything else stops the build, so that no reader
ever meets a directive in a downloaded notebook.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from html import escape

from myst_nb.core.variables import format_plain_text
from nbformat import NotebookNode
from sphinx.errors import ExtensionError

from course.source_directive import source_of
from course.sources import Page

GLUE = "application/papermill.record/text/plain"
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
INLINE = re.compile(
    r"\{(?P<role>[\w:+-]+)\}`(?P<content>[^`]+)`"
    r"|(?P<verbatim>(?P<ticks>`+).+?(?P=ticks)|\$[^$]+\$)"
    r"|(?P<picture>!?)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)"
    r"|(?P<unknown>\{[\w:+-]+\}``|\[\]\(|\[\^\w+\]|^: |<project:)"
)
LABEL = re.compile(r"\((?P<label>[\w-]+)\)=\s*")
EQUATION_LABEL = re.compile(r"(?P<formula>.*)\$\$[ \t]*\((?P<label>[\w:-]+)\)\s*")


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
        self.page, self.base_address = page, base_address.rstrip("/")
        self.line = 0
        self.glued = dict(_glued(executed))
        text = "\n".join(cell.source for cell in page.notebook.cells)
        numbered = map(EQUATION_LABEL.fullmatch, text.splitlines())
        labels = [match["label"] for match in numbered if match]
        self.equations = {label: number for number, label in enumerate(labels, start=1)}

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
        self.line = line
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
                yield self._inline(line)

    def _numbered(self, match: re.Match[str]) -> str:
        return rf"{match['formula']}\tag{{{self.equations[match['label']]}}}$$"

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
                self._inline(argument) if name == "admonition" else ADMONITIONS[name]
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

    def _inline(self, line: str) -> str:
        return INLINE.sub(self._inline_part, line)

    def _inline_part(self, match: re.Match[str]) -> str:
        if match["verbatim"]:
            return match[0]
        if match["role"]:
            return self._role(match["role"], match["content"])
        if match["unknown"]:
            raise self.unknown(match["unknown"])
        if match["picture"]:
            raise self.unknown("a picture from a file")
        return self._link(match)

    def _role(self, name: str, content: str) -> str:
        title, explicit, _ = content.partition(" <")
        text = title if explicit or title[0] != "~" else title.rpartition(".")[2]
        roles: dict[str, Callable[[], str]] = {
            "glue:text": lambda: self._number(content),
            "eq": lambda: f"({self.equations[content]})",
            "term": lambda: text,
            "doc": lambda: text,
            "ref": lambda: text,
            "py:func": lambda: f"`{text}`",
            "py:class": lambda: f"`{text}`",
            "py:mod": lambda: f"`{text}`",
        }
        if name not in roles:
            raise self.unknown(f"the role {{{name}}}")
        try:
            return roles[name]()
        except KeyError as error:
            raise self.unknown(f"{{{name}}}`{content}`") from error

    def _number(self, content: str) -> str:
        key, _, spec = content.partition(":")
        number: str = format_plain_text(self.glued[key], spec)
        return number

    def _link(self, match: re.Match[str]) -> str:
        text, target = match["text"], match["target"]
        if re.match(r"[a-z]+:", target):
            return match[0]
        if not self.base_address:
            return text
        path, _, anchor = target.partition("#")
        folder = posixpath.dirname(self.page.docname)
        path = (
            posixpath.normpath(posixpath.join(folder, path))
            if path
            else self.page.docname
        )
        address = f"{self.base_address}/{path.removesuffix('.md')}.html"
        return f"[{text}]({address}{'#' + anchor if anchor else ''})"

    def unknown(self, what: str) -> ExtensionError:
        """Say where something stands that cannot be translated."""
        return ExtensionError(
            f"{self.page.source.name}, cell that begins on line {self.line + 1}: "
            f"{what} has no plain form for the downloaded notebook"
        )


def _glued(executed: NotebookNode) -> Iterator[tuple[str, str]]:
    for cell in executed.cells:
        for output in cell.get("outputs", ()):
            record = output.get("metadata", {}).get("scrapbook", {})
            if "name" in record:
                yield (
                    record["name"],
                    output["data"].get(GLUE, output["data"].get("text/plain", "")),
                )


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
