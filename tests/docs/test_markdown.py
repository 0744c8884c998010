"""The MyST of lessons becomes Markdown that any notebook program shows well."""

import re
from collections.abc import Callable

import pytest
from course.markdown import ADMONITIONS, Translator
from course.sources import Page
from nbformat.v4 import new_code_cell, new_output
from sphinx.errors import ExtensionError

Translate = Callable[..., str]

NUMBERS = {"loss": "0.2349", "steps": "12", "name": "'tanh'"}
SITE = "https://example.org/course"


@pytest.fixture
def translate(lesson: Callable[..., Page]) -> Translate:
    def translate(text: str, base_address: str = "") -> str:
        page = lesson(text, "07_seven")
        outputs = [
            new_output(
                "display_data",
                data={"application/papermill.record/text/plain": number},
                metadata={"scrapbook": {"name": name}},
            )
            for name, number in NUMBERS.items()
        ]
        page.notebook.cells.append(new_code_cell("glue(…)", outputs=outputs))
        return Translator(page, page.notebook, base_address).plain(text)

    return translate


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("{glue:text}`loss`", "0.2349"),
        ("{glue:text}`loss:.2f`", "0.23"),
        ("{glue:text}`loss:.1%`", "23.5%"),
        ("{glue:text}`steps:d`", "12"),
        ("{glue:text}`name`", "tanh"),
        ("{term}`gradient`", "gradient"),
        ("{term}`gradients <gradient>`", "gradients"),
        ("{doc}`the next one <02_numpy>`", "the next one"),
        ("{ref}`that figure <fig-graph>`", "that figure"),
        ("{py:func}`~mlp_reference.manual.solve`", "`solve`"),
        ("{py:func}`mlp_reference.manual.solve`", "`mlp_reference.manual.solve`"),
        ("{py:func}`manual.solve <mlp_reference.manual.solve>`", "`manual.solve`"),
        ("{py:class}`~mlp_reference.numpy_mlp.Linear`", "`Linear`"),
        ("{py:mod}`mlp_reference.manual`", "`mlp_reference.manual`"),
    ],
)
def test_a_role_becomes_its_text(translate: Translate, text: str, plain: str) -> None:
    assert translate(text) == plain
    assert translate(f"So {text}, indeed.") == f"So {plain}, indeed."


def test_a_line_may_hold_several_roles_and_code_between_them(
    translate: Translate,
) -> None:
    text = "From {glue:text}`loss:.1f` in {glue:text}`steps` steps of `step()` of {term}`SGD`."
    assert translate(text) == "From 0.2 in 12 steps of `step()` of SGD."
    assert translate("`a` {term}`b` `c`{term}`d`") == "`a` b `c`d"


@pytest.mark.parametrize(
    "text",
    [
        "a `{term}` b",
        "`[text](page.md)` and `x[0](y)`",
        "``{term}`gradient` ``",
        "```md\n{term}`gradient` and [text](page.md)\n% no comment\n(label)=\n```",
        "````md\n```{note}\nwords\n```\n````",
        "```md\n:::{note}\nwords\n:::\n```",
        "- item\n\n  ```python\n  {term}`gradient`\n  ```",
        "$x[i](t)$ and $a_{term}$",
    ],
)
def test_code_and_formulas_stay_as_they_are(translate: Translate, text: str) -> None:
    assert translate(text, SITE) == text


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, title in ADMONITIONS.items() if title]
)
@pytest.mark.parametrize("fence", [":::", "```", "::::"])
def test_an_admonition_becomes_a_quotation(
    translate: Translate, name: str, title: str, fence: str
) -> None:
    text = (
        f"Before.\n\n{fence}{{{name}}}\nOne {{term}}`word`.\n\nTwo.\n{fence}\n\nAfter."
    )
    quoted = f"> **{title}**\n>\n> One word.\n>\n> Two."
    assert translate(text) == f"Before.\n\n{quoted}\n\nAfter."


def test_words_beside_the_name_of_an_admonition_are_its_first_words(
    translate: Translate,
) -> None:
    assert translate(":::{tip} Look\nagain.\n:::") == "> **Tip**\n>\n> Look\n> again."


def test_an_admonition_may_have_a_title_of_its_own(translate: Translate) -> None:
    text = ":::{admonition} After {glue:text}`steps` steps\n:class: tip\nWords.\n:::"
    assert translate(text) == "> **After 12 steps**\n>\n> Words."


def test_a_closed_admonition_becomes_details(translate: Translate) -> None:
    options = ":collapsible: closed\n:class: tip"
    text = f":::{{admonition}} Use `step()`\n{options}\n\nSee {{term}}`SGD`.\n:::"
    plain = translate(text)
    assert plain.startswith("<details><summary>Use <code>step()</code></summary>\n\n")
    assert "\n\nSee SGD.\n\n</details>" in plain, "blank lines let Markdown be Markdown"
    assert ":c" not in plain


def test_a_title_of_details_is_escaped_for_html(translate: Translate) -> None:
    plain = translate(
        ":::{admonition} When `a<b` & `c`\n:collapsible: closed\nWords.\n:::"
    )
    assert "<summary>When <code>a&lt;b</code> &amp; <code>c</code></summary>" in plain


