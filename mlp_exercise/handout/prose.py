"""Markdown that stands on its own: figures inside, links absolute.

JupyterLab shows no SVG that is attached to a cell, and other programs no SVG address
in Markdown's own notation; an ``<img>`` that carries its picture is shown by all.
"""

import base64
import posixpath
import re
from html import escape

from mlp_exercise.handout.cells import SourceError
from mlp_exercise.handout.figures import FIGURES

FOLDER = "exercises"
"""Folder of the site in which an exercise's page stands; its links start from there."""

IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)\s]+)\)")
"""A figure, on a line of its own.

:meta hide-value:
"""

_PART = re.compile(
    r"(?P<verbatim>(?P<ticks>`+).+?(?P=ticks)|\$[^$]+\$)"
    r"|\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)"
)


def plain(text: str, base_address: str) -> str:
    """Make a Markdown cell independent of the site around it.

    Parameters
    ----------
    text : str
        Markdown of an exercise.
    base_address : str
        Address of the site, or an empty string: then links to other pages become their text.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    SourceError
        If there is no such figure, or it has no alternative text.
    """
    lines, fenced = [], False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        image = IMAGE.fullmatch(line.strip())
        if fenced:
            lines.append(line)
        elif image:
            lines.append(_picture(image["alt"], figure(image["file"])))
        else:
            lines.append(_PART.sub(lambda m: _part(m, base_address.rstrip("/")), line))
    return "\n".join(lines)


def figure(name: str) -> str:
    """Draw a figure.

    Parameters
    ----------
    name : str
        File name under which a text refers to it.

    Returns
    -------
    str
        An SVG document.

    Raises
    ------
    SourceError
        If there is none of that name.
    """
    if name not in FIGURES:
        raise SourceError(f"there is no figure {name}, expected {', '.join(FIGURES)}")
    return FIGURES[name]()


def _picture(alt: str, svg: str) -> str:
    if not alt.strip():
        raise SourceError("a figure has no alternative text, ![text](file)")
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'


def _part(match: re.Match[str], base_address: str) -> str:
    if match["verbatim"] or re.match(r"[a-z]+:", match["target"]):
        return match[0]
    if not base_address:
        return match["text"]
    path, _, anchor = match["target"].partition("#")
    path = posixpath.normpath(posixpath.join(FOLDER, path)).removesuffix(".md")
    address = f"{base_address}/{path}.html" + (f"#{anchor}" if anchor else "")
    return f"[{match['text']}]({address})"
