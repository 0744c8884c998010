"""Search works offline: over HTTP with no other host in reach, and from the disk."""

import re
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.measurement import HEIGHT, NARROW, violations
from tests.browser.site_server import SiteServer

LOOKED_FOR = {
    "Work out every gradient by hand": "tutorials/01_pen_and_paper.html",  # a heading
    "chain rule": "tutorials/00_gradient_descent.html",  # a word among formulas
    "pre-activation": "glossary.html",  # a symbol's name
    "eta": "notation.html",  # in formulas only
    "tanh_backward": "api/manual.html",  # a name of the package
    "central_difference": "api/gradient_check.html",
}

FIRST = {
    "tanh": "tutorials/01_pen_and_paper.html",
    "dead input": "tutorials/01_pen_and_paper.html",  # it links to the experiment
    "chain rule": "glossary.html",
    "learning rate": "tutorials/02_numpy_gradient.html",  # a section
    "gradient check": "tutorials/02_numpy_gradient.html",
    "mean squared error": "glossary.html",  # no heading has all of it
    "data parallel": "tutorials/06_data_parallel.html",
    "loss": "tutorials/00_gradient_descent.html",  # and not a glossary
    "glossary": "glossary.html",
    "notation": "notation.html",
    "explorer": "explorer.html",
    "mistakes": "mistakes.html",
    "softmax": "glossary.html",
    "softmax cross entropy": "tutorials/05_classification.html",
    "sum over batch": "tutorials/02_numpy_gradient.html",
    "vanishing gradient": "tutorials/01_pen_and_paper.html",
    "gradient descent": "tutorials/00_gradient_descent.html",
    "pytorch": "tutorials/03_pytorch_regression.html",
    "autograd": "tutorials/04_autograd.html",
    "torchrun": "tutorials/06_data_parallel.html",
    "worksheet": "exercises/ex1_01_pen_and_paper.html",
    "finder": "mistakes.html",
    "moodle": "instructors.html",
    "tanh_backward": "api/manual.html",  # nobody types this by chance
    "central_difference": "api/gradient_check.html",
}
"""What a learner types, and the page that must come first."""

SAID = {
    "dead input": "explorer.html",  # an experiment
    "foretells": "explorer.html",
    "swing": "tutorials/00_gradient_descent.html",
}
"""What only an interactive part of a page says, and the page."""


MARKED = "() => [...CSS.highlights.get('found')].map(String)"


def results(page: Page, address: str) -> list[str]:
    """Wait until a search is over; list the pages it found."""
    page.goto(address)
    # Sphinx says how many pages it found when it has listed all of them.
    page.wait_for_function(
        "document.querySelector('.search-summary')?.innerText.trim()"
    )
    links = "[...document.querySelectorAll('#search-results li a')].map((a) => a.href)"
    return [str(link) for link in page.evaluate(links)]


def test_a_search_finds_the_page(page: Page, server: SiteServer, site: Path) -> None:
    for words, found_on in LOOKED_FOR.items():
        found = results(page, server.address(f"search.html?q={quote_plus(words)}"))
        pages = [urlsplit(address).path.lstrip("/") for address in found]
        assert found_on in pages[:10], words
        assert [each for each in pages if not (site / each).is_file()] == []


def test_the_page_that_a_learner_wants_comes_first(
    page: Page, server: SiteServer
) -> None:
    first = {}
    for words in FIRST:
        found = results(page, server.address(f"search.html?q={quote_plus(words)}"))
        first[words] = urlsplit(found[0]).path.lstrip("/") if found else ""
    assert first == FIRST


def test_lessons_come_before_names_of_the_packages(
    page: Page, server: SiteServer
) -> None:
    for words in ("tanh", "loss", "gradient", "MLP"):
        found = results(page, server.address(f"search.html?q={words}"))
        lesson = ["/tutorials/" in address for address in found]
        api = ["/api/" in address for address in found]
        assert any(lesson), words
        assert any(api), words
        assert not any(lesson[api.index(True) :]), words


