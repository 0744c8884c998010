"""Every page in the made-up language: what is not marked there goes through no catalogue."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from tests.pseudo_language import (
    CONTENT,
    POT,
    ROOT,
    WORD,
    build_pseudo,
    is_torn,
    unmarked,
)

SAID = ("aria-label", "title", "alt", "placeholder")
NOT_READ = "script, style, pre, code, math, head > meta, head > link"
"""Code, formulas and what is for machines."""

OF_CONTENT = (
    ".xref, .caption-text, .text_html, .pasted-text, .bug > .checkpoint-title, dl.py, em, "
    "table.indextable, .both-forms text, .overview svg text, .wide-picture svg text, "
    "figure:not(.network) svg text, .finder option"
)
"""What MyST does not write: roles, options of directives, outputs, names, the API, our drawings."""

OF_DOCSTRINGS = ".api article p:not(.page-end), .api article li"
"""On the pages of the API, what the docstrings of modules say."""

NAME = re.compile(
    r"\w+_\w+|tanh|Gradients by hand|@pradyunsg's|CC BY 4\.0|BSD-3-Clause"
)
"""Names of functions, of quantities, of the course, of the theme's author and of licences."""


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_pseudo(tmp_path_factory.mktemp("made_up"))


def normal(text: str) -> str:
    return " ".join(text.replace(CONTENT, "").split())


@cache
def of_packages() -> frozenset[str]:
    """Return the strings in the code of the packages, which come as data, but no messages."""
    found: set[str] = set()
    for package in ("mlp_reference", "mlp_exercise"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = normal(node.value)
                    found |= {text, text[:1].upper() + text[1:]}
    with POT.open("rb") as file:
        return frozenset(found - {str(message.id) for message in read_po(file)})


@cache
def of_markdown() -> str:
    """Return all Markdown as one line, for what directives and metadata say."""
    folders = (ROOT / "docs", ROOT / "tutorials_src")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.md"))]
    return normal(" ".join(path.read_text("utf-8") for path in paths))


def is_content(element: Tag, text: str) -> bool:
    """Tell whether a whole text stands in the Markdown, or is data of the packages."""
    plain = normal(text)
    if len(WORD.findall(plain)) > 2 and plain in of_markdown():
        return True
    parts = [part for part in plain.split(", ") if unmarked(NAME.sub("", part))]
    inside = element.find_parent(class_=["interactive", "answer"])
    return inside is not None and of_packages() >= {*parts}


def said(page: BeautifulSoup) -> Iterator[tuple[Tag, str]]:
    """Yield every text of a page and every attribute that is read out, with its element."""
    for element in page.select(NOT_READ):
        element.decompose()
    contents = {
        id(element) for element in page.select(f"{OF_CONTENT}, {OF_DOCSTRINGS}")
    }
    for element in page.find_all(True):
        for name in SAID:
            if text := element.get(name):
                yield element, str(text)
        if not any(id(each) in contents for each in (element, *element.parents)):
            yield from ((element, text) for text in paragraphs(element))


def paragraphs(element: Tag) -> Iterator[str]:
    """Yield the texts right in an element, as one where marks span the elements inside."""
    if element.find_parent(attrs={"data-read": True}):
        return
    whole = element.get_text()
    strings = element.find_all(string=True, recursive=False)
    direct = [str(each) for each in strings if type(each) is NavigableString]
    if any(text.count("⟦") != text.count("⟧") for text in direct):
        element["data-read"] = ""
        yield whole
    else:
        yield from direct


def missed(page: BeautifulSoup) -> list[str]:
    """Return what of a page is neither marked nor content."""
    found = []
    for element, text in said(page):
        if unmarked(NAME.sub("", text)) and not is_content(element, text):
            found.append(f"<{element.name} {element.get('class')}> {normal(text)}")
    return found


def torn(page: BeautifulSoup) -> list[str]:
    """Return the attributes of a page whose words HTML does not read as they are."""
    return [
        f"<{element.name} {element.get('class')}> {name}={value}"
        for element in page.find_all(True)
        for name, value in element.attrs.items()
        if is_torn(f"{name}={value}")
    ]


def pages(site: Path) -> dict[str, Path]:
    found = {
        path.relative_to(site).as_posix(): path
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }
    assert len(found) > 30
    return found


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_the_words_in_attributes_may_have_signs_of_html(made_up: Path) -> None:
    found = {name: torn(read(path)) for name, path in pages(made_up).items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_every_word_of_the_interface_is_marked(made_up: Path) -> None:
    found = {}
    for name, path in pages(made_up).items():
        page = read(path)
        if path.parent.name == "api" and page.body:
            page.body["class"] = "api"
        if texts := missed(page):
            found[name] = texts
    assert found == {}