def test_fences_may_hold_fences(translate: Translate) -> None:
    text = (
        "::::{note}\nOuter.\n\n:::{tip}\nInner {term}`word`.\n:::\n\n```python\n"
        "x = '{term}`word`'\n```\n::::\nAfter {term}`word`."
    )
    assert translate(text).splitlines() == [
        "> **Note**",
        ">",
        "> Outer.",
        ">",
        "> > **Tip**",
        "> >",
        "> > Inner word.",
        ">",
        "> ```python",
        "> x = '{term}`word`'",
        "> ```",
        "After word.",
    ]


def test_code_of_the_package_becomes_a_block_of_python(
    lesson: Callable[..., Page], translate: Translate
) -> None:
    folder = lesson("# Any").source.parents[1]
    code = 'def a():\n    """Say."""\n    return 1\n\n\ndef b():\n    return 2\n'
    (folder / "tiny.py").write_text(code, "utf-8")
    plain = "```python\ndef a():\n    return 1\n\ndef b():\n    return 2\n```"
    assert translate("```{source} tiny.a tiny.b\n```") == plain


def test_comments_and_labels_are_for_the_page_alone(translate: Translate) -> None:
    assert translate("% a comment\n(a-label)=\n## Heading\n\nAt 5 % or (so)=") == (
        "## Heading\n\nAt 5 % or (so)="
    )


def test_equations_are_numbered_in_order_and_referred_to_by_number(
    translate: Translate,
) -> None:
    text = "See {eq}`two` after {eq}`one`.\n\n$$a$$ (one)\n\n$$b$$\n\n$$\nc\n$$ (two)\n"
    assert re.sub(r"\s+", "", translate(text)) == (
        r"See(2)after(1).$$a\tag{1}$$$$b$$$$c\tag{2}$$"
    )


@pytest.mark.parametrize(
    "other", ["$$(x)$$", "$$\n(y-t)^2\n$$", "$$b$$\n\n(label)=\n## Heading"]
)
def test_brackets_after_dollars_are_not_always_a_label(
    translate: Translate, other: str
) -> None:
    assert r"\tag{1}" in translate(f"{other}\n\nBy {{eq}}`one`:\n\n$$\na\n$$ (one)\n")


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("02_next.md", "/tutorials/02_next.html"),
        ("02_next.md#a-part", "/tutorials/02_next.html#a-part"),
        ("../api/manual.md", "/api/manual.html"),
        ("../index.md", "/index.html"),
        ("#a-part", "/tutorials/07_seven.html#a-part"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_links_to_pages_lead_to_the_site_or_become_their_text(
    translate: Translate, target: str, address: str, slash: str
) -> None:
    text = f"See [this *part*]({target}), please."
    assert (
        translate(text, SITE + slash) == f"See [this *part*]({SITE}{address}), please."
    )
    assert translate(text) == "See this *part*, please."


def test_the_text_of_a_link_may_be_code(translate: Translate) -> None:
    text = "See [the `Linear` layer](02_next.md)."
    assert (
        translate(text, SITE)
        == f"See [the `Linear` layer]({SITE}/tutorials/02_next.html)."
    )
    assert translate(text) == "See the `Linear` layer."


@pytest.mark.parametrize(
    "target", ["https://numpy.org/doc#x", "mailto:someone@example.org"]
)
def test_links_that_leave_the_site_stay_as_they_are(
    translate: Translate, target: str
) -> None:
    assert translate(f"[out]({target})") == translate(f"[out]({target})", SITE)
    assert translate(f"[out]({target})") == f"[out]({target})"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (":::{figure} picture.svg\n:::", "{figure}"),
        ("```{code-block} python\n1\n```", "{code-block}"),
        ("::::{note}\n:::{dropdown} More\n:::\n::::", "{dropdown}"),
        ("```{source} tiny.nowhere\n```", "tiny.nowhere"),
        ("Press {kbd}`x`.", "{kbd}"),
        ("Read {numref}`fig-graph` and {term}`word`.", "{numref}"),
        ("Some {sub-ref}`version`.", "{sub-ref}"),
        ("It is {glue:text}`losss:.2f`.", "{glue:text}`losss:.2f`"),
        ("By {eq}`nowhere`.", "{eq}`nowhere`"),
    ],
)
def test_what_has_no_plain_form_is_named_with_lesson_and_line(
    lesson: Callable[..., Page], text: str, named: str
) -> None:
    page = lesson(
        f"# Title\n\n```{{code-cell}} python\n1\n```\nFirst line.\n\n{text}\n",
        "07_seven",
    )
    cell, line = page.notebook.cells[2], page.notebook.metadata["source_map"][2]
    first = page.source.read_text("utf-8").splitlines().index("First line.") + 1
    with pytest.raises(ExtensionError) as caught:
        Translator(page, page.notebook, "").plain(cell.source, line)
    assert str(caught.value).startswith(
        f"07_seven.md, cell that begins on line {first}: "
    )
    assert named in str(caught.value)


def test_a_picture_from_a_file_would_not_travel_with_the_notebook(
    translate: Translate,
) -> None:
    with pytest.raises(ExtensionError, match="a picture from a file has no plain form"):
        translate("![a picture](picture.svg)", SITE)
