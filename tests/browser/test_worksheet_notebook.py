"""Answers go from the worksheet into the student's notebook, and come back out of one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from mlp_exercise.handout import notebook
from mlp_exercise.part1.variants import variant
from mlp_reference.worked_example import EXERCISE
from tests.browser.worksheet import Texts, Worksheet, given_of, solved

NAME = "ex1_01_pen_and_paper"
SOME_ANSWERS = solved() | {
    "a[0]": "+.30",
    "z[0]": "0.5",
    "y[0]": "1e400",
    "loss": " 3.4e-2 ",
    "dL_dy[0]": "−0,37",
    "dL_dw2[0][0]": "− 0.11",
    "dL_dw2[0][1]": "–0.09",
    "dL_db2[0]": "007",
    "dL_dw1[0][0]": "0.1*0.3 − 2(0,05)²",
    "dL_dw1[0][1]": "e^0.3 : 4",
    "dL_dw1[1][2]": "tanh(0,3)",
    "b2_updated[0]": "",
    "b1_updated[0]": "__import__('os').abort()",
    "b1_updated[1]": "NaN",
}
"""A sheet with all that may stand in a box."""


def save(sheet: Worksheet, folder: Path) -> Path:
    with sheet.page.expect_download() as download:
        sheet.button("save").click()
    assert download.value.suggested_filename == f"{NAME}.ipynb"
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_file(sheet: Worksheet, content: bytes) -> None:
    with sheet.page.expect_file_chooser() as chooser:
        sheet.button("open").click()
    chooser.value.set_files({"name": "mine.ipynb", "mimeType": "", "buffer": content})
    expect(sheet.part.locator(".message")).not_to_be_empty()


def marked(path: Path) -> list[dict[str, Any]]:
    """Mark a notebook as a teacher does."""
    options = ["-m", "mlp_exercise", "mark", str(path), "--format=json"]
    done = subprocess.run([sys.executable, *options], capture_output=True, check=True)
    (sheet,) = json.loads(done.stdout)
    return list(sheet["steps"])


def student(texts: Texts, seed: int | None = None) -> dict[str, Any]:
    """Make a notebook whose answer cells hold given lines."""
    example = EXERCISE if seed is None else variant(seed)
    made = json.loads(notebook.as_text(notebook.student(NAME, example, seed)))
    for cell in made["cells"]:
        if cell["id"] in texts:
            cell["source"] = [f"{line}\n" for line in texts[cell["id"]].split("\n")]
    return dict(made)


def answer_cells(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in made["cells"] if c["metadata"]["nbgrader"]["solution"]]


def as_bytes(made: dict[str, Any]) -> bytes:
    return json.dumps(made).encode()


@pytest.mark.parametrize("texts", [solved(), solved(digits=None), SOME_ANSWERS])
def test_a_saved_notebook_is_marked_as_the_page_marks_the_sheet(
    texts: Texts, sheet: Worksheet, tmp_path: Path
) -> None:
    (shown,) = sheet.fill(texts)
    steps = marked(save(sheet, tmp_path))
    assert {step["name"]: step["verdict"] for step in steps} == shown.verdicts
    assert sheet.message() == "Your notebook has been saved with these answers."
    for step in steps:
        if step["verdict"] not in ("correct", "missing"):
            assert shown.said[step["name"]][1] == step["feedback"]


def test_only_the_answers_change_in_a_saved_notebook(
    sheet: Worksheet, tmp_path: Path, site: Path
) -> None:
    before = (site / f"downloads/{NAME}.ipynb").read_text("utf-8")
    assert save(sheet, tmp_path).read_text("utf-8") == before
    sheet.fill({"a[0]": "0.30", "a[1]": "0.24", "dL_dw1[0][1]": "-.09"})
    after = save(sheet, tmp_path).read_text("utf-8")
    for old, new in (
        ('"a = [None, None]\\n"', '"a = [0.30, 0.24]\\n"'),
        ('"dL_dw1 = [[None, None, None],\\n"', '"dL_dw1 = [[None, -.09, None],\\n"'),
    ):
        assert before.count(old) == 1
        before = before.replace(old, new)
    stub = '"# YOUR CODE HERE\\n",\n    "raise NotImplementedError()"'
    for first_line in ('"a = [0.30', '"dL_dw1 = [[None'):  # of answers with a number
        head, line, rest = before.partition(first_line)
        before = head + line + rest.replace(stub, '"# YOUR CODE HERE"', 1)
    assert after == before


def test_a_saved_notebook_fills_the_sheet(sheet: Worksheet, tmp_path: Path) -> None:
    texts = solved() | {"a[0]": "+.30", "dL_dw1[1][2]": ""}
    sheet.fill(texts)
    path = save(sheet, tmp_path)
    sheet.button("clear").click()
    open_file(sheet, path.read_bytes())
    assert sheet.texts() == {name: text for name, text in texts.items() if text}
    assert sheet.message().startswith("Answers read: 12 of 12.")
    sheet.page.reload()
    assert sheet.texts()["a[0]"] == "+.30"


def test_what_is_no_number_comes_back_with_the_numbers_beside_it(
    sheet: Worksheet, tmp_path: Path
) -> None:
    names = [name for name in solved() if name.startswith("W1_updated")]
    texts = {name: solved()[name] for name in names} | {names[2]: 'ab"c\\ d'}
    sheet.fill(texts)
    path = save(sheet, tmp_path)
    sheet.button("clear").click()
    open_file(sheet, path.read_bytes())
    assert sheet.texts() == texts


def test_answers_are_read_however_they_are_laid_out(sheet: Worksheet) -> None:
    answers = {
        "a": "a = [None, None]\na = (0.3,  # first\n     -0.24,)\nraise NotImplementedError()",
        "z": "# z = [1, 1]\nz=[ 1e-1 ,2. ]; print(z)",
        "y": "y = [.5]\nprint(y)",
        "loss": "loss = [0.1]",
        "dL_dy": "dL_dy = [2 * (y[0] - t[0])]",
        "dL_dw2": "dL_dw2 = [0.1, 0.2]",
        "dL_db2": "dL_db2 = 0.1",
        "dL_dw1": "dL_dw1 = [[1, 2, 3],\n  [4, 5, None]]\n",
        "W2_updated": "W2_updated = [['0,1', 0.2*3]]",
        "b2_updated": "b2_updated = [0.1]\nb2_updated = compute()",
        "W1_updated": "print('nothing')",
        "b1_updated": "b1_updated == [1, 2]\nb1_updated = [0.1 0.2]",
    }
    made = student(answers)
    made["cells"].reverse()  # they are found by their names
    open_file(sheet, as_bytes(made))
    assert sheet.texts() == {
        "a[0]": "0.3",
        "a[1]": "-0.24",
        "z[0]": "1e-1",
        "z[1]": "2.",
        "y[0]": ".5",
        **{f"dL_dw1[{n // 3}][{n % 3}]": str(n + 1) for n in range(5)},
        "loss": "0.1",
        "W2_updated[0][0]": "0,1",
        "W2_updated[0][1]": "0.2*3",
    }
    unread = "dL_dy, dL_dw2, dL_db2, b2_updated, W1_updated, b1_updated"
    assert sheet.message().startswith("Answers read: 6 of 12. Not read, ")
    assert f"{unread}." in sheet.message()


def test_a_copied_minus_is_read(sheet: Worksheet) -> None:
    answers = {"y": "y = [−0.32]", "dL_dw2": "dL_dw2 = [[– 0.11, -\u00a00.09]]"}
    open_file(sheet, as_bytes(student(answers)))
    weights = {"dL_dw2[0][0]": "- 0.11", "dL_dw2[0][1]": "- 0.09"}
    assert sheet.texts() == {"y[0]": "-0.32"} | weights


def test_answers_are_found_by_the_lines_that_open_them(sheet: Worksheet) -> None:
    made = student({})
    answers = answer_cells(made)
    for number, cell in enumerate(answers[:4]):
        cell["source"] = "".join(cell["source"]).replace("None", f"0.{number}")
    for number, cell in enumerate(made["cells"]):
        cell |= {"id": str(number), "metadata": {}}
    made["cells"].append(answers[0] | {"source": "a = [5, 5]"})  # no answer's own cell
    open_file(sheet, as_bytes(made))
    assert sheet.message().startswith("Answers read: 4 of 12.")
    assert (sheet.texts()["a[1]"], sheet.texts()["loss"]) == ("0.0", "0.3")


def test_a_notebook_of_a_variant_brings_its_numbers(sheet: Worksheet) -> None:
    mine = {"a[0]": "7"}
    sheet.fill(mine)
    open_file(sheet, as_bytes(student({"y": "y = [0.5]"}, seed=7)))
    assert sheet.page.url.endswith("#variant=7")
    assert sheet.given() == given_of(variant(7))
    assert sheet.texts() == {"y[0]": "0.5"}
    # Answers to a variant do not go into the exercise's own notebook.
    sheet.button("save").click()
    expect(sheet.part.locator(".message")).to_contain_text("variant 7 do not belong")
    sheet.button("own").click()
    expect(sheet.box("a[0]")).to_have_value("7")  # what was there is not lost


def test_what_a_notebook_replaces_can_be_brought_back(sheet: Worksheet) -> None:
    sheet.fill(solved())
    open_file(sheet, as_bytes(student({"y": "y = [0.5]"})))
    assert sheet.texts() == {"y[0]": "0.5"}
    sheet.part.get_by_role("button", name="Undo").click()
    assert sheet.texts() == solved()


def bad_files() -> list[bytes]:
    """List files that are no notebook of the exercise, or have no seed of ours."""
    other = as_bytes(student({}) | {"cells": []})
    strange = student({})
    strange["metadata"]["mlp_reference"]["variant"] = "seven"
    seven = as_bytes(strange)
    return [
        *(b"", b"no notebook", bytes(range(256)) * 10, b"7", b"null", b"[]"),
        *(b'{"cells": 7}', b'{"cells": [null, null]}', b"[" * 200_000, other, seven),
        seven.replace(b'"seven"', b"1e300"),
    ]


def test_other_files_are_refused_in_words(sheet: Worksheet) -> None:
    sheet.fill({"a[0]": "0.3"})
    for content in bad_files():
        sheet.page.locator(".message").evaluate("place => { place.textContent = ''; }")
        open_file(sheet, content)
        assert sheet.message() == "This file is not a notebook of this exercise."
        assert sheet.texts() == {"a[0]": "0.3"}
    open_file(sheet, b"[" + b"0," * 3_000_000 + b"0]")
    too_large = "This file is too large for a notebook of this exercise."
    expect(sheet.part.locator(".message")).to_have_text(too_large)


def test_strange_cells_are_not_read_and_do_no_harm(sheet: Worksheet) -> None:
    made = student({"y": "y = [0.5]"})
    many = f"a = [{'1' * 200}, 1]"
    sources: list[Any] = [None, 7, {}, [7, None], "a = " + "[" * 5_000, many]
    others = [cell for cell in answer_cells(made) if cell["id"] != "y"]
    for cell, source in zip(others, sources, strict=False):
        text = isinstance(source, str)
        cell["source"] = source.replace("a =", f"{cell['id']} =") if text else source
    open_file(sheet, as_bytes(made))
    assert sheet.texts() == {"y[0]": "0.5"}
    assert "Not read" in sheet.message()


def test_a_lost_notebook_is_told(sheet: Worksheet, trouble: list[str]) -> None:
    sheet.page.route("**/*.ipynb", lambda route: route.abort())
    sheet.button("save").click()
    expect(sheet.part.locator(".message")).to_contain_text("cannot be loaded")
    trouble.clear()
