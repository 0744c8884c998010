"""Translate what stands within a line of MyST: roles, links, numbers that cells have glued."""

import posixpath
import re
from collections.abc import Callable, Iterator

from myst_nb.core.variables import format_plain_text
from nbformat import NotebookNode
from sphinx.errors import ExtensionError

from course.sources import Page

GLUE = "application/papermill.record/text/plain"
INLINE = re.compile(
    r"\{(?P<role>[\w:+-]+)\}`(?P<content>[^`]+)`"
    r"|(?P<verbatim>(?P<ticks>`+).+?(?P=ticks)|\$[^$]+\$)"
    r"|(?P<picture>!?)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)"
    r"|(?P<unknown>\{[\w:+-]+\}``|\[\]\(|\[\^\w+\]|^: |<project:)"
)
EQUATION_LABEL = re.compile(r"(?P<formula>.*)\$\$[ \t]*\((?P<label>[\w:-]+)\)\s*")


class Inline:
    """Translates the lines of one lesson.

    Parameters
    ----------
    page : Page
        The lesson.
    executed : NotebookNode
        Its cells with outputs.
    base_address : str
        Address of the site, or an empty string: then links to other pages become their text.

    Attributes
    ----------
    line : int
        Where the cell at hand begins in the lesson, for messages.
    equations : dict of str to int
        The number of each labelled equation.
    """

    def __init__(self, page: Page, executed: NotebookNode, base_address: str) -> None:
        self.page, self.base_address = page, base_address.rstrip("/")
        self.line = 0
        self.glued = dict(_glued(executed))
        text = "\n".join(cell.source for cell in page.notebook.cells)
        numbered = map(EQUATION_LABEL.fullmatch, text.splitlines())
        labels = [match["label"] for match in numbered if match]
        self.equations = {label: number for number, label in enumerate(labels, start=1)}

    def translate(self, line: str) -> str:
        """Translate the roles and links of a line.

        Parameters
        ----------
        line : str
            MyST.

        Returns
        -------
        str
            Markdown.

        Raises
        ------
        ExtensionError
            If a role, a number or a picture has no plain form.
        """
        return INLINE.sub(self._part, line)

    def _part(self, match: re.Match[str]) -> str:
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
