"""The words that the extension, the templates and the programs put on a page, in its language.

Each is looked up in the catalogue `course`; `catalogue` lists them. Where there is none for the
language of the site, as for English, a word is what stands in the code.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel import Locale
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translator
from sphinx.util.i18n import CatalogInfo

CATALOGUE = "course"
FORMS = {"one", "other"}
"""The keys of what is said in one way of one thing, and in another way of any other number."""

Words = Mapping[str, object]
"""Words by occasion, or forms of one of them by the kind of a number."""


def _(message: str) -> str:
    """Return a message in the language of the site."""
    return get_translator(CATALOGUE).gettext(message)


def ngettext(one: str, other: str, count: int) -> str:
    """Return a message about so many things."""
    return get_translator(CATALOGUE).ngettext(one, other, count)


def N_(message: str) -> str:
    """Mark a message of a constant, which `_` translates where it is used."""
    return message


def translated(words: Mapping[str, str]) -> dict[str, str]:
    """Return words by occasion in the language of the site."""
    return {name: _(text) for name, text in words.items()}


def for_program(words: Words, language: str) -> dict[str, object]:
    """Return words in the language of the site, with the forms that `Intl.PluralRules` names."""
    return {
        name: forms(text, language) if isinstance(text, Mapping) else _(str(text))
        for name, text in words.items()
    }


def forms(words: Mapping[str, str], language: str) -> dict[str, str]:
    """Return the forms of a message for each kind of number that a language knows."""
    kind = Locale.parse(language.replace("-", "_")).plural_form
    counts = {kind(count): count for count in range(200, -1, -1)}
    order = [*words, *sorted(counts.keys() - words.keys())]
    return {
        name: ngettext(words["one"], words["other"], counts.get(name, 200))
        for name in order
    }


def put_language(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Name the language of a page as HTML does: pt-BR, not pt_BR."""
    context["language"] = app.config.language.replace("_", "-")


def setup(app: Sphinx) -> None:
    """Load the catalogue, and let templates find in it what Sphinx's own does not have."""
    language = app.config.language
    for name in app.config.locale_dirs:
        folder = Path(app.confdir) / name
        place = CatalogInfo(str(folder / language / "LC_MESSAGES"), CATALOGUE, "utf-8")
        if Path(place.po_path).exists() and place.is_outdated():
            place.write_mo(language)
        app.add_message_catalog(CATALOGUE, str(folder))
    app.translator.add_fallback(get_translator(CATALOGUE))
    app.connect("html-page-context", put_language)
