"""A picture shows itself in a notebook."""

import base64
import re

from mlp_reference.circuit import Arrow, Box, circuit
from mlp_reference.drawing import Picture, document
from mlp_reference.network_graph import symbolic_graph

SVG = circuit(
    {"a": Box("x<sub>1</sub>", 0, 0, 0.5), "b": Box("y", 1, 0)}, [Arrow("a", "b")]
)


def test_a_notebook_gets_the_drawing_and_an_image_no_wider_than_its_cell() -> None:
    for svg in (SVG, symbolic_graph(), document("", 9, 9), Picture("<svg/>")):
        shown = svg._repr_mimebundle_(include=None, exclude=None)
        assert shown["image/svg+xml"] == svg
        assert "max-width: 100%; height: auto" in shown["text/html"]
        (data,) = re.findall(
            r'src="data:image/svg\+xml;base64,([^"]+)"', shown["text/html"]
        )
        assert base64.b64decode(data).decode() == svg


def test_the_image_says_what_is_written_in_it() -> None:
    shown = SVG._repr_mimebundle_()["text/html"]
    assert 'alt="x1, 0.5, y"' in shown
    quoted = Picture('<svg><text>a "b"</text><text>&lt;\n c</text></svg>')
    assert 'alt="a &quot;b&quot;, &lt; c"' in quoted._repr_mimebundle_()["text/html"]
