"""The site in a made-up language, in which each word of the interface stands in ⟦marks⟧.

The catalogues of Sphinx and of the course are filled in with their own words in marks. Those of
the course have signs of HTML too, by which an attribute breaks where a word is not escaped. Content
is marked as well, each of its words by a sign that nobody sees: what comes from the Markdown,
through MyST. So a word without a mark is one of the interface that goes through no catalogue.

`python -m tests.pseudo_language FOLDER` builds it, and `tests/translations` reads it.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).parents[1]
POT = ROOT / "docs/locale/course.pot"
LANGUAGE = "eo"
"""One that Sphinx, docutils, Babel and browsers all know, with the plurals of English."""

OPEN, CLOSE, CONTENT = "⟦", "⟧", "\N{INVISIBLE SEPARATOR}"
SIGNS = ' & "'
"""What HTML reads as its own; Sphinx and the theme write their words as they stand."""

WORD = re.compile(r"[^\W\d_]{2,}")
MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


def unmarked(text: str) -> list[str]:
    """Return the words of a text that are neither in marks nor content."""
    while MARKED.search(text):  # one may stand within another
        text = MARKED.sub("", text)
    return [
        word[0] for word in WORD.finditer(text) if text[word.end() :][:1] != CONTENT
    ]


def is_torn(attribute: str) -> bool:
    """Tell whether words in an attribute were escaped too little, and end early, or twice."""
    return attribute.count(OPEN) != attribute.count(CLOSE) or "&amp;" in attribute


def as_content(text: str, known: set[str] | None = None) -> str:
    """Return a text whose words are content: all of them, or those that are known to be."""

    def mark(word: re.Match[str]) -> str:
        inside = text.rfind(OPEN, 0, word.start()) > text.rfind(CLOSE, 0, word.start())
        is_content = not inside and (known is None or word[0] in known)
        return word[0] + CONTENT * is_content

    return WORD.sub(mark, text)


def build_pseudo(folder: Path) -> Path:
    """Build the site in the made-up language below a folder, and return it.

    Lessons that this checkout has executed are not executed again.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.pseudo_language", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return folder / "html"


def write_catalogues(locale: Path) -> None:
    """Write the catalogues of the made-up language."""
    sys.path.insert(0, str(ROOT / "docs/_ext"))
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from course.catalogue import SPHINX_POT

    target = locale / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True, exist_ok=True)
    for pot in (POT, SPHINX_POT):
        with pot.open("rb") as file:
            catalogue = read_po(file, locale=LANGUAGE)
        for message in catalogue:
            if message.id:
                one = isinstance(message.id, str)
                forms = (message.id,) if one else message.id
                signs = SIGNS if pot == POT else ""
                made = tuple(f"{OPEN}{form}{signs}{CLOSE}" for form in forms)
                message.string = made[0] if one else made
        with (target / f"{pot.stem}.mo").open("wb") as file:
            write_mo(file, catalogue)
        if pot == SPHINX_POT:
            of_programs = {
                str(message.id): f"{OPEN}{message.id}{CLOSE}"
                for message in catalogue
                if isinstance(message.id, str)
                and any(name.endswith(".js") for name, _ in message.locations)
            }
            facts = {"locale": LANGUAGE, "messages": of_programs, "plural_expr": "0"}
            text = f"Documentation.addTranslations({json.dumps(facts)});"
            (target / "sphinx.js").write_text(text, "utf-8")


@contextmanager
def marked_content() -> Iterator[None]:
    """Let MyST mark what it reads; what a directive adds to its own text is not content."""
    from docutils import nodes
    from markdown_it.tree import SyntaxTreeNode
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer
    from sphinx.util.docutils import SphinxDirective

    parse = SphinxDirective.parse_text_to_nodes
    of_directives: list[set[str]] = []

    def parse_text(
        directive: SphinxDirective, text: str = "", /, **options: Any
    ) -> list[nodes.Node]:
        facts = [directive.block_text, *directive.arguments, *directive.content]
        facts += map(str, directive.options.values())
        of_directives.append(set(WORD.findall("\n".join(facts))))
        try:
            return parse(directive, text, **options)
        finally:
            of_directives.pop()

    def render_text(renderer: DocutilsRenderer, token: SyntaxTreeNode) -> None:
        known = of_directives[-1] if of_directives else None
        text = as_content(token.content, known)
        renderer.current_node.append(nodes.Text(text))

    with (
        patch.object(SphinxDirective, "parse_text_to_nodes", parse_text),
        patch.object(DocutilsRenderer, "render_text", render_text),
    ):
        yield


def main(folder: Path) -> int:
    """Build the site in this process."""
    from sphinx.cmd.build import build_main

    shutil.rmtree(folder, ignore_errors=True)
    write_catalogues(folder / "locale")
    executed = ROOT / "docs/_build/notebook_cache"
    if executed.exists():
        shutil.copytree(executed, folder / "notebook_cache")
    settings = (f"language={LANGUAGE}", f"locale_dirs={folder / 'locale'}")
    options = [part for each in settings for part in ("-D", each)]
    places = ["-d", str(folder / "doctrees"), str(ROOT / "docs"), str(folder / "html")]
    with marked_content():
        return build_main(["-b", "html", "-j", "1", "-q", *options, *places])


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve()))
