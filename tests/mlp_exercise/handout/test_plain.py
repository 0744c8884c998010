"""MyST becomes Markdown that stands on its own in any notebook program."""

import re

import pytest

from mlp_exercise.handout.plain import ADMONITIONS, Place, equations, plain
from mlp_exercise.handout.source import SourceError

NUMBERS = {"loss": "0.2349", "loss:.2f": "0.23", "steps": "12"}
SITE = "https://example.org/course"
PAGE = "tutorials/07_seven"
BESIDE = ("07_seven", "08_eight", "ex1_01_first")


def translate(text: str, site: str = "") -> str:
    roles = {"glue:text": NUMBERS.__getitem__}
    directives = {"source": "code of {}".format}
    return plain(text, Place(PAGE, site, BESIDE, equations(text), roles, directives))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{glue:text}`loss`", "0.2349"),
        ("{glue:text}`loss:.2f`", "0.23"),
        ("{term}`gradient`", "gradient"),
        ("{term}`gradients <gradient>`", "gradients"),
        ("{doc}`the next one <02_numpy>`", "the next one"),
        ("{ref}`that figure <fig-graph>`", "that figure"),
        ("{py:func}`~mlp_reference.manual.solve`", "`solve`"),
        ("{py:func}`mlp_reference.manual.solve`", "`mlp_reference.manual.solve`"),
        ("{py:func}`manual.solve <mlp_reference.manual.solve>`", "`manual.solve`"),
        ("{py:class}`~mlp_reference.numpy_mlp.Linear`", "`Linear`"),
        ("{py:mod}`mlp_reference.manual`", "`mlp_reference.manual`"),
        ("`a` {term}`b` `c`{term}`d`", "`a` b `c`d"),
    ],
)
def test_a_role_becomes_its_text(text: str, shown: str) -> None:
    assert translate(text) == shown
    assert translate(f"So {text}, indeed.") == f"So {shown}, indeed."


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
        "[out](https://numpy.org/doc#x) and [out](mailto:a@example.org)",
    ],
)
def test_code_formulas_and_links_that_leave_the_site_stay_as_they_are(
    text: str,
) -> None:
    assert translate(text) == translate(text, SITE) == text


@pytest.mark.parametrize("name", [name for name, title in ADMONITIONS.items() if title])
def test_an_admonition_becomes_a_quotation(name: str) -> None:
    quoted = f"> **{ADMONITIONS[name]}**\n>\n> One word.\n>\n> Two."
    for fence in (":::", "```", "::::"):
        text = f"Before.\n\n{fence}{{{name}}}\nOne {{term}}`word`.\n\nTwo.\n{fence}\n\nAfter."
        assert translate(text) == f"Before.\n\n{quoted}\n\nAfter."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":::{tip} Look\nagain.\n:::", "> **Tip**\n>\n> Look\n> again."),
        (
            ":::{admonition} After {glue:text}`steps` steps\n:class: tip\nWords.\n:::",
            "> **After 12 steps**\n>\n> Words.",
        ),
        (  # blank lines let Markdown be Markdown
            ":::{admonition} Use `a<b` & `c`\n:collapsible: closed\n:class: tip\n\n"
            "See {term}`SGD`.\n:::",
            "<details><summary>Use <code>a&lt;b</code> &amp; <code>c</code></summary>\n\n\n"
            "See SGD.\n\n</details>",
        ),
        (
            "::::{note}\nOuter.\n\n:::{tip}\nInner {term}`word`.\n:::\n\n```python\n"
            "x = '{term}`word`'\n```\n::::\nAfter {term}`word`.",
            "> **Note**\n>\n> Outer.\n>\n> > **Tip**\n> >\n> > Inner word.\n>\n"
            "> ```python\n> x = '{term}`word`'\n> ```\nAfter word.",
        ),
        (
            "```{source} tiny.a tiny.b\n```\n\n:::{page-only}\nHere.\n:::",
            "code of tiny.a tiny.b",
        ),
        (
            "% a comment\n(a-label)=\n## Heading\n\nAt 5 % or (so)=",
            "## Heading\n\nAt 5 % or (so)=",
        ),
        (
            "See {eq}`two` after {eq}`one`.\n\n$$a$$ (one)\n\n$$b$$\n\n$$\nc\n$$ (two)",
            "See (2) after (1).\n\n$$a\\tag{1}$$\n\n$$b$$\n\n$$\nc\n\\tag{2}$$",
        ),
        *(
            (f"{other}\n\n$$\na\n$$ (one)", f"{other}\n\n$$\na\n\\tag{{1}}$$")
            for other in (
                "$$(x)$$",
                "$$\n(y-t)^2\n$$",
                "$$\n[a](b)\n$$\n\nx = $[a](b)$",
            )
        ),
    ],
)
def test_directives_labels_and_equations_have_a_plain_form(
    text: str, shown: str
) -> None:
    assert translate(text, SITE) == shown


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
def test_links_to_pages_lead_to_the_site_or_become_their_text(
    target: str, address: str
) -> None:
    for text in ("this *part*", "the `Linear` layer"):
        for site in (SITE, f"{SITE}/"):
            shown = translate(f"See [{text}]({target}), please.", site)
            assert shown == f"See [{text}]({SITE}{address}), please."
        assert translate(f"See [{text}]({target}), please.") == f"See {text}, please."


@pytest.mark.parametrize(
    ("target", "page", "file"),
    [
        ("08_eight.md", "tutorials/08_eight", "08_eight.ipynb"),
        ("08_eight.md#a-part", "tutorials/08_eight", "08_eight.ipynb"),
        (
            "../exercises/ex1_01_first.md",
            "exercises/ex1_01_first",
            "ex1_01_first.ipynb",
        ),
    ],
)
def test_without_the_site_a_link_leads_to_the_notebook_that_lies_beside(
    target: str, page: str, file: str
) -> None:
    assert translate(f"See [the *next*]({target}).") == f"See [the *next*]({file})."
    hosted = translate(f"See [the *next*]({target}).", SITE)
    assert hosted.startswith(f"See [the *next*]({SITE}/{page}.html")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (":::{figure} picture.svg\n:::", "{figure}"),
        ("```{code-block} python\n1\n```", "{code-block}"),
        ("::::{note}\n:::{dropdown} More\n:::\n::::", "{dropdown}"),
        ("Press {kbd}`x`.", "{kbd}`x`"),
        ("Read {numref}`fig-graph` and {term}`word`.", "{numref}"),
        ("Some {sub-ref}`version`.", "{sub-ref}"),
        ("Two {term}``ticks``.", "{term}``"),
        ("It is {glue:text}`losss:.2f`.", "{glue:text}`losss:.2f`"),
        ("By {eq}`nowhere`.", "{eq}`nowhere`"),
        ("A ![picture](a.svg) in a sentence.", "![picture]("),
        ("[](empty.md)", "[]("),
        ("A note[^1].", "[^1]"),
        (": a definition", ": "),
    ],
)
def test_what_has_no_plain_form_is_named(text: str, named: str) -> None:
    with pytest.raises(SourceError, match=f"{re.escape(named)}.* has no plain form"):
        translate(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("![](network.svg)", "alternative text"),
        ("![A](other.svg)", "no figure other.svg"),
        ("```python\n1 + 1", "```python has no end"),
    ],
)
def test_what_cannot_be_shown_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        translate(text)
