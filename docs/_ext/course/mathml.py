"""Formulas as MathML, rendered when the site is built, so that pages load no program for them."""

import re

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

_converter = LatexToMathML(fancy_error=False)
_CIRCLED = re.compile("<mo(?=[^>]*>[⊎⊕⊖⊗⊙]<)")
"""What stands between two factors; Firefox would draw it as large as a sum."""


def to_mathml(latex: str, *, display: bool, where: str) -> str:
    """Return a formula as a ``<math>`` element; page and line are for messages."""
    if r"\\[" in latex:
        raise ExtensionError(
            f"{where}: \\\\[ after a line would come out as text: {latex}"
        )
    try:
        mathml = _converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise ExtensionError(f"{where}: {error} in the formula {latex}") from error
    return _CIRCLED.sub('<mo largeop="false"', mathml)


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a sentence."""
    translator.body.append(to_mathml(node.astext(), display=False, where=_where(node)))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number if it has a label."""
    # Furo puts a block into a container, which has its id already.
    named = node.parent is not None and node["ids"] == node.parent["ids"]
    holder = nodes.Element(classes=node["classes"]) if named else node
    translator.body.append(translator.starttag(holder, "div", CLASS="math"))
    translator.body.append(to_mathml(node.astext(), display=True, where=_where(node)))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _where(node: nodes.Element) -> str:
    while node.line is None and node.parent is not None:
        node = node.parent
    source = node.document.current_source if node.document else None
    return f"{node.source or source}:{node.line}"


def setup(app: Sphinx) -> None:
    """Make this the renderer of formulas."""
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(visit_inline, None),
        block_renderers=(visit_block, None),
    )
