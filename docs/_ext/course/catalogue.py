"""All words of the interface: `nox -s translations` writes them into `docs/locale/course.pot`.

They come from calls of `_`, `N_` and `ngettext` in the extension, from dictionaries of words, and
from templates, those of the theme too where Sphinx does not translate them itself. Files are
named, but not lines, so that the catalogue changes only where a word does.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import furo
import sphinx.locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from course.words import FORMS
from mlp_exercise import values
from mlp_exercise.part1 import feedback

PROJECT = Path(__file__).parents[3]
POT = PROJECT / "docs/locale/course.pot"
SPHINX_POT = Path(sphinx.locale.__file__).with_name("sphinx.pot")
THEME = Path(furo.__file__).parent / "theme"
THEME_TEMPLATES = ("furo/page.html", "furo/search.html", "furo/base.html")
"""The templates of the theme that this site uses; others are for Read the Docs."""

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
WORDS = ("WORDS", "MORE_WORDS", "COUNTED", "LABELS")
"""The names of constants whose texts are words of the interface, by occasion."""

HEAD = """\
# Words of the course's interface; `nox -s translations` writes this file.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Message = str | tuple[str, str]
"""A message, or its forms for one and for other numbers."""


def messages() -> Iterator[tuple[str, Message]]:
    """Yield every message with the file in which it stands."""
    for path in sorted((PROJECT / "docs/_ext/course").rglob("*.py")):
        if path.name == "words.py":
            continue  # it looks up what others name
        yield from _named(path, [*calls(path), *constants(path)])
    walkthrough = PROJECT / "mlp_reference/walkthrough.py"  # the explorer's
    yield from _named(walkthrough, constants(walkthrough))
    for module in (values, feedback):  # what is said of answers
        yield from _named(Path(str(module.__file__)), [*module.PHRASES.values()])
    for path in sorted((PROJECT / "docs/_templates").rglob("*.html")):
        yield from _named(path, _of_template(path))
    with SPHINX_POT.open("rb") as file:
        known = {_single(message.id) for message in read_po(file)}
    for name in THEME_TEMPLATES:
        for message in _of_template(THEME / name):
            if _single(message) not in known:
                yield name, message


def _named(path: Path, found: list[Message]) -> Iterator[tuple[str, Message]]:
    for message in found:
        yield path.relative_to(PROJECT).as_posix(), message


def _single(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def _of_template(path: Path) -> list[Message]:
    options = {"silent": "false"}
    with path.open("rb") as file:
        found = extract("jinja2.ext:babel_extract", file, KEYWORDS, options=options)
        return [each[1] for each in found]  # type: ignore[misc]  # with our keywords


def calls(path: Path) -> list[Message]:
    """Return what a module looks up; unlike Babel, in f-strings too, on every Python."""
    return [*_calls(ast.parse(path.read_text("utf-8")))]


def _calls(node: ast.AST) -> Iterator[Message]:
    match node:
        case ast.Call(ast.Name("_" | "N_"), [ast.Constant(str(text))]):
            yield text
        case ast.Call(
            ast.Name("ngettext"), [ast.Constant(str(one)), ast.Constant(str(other)), _]
        ):
            yield one, other
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _calls(child)


def constants(path: Path) -> list[Message]:
    """Return the texts of the dictionaries of words in a module."""
    found: list[Message] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Dict(_, values)) if name in WORDS:
                found += [text for value in values for text in _texts(value)]
    return found


def _texts(value: ast.expr) -> list[Message]:
    match value:
        case ast.Constant(str(text)):
            return [text]
        case ast.List(items):
            return [text for item in items for text in _texts(item)]
        case ast.Dict() if {*ast.literal_eval(value)} == FORMS:
            forms = ast.literal_eval(value)
            return [(forms["one"], forms["other"])]
    return []  # a word of another module, or one that is marked


def catalogue() -> Catalog:
    """Return all messages; one that stands in several files is there once."""
    made = Catalog()
    for file, message in messages():
        made.add(message, locations=[(file, 0)])
    return made


def as_text(made: Catalog) -> str:
    """Return a catalogue as a file, the same on every day."""
    file = BytesIO()
    write_po(file, made, omit_header=True, include_lineno=False, sort_by_file=True)
    return HEAD + file.getvalue().decode()


if __name__ == "__main__":
    POT.parent.mkdir(exist_ok=True)
    POT.write_text(as_text(catalogue()), "utf-8", newline="\n")
