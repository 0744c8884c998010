"""Make Markdown stand on its own: links lead on, figures are inside, MyST is gone.

JupyterLab shows no SVG that is attached to a cell, and other programs no SVG address in
Markdown's own notation; an ``<img>`` that carries its picture is shown by all. What has no
plain form stops the build, so that no reader meets a directive in a notebook.
"""

import base64
import posixpath
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import NamedTuple

from mlp_exercise.handout.source import Block, SourceError, blocks, split_options
from mlp_reference.network_graph import symbolic_graph

FIGURES: Mapping[str, Callable[[], str]] = {
    "network.svg": symbolic_graph,
    "network-upright.svg": partial(symbolic_graph, upright=True),
}
"""What draws the figures of the exercises, by the file name that a text has for them.

A page shows the one called ``-upright`` on a phone.
"""

ADMONITIONS = {
    "admonition": "",  # it has a title of its own
    "note": "Note",
    "tip": "Tip",
    "hint": "Hint",
    "important": "Important",
    "warning": "Warning",
    "seealso": "See also",
}

IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)\s]+)\)")
"""A figure, on a line of its own."""

_EQUATION_LABEL = re.compile(r"(?P<formula>.*)\$\$[ \t]*\((?P<label>[\w:-]+)\)\s*")
_INLINE = re.compile(
    r"\{(?P<role>[\w:+-]+)\}`(?P<content>[^`]+)`"
    r"|(?P<verbatim>(?P<ticks>`+).+?(?P=ticks)|\$[^$]+\$)"
    r"|(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)"
    r"|(?P<unknown>\{[\w:+-]+\}``|!\[[^\]]+\]\(|\[\]\(|\[\^\w+\]|^: |<project:)"
)


Directive = Callable[[str, Mapping[str, str], Sequence[str]], str]
"""Turns a directive's argument, options and content into MyST that stands on its own."""


class Place(NamedTuple):
    """Where a text stands, and what it refers to."""

    page: str  # Sphinx's name of it, from which links start
    site: str = ""  # address to which links lead; where it is not known:
    beside: Collection[
        str
    ] = ()  # notebooks in the same folder, to which they lead then
    equations: Mapping[str, int] = {}  # numbers, by label
    roles: Mapping[str, Callable[[str], str]] = {}  # besides those known here
    directives: Mapping[str, "Directive"] = {}


def plain(text: str, place: Place) -> str:
    """Return MyST as Markdown that any notebook program shows well."""
    return "\n".join(_lines(text.splitlines(), place)).strip()


def equations(text: str) -> dict[str, int]:
    """Return the numbers of the labelled equations of a page."""
    found = filter(None, map(_EQUATION_LABEL.fullmatch, text.splitlines()))
    return {match["label"]: number for number, match in enumerate(found, start=1)}


def figure(name: str) -> str:
    """Return the SVG document of a figure."""
    if name not in FIGURES:
        raise SourceError(f"there is no figure {name}, expected {', '.join(FIGURES)}")
    return FIGURES[name]()


def _lines(lines: Sequence[str], place: Place) -> Iterator[str]:
    in_formula = False
    for block in blocks(lines):
        line = block.lines[0]
        if block.name is not None:
            yield from _directive(block, place) if block.name else block.lines
        elif numbered := _EQUATION_LABEL.fullmatch(line):
            number = place.equations[numbered["label"]]
            yield rf"{numbered['formula']}\tag{{{number}}}$$"
            in_formula = False
        elif in_formula or line.strip() == "$$":
            yield line
            in_formula = not (in_formula and line.rstrip().endswith("$$"))
        elif image := IMAGE.fullmatch(line.strip()):
            if not image["alt"].strip():
                raise SourceError("a figure has no alternative text, ![text](file)")
            data = base64.b64encode(figure(image["file"]).encode()).decode()
            source = f"data:image/svg+xml;base64,{data}"
            yield f'<img alt="{escape(image["alt"])}" src="{source}">'
        elif not re.match(r"%|\([\w-]+\)=\s*$", line):  # comments and labels
            yield _INLINE.sub(partial(_part, place), line)


def _directive(block: Block, place: Place) -> Iterator[str]:
    name, argument = block.name or "", block.argument
    inside = textwrap.dedent("\n".join(block.lines[1:-1])).splitlines()
    options, content = split_options(inside)
    if name == "page-only":
        return
    if name in place.directives:
        made = place.directives[name](argument, options, content)
        yield from _lines(made.splitlines(), place)
    elif name in ADMONITIONS:
        title = ADMONITIONS[name] or _INLINE.sub(partial(_part, place), argument)
        own_words = [argument] if ADMONITIONS[name] and argument else []
        inner = "\n".join(_lines([*own_words, *content], place))
        if options.get("collapsible") == "closed":
            code = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(title, quote=False))
            yield f"<details><summary>{code}</summary>\n\n{inner}\n\n</details>"
        else:
            yield f"> **{title}**\n>"
            yield from (f"> {line}".rstrip() for line in inner.split("\n"))
    else:
        raise _unknown(f"the directive {{{name}}}")


def _part(place: Place, match: re.Match[str]) -> str:
    """Return a role, a link, or what stays as it is within a line."""
    if match["unknown"]:
        raise _unknown(match["unknown"])
    if match["role"]:
        return _role(match["role"], match["content"], place)
    text, target = match["text"], match["target"]
    if target is None:
        return match[0]
    if not re.match(r"[a-z]+:", target):
        target = _address(target, place)
    return f"[{text}]({target})" if target else text


def _address(target: str, place: Place) -> str:
    """Return where a link to a page of the site leads, or nothing if it cannot be reached.

    Programs name headings differently, so that a link to a notebook leads to its beginning.
    """
    path, hash_, anchor = target.partition("#")
    path = posixpath.join(posixpath.dirname(place.page), path) if path else place.page
    path = posixpath.normpath(path).removesuffix(".md")
    if place.site:
        return f"{place.site.rstrip('/')}/{path}.html{hash_}{anchor}"
    name = posixpath.basename(path)
    is_beside = name in place.beside and path != place.page
    return f"{name}.ipynb" if is_beside else ""


def _role(name: str, content: str, place: Place) -> str:
    title, explicit, _ = content.partition(" <")
    text = title if explicit or title[0] != "~" else title.rpartition(".")[2]
    if name in ("term", "doc", "ref"):
        return text
    if name in ("py:func", "py:class", "py:mod"):
        return f"`{text}`"
    try:
        if name == "eq":
            return f"({place.equations[content]})"
        return place.roles[name](content)
    except KeyError:
        raise _unknown(f"{{{name}}}`{content}`") from None


def _unknown(what: str) -> SourceError:
    return SourceError(f"{what} has no plain form for the downloaded notebook")
