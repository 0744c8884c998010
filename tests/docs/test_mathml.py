"""Formulas are MathML when a page is built: nothing is left for the reader's machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from course.mathml import to_mathml
from hypothesis import given
from hypothesis import strategies as st
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild, Finished

Sphinx = Callable[[Path], "Finished"]

SETTINGS = f"""\
import sys

sys.path.insert(0, {str(Path(__file__).parents[2] / "docs/_ext")!r})
extensions = ["myst_parser", "course.mathml"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_dmath_double_inline = True
html_math_renderer = "mathml"
html_theme = "basic"
"""

PAGE = r"""
# A title with $1$

One $2$ and $3 < 4$ and $5$.

- in a list $6$

| a table |
| ------- |
| $7$     |

> $$8$$

$$
\begin{aligned} a &= 9 \\ b &= 10 \end{aligned}
$$ (nine)

:::{note}
$$10$$ (ten)
:::

See {eq}`ten` and {eq}`nine`. It costs \$11, and `$12$` is code.
"""


def write_project(folder: Path, page: str) -> Path:
    (folder / "conf.py").write_text(SETTINGS, "utf-8")
    (folder / "index.md").write_text(page, "utf-8")
    return folder


def parsed(latex: str, *, display: bool = False) -> ElementTree.Element:
    return ElementTree.fromstring(to_mathml(latex, display=display, where="page.md:1"))  # noqa: S314


def test_a_formula_is_one_math_element_inline_or_on_lines_of_its_own() -> None:
    inline, block = parsed(r"\frac{1}{2}"), parsed(r"\frac{1}{2}", display=True)
    assert inline.tag == block.tag == "math"
    assert inline.get("display") in (None, "inline")
    assert block.get("display") == "block"
    assert [number.text for number in inline.iter("mn")] == ["1", "2"]
    assert inline.find(".//mfrac") is not None


@pytest.mark.parametrize("sign", ["<", ">", r"\&"])
def test_signs_of_html_are_escaped(sign: str) -> None:
    text = "".join(parsed(f"a {sign} b").itertext())
    assert text.replace(" ", "") == f"a{sign[-1]}b"


def test_one_formula_leaves_no_trace_in_the_next() -> None:
    numbered = r"\begin{align} a \end{align}"
    first = to_mathml(numbered, display=True, where="")
    assert to_mathml(numbered, display=True, where="") == first
    to_mathml(r"\def\seven{7} \seven", display=False, where="")
    with pytest.raises(ExtensionError):
        to_mathml(r"\seven", display=False, where="")


@pytest.mark.parametrize("name", ["odot", "oplus", "ominus", "otimes", "uplus"])
def test_a_sign_between_factors_is_never_as_large_as_a_sum(name: str) -> None:
    formula = parsed(rf"\{name} a \{name} b = \sum c", display=True)
    signs = [sign.get("largeop") for sign in formula.iter("mo")]
    assert signs == ["false", "false", None, None]


@given(number=st.integers(0, 10**6), places=st.integers(0, 4))
def test_numbers_come_out_digit_by_digit(number: int, places: int) -> None:
    text = f"{number / 10**places:.{places}f}"
    assert [element.text for element in parsed(text).iter("mn")] == [text]


@pytest.mark.parametrize(
    "latex", [r"\nosuchcommand", r"\frac{1}", r"\begin{aligned} a", "a_b_c"]
)
def test_a_formula_that_is_not_understood_is_named_with_its_place(latex: str) -> None:
    with pytest.raises(ExtensionError) as caught:
        to_mathml(latex, display=False, where="tutorials/page.md:17")
    assert str(caught.value).startswith("tutorials/page.md:17: ")
    assert str(caught.value).endswith(latex)


def test_a_line_break_before_a_bracket_is_refused() -> None:
    latex = r"\begin{aligned} a \\[2pt] b \end{aligned}"
    with pytest.raises(ExtensionError) as caught:
        to_mathml(latex, display=True, where="page.md:3")
    assert str(caught.value).startswith(r"page.md:3: \\[ after a line")
    parsed(latex.replace("[2pt]", ""), display=True)


def test_a_page_holds_as_many_math_elements_as_formulas(
    sphinx: Sphinx, tmp_path: Path
) -> None:
    finished = sphinx(write_project(tmp_path, PAGE))
    assert finished.returncode == 0, finished.stderr
    html = (tmp_path / "_build/html/index.html").read_text("utf-8")
    soup = BeautifulSoup(html, "html.parser")
    body = soup.select_one("div.body")
    assert body is not None
    formulas = body.find_all("math")
    shown = [formula.find_all("mn")[-1].text for formula in formulas]
    assert shown == ["1", "2", "4", "5", "6", "7", "8", "10", "10"]
    displayed = [formula.get("display") == "block" for formula in formulas]
    assert displayed == [False] * 6 + [True] * 3
    numbers = body.select(".math > .eqno")
    assert [number.text[:3] for number in numbers] == ["(1)", "(2)"]
    references = body.select('a[href^="#equation-"]:not(.headerlink)')
    assert [link.text for link in references] == ["(2)", "(1)"]
    links = [link["href"] for link in body.select(".eqno a")]
    assert links == ["#equation-nine", "#equation-ten"]
    assert body.select("#equation-nine math")
    assert "$" not in body.text.replace("$11", "").replace("$12$", "")
    scripts = " ".join(str(script) for script in soup.find_all("script"))
    assert "mathjax" not in scripts.lower()


@pytest.mark.parametrize(
    "formula", [r"$\nosuch$", "$$\n\\nosuch\n$$"], ids=["inline", "display"]
)
def test_a_formula_that_is_not_understood_fails_the_build_and_names_its_line(
    sphinx: Sphinx, tmp_path: Path, formula: str
) -> None:
    finished = sphinx(write_project(tmp_path, f"# Title\n\nWords.\n\n{formula}\n"))
    assert finished.returncode != 0
    assert "index.md:5: " in finished.stderr
    assert r"in the formula \nosuch" in finished.stderr


def test_formulas_within_sentences_of_lessons_are_inline(built: CleanBuild) -> None:
    page = built.course.page("tutorials/01_alpha")
    assert [formula.text for formula in page.select("p > math")] == ["a"]
