"""Words of the interface: one catalogue that is complete, and what a translation does to them."""

import os
import time
from gettext import GNUTranslations, NullTranslations
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from course import catalogue, words
from course.bugs import written
from sphinx import locale

from tests.pseudo_language import CLOSE, OPEN, SIGNS, as_content, is_torn, unmarked

if TYPE_CHECKING:
    from tests.docs.conftest import Course


def test_the_catalogue_has_every_word() -> None:
    assert catalogue.POT.read_text("utf-8") == catalogue.as_text(
        catalogue.catalogue()
    ), "`nox -s translations` writes docs/locale/course.pot again"


def test_the_catalogue_does_not_change_with_lines_or_days() -> None:
    text = catalogue.POT.read_text("utf-8")
    assert not [
        line for line in text.splitlines() if line.startswith("#:") and ":" in line[2:]
    ]
    assert "Date" not in text


def test_constants_of_words_are_found_with_their_forms(tmp_path: Path) -> None:
    module = tmp_path / "some.py"
    module.write_text(
        'WORDS = {"a": "One", "b": ["Two", "Three"], "c": {"one": "1", "other": "n"}}\n'
        'OTHER = {"d": "no word"}\n',
        "utf-8",
    )
    assert catalogue.constants(module) == ["One", "Two", "Three", ("1", "n")]


@pytest.fixture
def polish(monkeypatch: pytest.MonkeyPatch) -> NullTranslations:
    made = Catalog(locale="pl")
    made.add("below {limit}", "poniżej {limit}")
    made.add(("{n} point", "{n} points"), ("{n} punkt", "{n} punkty", "{n} punktów"))
    file = BytesIO()
    write_mo(file, made)
    file.seek(0)
    translations = GNUTranslations(file)
    monkeypatch.setitem(locale.translators, ("general", words.CATALOGUE), translations)
    return translations


@pytest.mark.usefixtures("polish")
def test_a_program_gets_the_forms_of_each_kind_of_number() -> None:
    told = {"points": {"one": "{n} point", "other": "{n} points"}}
    expected = {"one": "{n} punkt", "few": "{n} punkty", "many": "{n} punktów"}
    assert words.translated(told)["points"].items() >= expected.items()


@pytest.mark.usefixtures("polish")
def test_words_are_looked_up_where_they_are_used() -> None:
    assert written(1e-9) == "poniżej 1e-7"
    assert words.translated({"of": "{n} of {most}"}) == {"of": "{n} of {most}"}


def test_without_a_catalogue_words_stay_as_they_are() -> None:
    told = {
        "a": "Play",
        "b": ["Show"],
        "c": {"one": "{n} point", "other": "{n} points"},
    }
    assert words.translated(told) == told


PO = """\
msgid ""
msgstr ""
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Download notebook"
msgstr "%s"

msgid "{count} minute to read"
msgid_plural "{count} minutes to read"
msgstr[0] "{count} Minute"
msgstr[1] "{count} Minuten"
"""


def test_a_translation_reaches_the_page_and_so_does_a_change_of_it(
    course: "Course",
) -> None:
    named = 'project = "Tiny course"'
    course.edit("docs/conf.py", named, f'{named}\nlanguage = "de"')
    for turn, text in enumerate(("Notizbuch laden", "Herunterladen")):
        place = course.root / "docs/locales/de/LC_MESSAGES/course.po"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(PO % text, "utf-8")
        later = time.time() + 60 * turn  # than the file that was compiled
        os.utime(place, (later, later))
        course.build_well()
        links = course.page("tutorials/01_alpha").select_one(".lesson-links")
        assert links is not None
        assert " ".join(links.get_text(" ").split()) == f"{text} 2 Minuten"


def test_a_word_is_missed_unless_it_is_marked_or_content() -> None:
    content = as_content("With ⟦marked words⟧ and more")
    assert unmarked(content) == []
    assert unmarked(f"{content} Show ⟦Play ⟦it⟧ now⟧") == ["Show"]
    assert unmarked(as_content("Line 3 should be", {"should", "be"})) == ["Line"]


@pytest.mark.parametrize(
    ("escaped", "expected"), [(SIGNS, True), (escape(SIGNS), False)]
)
def test_words_that_are_not_escaped_tear_their_attribute(
    escaped: str, expected: bool
) -> None:
    html = f'<a title="{OPEN}Play{escaped}{CLOSE}">'
    (link,) = BeautifulSoup(html, "html.parser").find_all("a")
    assert is_torn(str(link["title"])) is expected


def test_words_that_are_escaped_twice_are_seen_too() -> None:
    assert is_torn(f"{OPEN}Play{escape(SIGNS)}{CLOSE}")


def test_no_message_begins_or_ends_with_a_blank() -> None:
    with catalogue.POT.open("rb") as file:
        for message in read_po(file):
            for text in [message.id] if isinstance(message.id, str) else message.id:
                assert text == text.strip() or "furo" in str(message.locations), text
