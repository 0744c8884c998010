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


def _(message: str) -> str:
    """Return a message in the language of the site."""
    return get_translator(CATALOGUE).gettext(message)


def ngettext(one: str, other: str, count: int) -> str:
    """Return a message about so many things."""
    return get_translator(CATALOGUE).ngettext(one, other, count)


def N_(message: str) -> str:
    """Mark a message of a constant, which `_` translates where it is used."""
    return message


def translated(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return words by occasion in the language of the site; forms of one stay together."""
    return {name: _translated(text) for name, text in words.items()}


def _translated(text: Any) -> Any:
    match text:
        case str():
            return _(text)
        case list():
            return [_(each) for each in text]
    return forms(text["one"], text["other"])


def forms(one: str, other: str) -> dict[str, str]:
    """Return the forms of a message by the kinds of numbers that `Intl.PluralRules` names."""
    language = get_translator(CATALOGUE).info().get("language", "en")
    kind = Locale.parse(language.replace("-", "_")).plural_form
    examples = {kind(count): count for count in range(200, -1, -1)}
    return {name: ngettext(one, other, examples[name]) for name in sorted(examples)}


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
