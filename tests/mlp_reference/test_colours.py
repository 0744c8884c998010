"""The colours of the figures can be read on a light page and on a dark one."""

import re
from pathlib import Path

import furo  # type: ignore[import-untyped]
import pytest

from mlp_reference.network_graph import COLOURS, DARK


def luminance(code: str) -> float:
    parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


def test_both_palettes_name_the_same_colours() -> None:
    assert list(COLOURS) == list(DARK)
    assert len(set(COLOURS.values())) == len(COLOURS), (
        "else one could not be told from another"
    )


@pytest.mark.parametrize("palette", [COLOURS, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", sorted(COLOURS.keys() - {"grid", "paper"}))
def test_what_is_to_be_read_stands_out_from_the_paper(
    palette: dict[str, str], name: str
) -> None:
    assert contrast(palette[name], palette["paper"]) >= 4.5


@pytest.mark.parametrize("palette", [COLOURS, DARK], ids=["light", "dark"])
def test_the_grid_is_seen_and_stays_behind(palette: dict[str, str]) -> None:
    assert 1.3 < contrast(palette["grid"], palette["paper"]) < 2.5


def test_paper_has_the_colour_of_the_page() -> None:
    (sheet,) = Path(furo.__file__).parent.glob("theme/furo/static/styles/furo.css")
    pages = re.findall(r"--color-background-primary:(#\w+)", sheet.read_text("utf-8"))
    assert set(pages) == {"#fff", DARK["paper"]}
    assert COLOURS["paper"] == "#ffffff"
