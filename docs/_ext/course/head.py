"""What a page tells those who show a link to it: Open Graph tags, and a card to look at.

`sphinxext-opengraph` does this too. It takes the first paragraph for the description where
the page gives its own, writes half an address where the site's is not known, and leaves
characters in titles as they are that HTML reads as tags.
"""

from html import escape, unescape
from pathlib import Path
from re import sub
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from course.hosting import NOT_FOUND

CARDS = "_images/cards"
"""Folder of the site that holds the cards."""


def description_of(doctree: nodes.document) -> str:
    """Read the description that a page gives of itself.

    Parameters
    ----------
    doctree : nodes.document
        The page.

    Returns
    -------
    str
        The description, or an empty string.
    """
    for tag in doctree.findall(nodes.meta):
        if tag.get("name") == "description":
            return str(tag["content"])
    return ""


def add_tags(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the tags to the head of a page; those that need the site's address only with it."""
    if pagename == NOT_FOUND:
        context["pageurl"] = None  # it stands for many addresses
    if doctree is None or pagename == NOT_FOUND:
        return
    site = app.config.project
    title = unescape(sub("<[^>]+>", "", context["title"]))
    description = description_of(doctree)
    home = pagename == app.config.root_doc
    properties = {
        "og:type": "website" if home else "article",
        "og:site_name": site,
        "og:title": title,
        "og:description": description,
    }
    if app.config.html_baseurl:
        # Matplotlib takes half a second to import: only a build that is published pays for it.
        from course.social_cards import SIZE, draw

        address = app.config.html_baseurl
        card = f"{CARDS}/{pagename.replace('/', '-')}.png"
        alt = draw(Path(app.outdir) / card, "" if home else site, title, description)
        properties |= {
            "og:url": context["pageurl"],
            "og:image": f"{address}/{card}",
            "og:image:width": str(SIZE[0]),
            "og:image:height": str(SIZE[1]),
            "og:image:alt": alt,
        }
    kind = "summary_large_image" if "og:image" in properties else "summary"
    tags = [_tag("property", name, text) for name, text in properties.items() if text]
    context["metatags"] += "\n".join([*tags, _tag("name", "twitter:card", kind), ""])


def _tag(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def setup(app: Sphinx) -> None:
    """Hang the tags on Sphinx's event."""
    app.connect("html-page-context", add_tags)
