"""The parts around the text of a page: links to its notebook, minutes, its last line, its head.

`sphinxext-opengraph` writes the tags of the head too, but it takes the first paragraph for the
description although the page has its own, writes half an address if the site's is not known, and
does not escape titles in which HTML would find tags.
"""

from html import escape, unescape
from pathlib import Path
from re import sub
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from course.downloads import DOWNLOADS
from course.events import AFTER_OTHERS
from course.hosting import NOT_FOUND
from course.reading_time import minutes
from course.sources import CARRIED, EXERCISES
from course.words import _, ngettext

CARDS = "_images/cards"
"""The site's folder of the pages' pictures."""


def elsewhere(name: str, config: Config) -> dict[str, str]:
    """Return the addresses where a notebook can be opened without installing anything.

    Colab and Binder read notebooks only from a branch of the repository. Binder finds the
    wheel beside them; Colab does not, and takes it from the site.
    """
    branch = config.course_notebooks
    if not (config.course_repository and branch):
        return {}
    repository = config.course_repository.removeprefix("https://github.com/")
    colab = f"https://colab.research.google.com/github/{repository}/blob/{branch}"
    binder = f"https://mybinder.org/v2/gh/{repository}/{branch}"
    site = config.html_baseurl
    links = {_("Open in Colab"): f"{colab}/{name}.ipynb"} if site else {}
    return links | {_("Launch Binder"): f"{binder}?labpath={name}.ipynb"}


def link_notebook(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links of a lesson or an exercise, and its minutes, right below its title."""
    folder, _slash, name = docname.rpartition("/")
    if folder not in (CARRIED, EXERCISES) or app.builder.format != "html":
        return
    root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
    target = f"{root}{DOWNLOADS}/{name}.ipynb"
    links = [
        f'<a class="download-notebook" href="{target}" download>'
        f"{_('Download notebook')}</a>"
    ]
    for text, address in elsewhere(name, app.config).items():
        links.append(f'<a class="open-notebook" href="{escape(address)}">{text}</a>')
    if folder == CARRIED:
        needed = minutes(doctree)
        told = ngettext("{count} minute to read", "{count} minutes to read", needed)
        links.append(f'<span class="minutes">{told.format(count=needed)}</span>')
    html = f'<p class="lesson-links">{" ".join(links)}</p>'
    title = next(doctree.findall(nodes.title))
    title.parent.insert(
        title.parent.index(title) + 1, nodes.raw("", html, format="html")
    )


def source_of_page(app: Sphinx, docname: str) -> str:
    """Return the file that a contributor edits to change a page."""
    project = (Path(app.confdir) / app.config.course_project).resolve()
    path = Path(app.env.doc2path(docname)).resolve()
    if docname.partition("/")[0] in (CARRIED, EXERCISES):
        path = (Path(app.confdir) / app.config.course_lessons).resolve() / path.name
    return path.relative_to(project).as_posix()


def end_page(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the last line to the body, where it is in a landmark and not in the search index."""
    if doctree is None or pagename == NOT_FOUND:
        return
    parts = []
    if app.config.release:
        parts.append(
            f"<span>{app.config.course_packages[0]} {app.config.release}</span>"
        )
    if app.config.course_repository:
        repository = app.config.course_repository
        place = f"{app.config.course_branch}/{source_of_page(app, pagename)}"
        edit = escape(f"{repository}/edit/{place}")
        report = f"{repository}/issues/new/choose"
        parts.append(f'<a class="edit-page" href="{edit}">{_("Edit this page")}</a>')
        parts.append(f'<a href="{report}">{_("Report a mistake")}</a>')
    if parts:
        context["body"] += f'<p class="page-end">{" ".join(parts)}</p>\n'


def description_of(doctree: nodes.document) -> str:
    """Return the description in the metadata of a page."""
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
    """Add tags to the head of a page; some need the site's address."""
    if pagename == NOT_FOUND:
        context["pageurl"] = None  # it is shown at many addresses
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
        # Importing Matplotlib takes half a second, which only a published build needs.
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
    """Connect all of this to Sphinx's events."""
    app.connect("doctree-resolved", link_notebook)
    app.connect("html-page-context", add_tags)
    app.connect("html-page-context", end_page, AFTER_OTHERS)
