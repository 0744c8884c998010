"""What a page loads: one style sheet for all pages, short programs, copy buttons only with code.

Theme and extensions bring six style sheets, each a request of every page. They are joined in the
order in which a page would load them, with nothing changed, so that the same rules win. So are
the parts of a long style sheet of ours, which lie in a folder of its name. Our programs lose
their comments and blanks, a fifth of what would be sent.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from rjsmin import jsmin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from course.digests import page_digest, versions
from course.events import AFTER_OTHERS, FIRST

JOINED = "site.css"
PARTS = "interactive/*/*.css"
"""Parts of a style sheet of an interactive part, in a folder of its name."""
CODE = re.compile(r'<div class="highlight\b')
COPYING = ("clipboard.min.js", "copybutton.js")
MARKING = ("sphinx_highlight.js",)
PLAIN = {"rel", "type"}
"""The attributes of a style sheet for every medium."""


def join(parts: Iterable[Path], whole: Path) -> None:
    """Write style sheets into one, in their order."""
    texts = {part: part.read_text("utf-8") for part in parts}
    for part, text in texts.items():
        # From a folder of its own, a relative address would lead somewhere else.
        moved = part.parent != whole.parent and re.search(
            r'url\((?!["\']?(?:data:|#))', text
        )
        if moved or re.search(r"^\s*@(import|charset)", text, re.M):
            raise ExtensionError(f"{part} cannot be joined with other style sheets")
    whole.write_text("\n".join(texts.values()), "utf-8", newline="\n")


def join_parts(static: Path, remove: bool = False) -> None:
    """Join the style sheets of each folder, in the order of names, into one beside it."""
    for folder in {part.parent for part in static.glob(PARTS)}:
        parts = sorted(folder.glob("*.css"))
        join(parts, folder.with_suffix(".css"))
        if remove:
            for part in parts:
                part.unlink()
            folder.rmdir()


class Sheets:
    """The style sheets of every page, as file names below ``_static``."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def join(self, static: Path) -> None:
        """Write those that are there into one file."""
        parts = [static / name for name in self.names]
        join([part for part in parts if part.is_file()], static / JOINED)

    def put(
        self,
        app: Sphinx,
        _page: str,
        _template: str,
        context: dict[str, Any],
        _doctree: nodes.document | None,
    ) -> None:
        """Let a page load one style sheet in place of those that all pages load."""
        sheets = context["css_files"]
        if not self.names:
            in_order = sorted(sheets, key=lambda sheet: sheet.priority)
            for sheet in in_order:
                # In one file, it would lose its medium, or is not there at all.
                if "://" in sheet.filename or set(sheet.attributes) - PLAIN:
                    raise ExtensionError(f"{sheet} cannot be joined with others")
            self.names = [sheet.filename.removeprefix("_static/") for sheet in in_order]
            # Sphinx puts a digest of what is there by now into the address.
            join_parts(Path(app.outdir) / "_static")
            self.join(Path(app.outdir) / "_static")
            # Furo and MyST-NB write theirs later, which depend on these versions alone.
            with (Path(app.outdir) / "_static" / JOINED).open(
                "a", encoding="utf-8"
            ) as half:
                half.write(f"/* {self.names} {versions()} */")
        sheets.clear()
        app.add_css_file(JOINED)

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Join them all; without their parts, the next build begins like a first one."""
        if exception is None and self.names:
            static = Path(app.outdir) / "_static"
            join_parts(static, remove=True)
            self.join(static)
            missing = [name for name in self.names if not (static / name).is_file()]
            if missing:
                raise ExtensionError(
                    f"{missing} cannot be joined: there is no such file"
                )
            for name in self.names:
                (static / name).unlink()


def shorten(app: Sphinx, exception: Exception | None) -> None:
    """Take comments and blanks out of our programs."""
    if exception is None and app.builder.format == "html":
        ours, static = Path(app.confdir) / "_static", Path(app.outdir) / "_static"
        for program in sorted(ours.rglob("*.js")):
            short = jsmin(program.read_text("utf-8")) + "\n"
            copy = static / program.relative_to(ours)
            copy.write_text(short, "utf-8", newline="\n")


def drop_backup(app: Sphinx, _exception: Exception | None) -> None:
    """Delete what Sphinx keeps of the settings before, which a first build does not have."""
    (Path(app.outdir) / ".buildinfo.bak").unlink(missing_ok=True)


def leave_out(
    _app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load the copy button's scripts only where there is code, Sphinx's marks in a search alone."""
    copying = () if CODE.search(context.get("body", "")) else COPYING
    marking = (
        () if page == "search" else MARKING
    )  # `every_page.js` marks words elsewhere
    context["script_files"] = [
        script
        for script in context["script_files"]
        if not str(script.filename).endswith((*copying, *marking))
    ]


def setup(app: Sphinx) -> None:
    """Connect all of this to Sphinx's events."""
    # Where it changes, Sphinx writes every page again: each holds digests of these files.
    digest = page_digest(Path(app.confdir))
    app.add_config_value("course_page_digest", digest, "html", str)
    sheets = Sheets()
    # A page's own style sheets come after those of all pages.
    app.connect("html-page-context", sheets.put, FIRST)
    app.connect("html-page-context", leave_out)
    app.connect("build-finished", sheets.finish, AFTER_OTHERS)
    app.connect("build-finished", shorten, AFTER_OTHERS)
    app.connect("build-finished", drop_backup)
