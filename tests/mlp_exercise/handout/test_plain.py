"""MyST becomes Markdown that stands on its own in any notebook program."""

import base64
import re

import pytest

from mlp_exercise.handout.plain import ADMONITIONS, Place, equations, figure, plain
from mlp_exercise.handout.source import SourceError
from mlp_reference.network_graph import symbolic_graph

NUMBERS = {"loss": "0.2349", "loss:.2f": "0.23", "steps": "12"}
SITE = "https://example.org/course"
PAGE = "tutorials/07_seven"


def translate(text: str, site: str = "") -> str:
    roles = {"glue:text": NUMBERS.__getitem__}
    directives = {"source": "code of {}".format}
    return plain(text, Place(PAGE, site, equations(text), roles, directives))


@pytest.mark.parametrize(
    ("text", "plain"),
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
        ("{py:class}`~mlp_reference.numpy_mlp.layers.Linear`", "`Linear`"),
        ("{py:mod}`mlp_reference.manual`", "`mlp_reference.manual`"),
    ],
)
def test_a_role_becomes_its_text(text: str, plain: str) -> None:
    assert translate(text) == plain
    assert translate(f"So {text}, indeed.") == f"So {plain}, indeed."


def test_a_line_may_hold_several_roles_and_code_between_them() -> None:
    text = "From {glue:text}`loss:.2f` in {glue:text}`steps` steps of `step()` of {term}`SGD`."
    assert translate(text) == "From 0.23 in 12 steps of `step()` of SGD."
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
def test_code_and_formulas_stay_as_they_are(text: str) -> None:
    assert translate(text, SITE) == text


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, title in ADMONITIONS.items() if title]
)
@pytest.mark.parametrize("fence", [":::", "```", "::::"])
def test_an_admonition_becomes_a_quotation(name: str, title: str, fence: str) -> None:
    text = (
        f"Before.\n\n{fence}{{{name}}}\nOne {{term}}`word`.\n\nTwo.\n{fence}\n\nAfter."
    )
    quoted = f"> **{title}**\n>\n> One word.\n>\n> Two."
    assert translate(text) == f"Before.\n\n{quoted}\n\nAfter."


def test_words_beside_the_name_of_an_admonition_are_its_first_words() -> None:
    assert translate(":::{tip} Look\nagain.\n:::") == "> **Tip**\n>\n> Look\n> again."


def test_an_admonition_may_have_a_title_of_its_own() -> None:
    text = ":::{admonition} After {glue:text}`steps` steps\n:class: tip\nWords.\n:::"
    assert translate(text) == "> **After 12 steps**\n>\n> Words."


def test_a_closed_admonition_becomes_details() -> None:
    options = ":collapsible: closed\n:class: tip"
    text = f":::{{admonition}} Use `step()`\n{options}\n\nSee {{term}}`SGD`.\n:::"
    plain = translate(text)
    assert plain.startswith("<details><summary>Use <code>step()</code></summary>\n\n")
    assert "\n\nSee SGD.\n\n</details>" in plain, "blank lines let Markdown be Markdown"
    assert ":c" not in plain


def test_a_title_of_details_is_escaped_for_html() -> None:
    plain = translate(
        ":::{admonition} When `a<b` & `c`\n:collapsible: closed\nWords.\n:::"
    )
    assert "<summary>When <code>a&lt;b</code> &amp; <code>c</code></summary>" in plain


def test_fences_may_hold_fences() -> None:
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


def test_comments_and_labels_are_for_the_page_alone() -> None:
    assert translate("% a comment\n(a-label)=\n## Heading\n\nAt 5 % or (so)=") == (
        "## Heading\n\nAt 5 % or (so)="
    )


def test_equations_are_numbered_in_order_and_referred_to_by_number() -> None:
    text = "See {eq}`two` after {eq}`one`.\n\n$$a$$ (one)\n\n$$b$$\n\n$$\nc\n$$ (two)\n"
    assert re.sub(r"\s+", "", translate(text)) == (
        r"See(2)after(1).$$a\tag{1}$$$$b$$$$c\tag{2}$$"
    )


@pytest.mark.parametrize(
    "other", ["$$(x)$$", "$$\n(y-t)^2\n$$", "$$b$$\n\n(label)=\n## Heading"]
)
def test_brackets_after_dollars_are_not_always_a_label(other: str) -> None:
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
    target: str, address: str, slash: str
) -> None:
    text = f"See [this *part*]({target}), please."
    assert (
        translate(text, SITE + slash) == f"See [this *part*]({SITE}{address}), please."
    )
    assert translate(text) == "See this *part*, please."


def test_the_text_of_a_link_may_be_code() -> None:
    text = "See [the `Linear` layer](02_next.md)."
    assert (
        translate(text, SITE)
        == f"See [the `Linear` layer]({SITE}/tutorials/02_next.html)."
    )
    assert translate(text) == "See the `Linear` layer."


@pytest.mark.parametrize(
    "target", ["https://numpy.org/doc#x", "mailto:someone@example.org"]
)
def test_links_that_leave_the_site_stay_as_they_are(target: str) -> None:
    assert translate(f"[out]({target})") == translate(f"[out]({target})", SITE)
    assert translate(f"[out]({target})") == f"[out]({target})"


def test_a_directive_that_the_place_knows_is_replaced_by_what_it_gives() -> None:
    text = "```{source} tiny.a tiny.b\n```\n\n:::{page-only}\nHere.\n:::"
    assert translate(text) == "code of tiny.a tiny.b"


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


def test_a_figure_carries_its_picture_and_says_what_it_shows() -> None:
    shown = translate('Before.\n\n![A "graph" & more](network.svg)\n\n*Figure 1*')
    alt, data = "A &quot;graph&quot; &amp; more", symbolic_graph().encode()
    source = f"data:image/svg+xml;base64,{base64.b64encode(data).decode()}"
    image = f'<img alt="{alt}" src="{source}">'
    assert shown == f"Before.\n\n{image}\n\n*Figure 1*"
    assert figure("network.svg") == symbolic_graph()


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
