"""In tables, columns of numbers are right-aligned, and the name of a network is not broken."""

from typing import Any, cast

import pytest
from course import tables
from docutils import nodes
from docutils.core import publish_doctree

TABLE = """\
================  ======  ===========  ========  =======
network           batch   NumPy        a share   grows
================  ======  ===========  ========  =======
3-2-1             1       12.2 ± 0.1   7 (10%)   by 2
1000-1000-1 × 2           −1,000.5 µs  1 to 2 s  4
================  ======  ===========  ========  =======
"""


@pytest.fixture(scope="module")
def rows() -> list[list[tuple[str, list[str]]]]:
    doctree = publish_doctree(TABLE)
    tables.lay_out(cast("Any", None), doctree)
    return [
        [(cell.astext(), cell["classes"]) for cell in row.findall(nodes.entry)]
        for row in doctree.findall(nodes.row)
    ]


def test_a_column_of_numbers_is_one_with_its_head_and_empty_cells(
    rows: list[list[tuple[str, list[str]]]],
) -> None:
    for row in rows:
        assert ["number" in classes for _, classes in row] == [
            *(False, True, True, True),
            False,  # "by 2"
        ]


def test_the_layers_of_a_network_are_a_name(
    rows: list[list[tuple[str, list[str]]]],
) -> None:
    named = [text for row in rows for text, classes in row if "name" in classes]
    assert named == ["3-2-1", "1000-1000-1 × 2"]


def test_a_table_with_a_cell_over_two_columns_is_left_as_it_is() -> None:
    doctree = publish_doctree("")
    group = nodes.tgroup(cols=2)
    body = nodes.tbody()
    for texts in (["1", "2"], ["not measured"]):
        cells = [nodes.entry("", nodes.paragraph("", text)) for text in texts]
        body += nodes.row("", *cells)
    group += body
    doctree += nodes.table("", group)
    tables.lay_out(cast("Any", None), doctree)
    assert not any(cell["classes"] for cell in doctree.findall(nodes.entry))
