"""What holds for the words of every page: lessons by number, one notation, linked references."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "api").glob("*.md")),
    *sorted((ROOT / "tutorials_src").glob("ex*.md")),
]
NOT_BY_NUMBER = (
    r"(?i)\b(first|second|third|next|NumPy|PyTorch|pen-and-paper|three)[ \n]lessons?\b"
)
OTHER_NOTATION = r"D_\{(?:in|out)\}|\\boldsymbol\{\\theta\}|\\mathbf\{\\theta\}"


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_lessons_go_by_their_numbers_and_notation_is_one(text: Path) -> None:
    words = text.read_text("utf-8")
    found = re.findall(f"{NOT_BY_NUMBER}|{OTHER_NOTATION}", words)
    assert found == []


def test_every_reference_links_to_the_work_itself() -> None:
    lines = (ROOT / "docs" / "references.md").read_text("utf-8").splitlines()
    works = [work for work, reason in pairwise(lines) if reason.startswith(": ")]
    assert len(works) > 12
    assert [work for work in works if "](https://" not in work] == []