def test_what_an_interactive_part_says_is_found(page: Page, server: SiteServer) -> None:
    for words, found_on in SAID.items():
        found = results(page, server.address(f"search.html?q={quote_plus(words)}"))
        assert found_on in [urlsplit(each).path.lstrip("/") for each in found], words


def test_words_that_were_searched_for_are_marked_and_nothing_is_changed(
    page: Page, server: SiteServer
) -> None:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    pages = {"bias": "explorer.html", "exp": "notation.html", "x": "index.html"}
    for words, wanted in pages.items():
        page.goto(server.address(wanted))
        untouched = page.locator("article").inner_html()
        results(page, server.address(f"search.html?q={words}"))
        page.goto(server.address(wanted))
        marked = page.evaluate(MARKED)
        assert marked, words
        assert {text.lower() for text in marked} == {words}
        assert page.locator("article").inner_html() == untouched
        page.keyboard.press("Escape")
        assert page.evaluate(MARKED) == []
        page.reload()
        assert page.evaluate(MARKED) == []
    assert troubles == []


def test_excerpts_are_sentences(page: Page, server: SiteServer) -> None:
    for words in ("dead input", "chain rule", "worksheet", "backpropagation"):
        found = results(page, server.address(f"search.html?q={quote_plus(words)}"))
        excerpts = page.locator("#search-results .context")
        expect(excerpts).to_have_count(len(found))
        for text in excerpts.all_inner_texts():
            assert len(text.split()) > 5, text
            assert not re.search(r"\b[a-z]{3,}[A-Z]", text), text  # lines run together
            for junk in ("¶", "{", "Download notebook", "minutes to read", "  "):
                assert junk not in text, text


def test_an_excerpt_has_no_half_of_a_letter(page: Page, server: SiteServer) -> None:
    results(page, server.address("search.html?q=tanh"))
    lesson = page.locator("#search-results li", has_text="Lesson 0").locator(".context")
    expect(lesson).to_contain_text("tanh")
    assert lesson.evaluate("(excerpt) => excerpt.textContent.isWellFormed()")


def test_the_headline_says_what_was_found(page: Page, server: SiteServer) -> None:
    found = results(page, server.address("search.html?q=tanh"))
    said = page.locator("#search-results")
    status, headline = said.get_by_role("status"), said.get_by_role("heading")
    expect(headline).to_have_text(f"{len(found)} results for “tanh”")
    expect(status).to_have_text(f"{len(found)} results found.")
    expect(page).to_have_title(f"{len(found)} results for “tanh” - Gradients by hand")
    assert violations(page) == []
    assert len(results(page, server.address("search.html?q=icml"))) == 1
    expect(headline).to_have_text("1 result for “icml”")
    expect(status).to_have_text("1 result found.")


def test_where_nothing_is_found_it_says_what_to_try(
    page: Page, server: SiteServer
) -> None:
    assert results(page, server.address("search.html?q=zeppelin")) == []
    said = page.locator("#search-results")
    expect(said.get_by_role("status")).to_have_text("Nothing found.")
    expect(said.get_by_role("heading")).to_have_text("Nothing for “zeppelin”")
    expect(said).to_contain_text("try fewer words")
    said.get_by_role("link", name="glossary").click()
    page.wait_for_url("**/glossary.html")


def test_on_a_phone_the_page_has_a_box_of_its_own(
    page: Page, server: SiteServer
) -> None:
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    page.goto(server.address("search.html"))
    expect(page.locator("#search-results")).to_be_empty()
    page.get_by_label("Words to look for").fill("chain rule")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results h2")).to_contain_text("“chain rule”")


def test_a_search_works_from_the_disk(desk: Page, site: Path) -> None:
    for words in ("chain rule", "tanh_backward"):
        address = f"{(site / 'search.html').as_uri()}?q={quote_plus(words)}"
        found = results(desk, address)
        assert any(LOOKED_FOR[words] in each for each in found), words


def test_the_sidebar_leads_to_the_results(page: Page, server: SiteServer) -> None:
    page.goto(server.address("index.html"))
    page.locator("input[name=q]").locator("visible=true").fill("chain rule")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=chain+rule*")
    page.wait_for_selector("#search-results li a")
