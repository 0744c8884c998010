"""The Markdown of a notebook stands on its own."""

import base64
import re

import pytest

from mlp_exercise.handout.cells import SourceError
from mlp_exercise.handout.prose import figure, plain
from mlp_reference.network_graph import symbolic_graph

LINKS = "See [a lesson](../tutorials/01_a.md#part) and [all](https://example.org/x)."


def test_without_an_address_a_link_to_another_page_becomes_its_text() -> None:
    assert plain(LINKS, "") == "See a lesson and [all](https://example.org/x)."


def test_with_an_address_links_lead_to_the_site() -> None:
    assert plain(LINKS, "https://c.org/site/") == (
        "See [a lesson](https://c.org/site/tutorials/01_a.html#part) "
        "and [all](https://example.org/x)."
    )
    assert (
        plain("[b](ex2.md)", "https://c.org") == "[b](https://c.org/exercises/ex2.html)"
    )


@pytest.mark.parametrize(
    "text",
    ["`[a](b)`", "$f[1](x)$", "```python\ncells[0](x)\n[a](b)\n```", "a = [1](x"],
)
def test_what_only_looks_like_a_link_stays(text: str) -> None:
    assert plain(text, "") == text


def test_a_figure_carries_its_picture_and_says_what_it_shows() -> None:
    shown = plain('Before.\n\n![A "graph" & more](network.svg)\n\n*Figure 1*', "")
    image = re.search(
        r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,(.+)">', shown
    )
    assert image is not None
    assert image[1] == "A &quot;graph&quot; &amp; more"
    assert (
        base64.b64decode(image[2]).decode() == symbolic_graph() == figure("network.svg")
    )
    assert shown.startswith("Before.\n\n<img")
    assert shown.endswith(">\n\n*Figure 1*")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("![](network.svg)", "alternative text"),
        ("![A](other.svg)", "no figure other.svg"),
    ],
)
def test_a_figure_that_cannot_be_shown_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        plain(text, "")
