import json
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.submission import notebook
from mlp_exercise.submission.notebook import (
    Cell,
    NotMarked,
    Submission,
    Unreadable,
    read,
)
from tests.mlp_exercise.submission.conftest import (
    code_cell,
    notebook_of,
)

OLD_CELLS = [
    {"cell_type": "heading", "source": "Part 1", "level": 1},
    {"cell_type": "code", "language": "python", "input": "a = 1", "outputs": []},
    {"cell_type": "code", "language": "python", "input": ["b = 1\n", "c = 2"]},
]


def read_json(notebook: object) -> Submission:
    return read(json.dumps(notebook).encode())


def test_code_cells_come_in_order_and_others_are_left_out() -> None:
    text = {"cell_type": "markdown", "metadata": {}, "source": "a = 2"}
    lines = code_cell("") | {"source": ["a = [\n", "1]\n", "b = 2"]}
    made = notebook_of("a = 1", text, ("b = 2", "b"), lines)
    made["cells"] += [None, 3, "x", {}, {"cell_type": "code"}]
    cells = (Cell("a = 1"), Cell("b = 2", "b"), Cell("a = [\n1]\nb = 2"))
    assert read_json(made).cells == cells


def test_a_cell_keeps_the_name_that_jupyter_or_colab_gave_it() -> None:
    named = code_cell("a = 1") | {"id": "a"}
    colab = code_cell("b = 1") | {"metadata": {"id": "b"}}
    odd = code_cell("c = 1") | {"id": ["c"], "metadata": {"id": 3}}
    cells = read_json(notebook_of(named, colab, odd)).cells
    assert [cell.id for cell in cells] == ["a", "b", None]


@pytest.mark.parametrize(
    ("language", "version"),
    [
        ({"name": "python", "version": "3.13.2"}, (3, 13)),
        ({"version": "3.9"}, (3, 9)),
        ({"name": "python"}, ()),
        ({"version": 3.13}, (3, 13)),
        ({"version": "three"}, ()),
        ({"version": "3.99999999"}, ()),
        ("python", ()),
    ],
)
def test_a_notebook_may_say_which_python_wrote_it(
    language: object, version: tuple[int, ...]
) -> None:
    notebook = notebook_of("a = 1")
    notebook["metadata"]["language_info"] = language
    assert read_json(notebook).python == version


@pytest.mark.parametrize("version", [2, 3])
def test_notebooks_of_nbformat_2_and_3_have_worksheets(version: int) -> None:
    sheets = [{"cells": OLD_CELLS[:2]}, {"cells": OLD_CELLS[2:]}]
    notebook = {"nbformat": version, "metadata": {"name": ""}, "worksheets": sheets}
    assert read_json(notebook).cells == (Cell("a = 1"), Cell("b = 1\nc = 2"))


def test_nbformat_1_calls_the_source_code() -> None:
    cells = [{"cell_type": "code", "code": "a = 1", "prompt_number": 1}]
    assert read_json({"cells": cells}).cells == (Cell("a = 1"),)


def test_a_byte_order_mark_is_no_problem() -> None:
    content = json.dumps(notebook_of("µ = 'ü'"), ensure_ascii=False)
    assert read(content.encode("utf-8-sig")).cells == (Cell("µ = 'ü'"),)


@pytest.mark.parametrize("metadata", [None, 3, [], {"nbgrader": "z"}])
def test_metadata_that_is_none_is_passed_over(metadata: object) -> None:
    cell = code_cell("z = 1") | {"metadata": metadata}
    submission = read_json(notebook_of(cell) | {"metadata": metadata})
    assert submission.cells == (Cell("z = 1"),)
    assert submission.metadata == (metadata if isinstance(metadata, dict) else {})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "an empty file"),
        (b" \n", "an empty file"),
        (b'{"cells": [', r"broken JSON in line 1, column 12 \(Expecting value\)"),
        ("{}".encode("utf-16"), "whose byte 0 is not UTF-8"),
        (b"\x89PNG\r\n", "not UTF-8"),
        (b"[1, 2]", "JSON that is a list"),
        (b"null", "JSON that is a NoneType"),
        (b"{}", "without cells"),
        (b'{"cells": 3, "worksheets": null}', "without cells"),
        (b"[" * 100_000, "nesting beyond measure"),
        (b"1" * 5_000, "beyond measure"),
    ],
)
def test_what_is_no_notebook_is_named(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as caught:
        read(content)
    assert str(caught.value).endswith("was expected")


def test_a_file_or_code_that_is_too_large_is_not_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = json.dumps(notebook_of(*["x" * 90_000] * 6)).encode()
    with pytest.raises(Unreadable, match=r"code of 540000 characters .* most 500000"):
        read(long)
    monkeypatch.setattr(notebook, "LARGEST_FILE", 10)
    with pytest.raises(Unreadable, match="larger than 0 MB"):
        read(b"[" * 11)


def test_memory_that_runs_out_here_is_no_fault_of_the_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def exhausted(_: str) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(json, "loads", exhausted)
    with pytest.raises(NotMarked) as raised:
        read(b"{}")
    assert not isinstance(raised.value, Unreadable)


@given(st.binary())
def test_arbitrary_bytes_are_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)


def objects(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw objects with the keys of a notebook, and whatever behind them."""
    keys = ["cells", "worksheets", "cell_type", "source", "input", "metadata"]
    keys += ["nbgrader", "grade_id", "mlp_reference", "id", "language_info", "version"]
    key = st.sampled_from(keys)
    return st.dictionaries(key, part | st.just("code"), max_size=5)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | objects(part),
    max_leaves=8,
)


@given(objects(anything))
def test_arbitrary_json_is_a_submission_or_unreadable(notebook: Any) -> None:
    try:
        submission = read_json(notebook)
    except Unreadable:
        return
    assert all(isinstance(cell.source, str) for cell in submission.cells)
    names = [name for cell in submission.cells for name in (cell.grade_id, cell.id)]
    assert all(name is None or isinstance(name, str) for name in names)
    assert len(submission.python) in (0, 2)
